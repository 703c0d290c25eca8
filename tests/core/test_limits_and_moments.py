"""Limits and moments at the border: what is read, what is refused, how it is written again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.office import SHANGHAI, office
from yukuaiban.core.batch import NO_MOMENT
from yukuaiban.core.calendarspec import CalendarSpec, HoursBlock
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.limits import Limit, LimitInvalid, Unit
from yukuaiban.core.manymoments import parse_many, write_many
from yukuaiban.core.moments import micros, moment_of, parse_moment, wall_instant, written
from yukuaiban.core.workcalendar import WorkCalendar

NEW_YORK = ZoneInfo("America/New_York")
APIA = ZoneInfo("Pacific/Apia")  # crossed the date line: 2011-12-30 never was
SANTIAGO = ZoneInfo("America/Santiago")  # its clocks change at midnight


def calendar_of(zone: str) -> WorkCalendar:
    return WorkCalendar(CalendarSpec(zone, (HoursBlock(date(1900, 1, 1), (1, 2, 3, 4, 5), ((0, 1440),)),)))


@pytest.mark.parametrize(
    ("text", "amount", "unit", "again"),
    [
        ("10wd", "10", Unit.WORKDAY, "10wd"),
        (" 2h ", "2", Unit.HOUR, "2h"),
        ("3.50sh", "3.5", Unit.SERVICE_HOUR, "3.5sh"),
        ("007d", "7", Unit.NATURAL_DAY, "7d"),
        ("100d", "100", Unit.NATURAL_DAY, "100d"),
        ("3 mo", "3", Unit.MONTH, "3mo"),
        ("0wd", "0", Unit.WORKDAY, "0wd"),
        ("1000000000y", "1e9", Unit.YEAR, "1000000000y"),
    ],
)
def test_a_limit_is_an_amount_and_a_unit(text, amount, unit, again):
    found = Limit.parse(text)
    assert (found.amount, found.unit, str(found)) == (Decimal(amount), unit, again)
    assert Limit.parse(again) == found


NO_LIMITS = "|  |wd|10|ten wd|10wd5|10 w d|-1d|+1d|1,5h|1.h|.5h|1.5wd|0.5m|NaNh|1e2h|1000000001d|10天"


@pytest.mark.parametrize("text", NO_LIMITS.split("|"))
def test_what_is_no_limit_is_refused_with_the_way_out(text):
    with pytest.raises(LimitInvalid) as refused:
        Limit.parse(text)
    (problem,) = refused.value.problems
    assert (problem.field, bool(problem.remedy)) == ("limit", True)


def test_limits_add_up_in_one_unit_and_are_told_in_words():
    whole = Limit.parse("1.5sh") + Limit.parse("0.5sh")
    assert (str(whole), whole.microseconds, whole.title(), whole.title("en")) == (
        "2sh", 7_200_000_000, "2 服务小时", "2 service hours",
    )  # fmt: skip
    same_day = Limit.parse("0wd")
    assert [same_day.title(), same_day.title("en"), same_day.exact(), same_day.exact("en")] == [
        "当日办结",
        "same day",
        "0 个工作日",
        "0 working days",
    ]
    assert [Limit.parse(each).title() for each in ("1wd", "0d", "0h")] == ["1 个工作日", "0 日", "0 小时"]
    assert [Limit.parse(each).title("en") for each in ("1wd", "2wd", "1d")] == [
        "1 working day",
        "2 working days",
        "1 day",
    ]
    assert Limit.parse("0.0000000001h").microseconds == 0
    assert all(unit.title and unit.title_en for unit in Unit)
    assert [unit.value for unit in Unit if unit.timed] == ["h", "m", "sh", "sm"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-02", "2026-03-01T16:00:00+00:00"),
        ("2026-03-02T10:00", "2026-03-02T02:00:00+00:00"),
        ("2026-03-02 10:00:01", "2026-03-02T02:00:01+00:00"),
        (" 2026-03-02T10:00:01.25 ", "2026-03-02T02:00:01.250000+00:00"),
        ("2026-03-02T10:00Z", "2026-03-02T10:00:00+00:00"),
        ("2026-03-02T10:00-05:30", "2026-03-02T15:30:00+00:00"),
        ("20260302T1000", "2026-03-02T02:00:00+00:00"),
    ],
)
def test_a_moment_is_read_in_the_zone_of_its_calendar(text, instant):
    assert parse_moment(text, SHANGHAI).isoformat() == instant


NO_MOMENTS = "|x|2026-02-30|2026-03-02T24:01|2026-03-02T10:00:60|10:00|1900-12-31T23:59|2200-01-01|9999-01-01"


@pytest.mark.parametrize("text", NO_MOMENTS.split("|"))
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(InputInvalid) as refused:
        parse_moment(text, SHANGHAI, field="start")
    (problem,) = refused.value.problems
    assert (problem.field, bool(problem.remedy)) == ("start", True)


def test_a_naive_moment_names_no_instant():
    with pytest.raises(InputInvalid, match="没有时区"):
        micros(datetime(2026, 3, 2))


def test_a_wall_clock_that_skips_or_repeats_time():
    assert moment_of(wall_instant(datetime(2026, 3, 8, 2, 30), NEW_YORK)) == datetime(
        2026, 3, 8, 7, tzinfo=UTC
    )
    assert moment_of(wall_instant(datetime(2026, 11, 1, 1, 30), NEW_YORK)) == datetime(
        2026, 11, 1, 5, 30, tzinfo=UTC
    )
    assert moment_of(wall_instant(datetime(2011, 12, 30, 12), APIA)) == datetime(2011, 12, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone", ["America/Santiago", "Pacific/Apia", "Africa/Cairo", "Asia/Shanghai", "Asia/Kathmandu"]
)
def test_days_of_odd_zones_follow_each_other_without_gap(zone):
    calendar = calendar_of(zone)
    days = calendar.tables(2000, 2025).days
    assert (np.diff(days.midnight) >= 0).all()
    for index in range(0, len(days), 97):
        instant = int(days.midnight[index])
        if days.midnight[index + 1] > instant:
            assert (
                calendar.day(moment_of(instant)).toordinal() - date(1970, 1, 1).toordinal()
                == days.first + index
            )


@settings(derandomize=True, max_examples=300, deadline=None, database=None)
@given(
    st.sampled_from(["Asia/Shanghai", "America/New_York", "America/Santiago", "Europe/London"]),
    st.lists(
        st.one_of(
            st.datetimes(datetime(1901, 1, 1), datetime(2199, 12, 31)).map(lambda at: at.isoformat()[:16]),
            st.datetimes(datetime(1990, 1, 1), datetime(2040, 12, 31)).map(lambda at: at.isoformat(" ", "seconds")),
            st.datetimes(datetime(2026, 3, 7), datetime(2026, 3, 10)).map(lambda at: at.isoformat()[:16]),
            st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.isoformat()[:19] + "Z"),
            st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.isoformat()[:16] + "-09:30"),
            st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(datetime.isoformat),
            st.sampled_from(["", "2026-02-29T10:00", "2026-13-01T10:00", "1900-12-31T10:00", "2026-03-02T24:00",
                             "2026-03-02T10:60", "2026-03-02T10:00+24:00", "２０２６-03-02T10:00", "2026-03-02X10:00"]),
            st.text("0123456789-:TZ+ ", min_size=14, max_size=25),
        ),
        max_size=8,
    ),
)  # fmt: skip
def test_many_texts_are_read_as_each_alone(zone, texts):
    """What the fast way reads is what the careful way reads; what it does not know it hands back."""
    calendar = CALENDARS[zone]
    instants, odd = parse_many(texts, calendar)
    for text, instant, strange in zip(texts, instants.tolist(), odd.tolist(), strict=True):
        assert strange is (instant == NO_MOMENT)
        if not strange:
            assert moment_of(instant) == parse_moment(text, calendar.zone)


CALENDARS = {
    zone: calendar_of(zone)
    for zone in ("Asia/Shanghai", "America/New_York", "America/Santiago", "Europe/London", "Africa/Monrovia")
}


@settings(derandomize=True, max_examples=200, deadline=None, database=None)
@given(
    st.sampled_from(list(CALENDARS)),
    st.lists(
        st.one_of(
            st.datetimes(datetime(1901, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)),
            st.datetimes(datetime(2026, 3, 7), datetime(2026, 3, 9), timezones=st.just(UTC)),
            st.datetimes(datetime(2026, 10, 31), datetime(2026, 11, 2), timezones=st.just(UTC)),
        ),
        max_size=6,
    ),
    st.booleans(),
)
def test_many_moments_are_written_as_each_alone(zone, moments, whole):
    calendar = CALENDARS[zone]
    given_moments = [at.replace(microsecond=0) if whole else at for at in moments]
    found = write_many(np.array([micros(at) for at in given_moments], dtype=np.int64), calendar)
    assert found == [written(at, calendar.zone) for at in given_moments]


def test_usual_texts_take_the_fast_way():
    texts = [
        "2026-03-02T10:00",
        "2026-03-02 10:00",
        "2026-03-02T10:00:30",
        "2026-03-02T10:00Z",
        "2026-03-02T10:00+08:00",
    ]
    instants, odd = parse_many(texts, office())
    assert not odd.any()
    assert write_many(instants[:1], office()) == ["2026-03-02T10:00:00+08:00"]
    assert parse_many([], office())[0].size == 0
    assert parse_many(["2026-02-30T10:00"], office())[1].all()


def test_a_problem_says_where_it_stands():
    found = Problem("错了", "改成对的", field="start", file="a.csv", line=3)
    assert str(found) == "a.csv:3：start：错了；改成对的"
    assert str(Problem("错了")) == "错了"
    refused = InputInvalid("只有一句")
    assert (refused.message, refused.problems) == ("只有一句", (Problem("只有一句"),))


def test_a_pause_may_be_read_from_either_side_of_a_change_of_clocks():
    before, after = parse_moment("2026-11-01T01:30", NEW_YORK), parse_moment("2026-11-01T02:30", NEW_YORK)
    assert after - before == timedelta(hours=2)
