"""When a clock warns and which light it shows: default rules, own rules, pauses, and the day's end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import reduce
from operator import add

import pytest

from tests.core.office import at, office, shown
from tests.core.warns import DEFAULTS as DEFAULT_ROWS
from tests.core.warns import clock
from yukuaiban.core.calendarspec import CalendarSpec, HoursBlock
from yukuaiban.core.clocks import due
from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.lights import (
    ClockKind,
    Light,
    WarnRule,
    first_warning,
    light_at,
    parse_warn,
    worst,
)
from yukuaiban.core.limits import Limit, LimitRow
from yukuaiban.core.pauses import Pause
from yukuaiban.core.warnrules import chosen
from yukuaiban.core.workcalendar import WorkCalendar


def warned(
    start: str,
    limit: str,
    *rules: str,
    pauses: tuple[tuple[str, str], ...] = (),
    calendar: WorkCalendar | None = None,
    extensions: tuple[str, ...] = (),
    **row: object,
) -> str:
    held, given = calendar or office(), Limit.parse(limit)
    spans = [Pause(at(since), at(until)) for since, until in pauses]
    more = [Limit.parse(each) for each in extensions]
    held_by = LimitRow(given, date(2020, 1, 1), **row)  # type: ignore[arg-type]
    end = due(at(start), given, held, pauses=spans, extensions=more, row=held_by).at
    assert end is not None
    whole = reduce(add, more, given)
    own: Sequence[WarnRule] = [parse_warn(rule) for rule in rules] or chosen(DEFAULT_ROWS, clock(whole))
    moment, _ = first_warning(at(start), given, held, end, pauses=spans, extensions=more, rules=own)
    return shown(moment)


DEFAULTS = [
    # more than two working days: 70 % used or one working day left, whichever is earlier
    ("2026-03-02T10:00", "5wd", "2026-03-06 12:00"),  # half of day 4; due on Monday the 9th
    ("2026-03-02T10:00", "10wd", "2026-03-11 17:30"),  # day 7 is over
    ("2026-03-02T10:00", "20wd", "2026-03-20 17:30"),
    ("2026-03-02T10:00", "3wd", "2026-03-04 17:30"),  # a day left comes before 2.1 days used
    # up to two: four hours of service time left
    ("2026-03-02T10:00", "2wd", "2026-03-04 11:30"),
    ("2026-03-02T10:00", "1wd", "2026-03-03 11:30"),
    ("2026-03-02T10:00", "0wd", "2026-03-02 11:30"),
    ("2026-03-02T16:00", "0wd", "2026-03-02 16:00"),
    ("2026-03-02T10:00", "2d", "2026-03-04 11:30"),
    # hours: half used
    ("2026-03-02T10:00", "2h", "2026-03-02 11:00"),
    ("2026-03-02T11:00", "2sh", "2026-03-02 12:00"),
    ("2026-03-02T11:00", "4sh", "2026-03-02 15:00"),
    ("2026-03-02T10:00", "30m", "2026-03-02 10:15"),
    ("2026-03-02T10:00", "30sm", "2026-03-02 10:15"),
    # natural days by their days, months by the days they have
    ("2026-03-02T10:00", "30d", "2026-03-23 17:30"),
    ("2026-03-02T10:00", "1mo", "2026-03-23 17:30"),
    ("2026-03-02T10:00", "3d", "2026-03-04 17:30"),
]


@pytest.mark.parametrize(("start", "limit", "moment"), DEFAULTS)
def test_default_rules(start, limit, moment):
    assert warned(start, limit) == moment


OWN = [
    ("5wd", ("50%",), "2026-03-05 12:00"),  # half of day 3
    ("5wd", ("60%",), "2026-03-05 17:30"),
    ("5wd", ("100%",), "2026-03-09 17:30"),
    ("5wd", ("10%",), "2026-03-03 12:00"),
    ("5wd", ("2wd",), "2026-03-05 17:30"),
    ("5wd", ("5wd",), "2026-03-02 17:30"),
    ("5wd", ("9wd",), "2026-03-02 10:00"),
    ("5wd", ("4sh",), "2026-03-09 11:30"),
    ("5wd", ("24h",), "2026-03-08 17:30"),
    ("5wd", ("3d",), "2026-03-06 17:30"),
    ("5wd", ("4sh", "50%"), "2026-03-05 12:00"),
    ("1wd", ("1wd",), "2026-03-02 17:30"),
    ("1wd", ("1.5h",), "2026-03-03 16:00"),
    ("8sh", ("1wd",), "2026-03-02 17:30"),
    ("8sh", ("90sm",), "2026-03-03 09:30"),
    ("3sh", ("900sh",), "2026-03-02 10:00"),
    ("30d", ("1wd",), "2026-03-31 17:30"),
    ("30d", ("10%",), "2026-03-05 17:30"),
    ("1h", ("90000sh",), "2026-03-02 10:00"),
]


@pytest.mark.parametrize(("limit", "rules", "moment"), OWN)
def test_a_clocks_own_rules_win(limit, rules, moment):
    assert warned("2026-03-02T10:00", limit, *rules) == moment


def test_a_warning_that_would_lie_before_the_start_is_at_the_start():
    assert warned("2026-03-07T10:00", "1wd", "1wd") == "2026-03-07 10:00"
    assert warned("2026-03-02T17:00", "1sh") == "2026-03-02 17:30"
    assert warned("2026-03-02T17:00", "1sh", "4sh") == "2026-03-02 17:00"


def test_warnings_stand_at_closing_times_where_days_end_at_midnight():
    calendar = office(day_end="midnight")
    assert warned("2026-03-02T10:00", "10wd", calendar=calendar) == "2026-03-11 17:30"
    assert warned("2026-03-02T10:00", "10wd", "1wd", calendar=calendar) == "2026-03-13 17:30"
    assert warned("2026-03-02T10:00", "30d", "1wd", calendar=calendar) == "2026-03-31 17:30"
    assert warned("2026-03-02T10:00", "30d", "1wd", ends="midnight") == "2026-03-31 17:30"
    assert warned("2026-03-02T10:00", "1wd", "1wd", ends="midnight") == "2026-03-02 17:30"


def test_a_pause_before_the_warning_moves_it_and_one_after_it_does_not():
    first = warned("2026-03-02T10:00", "10wd")
    before = warned("2026-03-02T10:00", "10wd", pauses=(("2026-03-04T10:00", "2026-03-06T10:00"),))
    after = warned("2026-03-02T10:00", "10wd", pauses=(("2026-03-12T10:00", "2026-03-20T10:00"),))
    assert (first, before, after) == ("2026-03-11 17:30", "2026-03-13 17:30", "2026-03-11 17:30")
    left = warned("2026-03-02T10:00", "10wd", "4sh", pauses=(("2026-03-13T10:00", "2026-03-16T10:00"),))
    assert left == "2026-03-17 11:30"


def test_a_warning_never_comes_inside_a_pause():
    found = warned("2026-03-02T10:00", "4h", pauses=(("2026-03-02T11:00", "2026-03-03T11:00"),))
    assert found == "2026-03-03 12:00"
    waits = warned("2026-03-02T10:00", "5wd", pauses=(("2026-03-06T11:00", "2026-03-10T15:00"),))
    assert waits == "2026-03-10 15:00"


def test_an_extended_limit_warns_anew():
    assert warned("2026-03-02T10:00", "5wd", extensions=("5wd",)) == "2026-03-11 17:30"


def test_no_rule_at_all_warns_at_the_due():
    start, limit = at("2026-03-02T10:00"), Limit.parse("5wd")
    end = due(start, limit, office()).at
    assert first_warning(start, limit, office(), end, rules=[]) == (end, None)


def test_the_rule_that_gives_the_earliest_moment_is_named():
    start, limit = at("2026-03-02T10:00"), Limit.parse("3wd")
    end = due(start, limit, office()).at
    rules = [parse_warn("70%"), parse_warn("1wd"), parse_warn("4sh")]
    moment, first = first_warning(start, limit, office(), end, rules=rules)
    assert (shown(moment), first) == ("2026-03-04 17:30", rules[1])


def test_parts_of_a_day_with_three_pieces():
    pieces = ((480, 540), (600, 660), (720, 900))
    calendar = WorkCalendar(
        CalendarSpec("Asia/Shanghai", (HoursBlock(date(2020, 1, 1), (1, 2, 3, 4, 5), pieces),))
    )
    found = [
        warned("2026-03-02T10:00", "1wd", f"{share}%", calendar=calendar) for share in (10, 20, 30, 40, 99)
    ]
    assert [moment[-5:] for moment in found] == ["08:30", "09:00", "10:30", "11:00", "14:57"]


OVER = {ClockKind.STATUTORY: Light.BREACH, ClockKind.COMMITTED: Light.RED, ClockKind.INTERNAL: Light.RED}


@pytest.mark.parametrize(("kind", "over"), OVER.items())
def test_the_light_of_a_clock(kind, over):
    warn, end, second = at("2026-03-04T12:00"), at("2026-03-04T17:30"), timedelta(microseconds=1)
    seen = [light_at(kind, moment, warn, end) for moment in (warn - second, warn, end, end + second)]
    assert seen == [Light.GREEN, Light.YELLOW, Light.YELLOW, over]


def test_the_worst_of_several_lights():
    assert worst([]) is Light.GREEN
    assert worst([Light.YELLOW, Light.BREACH, Light.RED]) is Light.BREACH
    assert [light.rank for light in Light] == [0, 1, 2, 3]
    assert [light.title for light in Light] == ["正常", "预警", "超时", "超法定时限"]


@pytest.mark.parametrize("text", ["50%", "70%", "1wd", "4sh", "90sm", "2d"])
def test_a_rule_reads_back(text):
    assert str(parse_warn(text)) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x%", "“x%”不是百分比"), ("%", "不是百分比"), ("1/0%", "不是百分比"), ("0%", "不在 0 至 100 之间"),
        ("101%", "不在 0 至 100 之间"), ("-5%", "不在 0 至 100 之间"), ("1mo", "“1mo”不能作为预警"),
        ("1y", "不能作为预警"), ("soon", "不是时限"), ("", "没有填写时限"),
    ],
)  # fmt: skip
def test_a_rule_that_is_none_is_refused(text, says):
    with pytest.raises(InputInvalid, match=says):
        parse_warn(text)
