"""The fourteen conventions of counting time, one test each under its number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.core.office import HALF_PAST_EIGHT, SHANGHAI, at, office, office_spec, shown
from yukuaiban.core.backward import backward
from yukuaiban.core.calendarspec import CalendarDay, CalendarSpec, HoursBlock
from yukuaiban.core.clocks import due, elapsed, fixed_due
from yukuaiban.core.effective import in_force
from yukuaiban.core.errors import InputInvalid, NotYetInForce
from yukuaiban.core.lights import ClockKind, Light, light_at
from yukuaiban.core.limits import Limit, LimitRow, Unit
from yukuaiban.core.moments import parse_moment, written
from yukuaiban.core.pauses import Pause
from yukuaiban.core.workcalendar import WorkCalendar

BERLIN = WorkCalendar(
    CalendarSpec("Europe/Berlin", (HoursBlock(date(2020, 1, 1), (1, 2, 3, 4, 5, 6, 7), ((60, 300),)),))
)


def ends(start: str, limit: str, *, day_end: str = "closing", **row: object) -> str:
    """The due of a limit that starts at a local time, to the minute."""
    given = Limit.parse(limit)
    chosen = LimitRow(given, since=date(2020, 1, 1), **row)  # type: ignore[arg-type]
    return shown(due(at(start), given, office(day_end=day_end), row=chosen).at)


@pytest.mark.parametrize(
    ("start", "first"),
    [
        ("2026-03-04T00:00", "2026-03-05"),
        ("2026-03-04T10:00", "2026-03-05"),
        ("2026-03-04T23:59", "2026-03-05"),
        ("2026-03-06T18:00", "2026-03-09"),
        ("2026-03-07T10:00", "2026-03-09"),
        ("2026-02-14T10:00", "2026-02-24"),
        ("2026-10-02T10:00", "2026-10-08"),
    ],
)
def test_01_day_one_is_the_first_working_day_after_the_date_whatever_the_hour(start, first):
    assert ends(start, "1wd") == f"{first} 17:30"
    following = (date.fromisoformat(start[:10]) + timedelta(days=1)).isoformat()
    assert ends(start, "1d", roll=False)[:10] in (
        following,
        f"{date.fromisoformat(following) + timedelta(days=1)}",
    )


def test_01_day_one_of_natural_days_is_the_next_date():
    assert ends("2026-03-04T23:59", "1d") == "2026-03-05 17:30"
    assert ends("2026-03-04T00:00", "1d") == "2026-03-05 17:30"


@pytest.mark.parametrize(
    ("day_end", "moment", "on"),
    [("closing", "2026-03-06 17:30", "2026-03-06"), ("midnight", "2026-03-07 00:00", "2026-03-06")],
)
def test_02_a_day_ends_at_closing_or_at_24_00_and_keeps_its_date(day_end, moment, on):
    for limit in ("2wd", "2d"):
        found = due(at("2026-03-04T10:00"), Limit.parse(limit), office(day_end=day_end))
        assert (shown(found.at), found.due_on) == (moment, date.fromisoformat(on))


def test_02_the_row_of_a_limit_decides_over_its_calendar():
    assert ends("2026-03-04T10:00", "2wd", ends="midnight") == "2026-03-07 00:00"
    assert ends("2026-03-04T10:00", "2wd", day_end="midnight", ends="closing") == "2026-03-06 17:30"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-04T10:00", "2026-03-04 17:30"),
        ("2026-03-04T17:30", "2026-03-04 17:30"),
        ("2026-03-04T17:31", "2026-03-05 17:30"),
        ("2026-03-06T20:00", "2026-03-09 17:30"),
        ("2026-02-14T08:00", "2026-02-14 17:30"),
        ("2026-02-14T18:00", "2026-02-24 17:30"),
    ],
)
def test_03_same_day_is_the_first_closing_on_a_working_day_not_before_the_start(start, end):
    assert ends(start, "0wd") == end


@pytest.mark.parametrize(
    ("start", "limit", "row", "end"),
    [
        ("2026-03-02T10:00", "5d", {}, "2026-03-09 17:30"),
        ("2026-03-02T10:00", "5d", {"roll": False}, "2026-03-08 00:00"),
        ("2026-04-09T10:00", "30d", {}, "2026-05-09 17:30"),
        ("2025-11-30T10:00", "3mo", {}, "2026-02-28 17:30"),
        ("2026-01-31T10:00", "1mo", {}, "2026-02-28 17:30"),
        ("2024-02-29T10:00", "1y", {}, "2025-02-28 17:30"),
        ("2024-02-29T10:00", "3y", {"roll": False, "ends": "midnight"}, "2027-03-01 00:00"),
    ],
)
def test_04_a_last_day_that_rests_rolls_unless_the_row_says_no(start, limit, row, end):
    assert ends(start, limit, **row) == end


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [("2026-09-30T17:00", "72h", "2026-10-03 17:00"), ("2026-03-06T17:00", "90m", "2026-03-06 18:30")],
)
def test_05_hours_and_minutes_run_through_nights_and_holidays(start, limit, end):
    assert ends(start, limit) == end


def test_05_hours_are_counted_on_absolute_time_across_a_change_of_clocks():
    start = datetime(2024, 3, 30, 23, 30, tzinfo=BERLIN.zone)
    found = due(start, Limit.parse("5h"), BERLIN)
    assert written(found.at, BERLIN.zone) == "2024-03-31T05:30:00+02:00"


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2026-05-07T10:00", "2sh", "2026-05-07 12:00"),
        ("2026-05-07T10:00", "121sm", "2026-05-07 14:01"),
        ("2026-05-07T16:00", "90sm", "2026-05-07 17:30"),
        ("2026-05-07T16:00", "91sm", "2026-05-08 08:31"),
        ("2026-05-07T12:30", "30sm", "2026-05-07 14:30"),
        ("2026-05-07T20:00", "0sh", "2026-05-07 20:00"),
        ("2026-05-10T10:00", "0sm", "2026-05-10 10:00"),
    ],
)
def test_06_service_time_ends_at_the_earliest_moment_that_holds_it(start, limit, end):
    assert ends(start, limit) == end


def test_06_one_second_more_goes_to_the_next_opening():
    calendar, limit = office(), Limit.parse("2sh")
    found = due(at("2026-05-07T10:00:01"), limit, calendar).at
    assert written(found, SHANGHAI) == "2026-05-07T14:00:01+08:00"


@pytest.mark.parametrize(
    ("moment", "limit", "begins"),
    [
        ("2026-05-11T09:00", "1sh", "2026-05-09 17:00"),
        ("2026-05-07T15:00", "1sh", "2026-05-07 14:00"),
        ("2026-05-07T14:00", "3.5sh", "2026-05-07 08:30"),
        ("2026-05-07T15:00", "24h", "2026-05-06 15:00"),
        ("2026-05-11T17:30", "1wd", "2026-05-09 17:30"),
        ("2026-05-11T17:30", "2d", "2026-05-09 17:30"),
        ("2026-05-31T17:30", "1mo", "2026-04-30 17:30"),
    ],
)
def test_07_backward_counting_is_the_mirror(moment, limit, begins):
    calendar, amount = office(), Limit.parse(limit)
    found = backward(at(moment), amount, calendar)
    assert shown(found) == begins
    if amount.unit.timed:
        assert due(found, amount, calendar).at in (at(moment), at("2026-05-07T12:00"))


def test_07_there_is_no_moment_before_everything():
    assert backward(at("2026-05-07T10:00"), Limit.parse("900000sh"), office()) is None
    assert backward(at("2026-05-07T10:00"), Limit.parse("20000wd"), office()) is None
    assert backward(at("2026-05-07T10:00"), Limit.parse("3000y"), office()) is None


@pytest.mark.parametrize(
    ("unit", "amount"),
    [("sm", 540), ("sh", 9), ("m", 3_900), ("h", 65), ("wd", 2), ("d", 3)],
)
def test_08_elapsed_time_by_unit(unit, amount):
    assert elapsed(at("2026-05-08T16:00"), at("2026-05-11T09:00"), Unit(unit), office()) == amount


@pytest.mark.parametrize("unit", ["mo", "y"])
def test_08_months_are_no_measure_of_elapsed_time(unit):
    with pytest.raises(InputInvalid, match="不能按"):
        elapsed(at("2026-05-08T16:00"), at("2026-05-11T09:00"), Unit(unit), office())


def test_09_amounts_are_exact_and_microseconds_show_only_where_there_are_any():
    start, calendar = at("2026-05-07T09:00"), office()
    third = due(start, Limit.parse("0.1sh"), calendar).at
    assert written(third, SHANGHAI) == "2026-05-07T09:06:00+08:00"
    odd = due(start, Limit.parse("0.0000001h"), calendar).at
    assert written(odd, SHANGHAI) == "2026-05-07T09:00:00.000360+08:00"
    many = due(start, Limit(Decimal("0.1") * 3, Unit.HOUR), calendar).at
    assert written(many, SHANGHAI) == "2026-05-07T09:18:00+08:00"
    thirds = elapsed(start, start + timedelta(seconds=20), Unit.MINUTE, calendar)
    assert thirds == Decimal("0.3333333333")


def test_10_open_intervals_are_wall_clock_times_with_their_real_length():
    spring, autumn = date(2024, 3, 31), date(2024, 10, 27)
    lengths = {
        day: sum((until - since for since, until in BERLIN.intervals(day)), timedelta())
        for day in (spring, date(2024, 6, 1), autumn)
    }
    assert [length / timedelta(hours=1) for length in lengths.values()] == [3, 4, 5]


def test_10_a_local_time_that_comes_twice_is_the_earlier_and_one_that_does_not_exist_is_refused():
    assert parse_moment("2024-10-27T02:30", BERLIN.zone) == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    with pytest.raises(InputInvalid, match="并不存在"):
        parse_moment("2024-03-31T02:30", BERLIN.zone, field="start")
    assert parse_moment("2024-03-31T02:30+01:00", BERLIN.zone) == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "light"), [(0, Light.YELLOW), (1, Light.RED)])
def test_11_overdue_means_later_than_the_due_instant(seconds, light):
    end = due(at("2026-03-04T10:00"), Limit.parse("2wd"), office()).at
    now = end + timedelta(microseconds=seconds)
    assert light_at(ClockKind.COMMITTED, now, end - timedelta(hours=4), end) is light


def test_12_clocks_of_one_case_do_not_know_each_other():
    calendar, pause = office(), Pause(at("2026-03-05T09:00"), at("2026-03-10T09:00"))
    statutory = due(at("2026-03-04T10:00"), Limit.parse("20wd"), calendar).at
    committed = due(at("2026-03-04T10:00"), Limit.parse("5wd"), calendar, pauses=[pause]).at
    assert (shown(statutory), shown(committed)) == ("2026-04-01 17:30", "2026-03-16 17:30")


def test_13_a_deadline_set_by_hand_is_what_was_set():
    found = fixed_due(at("2026-05-03T23:15"), office())
    assert (shown(found.at), found.due_on, found.provisional) == ("2026-05-03 23:15", date(2026, 5, 3), False)
    assert [step.code for step in found.steps] == ["final"]
    assert "不因暂停、延期或日历变动而移动" in found.steps[0].text


def test_14_the_row_in_force_at_the_trigger_is_asked_for_by_its_day():
    old = LimitRow(Limit.parse("15wd"), date(2020, 1, 1), until=date(2026, 1, 1))
    new = replace(old, limit=Limit.parse("10wd"), since=date(2026, 1, 1), until=None)
    assert in_force([old, new], date(2025, 12, 31)) is old
    assert in_force([new, old], date(2026, 1, 1)) is new
    assert [row.version for row in (old, new)] == ["15wd@2020-01-01", "10wd@2026-01-01"]
    with pytest.raises(NotYetInForce, match="最早的版本自 2020-01-01 起施行"):
        in_force([old, new], date(2019, 12, 31))
    with pytest.raises(NotYetInForce, match="还没有任何版本"):
        in_force([], date(2019, 12, 31))


def test_kinds_of_time_never_convert():
    start = "2026-03-04T12:30"
    found = {limit: ends(start, limit) for limit in ("1wd", "24h", "24sh", "7sh", "8sh", "30d", "1mo")}
    assert len(set(found.values())) == len(found)
    with pytest.raises(InputInvalid, match="请用同一单位"):
        Limit.parse("1wd") + Limit.parse("7sh")
    with pytest.raises(InputInvalid, match="请用同一单位"):
        due(at(start), Limit.parse("1wd"), office(), extensions=[Limit.parse("7sh")])


def test_a_day_with_other_hours_keeps_its_make_up_work():
    spec = office_spec()
    saturday = HoursBlock(date(2023, 1, 1), (6,), ((540, 600),))
    short = replace(spec, hours=(*spec.hours, saturday))
    # A make-up Saturday has the hours of the block that lists Saturdays, a make-up Sunday those of the first block.
    calendar = WorkCalendar(short)
    assert shown(calendar.closing(date(2026, 2, 14))) == "2026-02-14 10:00"
    assert shown(calendar.closing(date(2026, 9, 20))) == "2026-09-20 17:30"
    away = WorkCalendar(replace(spec, days=(CalendarDay(date(2026, 2, 14), "off"),)))
    assert not away.is_workday(date(2026, 2, 14))
    assert spec.hours[0].open == HALF_PAST_EIGHT
