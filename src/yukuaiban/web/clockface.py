"""The face of a clock on a case page: what is left in words, and the strip of working days as SVG geometry.

One square is one working day; rest days take no square but a wider gap. All clocks of a page share one scale.
Lengths come out as attributes, since pages may carry no inline style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yukuaiban.core.clocks import remaining
from yukuaiban.core.limits import Unit

if TYPE_CHECKING:
    from yukuaiban.core.timeline import ClockState
    from yukuaiban.core.workcalendar import WorkCalendar

WIDTH = 503.0
_SQUARE, _GAP, _WEEK_GAP = 16.0, 3.6, 8.0
_TOP, _HEIGHT = 22.6, 20.8
_MOST_SQUARES = 66
_DAY_UNITS = (Unit.WORKDAY, Unit.NATURAL_DAY, Unit.MONTH, Unit.YEAR)


@dataclass(frozen=True, slots=True)
class Square:
    """One working day on the strip."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Bracket:
    """A pause over the squares it covers."""

    path: str
    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """A word below the strip."""

    x: float
    text: str
    bold: bool = False
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Strip:
    """Everything that the template draws."""

    squares: tuple[Square, ...]
    brackets: tuple[Bracket, ...]
    labels: tuple[Label, ...]
    due_x: float | None
    warn_x: float | None
    spoken: str
    width: float = WIDTH


@dataclass(frozen=True, slots=True)
class Left:
    """What is left, or how far it is over: a word before, the figure, its unit."""

    before: str
    figure: str
    unit: str


def left_of(clock: ClockState, now: datetime, calendar: WorkCalendar) -> Left:
    """The remaining time of a running clock in its own kind of time."""
    if clock.due_at is None:
        return Left("", "—", _("算不出"))
    over = now > clock.due_at
    before = _("已超") if over else _("还剩")
    unit = clock.row.limit.unit
    if unit in _DAY_UNITS:
        days = remaining(now, clock.due_at, Unit.WORKDAY, calendar, pauses=clock.pauses)
        same_day = calendar.day(now) == calendar.day(clock.due_at)
        if not (same_day and not over):
            whole = str(abs(int(days)))
            return Left(before, _("不足 1") if over and whole == "0" else whole, _("个工作日"))
        unit = Unit.SERVICE_MINUTE
    natural = unit.natural
    counted = Unit.MINUTE if natural else Unit.SERVICE_MINUTE
    minutes = abs(int(remaining(now, clock.due_at, counted, calendar, pauses=clock.pauses)))
    hours, rest = divmod(minutes, 60)
    kind = _("（自然时间）") if natural else _("（工作时间）")
    return (
        Left(before, f"{hours}:{rest:02d}", _("小时") + kind)
        if hours
        else Left(before, str(rest), _("分钟") + kind)
    )


def strips(clocks: Sequence[ClockState], now: datetime, calendar: WorkCalendar) -> list[Strip | None]:
    """A strip for each clock on one common scale; None for clocks in hours, or where nothing can be drawn."""
    drawn = [clock for clock in clocks if clock.row.limit.unit in _DAY_UNITS and clock.due_at]
    days = _scale(drawn, now, calendar)
    if not days:
        return [None for _clock in clocks]
    places = _places(days)
    return [_strip(clock, now, calendar, places) if clock in drawn else None for clock in clocks]


def _scale(clocks: Sequence[ClockState], now: datetime, calendar: WorkCalendar) -> list[date]:
    """All working days from the first day 1 (or a due day before it) to the last due day or today."""
    if not clocks:
        return []
    first = min(
        min(calendar.day(clock.started_at), _last_day(clock, now, calendar) - timedelta(days=1))
        for clock in clocks
    )
    last = max(calendar.day(_seen(clock, now)) for clock in clocks)
    days: list[date] = []
    day = calendar.next_workday(first + timedelta(days=1))
    while day is not None and day <= last and len(days) <= _MOST_SQUARES:
        days.append(day)
        day = calendar.next_workday(day + timedelta(days=1))
    return days if len(days) <= _MOST_SQUARES else []


def _last_day(clock: ClockState, now: datetime, calendar: WorkCalendar) -> date:
    """The day on which the clock runs out."""
    return calendar.day((clock.due_at or now) - timedelta(microseconds=1))


def _seen(clock: ClockState, now: datetime) -> datetime:
    due_at = clock.due_at or now
    return max(due_at, now) if clock.running and now - due_at < timedelta(days=20) else due_at


def _places(days: Sequence[date]) -> dict[date, Square]:
    """Place and width of each working day; a gap where rest days lie between."""
    gaps = [_WEEK_GAP if (b - a).days > 1 else 0.0 for a, b in pairwise(days)]
    step = min(_SQUARE + _GAP, (WIDTH - 2 - sum(gaps)) / len(days))
    x, out = 0.6, {}
    for day, gap in zip(days, [*gaps, 0.0], strict=True):
        out[day] = Square(round(x, 1), round(step - min(_GAP, step / 5), 1), "c-after")
        x += step + gap
    return out


