"""The worked examples of the clock, as tables: limits in days, service time, pauses, extensions."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.office import NINE_TO_HALF_PAST_FIVE, at, office, shown
from tests.core.redo import redo
from yukuaiban.core.backward import backward
from yukuaiban.core.clocks import due, elapsed
from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.limits import Limit, LimitRow, Unit
from yukuaiban.core.pauses import Pause

DAYS = [
    ("2026-02-13", "1wd", "2026-02-14"),
    ("2026-02-14", "1wd", "2026-02-24"),
    ("2026-02-13", "5wd", "2026-02-27"),
    ("2026-01-30", "20wd", "2026-03-05"),
    ("2026-04-30", "1wd", "2026-05-06"),
    ("2026-04-30", "10wd", "2026-05-18"),
    ("2026-09-18", "1wd", "2026-09-20"),
    ("2025-09-29", "15wd", "2025-10-27"),
    ("2025-09-29", "30wd", "2025-11-17"),
    ("2023-09-28", "3wd", "2023-10-09"),
    ("2025-11-30", "3mo", "2026-02-28"),
    ("2026-01-20", "30d", "2026-02-24"),
    ("2026-04-09", "30d", "2026-05-09"),
]
SERVICE = [
    (NINE_TO_HALF_PAST_FIVE, "2026-09-18T16:45", "2h", "2026-09-18 18:45"),
    (NINE_TO_HALF_PAST_FIVE, "2026-09-18T16:45", "2sh", "2026-09-20 10:15"),
    (NINE_TO_HALF_PAST_FIVE, "2026-09-24T16:00", "2h", "2026-09-24 18:00"),
    (NINE_TO_HALF_PAST_FIVE, "2026-09-24T16:00", "2sh", "2026-09-28 09:30"),
    (None, "2026-05-07T10:00", "2sh", "2026-05-07 12:00"),
    (None, "2026-05-07T10:00", "121sm", "2026-05-07 14:01"),
    (None, "2026-05-07T12:30", "30sm", "2026-05-07 14:30"),
    (None, "2026-05-08T16:45", "2sh", "2026-05-09 09:45"),
    (None, "2026-06-18T17:00", "2sh", "2026-06-22 10:00"),
    (None, "2026-05-07T10:00", "14sh", "2026-05-09 10:00"),
]
PAUSED = [
    ("2026-05-07T10:00", "14sh", [("2026-05-08T09:00", "2026-05-09T09:30")], "2026-05-11 10:30"),
    ("2026-04-27T10:00", "10wd", [], "2026-05-13 17:30"),
    ("2026-04-27T10:00", "10wd", [("2026-05-06T10:00", "2026-05-15T10:00")], "2026-05-25 17:30"),
    ("2026-04-27T10:00", "10wd", [("2026-05-06T10:00", "2026-05-12T10:00")], "2026-05-20 17:30"),
    # Paused and resumed on one date: nothing of a limit in working days.
    ("2026-04-27T10:00", "10wd", [("2026-05-06T09:00", "2026-05-06T17:00")], "2026-05-13 17:30"),
    # Overlapping pauses are one; what lies before the start does not count.
    ("2026-04-27T10:00", "10wd", [("2026-05-06T10:00", "2026-05-12T10:00")] * 2, "2026-05-20 17:30"),
    ("2026-04-27T10:00", "10wd", [("2026-04-01T10:00", "2026-04-28T10:00")], "2026-05-14 17:30"),
    # One that begins at the due moment, or after it, has no effect.
    ("2026-04-27T10:00", "10wd", [("2026-05-13T17:30", "2026-05-20T10:00")], "2026-05-13 17:30"),
    ("2026-04-27T10:00", "10wd", [("2026-05-13T17:29", "2026-05-20T18:00")], "2026-05-21 17:30"),
    # Real time by its real length, dates by dates, after the months and before rolling.
    ("2026-05-07T10:00", "48h", [("2026-05-08T09:00", "2026-05-09T09:30")], "2026-05-10 10:30"),
    ("2026-03-02T10:00", "10d", [("2026-03-05T10:00", "2026-03-08T10:00")], "2026-03-16 17:30"),
    ("2026-01-31T10:00", "1mo", [("2026-02-05T10:00", "2026-02-08T10:00")], "2026-03-03 17:30"),
]


@pytest.mark.parametrize(("start", "limit", "last"), DAYS)
def test_the_last_day_of_a_limit(start, limit, last):
    for hour in ("00:00", "08:30", "23:59"):
        found = due(at(f"{start}T{hour}"), Limit.parse(limit), office())
        assert (shown(found.at), found.due_on) == (f"{last} 17:30", date.fromisoformat(last))
        assert redo([step.as_json() for step in found.steps]) == found.at
        assert not found.provisional


@pytest.mark.parametrize(("hours", "start", "limit", "end"), SERVICE)
def test_real_and_service_hours(hours, start, limit, end):
    found = due(at(start), Limit.parse(limit), office(hours) if hours else office())
    assert shown(found.at) == end
    assert redo([step.as_json() for step in found.steps]) == found.at


@pytest.mark.parametrize(("start", "limit", "pauses", "end"), PAUSED)
def test_pauses_shift_by_what_they_take_from_this_clock(start, limit, pauses, end):
    spans = [Pause(at(since), at(until)) for since, until in pauses]
    found = due(at(start), Limit.parse(limit), office(), pauses=spans)
    assert shown(found.at) == end
    assert redo([step.as_json() for step in found.steps]) == found.at


def test_three_years_from_a_leap_day_are_over_with_the_last_of_february():
    limit = Limit.parse("3y")
    row = LimitRow(limit, date(2020, 1, 1), roll=False, ends="midnight")
    found = due(at("2024-02-29T10:00"), limit, office(), row=row)
    assert (shown(found.at), found.due_on, found.provisional) == (
        "2027-03-01 00:00",
        date(2027, 2, 28),
        False,
    )
    assert "没有 29 日" in "".join(step.text for step in found.steps)


def test_an_extension_is_counted_from_the_start_on():
    found = due(at("2025-09-29T10:00"), Limit.parse("15wd"), office(), extensions=[Limit.parse("15wd")])
    assert shown(found.at) == "2025-11-17 17:30"
    (extension,) = [step for step in found.steps if step.code == "extension"]
    assert extension.text == "延期 15 个工作日：时限由 15 个工作日 改为 30 个工作日，从头重新计算。"


def test_an_open_pause_counts_to_its_planned_end_and_says_so():
    pause = Pause(at("2026-05-06T10:00"), at("2026-05-15T10:00"), "专家评审", "〔2026〕3号", expected=True)
    found = due(at("2026-04-27T10:00"), Limit.parse("10wd"), office(), pauses=[pause])
    assert (shown(found.at), found.expected) == ("2026-05-25 17:30", True)
    told = "".join(step.text for step in found.steps)
    assert "暂停（专家评审，〔2026〕3号）" in told
    assert "（结束时间为预定）" in told
    assert found.steps[-1].text.startswith("预计到期")


def test_backward_and_elapsed():
    assert shown(backward(at("2026-05-11T09:00"), Limit.parse("1sh"), office())) == "2026-05-09 17:00"
    assert shown(backward(at("2026-05-07T15:00"), Limit.parse("1sh"), office())) == "2026-05-07 14:00"
    since, until = at("2026-05-08T16:00"), at("2026-05-11T09:00")
    assert [elapsed(since, until, unit, office()) for unit in (Unit.SERVICE_MINUTE, Unit.WORKDAY)] == [540, 2]


def test_what_is_turned_round_is_refused():
    turned = Pause(at("2026-05-07T10:00"), at("2026-05-06T10:00"))
    with pytest.raises(InputInvalid, match=r"中止的结束 .* 早于开始"):
        due(at("2026-05-01T10:00"), Limit.parse("5wd"), office(), pauses=[turned])
    with pytest.raises(InputInvalid, match=r"结束 .* 早于开始"):
        elapsed(turned.start, turned.end, Unit.MINUTE, office())


@pytest.mark.parametrize(
    ("start", "limit", "provisional"),
    [
        ("2026-12-31T10:00", "1wd", True),
        ("2026-12-30T10:00", "1wd", False),
        ("2022-12-30T10:00", "1wd", True),
        ("2026-12-30T10:00", "0wd", False),
        ("2026-12-31T17:00", "1sh", True),
        ("2026-12-31T17:00", "30sm", False),
        ("2026-12-31T17:00", "900h", False),
        ("2026-12-31T17:00", "9m", False),
        ("2026-12-30T10:00", "3d", True),
        ("2022-12-30T10:00", "3d", False),
        ("2026-12-30T10:00", "1d", False),
        ("2026-06-30T10:00", "6mo", False),
        ("2026-06-30T10:00", "7mo", True),
    ],
)
def test_a_result_that_rests_on_a_year_without_a_notice_is_provisional(start, limit, provisional):
    found = due(at(start), Limit.parse(limit), office())
    assert found.provisional is provisional
    assert ("provisional" in [step.code for step in found.steps]) is provisional
    if provisional:
        assert any(step.text.startswith("暂定：") and "年的日历尚未载入" in step.text for step in found.steps)


@pytest.mark.parametrize(
    ("roll", "ends", "provisional"),
    [(True, "closing", True), (True, "midnight", True), (False, "closing", True), (False, "midnight", False)],
)
def test_dates_that_neither_roll_nor_close_need_no_calendar(roll, ends, provisional):
    limit = Limit.parse("30d")
    row = LimitRow(limit, date(2020, 1, 1), roll=roll, ends=ends)
    assert due(at("2026-12-20T10:00"), limit, office(), row=row).provisional is provisional


def test_what_cannot_be_reached_within_twenty_years_has_no_due():
    for limit in ("6000wd", "21y", "250mo", "8000d", "999999999y", "200000h", "1000000000h", "80000sh"):
        found = due(at("2026-03-02T10:00"), Limit.parse(limit), office())
        assert (found.at, found.due_on, found.error) == (None, None, "no_open_time"), limit
        assert "20 年内找不到足够的开放时间" in found.steps[-1].text
        quiet = due(at("2026-03-02T10:00"), Limit.parse(limit), office(), explain=False)
        assert quiet.steps == ()
    assert shown(due(at("2026-03-02T10:00"), Limit.parse("20y"), office()).at) == "2046-03-02 17:30"


@pytest.mark.parametrize("start", ["1901-01-02T00:00", "2199-12-30T23:00"])
@pytest.mark.parametrize("limit", ["1wd", "8sh", "30d", "1mo", "5h"])
def test_the_first_and_the_last_year_that_are_counted(start, limit):
    found = due(at(start), Limit.parse(limit), office())
    assert found.at is None or found.at > at(start)
