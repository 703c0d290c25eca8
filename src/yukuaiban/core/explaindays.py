"""The steps of limits in days: working days one run after the other, natural days and months by the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from yukuaiban.core.counting import Shift, day_at
from yukuaiban.core.limits import Unit
from yukuaiban.core.scene import Scene, in_order, natural_days, step, working_days
from yukuaiban.core.steps import Fact, Step

REST, COUNTED, MADE_UP, LANDED = "rest", "counted", "made_up", "landed"


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of the walk and what it is: rest, counted, made up, landed, or paused by shift number N."""

    index: int
    kind: str | int


def workday_steps(scene: Scene) -> Iterator[Step]:
    """Working days: every run of counted, resting and paused days between start and due."""
    idle = [shift for shift in scene.reckoning.shifts if not shift.amount and not shift.landed]
    yield from in_order(scene, [*_runs(scene), *(idle_pause(scene, shift) for shift in idle)])


def _runs(scene: Scene) -> Iterator[Step]:
    counted = 0
    told: set[int] = set()
    if not scene.terms.whole.amount:
        yield from _same_day(scene)
    for kind, group in groupby(_walk(scene), key=lambda day: day.kind):
        run = [day.index for day in group]
        if kind == REST:
            facts: dict[str, Fact] = {"names": scene.rest_names(run[0], run[-1])}
            yield _run(scene, "skip_rest", "skip_rest", run, total=counted, facts=facts)
        elif kind in (COUNTED, MADE_UP):
            yield from _counted(scene, run, made_up=kind == MADE_UP, before=counted)
            counted += len(run)
        elif kind == LANDED:
            facts = {"amount": working_days(len(run))}
            yield _run(scene, "pause", "pause_landed", run, amount=len(run), total=counted, facts=facts)
        else:
            assert isinstance(kind, int)  # noqa: S101 - every other kind is named above
            yield _paused(scene, kind, run, counted, first=kind not in told)
            told.add(kind)


def _same_day(scene: Scene) -> Iterator[Step]:
    """0wd: the walk begins behind the day itself, which is reached without counting."""
    first = scene.start_day
    last = _base_day(scene)
    if first < last and not all(scene.works(index) for index in range(first, last)):
        resting = [index for index in range(first, last) if not scene.works(index)]
        names = scene.rest_names(resting[0], resting[-1])
        yield _run(scene, "skip_rest", "skip_rest", [resting[0], resting[-1]], facts={"names": names})
    yield _run(scene, "count", "same_day", [last])


def _base_day(scene: Scene) -> int:
    """The working day that 0wd ends on before any pause."""
    shifted = sum(shift.amount + shift.landed for shift in scene.reckoning.shifts)
    days = scene.tables.days
    return int(days.workdays[int(days.upto[scene.due_day]) - shifted - 1])


def _walk(scene: Scene) -> Iterator[_Day]:
    """Each day after the start, up to the due."""
    days = scene.tables.days
    paused: dict[int, int] = {}
    landed: set[int] = set()
    for number, shift in enumerate(scene.reckoning.shifts):
        first, last = day_at(days, shift.span.start) + 1, day_at(days, shift.span.end)
        paused.update(dict.fromkeys(range(first, last + 1), number))
        if shift.landed:
            numbers = range(int(days.upto[last]), int(days.upto[last]) + shift.landed)
            landed.update(int(days.workdays[each]) for each in numbers)
    begin = scene.start_day if scene.terms.whole.amount else _base_day(scene)
    for index in range(begin + 1, scene.due_day + 1):
        if not scene.works(index):
            yield _Day(index, REST)
        elif index in landed:
            yield _Day(index, LANDED)
        elif index in paused:
            yield _Day(index, paused[index])
        else:
            named = scene.calendar.named(scene.date(index))
            yield _Day(index, MADE_UP if named is not None and named.kind == "make_up" else COUNTED)


def _counted(scene: Scene, run: list[int], *, made_up: bool, before: int) -> Iterator[Step]:
    """A run of counted days; the first of all stands alone, so do make-up days."""
    facts: dict[str, Fact]
    if before == 0:
        said = "day_one_make_up" if made_up else "day_one"
        yield _run(scene, "day_one", said, run[:1], amount=1, total=1, facts=_names(scene, run[0]))
        run, before = run[1:], 1
    if made_up:
        for index in run:
            before += 1
            facts = _names(scene, index)
            yield _run(scene, "make_up", "make_up", [index], amount=1, total=before, facts=facts)
    elif run:
        after = before + len(run)
        said = "count_full" if after == scene.terms.whole.days else "count"
        facts = {"amount": working_days(len(run)), "limit": scene.terms.whole}
        yield _run(scene, "count", said, run, amount=len(run), total=after, facts=facts)


