"""A new calendar: shown first, confirmed by a second person, one entry for each deadline that moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.cast import ON_THE_SPOT, PERMIT, Office, at, fresh
from yukuaiban.cases import calendars, counters, versions
from yukuaiban.cases.models import Case, Clock, StoredCalendar
from yukuaiban.cases.rebuilding import fold_differences
from yukuaiban.core.calendarspec import CalendarDay
from yukuaiban.core.errors import NotPermitted, Refused
from yukuaiban.core.timeline import CALENDAR_CHANGED
from yukuaiban.journal.models import JournalEvent
from yukuaiban.journal.reading import events
from yukuaiban.packs.procedures import parse_procedure
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.district import installed

EXTRA = CalendarDay(date(2026, 3, 12), "off", "台风停工")
MAKE_UP = CalendarDay(date(2026, 3, 14), "make_up", "台风停工 调休上班")


def year_of(year: int, *more: CalendarDay, without: tuple[date, ...] = ()) -> list[CalendarDay]:
    """The days of a year as they stand in the office calendar, some added, some taken away."""
    spec = versions.current_calendar().spec
    days = [day for day in spec.days if day.on.year == year and day.on not in without]
    return [*days, *more]


def confirmed(office: Office, days: list[CalendarDay], year: int = 2026) -> int:
    drafts = calendars.propose(
        calendars.preview(year, days), papers=["文件"], subject=office.rules, pen=office.pen
    )
    return calendars.confirm(drafts, subject=office.publisher, pen=office.pen)


def told(case: Case) -> list[dict]:
    return [each.body["data"] for each in events(f"case:{case.number}") if each.type == CALENDAR_CHANGED]


def decide(office: Office, case: Case) -> None:
    checkers = [office.handler.ref, office.second.ref]
    office.do(case, "decide", "handler", outcome="granted", checkers=checkers)


def rows() -> dict[tuple[str, str], object]:
    return {(str(each.case_id), each.code): each.due_at for each in Clock.objects.all()}


def agrees() -> bool:
    streams = [f"case:{number}" for number in Case.objects.values_list("number", flat=True)]
    return all(not fold_differences(each, list(events(each))) for each in streams)


def test_a_preview_names_days_and_deadlines_and_stores_nothing(office: Office) -> None:
    case = office.in_review()
    before = rows(), JournalEvent.objects.count(), StoredCalendar.objects.count()
    found = calendars.preview(2026, year_of(2026, EXTRA))
    assert found.added == (EXTRA,)
    assert found.removed == ()
    assert [(each.case, each.clock, each.old, each.new) for each in found.deadlines] == [
        (case.number, "committed", at("2026-03-16T17:30"), at("2026-03-17T17:30")),
        (case.number, "statutory", at("2026-03-30T17:30"), at("2026-03-31T17:30")),
    ]
    assert (rows(), JournalEvent.objects.count(), StoredCalendar.objects.count()) == before


def test_what_was_shown_is_what_is_written_one_entry_a_deadline(office: Office) -> None:
    moved, still = office.in_review(), office.receive(ON_THE_SPOT)
    office.do(still, "withdraw", "xiaoyu")
    found = calendars.preview(2026, year_of(2026, EXTRA))
    before, count = rows(), JournalEvent.objects.count()
    assert confirmed(office, year_of(2026, EXTRA)) == len(found.deadlines) == 2
    after = rows()
    changed = {key: due for key, due in after.items() if due != before[key]}
    assert changed == {(str(moved.pk), each.clock): each.new for each in found.deadlines}
    written = [
        (each["clock"], datetime.fromisoformat(each["old"]), datetime.fromisoformat(each["new"]))
        for each in told(moved)
    ]
    assert written == [(each.clock, each.old, each.new) for each in found.deadlines]
    in_force = len(found.texts)
    assert JournalEvent.objects.count() == count + len(found.deadlines) + in_force
    assert told(still) == []
    assert agrees()
    assert counters.counts(office.now) == counters.recount(office.now)


def test_whoever_was_in_time_on_the_old_calendar_stays_in_time(office: Office) -> None:
    """A make-up Saturday would bring the due forward: the later of both holds, and says so."""
    case = office.in_review()
    assert confirmed(office, year_of(2026, MAKE_UP)) == 0
    assert office.due(case) == "2026-03-16T17:30"
    new = office.in_review()
    assert office.due(new) == "2026-03-14T17:30"
    assert told(case) == []
    assert agrees()


def test_a_later_change_of_a_protected_case_counts_on_both(office: Office) -> None:
    case = office.in_review()
    confirmed(office, year_of(2026, MAKE_UP))
    office.at("2026-03-03T10:00").pause(case, "2026-03-05T10:00")
    assert office.due(case) == "2026-03-18T17:30"
    assert agrees()


def test_the_planned_end_of_an_open_pause_is_protected_too(office: Office) -> None:
    """What is shown during a pause is a deadline as well: a make-up day behind it brings nothing forward."""
    case = office.in_review()
    office.at("2026-03-03T10:00").pause(case, "2026-03-10T10:00")
    assert office.due(case) == "2026-03-23T17:30"
    confirmed(office, year_of(2026, CalendarDay(date(2026, 3, 21), "make_up", "临时调休")))
    assert office.due(case) == "2026-03-23T17:30"
    assert agrees()


def test_an_extension_counts_on_the_calendar_in_force_where_nothing_was_protected(office: Office) -> None:
    """The new calendar left the deadline where it was; the days granted later are days of the new one."""
    case = office.in_review()
    new_work = CalendarDay(date(2026, 4, 11), "make_up", "临时调休")
    assert confirmed(office, year_of(2026, new_work)) == 0
    office.at("2026-03-27T10:00")
    office.do(case, "request_extension", "handler", limit="10wd", reason="需补充核查")
    office.do(case, "extend", "chief")
    assert office.due(case, "statutory") == "2026-04-13T17:30"
    assert agrees()


def test_closed_clocks_keep_the_calendar_by_which_they_were_judged(office: Office) -> None:
    case = office.in_review()
    decide(office, case)
    office.do(case, "complete", "handler")
    before = rows()
    assert confirmed(office, year_of(2026, EXTRA)) == 1
    changed = {code for (_, code), due in rows().items() if due != before[str(case.pk), code]}
    assert changed == {"delivery"}
    assert agrees()


def test_a_year_becoming_known_ends_what_was_provisional(office: Office) -> None:
    case = office.at("2026-12-21T09:00").in_review()
    assert fresh(case).provisional
    named = [
        CalendarDay(date(2027, 1, 1), "off", "元旦"),
        CalendarDay(date(2027, 2, 6), "make_up", "春节 调休上班"),
    ]
    statutory = year_of(2027)
    days = [each for each in [*statutory, *named] if each.on not in {day.on for day in statutory}]
    found = calendars.preview(2027, [*statutory, *days])
    assert case.number in {each.case for each in found.deadlines}
    confirmed(office, [*statutory, *days], 2027)
    assert not fresh(case).provisional
    assert agrees()


def test_the_one_who_imports_does_not_confirm(office: Office) -> None:
    shown = calendars.preview(2026, year_of(2026, EXTRA))
    drafts = calendars.propose(shown, papers=[], subject=office.rules, pen=office.pen)
    with pytest.raises(NotPermitted, match="另一人"):
        calendars.confirm(drafts, subject=office.rules, pen=office.pen)
    assert calendars.drafts() == drafts
    assert EXTRA not in versions.current_calendar().spec.days


def test_a_draft_is_confirmed_once(office: Office) -> None:
    shown = calendars.preview(2026, year_of(2026, EXTRA))
    drafts = calendars.propose(shown, papers=[], subject=office.rules, pen=office.pen)
    calendars.confirm(drafts, subject=office.publisher, pen=office.pen)
    count = JournalEvent.objects.count()
    with pytest.raises(Refused, match="已经由别人确认"):
        calendars.confirm(drafts, subject=office.publisher, pen=office.pen)
    assert JournalEvent.objects.count() == count


def test_a_draft_made_before_another_was_confirmed_does_not_overwrite_it(office: Office) -> None:
    other = CalendarDay(date(2026, 3, 19), "off", "防汛停工")
    first = calendars.propose(
        calendars.preview(2026, year_of(2026, EXTRA)), papers=[], subject=office.rules, pen=office.pen
    )
    second = calendars.propose(
        calendars.preview(2026, year_of(2026, other)), papers=[], subject=office.rules, pen=office.pen
    )
    office.at("2026-03-02T10:00")
    calendars.confirm(first, subject=office.publisher, pen=office.pen)
    with pytest.raises(Refused, match="重新导入"):
        calendars.confirm(second, subject=office.publisher, pen=office.pen)
    assert EXTRA in versions.current_calendar().spec.days


def test_going_back_to_earlier_days_is_a_new_number_and_takes_force(office: Office) -> None:
    original = versions.current_calendars()
    case = office.in_review()
    confirmed(office, year_of(2026, EXTRA))
    assert office.due(case) == "2026-03-17T17:30"
    office.at("2026-03-02T10:00")
    confirmed(office, year_of(2026, without=(EXTRA.on,)))
    assert versions.current_calendars() == original
    assert office.due(office.in_review()) == "2026-03-16T17:30"
    # Who had a day more keeps it.
    assert office.due(case) == "2026-03-17T17:30"
    assert agrees()


def test_an_import_that_changes_nothing_is_refused(office: Office) -> None:
    found = calendars.preview(2026, year_of(2026))
    assert found.changes_nothing
    with pytest.raises(Refused, match="完全相同"):
        calendars.propose(found, papers=[], subject=office.rules, pen=office.pen)


def test_a_draft_can_be_taken_back_until_it_is_confirmed(office: Office) -> None:
    shown = calendars.preview(2026, year_of(2026, EXTRA))
    drafts = calendars.propose(shown, papers=[], subject=office.rules, pen=office.pen)
    for draft in drafts:
        calendars.withdraw(draft)
    assert calendars.drafts() == []
    again = calendars.propose(shown, papers=[], subject=office.rules, pen=office.pen)
    calendars.confirm(again, subject=office.publisher, pen=office.pen)
    for draft in again:
        calendars.withdraw(draft)
    assert EXTRA in versions.current_calendar().spec.days


def test_what_time_had_brought_is_recorded_before_the_calendar_moves_a_case(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-12T18:00")
    confirmed(office, year_of(2026, CalendarDay(date(2026, 3, 13), "off", "防汛停工")))
    types = [each.type for each in events(f"case:{case.number}")]
    assert types.index("clock.warned") < types.index(CALENDAR_CHANGED)
    assert agrees()


def test_a_case_keeps_the_procedure_under_which_it_was_opened(office: Office) -> None:
    old = office.in_review()
    text = installed().procedure_texts["desks"].replace('limit = "10wd"', 'limit = "3wd"')
    newer = parse_procedure(text, file="desks.toml")
    changed = replace(installed(), procedures={"desks": newer}, procedure_texts={"desks": text})
    versions.install(changed, subject=CONSOLE, pen=office.at("2026-03-02T10:00").pen)
    new = office.in_review(PERMIT)
    assert (old.procedure_version == new.procedure_version, new.procedure_version) == (False, newer.version)
    for case in (old, new):
        decide(office, case)
    assert (office.due(old, "delivery"), office.due(new, "delivery")) == (
        "2026-03-16T17:30",
        "2026-03-05T17:30",
    )
    assert agrees()
