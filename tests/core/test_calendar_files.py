"""The calendar file: every fault with its line and the way out, all at once; what it means; how it is written back."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.office import at, days, office, office_spec, shown
from tests.shared_data import shared
from yukuaiban.core.calendarfile import CalendarInvalid, dump_calendar, parse_calendar
from yukuaiban.core.calendarspec import CalendarDay, CalendarSpec, difference, merge_year
from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.workcalendar import WorkCalendar

HEAD = 'timezone = "Asia/Shanghai"\n'
HOURS = '[[hours]]\nfrom = 2024-01-01\nweekdays = [1, 2, 3, 4, 5]\nopen = [["08:30", "12:00"]]\n'
DAY = '[[days]]\ndate = 2026-10-10\nkind = "make_up"\nname = "国庆节调休"\n'
GOOD = HEAD + HOURS + DAY
# what is changed in the good file, line of the complaint, what it says
FAULTS = [
    ('timezone = "Asia/Shanghai"', "", None, "没有写时区"),
    ('"Asia/Shanghai"', '"Asia/Ganyu"', 1, "不认识时区“Asia/Ganyu”"),
    ('"Asia/Shanghai"', '"../etc/passwd"', 1, "不认识时区"),
    ('"Asia/Shanghai"', "8", 1, "不认识时区“8”"),
    (HEAD, HEAD + 'day_end = "noon"\n', 2, "不认识“noon”"),
    (HEAD, HEAD + "day_end = 24\n", 2, "不认识“24”"),
    (HEAD, HEAD + 'zone = "x"\n', 2, "不认识“zone”"),
    (HOURS, "", None, "没有任何开放时段"),
    (HOURS, "hours = []\n", 2, "没有任何开放时段"),
    (HOURS, 'hours = "9-17"\n', 2, "hours 应为若干个表"),
    (HOURS, "hours = [1]\n", 2, "hours 应为若干个表"),
    ("from = 2024-01-01\n", "", 2, "没有写起始日期"),
    ("from = 2024-01-01", 'from = "2024-01-01"', 3, "没有写起始日期"),
    ("from = 2024-01-01", "from = 2024-01-01T00:00:00", 3, "没有写起始日期"),
    ("from = 2024-01-01", "from = 0001-01-01", 3, "没有写起始日期"),
    ("from = 2024-01-01", "from = 2024-01-01\nto = 5", 4, "“5”不是日期"),
    ("from = 2024-01-01", "from = 2024-01-01\nto = 2023-12-31", 4, "2023-12-31 早于起始日期 2024-01-01"),
    ("weekdays = [1, 2, 3, 4, 5]", "weekdays = [0, 1]", 4, "没有星期 0"),
    ("weekdays = [1, 2, 3, 4, 5]", "weekdays = [8]", 4, "没有星期 8"),
    ("weekdays = [1, 2, 3, 4, 5]", "weekdays = [true]", 4, "没有星期 True"),
    ("weekdays = [1, 2, 3, 4, 5]", "weekdays = [1, 1]", 4, "星期 1 写了两次"),
    ("weekdays = [1, 2, 3, 4, 5]", "weekdays = []", 4, "没有写星期几"),
    ("weekdays = [1, 2, 3, 4, 5]", "weekdays = 1", 4, "没有写星期几"),
    ("weekdays = [1, 2, 3, 4, 5]\n", "", 2, "没有写星期几"),
    (HOURS, HOURS + HOURS, 8, "同一作息表里星期 1 写了两次"),
    ('open = [["08:30", "12:00"]]', "open = []", 5, "没有写开放时段"),
    ('open = [["08:30", "12:00"]]', 'open = "08:30-12:00"', 5, "没有写开放时段"),
    ('open = [["08:30", "12:00"]]', 'open = ["08:30", "12:00"]', 5, "“08:30”不是一对时刻"),
    ('["08:30", "12:00"]', '["08:30", "12:00", "13:00"]', 5, "不是一对时刻"),
    ('["08:30", "12:00"]', '["08:30", "08:30"]', 5, "08:30-08:30 是空的时段"),
    ('["08:30", "12:00"]', '["22:00", "02:00"]', 5, "是空的时段；结束须晚于开始；跨夜请拆成两段"),
    ('["08:30", "12:00"]', '["08:30", "24:01"]', 5, "“24:01”不是 00:00 至 24:00 之间的时刻"),
    ('["08:30", "12:00"]', '["08:60", "12:00"]', 5, "“08:60”不是 00:00 至 24:00 之间的时刻"),
    ('["08:30", "12:00"]', '["08:30:15", "12:00"]', 5, "精确到分"),
    ('["08:30", "12:00"]', '["8:30", "12:00"]', 5, "“8:30”不是"),
    ('["08:30", "12:00"]', "[8, 12]", 5, "“8”不是"),
    ('[["08:30", "12:00"]]', '[["08:30", "12:00"], ["11:00", "13:00"]]', 5, "11:00-13:00 与 08:30-12:00 重叠"),
    ('[["08:30", "12:00"]]', '[["14:00", "17:00"], ["08:30", "12:00"]]', 5, "重叠或次序颠倒"),
    (HOURS, HOURS + 'note = "x"\n', 6, "不认识“note”"),
    (DAY, DAY + "weekday = 6\n", 10, "不认识“weekday”"),
    ("date = 2026-10-10", 'date = "2026-10-10"', 7, "“2026-10-10”不是日期"),
    ("date = 2026-10-10\n", "", 6, "“None”不是日期"),
    ('kind = "make_up"', 'kind = "holiday"', 8, "不认识“holiday”"),
    ('kind = "make_up"\n', "", 6, "不认识“None”"),
    ('name = "国庆节调休"', "name = 1", 9, "名称应为文字"),
    (DAY, DAY + DAY.replace("make_up", "off"), 11, "2026-10-10 既放假又上班"),
    (DAY, DAY + '[years]\npublished = "2026"\n', 11, "“2026”不是年份的列表"),
    (DAY, DAY + "[years]\npublished = [26]\n", 11, "不是年份的列表"),
    (DAY, DAY + "[years]\nopen = [2026]\n", 11, "不认识“open”"),
    (HEAD, HEAD + "years = 2026\n", 2, "years 应为一个表"),
    (HEAD, HEAD + "days = 1\n", 2, "days 应为若干个表"),
    ("weekdays = [", "weekdays = [[", 5, "不是有效的 TOML"),
    ('kind = "make_up"', 'kind = "make_up', 8, "不是有效的 TOML"),
]  # fmt: skip


def broken(old: str, new: str) -> str:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    return text.replace(DAY, "") if new.startswith(HEAD + "days") else text


@pytest.mark.parametrize(("old", "new", "line", "says"), FAULTS)
def test_every_fault_is_named_with_its_line_and_the_way_out(old, new, line, says):
    with pytest.raises(CalendarInvalid) as refused:
        parse_calendar(broken(old, new), file="office.toml")
    problems = refused.value.problems
    assert (problems[0].file, problems[0].line) == ("office.toml", line)
    assert any(says in str(problem) for problem in problems)
    assert all(problem.remedy for problem in problems)


def test_all_faults_are_told_at_once_in_the_order_of_their_lines():
    text = GOOD.replace("[1, 2, 3, 4, 5]", "[0]").replace("make_up", "x").replace("Asia/", "Moon/")
    with pytest.raises(CalendarInvalid) as refused:
        parse_calendar(text)
    assert [problem.line for problem in refused.value.problems] == [1, 4, 8]


def test_touching_pieces_are_one_and_a_date_may_stand_twice_with_one_kind():
    text = GOOD.replace('["08:30", "12:00"]', '["08:30", "12:00"], ["12:00", "12:30"], ["13:00", "24:00"]')
    spec = parse_calendar(text + DAY)
    assert spec.hours[0].open == ((510, 750), (780, 1440))
    assert spec.days == (CalendarDay(date(2026, 10, 10), "make_up", "国庆节调休"),)
    assert (spec.day_end, spec.published) == ("closing", frozenset())


def test_a_calendar_reads_back_as_it_was_written():
    text = HEAD + HOURS.replace("weekdays", "to = 2024-12-31\nweekdays") + DAY.replace("调休", '\\"休\\\\\\n')
    for spec in (office_spec(day_end="midnight"), parse_calendar(text)):
        written = dump_calendar(spec)
        assert parse_calendar(written) == spec
        assert dump_calendar(parse_calendar(written)) == written


def seasonal() -> WorkCalendar:
    """Office hours; a summer with a late afternoon; in August Fridays end at noon; a closed week."""
    block = "[[hours]]\nfrom = {}\nto = {}\nweekdays = {}\nopen = [{}]\n"
    morning, noon = '["08:30", "12:00"]', '["08:30", "12:00"], ["15:00", "17:30"]'
    return WorkCalendar(
        parse_calendar(
            HEAD
            + HOURS.replace('"12:00"]', '"12:00"], ["14:00", "17:30"]')
            + block.format("2026-06-01", "2026-09-30", "[1, 2, 3, 4, 5]", noon)
            + block.format("2026-08-01", "2026-08-31", "[1, 2, 3, 4]", noon)
            + block.format("2026-08-01", "2026-08-31", "[5]", morning)
            + block.format("2026-08-10", "2026-08-14", "[7]", morning)
            + '[[days]]\ndate = 2026-08-08\nkind = "make_up"\n[[days]]\ndate = 2026-08-12\nkind = "make_up"\n'
            + '[[days]]\ndate = 2023-12-30\nkind = "make_up"\n'
        )
    )


@pytest.mark.parametrize(
    ("day", "pieces"),
    [
        ("2026-05-29", ["08:30-12:00", "14:00-17:30"]),
        ("2026-06-01", ["08:30-12:00", "15:00-17:30"]),
        ("2026-09-30", ["08:30-12:00", "15:00-17:30"]),
        ("2026-10-01", ["08:30-12:00", "14:00-17:30"]),
        ("2026-08-06", ["08:30-12:00", "15:00-17:30"]),
        ("2026-08-07", ["08:30-12:00"]),
        ("2026-08-10", []),  # a timetable that does not list Mondays holds this week alone
        ("2026-08-08", ["08:30-12:00", "15:00-17:30"]),  # make-up Saturday: the first block of August
        ("2026-08-12", ["08:30-12:00"]),  # make-up day of a week that lists Sundays only
        ("2023-12-29", []),  # before any block
        ("2023-12-30", []),  # make-up work where no block says when
    ],
)
def test_the_last_timetable_that_covers_a_day_holds_it_alone(day, pieces):
    found = seasonal().intervals(date.fromisoformat(day))
    assert [f"{shown(since)[-5:]}-{shown(until)[-5:]}" for since, until in found] == pieces
    assert seasonal().is_workday(date.fromisoformat(day)) is bool(pieces)


def test_off_beats_the_weekday_and_unusual_weeks_work_too():
    spec = parse_calendar(
        HEAD + HOURS.replace("[1, 2, 3, 4, 5]", "[2, 4, 6, 7]") + DAY.replace("make_up", "off")
    )
    calendar = WorkCalendar(spec)
    working = [day for day in range(5, 12) if calendar.is_workday(date(2026, 10, day))]
    assert working == [6, 8, 11]  # Tuesday, Thursday, Sunday; the Saturday is off
    assert calendar.next_workday(date(2026, 10, 9)) == date(2026, 10, 11)


def test_without_any_open_time_there_is_no_next_working_day():
    calendar = WorkCalendar(parse_calendar(HEAD + HOURS.replace("2024-01-01", "2020-01-01\nto = 2020-12-31")))
    assert calendar.next_workday(date(2026, 1, 1)) is None
    assert calendar.next_workday(date(2020, 12, 1)) == date(2020, 12, 1)
    assert calendar.open_seconds(at("2026-01-01T00:00"), at("2026-02-01T00:00")) == 0


@pytest.mark.parametrize(("year", "number"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year, number):
    calendar = office()
    every = (
        date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    )
    assert sum(calendar.is_workday(day) for day in every) == number


MADE_UP = {
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2023: "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
}
STATUTORY_2027 = (
    "01-01 02-05 02-06 02-07 02-08 02-09 02-10 04-05 05-01 05-02 05-03 05-04 06-09 09-15 "
    "10-01 10-02 10-03 10-04 10-05"
)


def calendars_of_packs() -> list[tuple[str, CalendarSpec]]:
    from pathlib import Path  # noqa: PLC0415 - only here

    folder = Path(__file__).parents[2] / "districts"
    found = sorted(folder.glob("*/calendars/*.toml"))
    assert len(found) >= 2
    return [(str(path), parse_calendar(path.read_text(encoding="utf-8"), file=str(path))) for path in found]


@pytest.mark.parametrize(("name", "spec"), calendars_of_packs())
def test_the_calendars_of_the_districts_hold_the_days_of_the_notices(name, spec):
    for year, listed in MADE_UP.items():
        found = {f"{day.on:%m-%d}" for day in spec.days if day.on.year == year and day.kind == "make_up"}
        assert found == set(listed.split()), (name, year)
    next_year = {f"{day.on:%m-%d}": day.kind for day in spec.days if day.on.year == 2027}
    assert next_year == dict.fromkeys(STATUTORY_2027.split(), "off"), name
    assert {2023, 2024, 2025, 2026} <= spec.published, name
    assert 2027 not in spec.published, name


def test_the_fixed_calendar_of_the_tests_is_that_of_the_notices():
    spec = office_spec()
    for year, listed in MADE_UP.items():
        assert {
            f"{day.on:%m-%d}" for day in spec.days if day.on.year == year and day.kind == "make_up"
        } == set(listed.split())


def test_versions_are_named_by_what_they_say():
    one, same, other = office(), WorkCalendar(office_spec()), office(day_end="midnight")
    assert one.version == same.version != other.version
    assert repr(one) == f"WorkCalendar(Asia/Shanghai, {one.version})"
    assert WorkCalendar(office_spec(), version="v7").version == "v7"


def test_a_years_notice_rules_its_year_and_the_days_it_names_beside_it():
    spec = office_spec()
    notice = [CalendarDay(date(2026, 12, 31), "off", "元旦"), CalendarDay(date(2027, 1, 1), "off", "元旦")]
    merged = merge_year(spec, 2027, notice)
    assert {2026, 2027} <= merged.published
    assert merged.days == (*days(), *notice)
    # The new notice of 2026 leaves what the notice of 2027 said about December alone.
    again = merge_year(merged, 2026, [CalendarDay(date(2026, 5, 1), "off", "劳动节")])
    assert [day.on for day in again.days if day.on.year >= 2026] == [
        date(2026, 5, 1), date(2026, 12, 31), date(2027, 1, 1),
    ]  # fmt: skip
    assert merge_year(spec, 2026, []) == spec  # an empty year is no notice: it publishes and removes nothing


def test_two_versions_are_compared_day_by_day():
    spec = office_spec()
    typhoon = CalendarDay(date(2026, 5, 12), "off", "台风停工")
    turned = CalendarDay(date(2026, 10, 10), "off", "国庆节")
    later = [day for day in spec.days if day.on >= date(2026, 2, 1)]
    new = merge_year(spec, 2026, [*later, typhoon, turned])
    found = difference(spec, new)
    assert found.added == (typhoon,)
    assert [day.on for day in found.removed] == [date(2026, 1, n) for n in (1, 2, 3, 4)]
    assert [(change.on, change.old.kind, change.new.kind) for change in found.changed] == [
        (date(2026, 10, 10), "make_up", "off")
    ]
    assert found
    names = [CalendarDay(day.on, day.kind, "改名") for day in spec.days if day.on.year == 2026]
    renamed = merge_year(spec, 2026, names)
    assert not difference(spec, renamed)


@pytest.mark.parametrize("day", [date(1800, 1, 1), date(2300, 1, 1)])
def test_years_that_nobody_counts_in_are_refused(day):
    with pytest.raises(InputInvalid, match="年份不在 1901 至 2199 之间"):
        office().is_workday(day)


def test_published_years_and_named_days():
    calendar = office()
    assert [calendar.published(date(year, 6, 1)) for year in (2022, 2026, 2027)] == [False, True, False]
    assert calendar.named(date(2026, 10, 10)).kind == "make_up"
    assert calendar.named(date(2026, 10, 12)) is None


def test_the_calendar_of_boston_is_a_calendar_of_ours():
    spec = parse_calendar(shared("sla/boston.toml").read_text(encoding="utf-8"), file="boston.toml")
    assert (spec.timezone, spec.hours[0].open) == ("America/New_York", ((510, 1020),))
