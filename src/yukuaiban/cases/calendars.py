"""Changing a calendar: shown first, stored only when a second person confirms, one entry for each changed deadline.

A calendar is local, versioned data that a person approves; nothing is fed in from outside by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from yukuaiban.cases import counters, facts, storing, versions
from yukuaiban.cases.models import Case, Clock, StoredCalendar
from yukuaiban.cases.moments import HeldPen
from yukuaiban.cases.passing import catch_up
from yukuaiban.core.errors import NotPermitted, Refused
from yukuaiban.core.timeline import CALENDAR_CHANGED, CalendarOf, CaseState, ClockState, Fact, step
from yukuaiban.core.workcalendar import (
    CalendarDay,
    WorkCalendar,
    difference,
    dump_calendar,
    merge_year,
    parse_calendar,
)
from yukuaiban.journal.writing import Head, append

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.access import Subject


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """A running promise whose moments a new calendar moves; `old` and `new` are its due moments.

    They are equal where only the warning moves, or where the due moment stays and is no longer provisional.
    """

    case: str
    clock: str
    ordinal: int
    old: datetime | None
    new: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What importing a year would change, before anything is stored."""

    year: int
    days: tuple[CalendarDay, ...]
    added: tuple[CalendarDay, ...]
    removed: tuple[CalendarDay, ...]
    deadlines: tuple[MovedDeadline, ...]
    texts: Mapping[str, str]

    @property
    def changes_nothing(self) -> bool:
        """Whether every calendar already holds exactly these days."""
        return not self.texts


def preview(year: int, days: Sequence[CalendarDay]) -> Preview:
    """The days added and removed in all calendars together, and every open deadline old -> new.

    A day that changes its kind is both; a change of name alone is no change.
    """
    added: set[CalendarDay] = set()
    removed: set[CalendarDay] = set()
    texts: dict[str, str] = {}
    for code, version in versions.current_calendars().items():
        spec = versions.calendar(code, version).spec
        merged = merge_year(spec, year, days)
        found = difference(spec, merged)
        added |= {*found.added, *(each.new for each in found.changed)}
        removed |= {*found.removed, *(each.old for each in found.changed)}
        if found or merged.published != spec.published:
            texts[code] = dump_calendar(merged)
    order = sorted(added, key=lambda day: day.on), sorted(removed, key=lambda day: day.on)
    return Preview(year, tuple(days), tuple(order[0]), tuple(order[1]), tuple(_moved(texts)), texts)


def propose(found: Preview, *, papers: Sequence[str], subject: Subject, pen: Pen) -> list[StoredCalendar]:
    """Store the previewed versions as drafts that a second person may confirm."""
    if found.changes_nothing:
        raise Refused(f"{found.year} 年的日历与已生效的完全相同，无需导入。")
    with transaction.atomic():
        return [_draft(code, text, papers, subject, pen) for code, text in found.texts.items()]


def confirm(drafts: Sequence[StoredCalendar], *, subject: Subject, pen: Pen) -> int:
    """Put drafts into force: rewrite exactly the clocks that move, one event each. Returns how many that were."""
    with transaction.atomic():
        waiting = list(StoredCalendar.objects.select_for_update().filter(pk__in=[each.pk for each in drafts]))
        for draft in waiting:
            _refuse_unconfirmable(draft, subject)
        since = _first_change({each.code: each.text for each in waiting})
        held = HeldPen(pen)
        for draft in waiting:
            _put_into_force(draft, subject, held)
        later = HeldPen(pen)  # reads the calendars that are in force now
        return sum(_rebind(case, subject, later.renewed()) for case in _touched(since).select_for_update())


def _refuse_unconfirmable(draft: StoredCalendar, subject: Subject) -> None:
    if draft.confirmed_at is not None:
        raise Refused("这份日历已经由别人确认生效；请刷新页面。")
    if draft.made_by == subject.ref and subject.kind != "system":
        raise NotPermitted("日历由另一人确认；导入的人不能自己确认。")
    others = StoredCalendar.objects.filter(code=draft.code, confirmed_at__gt=draft.made_at)
    if others.exists():
        raise Refused("导入之后日历又有了新的版本，这份草稿会把它盖掉；请撤回后重新导入。")


def drafts() -> list[StoredCalendar]:
    """Versions that wait for a second person."""
    return list(StoredCalendar.objects.filter(confirmed_at=None).order_by("code", "number"))


def withdraw(draft: StoredCalendar) -> None:
    """Take back a draft that nobody has confirmed."""
    StoredCalendar.objects.filter(pk=draft.pk, confirmed_at=None).delete()