def _names(scene: Scene, index: int) -> dict[str, Fact]:
    named = scene.calendar.named(scene.date(index))
    return {"weekday": scene.weekday(index), "name": named.name if named is not None else ""}


def _paused(scene: Scene, number: int, run: list[int], counted: int, *, first: bool) -> Step:
    facts: dict[str, Fact] = {"amount": working_days(len(run))}
    if not first:
        return _run(scene, "pause", "pause_more", run, amount=len(run), total=counted, facts=facts)
    facts |= scene.ground(scene.reckoning.shifts[number])
    return _run(scene, "pause", "pause_workdays", run, amount=len(run), total=counted, facts=facts)


def idle_pause(scene: Scene, shift: Shift) -> Step:
    """A pause in which nothing of this clock lies."""
    since, until = scene.at(shift.span.start), scene.at(shift.span.end)
    return step("pause", "pause_none", since, until, amount=0, unit=scene.unit, facts=scene.ground(shift))


def _run(
    scene: Scene,
    code: str,
    said: str,
    run: list[int],
    *,
    amount: int = 0,
    total: int = 0,
    facts: dict[str, Fact] | None = None,
) -> Step:
    first, last = scene.date(run[0]), scene.date(run[-1])
    return step(code, said, first, last, amount=amount, total=total, unit=scene.unit, facts=facts)


def date_steps(scene: Scene) -> Iterator[Step]:
    """Natural days, months and years: the last day, the pauses, the roll."""
    days = scene.tables.days
    last = _last_before_pauses(scene)
    counted = last - scene.start_day
    yield _last_day(scene, last, counted)
    for shift in scene.reckoning.shifts:
        yield from _date_pause(scene, shift, counted)
    reached = scene.reckoning.reached
    if reached.day != reached.last:
        facts: dict[str, Fact] = {
            "last": scene.date(reached.last),
            "day": scene.date(reached.day),
            "names": scene.rest_names(reached.last, int(days.rolled[reached.last]) - 1),
        }
        first, end = scene.date(reached.last), scene.date(reached.day)
        yield step(
            "roll", "roll", first, end, amount=reached.day - reached.last, unit=scene.unit, facts=facts
        )


def _last_before_pauses(scene: Scene) -> int:
    shifted = sum(shift.amount + shift.landed for shift in scene.reckoning.shifts)
    return scene.reckoning.reached.last - shifted


def _last_day(scene: Scene, last: int, counted: int) -> Step:
    limit = scene.terms.whole
    facts: dict[str, Fact] = {"last": scene.date(last), "limit": limit, "amount": natural_days(counted)}
    said = "count_dates"
    if limit.unit is not Unit.NATURAL_DAY:
        start = scene.date(scene.start_day)
        said = "count_months" if scene.date(last).day == start.day else "count_month_end"
        facts["day"] = start.day
    first = scene.date(min(scene.start_day + 1, last))
    return step(
        "count",
        said,
        first,
        scene.date(last),
        amount=counted,
        total=counted,
        unit=Unit.NATURAL_DAY,
        facts=facts,
    )


def _date_pause(scene: Scene, shift: Shift, counted: int) -> Iterator[Step]:
    if not shift.amount:
        yield idle_pause(scene, shift)
    else:
        facts: dict[str, Fact] = {"amount": natural_days(shift.amount), **scene.ground(shift)}
        first, last = _span_dates(scene, shift)
        yield step(
            "pause",
            "pause_dates",
            first,
            last,
            amount=shift.amount,
            total=counted,
            unit=Unit.NATURAL_DAY,
            facts=facts,
        )
    if shift.landed:
        _, last = _span_dates(scene, shift)
        facts = {"amount": natural_days(shift.landed)}
        yield step(
            "pause", "pause_landed_dates", last, last, amount=shift.landed, total=counted,
            unit=Unit.NATURAL_DAY, facts=facts,
        )  # fmt: skip


def _span_dates(scene: Scene, shift: Shift) -> tuple[date, date]:
    days = scene.tables.days
    return scene.date(day_at(days, shift.span.start)), scene.date(day_at(days, shift.span.end))
