"""The rims of the clock: empty arrays, results beyond the tables, ends inside pauses, cases without a limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from tests.core.office import HALF_PAST_EIGHT, at, days, office, shown
from tests.core.toy import ADMITTED, PAUSED, PROCEDURE, after, calendar_of, facts
from tests.core.toy import at as toy_at
from yukuaiban.core.backward import backward
from yukuaiban.core.batch import NO_MOMENT, due_batch, elapsed_batch
from yukuaiban.core.calendarspec import CalendarSpec, HoursBlock
from yukuaiban.core.canonical import canonical, nfc
from yukuaiban.core.clocks import due, remaining
from yukuaiban.core.counting import BeyondTables, day_at
from yukuaiban.core.errors import ActionRefused
from yukuaiban.core.lights import Light
from yukuaiban.core.limits import Limit, LimitRow, Unit
from yukuaiban.core.moments import micros, moment_of
from yukuaiban.core.pauses import Pause, united
from yukuaiban.core.timeline import explained, fold, pending, summary
from yukuaiban.core.workcalendar import WorkCalendar

NONE = np.zeros(0, dtype=np.int64)
START = "2026-03-02T10:00"


def both(
    start: str, limit: str, *pauses: tuple[str, str], calendar: WorkCalendar | None = None, roll: bool = True
) -> str:
    """The due by the scalar and by the array way, which must be one."""
    held, given = calendar or office(), Limit.parse(limit)
    spans = [Pause(at(since), at(until)) for since, until in pauses]
    row = LimitRow(given, date(2020, 1, 1), roll=roll)
    one = due(at(start), given, held, pauses=spans, row=row, explain=False).at
    columns = [(np.array([span.start]), np.array([span.end])) for span in united(spans, NO_MOMENT)]
    amount = given.microseconds if given.unit.timed else given.days
    many = due_batch(
        np.array([micros(at(start))]), np.array([amount]), given.unit, held, pauses=columns, roll=roll
    )
    assert int(many.at[0]) == (NO_MOMENT if one is None else micros(one))
    return shown(one)


def test_no_rows_give_no_answers():
    assert due_batch(NONE, NONE, Unit.WORKDAY, office()).at.size == 0
    assert [part.size for part in elapsed_batch(NONE, NONE, Unit.WORKDAY, office())] == [0, 0]


@pytest.mark.parametrize(
    ("limit", "pause", "end"),
    [
        ("3wd", ("2026-03-05T10:00", "2026-03-10T18:00"), "2026-03-11 17:30"),
        ("3d", ("2026-03-05T10:00", "2026-03-10T18:00"), "2026-03-11 17:30"),
        ("0wd", ("2026-03-02T11:00", "2026-03-02T18:00"), "2026-03-03 17:30"),
        ("0d", ("2026-03-02T11:00", "2026-03-02T18:00"), "2026-03-03 17:30"),
        ("1wd", ("2026-03-02T11:00", "2026-03-04T11:00"), "2026-03-05 17:30"),
    ],
)
def test_a_due_inside_a_pause_becomes_the_first_closing_after_it(limit, pause, end):
    assert both(START, limit, pause) == end


def test_amounts_and_pauses_beyond_twenty_years_have_no_answer_either_way():
    for limit in ("6000wd", "80000sh", "8000d", "21y"):
        assert both(START, limit) == "-"
    long = ("2026-03-02T11:00", "2060-01-01T10:00")
    for limit in ("1wd", "8sh", "3d", "1mo", "9h"):
        assert both(START, limit, long) == "-"


def test_a_last_day_behind_the_last_open_day_has_no_answer():
    once = WorkCalendar(
        CalendarSpec(
            "Asia/Shanghai", (HoursBlock(date(2026, 1, 1), (1,), HALF_PAST_EIGHT, date(2026, 3, 9)),)
        )
    )
    assert both(START, "7d", calendar=once) == "2026-03-09 17:30"
    assert both(START, "8d", calendar=once) == "-"
    assert both(START, "8d", calendar=once, roll=False) == "2026-03-11 00:00"
    assert both("2026-03-09T18:00", "0wd", calendar=once) == "-"
    assert both(START, "2wd", calendar=once) == "-"
    assert both(START, "14sh", calendar=once) == "-"
    assert both(START, "12.5sh", calendar=once) == "2026-03-09 17:30"
    assert (
        both(START, "3d", ("2026-03-05T10:00", "2026-03-20T10:00"), calendar=once, roll=False)
        == "2026-03-21 00:00"
    )


def test_many_starts_of_which_some_have_no_answer():
    starts = np.array([micros(at(START)), micros(at("2026-03-03T10:00"))])
    found = due_batch(starts, np.array([1, 9999]), Unit.WORKDAY, office())
    assert [shown(moment_of(found.at.tolist()[0])), found.at.tolist()[1]] == ["2026-03-03 17:30", NO_MOMENT]


def test_what_remains_is_negative_once_it_is_over():
    end = at("2026-03-04T17:30")
    assert remaining(at("2026-03-06T10:00"), end, Unit.WORKDAY, office()) == -2
    assert remaining(at("2026-03-05T09:30"), end, Unit.SERVICE_HOUR, office()) == -1
    assert remaining(end, end, Unit.MINUTE, office()) == 0


@pytest.mark.parametrize(
    ("moment", "limit", "pause", "begins"),
    [
        ("2026-03-16T17:30", "2wd", ("2026-03-12T10:00", "2026-03-13T10:00"), "2026-03-11 17:30"),
        ("2026-03-16T17:30", "2wd", ("2026-03-02T10:00", "2026-03-04T10:00"), "2026-03-12 17:30"),
        ("2026-03-16T17:30", "2d", ("2026-03-13T10:00", "2026-03-15T10:00"), "2026-03-12 17:30"),
        ("2026-03-16T17:30", "1wd", ("2026-03-13T10:00", "2026-03-16T09:00"), "2026-03-12 17:30"),
        ("2026-03-16T17:30", "1wd", ("2026-03-13T10:00", "2026-03-14T09:00"), "2026-03-14 09:00"),
        ("2026-03-16T17:30", "48h", ("2026-03-15T10:00", "2026-03-15T20:00"), "2026-03-14 07:30"),
        ("2026-03-16T17:30", "5wd", ("2026-03-16T18:00", "2026-03-18T20:00"), "2026-03-09 17:30"),
    ],
)
def test_the_way_back_leaves_pauses_out(moment, limit, pause, begins):
    spans = [Pause(at(pause[0]), at(pause[1]))]
    assert shown(backward(at(moment), Limit.parse(limit), office(), pauses=spans)) == begins


def test_an_end_of_day_may_be_asked_for_on_the_way_back():
    ends = {"closing": "2026-03-12 17:30", "midnight": "2026-03-13 00:00", None: "2026-03-12 17:30"}
    for given, begins in ends.items():
        found = backward(at("2026-03-16T17:30"), Limit.parse("2wd"), office(), day_end=given)
        assert shown(found) == begins
    zero = backward(at("2026-03-16T10:00"), Limit.parse("0wd"), office())
    assert zero == at("2026-03-16T10:00")  # the end of the day lies ahead: never later than the moment itself


def test_odd_minutes_over_centuries_are_found_by_search_and_give_the_same():
    pieces = ((541, 718), (809, 1051))
    spec = CalendarSpec("Asia/Shanghai", (HoursBlock(date(1900, 1, 1), (1, 2, 3, 4, 5), pieces),), days())
    grid, search = (
        WorkCalendar(spec).tables(2026, 2027).opening,
        WorkCalendar(spec).tables(1900, 2200).opening,
    )
    assert (grid.step, search.step) == (60_000_000, 0)
    first = micros(at("2026-01-05T00:00"))
    behind = search.before(first) - grid.before(first)
    instants = first + np.arange(0, 3 * 10**12, 1_234_567_891)
    amounts = grid.before_many(instants)
    assert (search.before_many(instants) == amounts + behind).all()
    amounts = np.unique(amounts[amounts > 0])
    assert (search.reached_many(amounts + behind) == grid.reached_many(amounts)).all()
    for instant, amount in zip(instants.tolist(), amounts.tolist(), strict=False):
        assert search.before(instant) == grid.before(instant) + behind
        assert search.reached(amount + behind) == grid.reached(amount)
        assert search.left(amount + behind) == grid.left(amount)
    assert [search.reached(0), search.left(-1), search.left(search.total)] == [None, None, None]


def test_a_case_without_a_limit_has_no_such_clock_and_one_that_cannot_end_stays_green():
    none = fold(
        PROCEDURE, calendar_of, facts(("receive", "04-27T09:00", {"limits": {}}), ("admit", "04-27T10:00"))
    )
    assert none.clock("committed") is None
    assert summary(none).light(toy_at("06-30T09:00")) is Light.GREEN
    endless = {"committed": {"limit": "99y", "since": "2026-01-01"}}
    state = fold(
        PROCEDURE,
        calendar_of,
        facts(("receive", "04-27T09:00", {"limits": endless}), ("admit", "04-27T10:00")),
    )
    clock = state.clock("committed")
    assert (clock.due_at, clock.warns_at, clock.changes) == (None, None, ())
    assert clock.light(toy_at("06-30T09:00")) is Light.GREEN
    assert explained(clock, calendar_of).error == "no_open_time"


def test_the_light_of_a_case_is_that_of_its_worst_clock():
    state = after(*ADMITTED)
    seen = [
        summary(state).light(toy_at(moment))
        for moment in ("05-07T09:00", "05-12T09:00", "05-14T09:00", "05-28T09:00")
    ]
    assert seen == [Light.GREEN, Light.YELLOW, Light.RED, Light.BREACH]


def test_a_stopped_clock_wakes_nobody():
    state = after(*ADMITTED, ("finish", "05-06T10:00", {"outcome": "granted"}))
    assert {clock.next_change for clock in state.clocks} == {None}
    assert pending(state, toy_at("12-30T10:00")) is None


def test_a_rung_that_is_never_reached_is_left_out():
    far = tuple(replace(rung, after=Limit.parse("90y")) if rung.after else rung for rung in PROCEDURE.ladder)
    given = facts(("receive", "04-27T09:00"), ("admit", "04-27T10:00"))
    state = fold(replace(PROCEDURE, ladder=far), calendar_of, given)
    assert [change.step for change in state.clock("committed").changes] == ["warned", "overdue"]


def test_a_resumption_where_nothing_is_paused_changes_nothing():
    plain, resumed = after(*ADMITTED), after(*ADMITTED, ("resume", "05-06T10:00"))
    assert [clock.due_at for clock in plain.clocks] == [clock.due_at for clock in resumed.clocks]


def test_a_year_of_hours_across_changes_of_clocks_reaches_the_right_day():
    spec = CalendarSpec("Pacific/Apia", (HoursBlock(date(2000, 1, 1), (1, 2, 3, 4, 5, 6, 7), ((0, 1440),)),))
    calendar = WorkCalendar(spec)
    start = datetime(2011, 12, 28, 12, tzinfo=calendar.zone)
    found = due(start, Limit.parse("72h"), calendar)
    assert found.due_on == date(2012, 1, 1)  # 30 December never was
    assert found.at - start == timedelta(hours=72)
    assert due(start, Limit.parse("1d"), calendar).due_on == date(2011, 12, 29)


def test_late_evenings_of_a_southern_winter_belong_to_their_own_day():
    """Tables begin in summer time there, so winter midnights come an hour later than every 24 hours."""
    spec = CalendarSpec("Australia/Sydney", (HoursBlock(date(2020, 1, 1), (1, 2, 3, 4, 5), ((540, 1020),)),))
    calendar = WorkCalendar(spec)
    start = datetime(2024, 7, 1, 23, 30, tzinfo=calendar.zone)
    assert due(start, Limit.parse("15m"), calendar).due_on == date(2024, 7, 1)
    assert due(start, Limit.parse("45m"), calendar).due_on == date(2024, 7, 2)
    assert due(start, Limit.parse("1wd"), calendar).due_on == date(2024, 7, 2)
    many = due_batch(np.array([micros(start)]), np.array([1]), Unit.WORKDAY, calendar)
    assert moment_of(int(many.at[0])) == datetime(2024, 7, 2, 17, tzinfo=calendar.zone)


def test_no_day_holds_an_instant_outside_the_tables():
    table = office().tables(2025, 2027).days
    for instant in (int(table.midnight[0]) - 1, int(table.midnight[-1])):
        with pytest.raises(BeyondTables):
            day_at(table, instant)


def test_a_resumption_before_its_pause_is_refused():
    with pytest.raises(ActionRefused, match="恢复的时间早于中止的时间"):
        after(*PAUSED, ("resume", "05-06T08:00"))


def test_texts_are_normalised_before_they_are_hashed():
    told = {"n": ["e\u0301", ("\u212b", 1)], "k\u0301": None}
    assert nfc(told) == {"n": ["\u00e9", ["\u00c5", 1]], "\u1e31": None}
    assert canonical(nfc(["e\u0301"])) == '["\u00e9"]'.encode()