def _strip(clock: ClockState, now: datetime, calendar: WorkCalendar, places: dict[date, Square]) -> Strip:
    today = calendar.day(clock.stopped_at or now)
    last = _last_day(clock, now, calendar)
    start = min(calendar.day(clock.started_at), last - timedelta(days=1))
    halts = [(calendar.day(p.start), calendar.day(p.end), p.category) for p in clock.pauses]

    def kind(day: date) -> str:
        if day == today and clock.running and day > last:
            return "c-today"
        if not start < day <= last:
            return "c-after"
        if any(first < day <= end for first, end, _name in halts):
            return "c-pause"
        if day == today and clock.running:
            return "c-today"
        return "c-used" if day <= today else ("c-left" if clock.running else "c-after")

    squares = tuple(Square(each.x, each.width, kind(day)) for day, each in places.items())
    due_x = _end_of(last, places)
    warn_on = calendar.day(clock.warns_at) if clock.warns_at else None
    warn_x = _end_of(warn_on, places) if warn_on else None
    labels = _labels(clock, now, calendar, places, (due_x, warn_x))
    return Strip(
        squares,
        tuple(_brackets(halts, places)),
        labels,
        due_x,
        warn_x if warn_x != due_x else None,
        _spoken(clock, squares, last),
    )


def _end_of(day: date, places: dict[date, Square]) -> float | None:
    here = [each for on, each in places.items() if on <= day]
    return round(here[-1].x + here[-1].width + 1.4, 1) if here else None


def _brackets(halts: Sequence[tuple[date, date, str]], places: dict[date, Square]) -> list[Bracket]:
    out = []
    for first, end, name in halts:
        covered = [each for day, each in places.items() if first < day <= end]
        if covered:
            x, width = covered[0].x - 0.6, covered[-1].x + covered[-1].width - covered[0].x + 1.2
            text = _("%(name)s %(n)d 日") % {"name": name, "n": len(covered)}
            out.append(Bracket(f"M{x:.1f} 19v-4h{width:.1f}v4", round(x + width / 2, 1), text))
    return out


def _labels(
    clock: ClockState,
    now: datetime,
    calendar: WorkCalendar,
    places: dict[date, Square],
    lines: tuple[float | None, float | None],
) -> tuple[Label, ...]:
    """First day, today, warning and due, left out where they would lie on each other (due wins, then today)."""
    first = next(iter(places))
    wanted: list[Label] = []
    if lines[0] is not None and clock.due_at is not None:
        on = calendar.day(clock.due_at - timedelta(microseconds=1))
        wanted.append(Label(lines[0], _("%(day)s 到期") % {"day": f"{on:%m-%d}"}, bold=True, anchor="end"))
    today = calendar.day(now)
    if clock.running and today in places:
        here = places[today]
        late = clock.due_at is not None and now > clock.due_at
        x = here.x + _APART if late else here.x + here.width / 2
        wanted.append(Label(round(x, 1), _("今天"), bold=True, anchor="start" if late else "middle"))
    if lines[1] is not None and lines[1] != lines[0] and clock.warns_at:
        on = calendar.day(clock.warns_at)
        wanted.append(Label(lines[1], _("预警 %(day)s") % {"day": f"{on:%m-%d}"}))
    wanted.append(Label(0, _("%(day)s 第 1 日") % {"day": f"{first:%m-%d}"}, anchor="start"))
    wanted.append(Label(0, f"{first:%m-%d}", anchor="start"))
    return tuple(_apart(wanted))


_DIGIT, _LETTER, _APART = 7.5, 13.0, 6.0


def _length(text: str) -> float:
    """How wide a label is, in units of the drawing."""
    return sum(_DIGIT if letter.isascii() else _LETTER for letter in text)


def _apart(wanted: Sequence[Label]) -> list[Label]:
    kept: list[tuple[float, float, Label]] = []
    for label in wanted:
        length = _length(label.text)
        shift = {"start": 0.0, "middle": length / 2, "end": length}[label.anchor]
        begin = label.x - shift
        if begin < 0 and label.anchor != "start":
            label = Label(0, label.text, bold=label.bold, anchor="start")  # noqa: PLW2901 - same label, moved in
            begin = 0.0
        if all(begin + length < other or begin > end for other, end, _kept in kept):
            kept.append((begin, begin + length, label))
    return [label for _begin, _end, label in kept]


def _spoken(clock: ClockState, squares: Sequence[Square], last: date) -> str:
    """The strip in one sentence for those who do not see it."""
    count = {kind: sum(each.kind == kind for each in squares) for kind in ("c-used", "c-pause", "c-left")}
    return _("%(title)s：已计 %(used)d 日，暂停 %(paused)d 日，剩余 %(left)d 日，%(due)s 到期") % {
        "title": clock.rule.title,
        "used": count["c-used"],
        "paused": count["c-pause"],
        "left": count["c-left"],
        "due": last.isoformat(),
    }
