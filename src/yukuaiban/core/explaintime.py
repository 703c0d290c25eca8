"""The steps of limits in time: service time interval by interval, natural time in one piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yukuaiban.core.explaindays import idle_pause
from yukuaiban.core.moments import moment_of
from yukuaiban.core.scene import Scene, in_order, minutes, step
from yukuaiban.core.steps import Fact, Length, Step

Piece = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Day:
    """The open pieces of one day that count, and whether they are all of that day's open time."""

    index: int
    pieces: tuple[Piece, ...]
    full: bool

    @property
    def length(self) -> int:
        return sum(end - start for start, end in self.pieces)


def natural_steps(scene: Scene) -> Iterator[Step]:
    """Hours and minutes: the whole amount at once, then each pause."""
    amount = scene.terms.whole.microseconds
    end = scene.terms.start + amount
    yield step(
        "count", "count_natural", scene.at(scene.terms.start), scene.at(end),
        amount=minutes(amount), total=minutes(amount), unit=scene.unit, facts={"length": Length(amount)},
    )  # fmt: skip
    yield from _pauses(scene, amount)


def service_steps(scene: Scene) -> Iterator[Step]:
    """Service time: the open pieces of each day, days that are alike in one line, rest days between them."""
    total = scene.terms.whole.microseconds
    yield from in_order(scene, [*_runs(scene), *_pauses(scene, total)])
    reached = scene.reckoning.reached.at
    if total and any(reached == end for _, end in scene.calendar.open_instants(scene.date(scene.due_day))):
        at = scene.at(reached)
        yield step(
            "land_on_closing", "land_on_closing", at, at, unit=scene.unit, facts={"time": f"{at:%H:%M}"}
        )


def _runs(scene: Scene) -> Iterator[Step]:
    total = 0
    run: list[_Day] = []
    for day in _days(scene):
        if run and not _alike(run[-1], day, scene):
            total += sum(each.length for each in run)
            yield _run(scene, run, total)
            run = []
        run.append(day)
    if run:
        total += sum(each.length for each in run)
        yield _run(scene, run, total)


def _days(scene: Scene) -> Iterator[_Day]:
    """Every day from start to due with what counts on it; days with nothing at both ends are left out."""
    for index in range(scene.start_day, scene.due_day + 1):
        opened = list(scene.calendar.open_instants(scene.date(index)))
        pieces = [piece for interval in opened for piece in _counting(scene, interval)]
        if pieces or not opened:
            yield _Day(index, tuple(pieces), full=pieces == opened and bool(opened))


def _counting(scene: Scene, interval: Piece) -> Iterator[Piece]:
    """The parts of an open interval between start and due that no pause takes away."""
    start = max(interval[0], scene.terms.start)
    end = min(interval[1], scene.reckoning.reached.at)
    for shift in scene.reckoning.shifts:
        if start < shift.span.start < end:
            yield start, shift.span.start
        if shift.span.start < end:
            start = max(start, min(shift.span.end, end))
    if start < end:
        yield start, end


def _alike(last: _Day, day: _Day, scene: Scene) -> bool:
    """Whether two days share a line: one after the other, both at rest or both open in full at the same hours."""
    if day.index != last.index + 1:  # a day between them is paused from end to end
        return False
    if not last.pieces or not day.pieces:
        return not last.pieces and not day.pieces
    return last.full and day.full and _hours(scene, last.pieces) == _hours(scene, day.pieces)


def _run(scene: Scene, run: Sequence[_Day], total: int) -> Step:
    first, last = run[0], run[-1]
    if not first.pieces:
        facts: dict[str, Fact] = {"names": scene.rest_names(first.index, last.index)}
        since, until = scene.date(first.index), scene.date(last.index)
        return step(
            "skip_rest",
            "skip_rest",
            since,
            until,
            amount=0,
            total=minutes(total),
            unit=scene.unit,
            facts=facts,
        )
    length = sum(day.length for day in run)
    facts = {"length": Length(length), "hours": _hours(scene, first.pieces), "each": Length(first.length)}
    return step(
        "count",
        "count_service" if len(run) == 1 else "count_service_days",
        scene.at(first.pieces[0][0]),
        scene.at(last.pieces[-1][1]),
        amount=minutes(length),
        total=minutes(total),
        unit=scene.unit,
        facts=facts,
    )


def _hours(scene: Scene, pieces: Sequence[Piece]) -> tuple[str, ...]:
    return tuple(f"{_clock(scene, start)}-{_clock(scene, end)}" for start, end in pieces)


def _clock(scene: Scene, instant: int) -> str:
    at = moment_of(instant).astimezone(scene.calendar.zone)
    seconds = f":{at.second:02}" if at.second else ""
    return f"{at.hour:02}:{at.minute:02}{seconds}"


def _pauses(scene: Scene, total: int) -> Iterator[Step]:
    for shift in scene.reckoning.shifts:
        if not shift.amount:
            yield idle_pause(scene, shift)
            continue
        since, until = scene.at(shift.span.start), scene.at(shift.span.end)
        facts: dict[str, Fact] = {"length": Length(shift.amount), **scene.ground(shift)}
        yield step(
            "pause", "pause_time", since, until,
            amount=minutes(shift.amount), total=minutes(total), unit=scene.unit, facts=facts,
        )  # fmt: skip