def _draft(code: str, text: str, papers: Sequence[str], subject: Subject, pen: Pen) -> StoredCalendar:
    version = WorkCalendar(parse_calendar(text)).version
    waiting = StoredCalendar.objects.filter(code=code, version=version, confirmed_at=None)
    if (held := waiting.first()) is not None:
        return held
    newest = StoredCalendar.objects.filter(code=code).aggregate(last=Max("number"))["last"] or 0
    return StoredCalendar.objects.create(
        code=code,
        version=version,
        number=newest + 1,
        text=text,
        papers=list(papers),
        made_at=pen.moment(),
        made_by=subject.ref,
    )


def _put_into_force(draft: StoredCalendar, subject: Subject, pen: HeldPen) -> None:
    draft.confirmed_at, draft.confirmed_by = pen.moment(), subject.ref
    draft.save(update_fields=["confirmed_at", "confirmed_by"])
    append(
        stream=f"calendar:{draft.code}",
        type="calendar.confirmed",
        body={"version": draft.version, "number": draft.number, "papers": draft.papers, "by": draft.made_by},
        actor=subject.actor(),
        pen=pen,
        source="web",
    )


def _first_change(texts: Mapping[str, str]) -> date | None:
    """The first date that stands differently in these versions and in those in force; None if none does.

    A year that is published now counts from its first day, since its due moments are no longer provisional.
    """
    current = versions.current_calendars()
    changed: set[date] = set()
    for code, text in texts.items():
        old, new = versions.calendar(code, current[code]).spec, parse_calendar(text)
        changed |= {day.on for day in set(old.days) ^ set(new.days)}
        changed |= {date(year, 1, 1) for year in old.published ^ new.published}
    return min(changed, default=None)


def _touched(since: date | None) -> QuerySet[Case]:
    """Open cases that a change from this date on can move: something of theirs comes due then or later."""
    if since is None:
        return Case.objects.none()
    first = versions.current_calendar().start_of(since)
    late = Q(due_at__gte=first) | Q(due_at=None)
    running = Clock.objects.filter(late, case=OuterRef("pk"), stopped_at=None)
    return Case.objects.filter(Exists(running), closed_at=None).order_by("number")


def _moved(texts: Mapping[str, str]) -> Iterator[MovedDeadline]:
    specs = {code: WorkCalendar(parse_calendar(text)) for code, text in texts.items()}
    for case in _touched(_first_change(texts)):
        before = facts.state_of(case)
        after = step(before, _change_fact(before, specs), _with_drafts(specs))
        for old, new in _differing(before, after):
            yield MovedDeadline(case.number, old.code, old.ordinal, old.due_at, new.due_at)


def _differing(before: CaseState, after: CaseState) -> list[tuple[ClockState, ClockState]]:
    """The clocks whose moments, or whose being provisional, differ."""

    def told(clock: ClockState) -> tuple[object, ...]:
        return clock.due_at, clock.warns_at, clock.due is not None and clock.due.provisional

    pairs = zip(before.clocks, after.clocks, strict=True)
    return [(old, new) for old, new in pairs if told(old) != told(new)]


def _change_fact(state: CaseState, specs: Mapping[str, WorkCalendar]) -> Fact:
    current = dict(versions.current_calendars()) | {code: each.version for code, each in specs.items()}
    at = state.last_at
    assert at is not None  # noqa: S101 - a stored case has at least one event
    return Fact(state.seq + 1, CALENDAR_CHANGED, at, "system:worker", None, {}, current)


def _with_drafts(specs: Mapping[str, WorkCalendar]) -> CalendarOf:
    by_version = {(code, each.version): each for code, each in specs.items()}
    return lambda code, version: by_version.get((code, version)) or versions.calendar(code, version)


def _rebind(case: Case, subject: Subject, pen: HeldPen) -> int:
    """Recompute one case on the new versions; one event for each clock whose moments change. Returns how many."""
    pen.not_before(case.recorded_at)
    state = catch_up(case, facts.state_of(case), pen)
    trial = Fact(state.seq + 1, CALENDAR_CHANGED, pen.moment(), subject.ref, None, {}, pen.calendars)
    moved = _differing(state, step(state, trial, versions.calendar))
    for old, new in moved:
        state = _moved_on(case, state, _due_moved(old, new), subject, pen)
    return len(moved)


def _moved_on(
    case: Case, state: CaseState, moved: dict[str, Any], subject: Subject, pen: HeldPen
) -> CaseState:
    """The event of one clock, and the rows."""
    standing = counters.standing(case)
    event = append(
        stream=facts.stream_of(case.number),
        type=CALENDAR_CHANGED,
        body={"data": moved, "calendars": pen.calendars},
        actor=subject.actor(),
        pen=pen,
        source="web",
        head=Head(case.seq, bytes(case.head), case.recorded_at),
    )
    after = step(state, facts.fact_of(event), versions.calendar)
    storing.store(case, after, event)
    counters.record(standing, counters.standing(case))
    return after


def _due_moved(old: ClockState, new: ClockState) -> dict[str, Any]:
    moments = {"old": _text(old.due_at), "new": _text(new.due_at)}
    return {"clock": old.code, "ordinal": old.ordinal, **moments}


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
