"""Changing a calendar: shown first, stored only when a second person confirms, one entry for each changed deadline.

A calendar is local, versioned data that a person approves; nothing is fed in from outside by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Q

from yukuaiban.cases import counters, facts, storing, versions
from yukuaiban.cases.models import Case, StoredCalendar
from yukuaiban.cases.moments import HeldPen
from yukuaiban.cases.passing import catch_up
from yukuaiban.core.errors import NotPermitted, Refused
from yukuaiban.core.timeline import CALENDAR_CHANGED, CaseState, Fact, step
from yukuaiban.core.workcalendar import (
    CalendarDay,
    WorkCalendar,
    dump_calendar,
    merge_year,
    parse_calendar,
)
from yukuaiban.journal.writing import Head, append

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.access import Subject


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """A running promise whose due moment a new calendar moves."""

    case: str
    clock: str
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
    """The days added and removed in all calendars together, and every open deadline old -> new."""
    added: set[CalendarDay] = set()
    removed: set[CalendarDay] = set()
    texts: dict[str, str] = {}
    for code, version in versions.current_calendars().items():
        spec = versions.calendar(code, version).spec
        merged = merge_year(spec, year, days)
        added |= set(merged.days) - set(spec.days)
        removed |= set(spec.days) - set(merged.days)
        if merged != spec:
            texts[code] = dump_calendar(merged)
    order = sorted(added, key=lambda day: day.on), sorted(removed, key=lambda day: day.on)
    moved = tuple(_moved(texts, {day.on for day in added | removed}))
    return Preview(year, tuple(days), tuple(order[0]), tuple(order[1]), moved, texts)


def propose(found: Preview, *, papers: Sequence[str], subject: Subject, pen: Pen) -> list[StoredCalendar]:
    """Store the previewed versions as drafts that a second person may confirm."""
    if found.changes_nothing:
        raise Refused(f"{found.year} 年的日历与已生效的完全相同，无需导入。")
    with transaction.atomic():
        return [_draft(code, text, papers, subject, pen) for code, text in found.texts.items()]


def confirm(drafts: Sequence[StoredCalendar], *, subject: Subject, pen: Pen) -> int:
    """Put drafts into force: rewrite exactly the clocks that move, one event each. Returns how many cases moved."""
    for draft in drafts:
        if draft.made_by == subject.ref and subject.kind != "system":
            raise NotPermitted("日历由另一人确认；导入的人不能自己确认。")
    with transaction.atomic():
        held = HeldPen(pen)
        changed = _dates_changed(drafts)
        for draft in drafts:
            _put_into_force(draft, subject, held)
        return sum(_rebind(case, subject, held) for case in _touched(changed).select_for_update())


def drafts() -> list[StoredCalendar]:
    """Versions that wait for a second person."""
    return list(StoredCalendar.objects.filter(confirmed_at=None).order_by("code", "number"))


def withdraw(draft: StoredCalendar) -> None:
    """Take back a draft that nobody has confirmed."""
    StoredCalendar.objects.filter(pk=draft.pk, confirmed_at=None).delete()


def _draft(code: str, text: str, papers: Sequence[str], subject: Subject, pen: Pen) -> StoredCalendar:
    version = WorkCalendar(parse_calendar(text)).version
    if (held := StoredCalendar.objects.filter(code=code, version=version).first()) is not None:
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


def _dates_changed(drafts: Sequence[StoredCalendar]) -> set[date]:
    """Every date that stands differently in the drafts and in the versions in force."""
    current = versions.current_calendars()
    changed: set[date] = set()
    for draft in drafts:
        old = set(versions.calendar(draft.code, current[draft.code]).spec.days)
        changed |= {day.on for day in old ^ set(parse_calendar(draft.text).days)}
    return changed


def _touched(changed: set[date]) -> object:
    """Open cases that a change on these dates can move: something of theirs comes due on or after the first."""
    if not changed:
        return Case.objects.none()
    calendar = versions.current_calendar()
    first = calendar.start_of(min(changed))
    late = Q(clocks__due_at__gte=first) | Q(clocks__due_at=None)
    return Case.objects.filter(late, closed_at=None, clocks__stopped_at=None).distinct().order_by("number")


def _moved(texts: Mapping[str, str], changed: set[date]) -> Iterator[MovedDeadline]:
    specs = {code: WorkCalendar(parse_calendar(text)) for code, text in texts.items()}
    for case in _touched(changed):
        before = facts.state_of(case)
        after = step(before, _change_fact(before, specs), _with_drafts(specs))
        for old, new in zip(before.clocks, after.clocks, strict=True):
            if old.due_at != new.due_at:
                yield MovedDeadline(case.number, old.code, old.due_at, new.due_at)


def _change_fact(state: CaseState, specs: Mapping[str, WorkCalendar]) -> Fact:
    current = dict(versions.current_calendars()) | {code: each.version for code, each in specs.items()}
    at = state.last_at
    assert at is not None  # noqa: S101 - a stored case has at least one event
    return Fact(state.seq + 1, CALENDAR_CHANGED, at, "system:worker", None, {}, current)


def _with_drafts(specs: Mapping[str, WorkCalendar]):  # noqa: ANN202
    by_version = {(code, each.version): each for code, each in specs.items()}
    return lambda code, version: by_version.get((code, version)) or versions.calendar(code, version)


def _rebind(case: Case, subject: Subject, pen: HeldPen) -> bool:
    """Recompute one case on the new version; an event is written only if a moment changes."""
    pen.not_before(case.recorded_at)
    before = catch_up(case, facts.state_of(case), pen)
    current = dict(versions.current_calendars())
    trial = Fact(before.seq + 1, CALENDAR_CHANGED, pen.moment(), subject.ref, None, {}, current)
    after = step(before, trial, versions.calendar)
    if not any(
        (old.due_at, old.warns_at) != (new.due_at, new.warns_at)
        for old, new in zip(before.clocks, after.clocks, strict=True)
    ):
        return False
    standing = counters.standing(case)
    event = append(
        stream=facts.stream_of(case.number),
        type=CALENDAR_CHANGED,
        body={"data": {"deadlines": _deadlines(before, after)}, "calendars": current},
        actor=subject.actor(),
        pen=pen,
        source="web",
        head=Head(case.seq, bytes(case.head), case.recorded_at),
    )
    storing.store(case, step(before, facts.fact_of(event), versions.calendar), event)
    counters.record(standing, counters.standing(case))
    return True


def _deadlines(before: CaseState, after: CaseState) -> list[dict[str, str | None]]:
    return [
        {"clock": old.code, "old": _text(old.due_at), "new": _text(new.due_at)}
        for old, new in zip(before.clocks, after.clocks, strict=True)
        if old.due_at != new.due_at
    ]


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
