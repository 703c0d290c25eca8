"""Holidays come in: the year as JSON, and the sentences of the State Council's notice."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from tests.core.office import days as office_days
from tests.shared_data import shared
from yukuaiban.core.calendarspec import CalendarDay
from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.holidaynotice import read_notice
from yukuaiban.core.yearfile import parse_year

GOOD_DAY = {"date": "2027-01-01", "name": "元旦", "isOffDay": True}


def year_text(**change: object) -> str:
    return json.dumps({"year": 2027, "papers": ["https://example.cn/1"], "days": [GOOD_DAY]} | change)


def with_day(**change: object) -> str:
    return year_text(days=[GOOD_DAY, {"date": "2027-01-02", "name": "元旦", "isOffDay": True} | change])


@pytest.mark.parametrize("year", range(2007, 2028))
def test_every_stored_year_is_read(year):
    text = shared(f"holidays/{year}.json").read_text(encoding="utf-8")
    found, given = parse_year(text), json.loads(text)
    assert (found.year, list(found.papers)) == (year, given["papers"])
    wanted = {(day["date"], day["isOffDay"], day["name"]) for day in given["days"]}
    assert {(day.on.isoformat(), day.kind == "off", day.name) for day in found.days} == wanted
    assert [day.on for day in found.days] == sorted(day.on for day in found.days)
    assert found.empty is (year == 2027)


def test_the_days_of_the_tests_are_those_of_the_stored_years():
    given = [
        parse_year(shared(f"holidays/{year}.json").read_text(encoding="utf-8")) for year in range(2023, 2027)
    ]
    assert [(day.on, day.kind) for found in given for day in found.days] == [
        (day.on, day.kind) for day in office_days()
    ]


FAULTS = [
    ("{", "", "不是有效的 JSON"),
    ("[]", "year", "没有写年份"),
    (year_text(year="2027"), "year", '请写如 "year": 2027'),
    (year_text(year=1), "year", "没有写年份"),
    (year_text(year=True), "year", "没有写年份"),
    (year_text(papers="x"), "papers", "papers 应为文件地址的列表"),
    (year_text(papers=[1]), "papers", "papers 应为文件地址的列表"),
    (year_text(days={}), "days", "没有写 days"),
    (year_text(days=[1]), "days[0]", "“None”不是日期"),
    (with_day(date="2027-02-30"), "days[1]", "“2027-02-30”不是日期"),
    (with_day(date=20270102), "days[1]", "不是日期"),
    (with_day(isOffDay=1), "days[1]", "没有写明放假还是上班"),
    (with_day(name=None), "days[1]", "没有写明放假还是上班"),
    (with_day(date="2026-09-01"), "days[1]", "2026-09-01 不属于 2027 年；只能含上年 12 月至次年 1 月的日期"),
    (with_day(date="2026-11-30"), "days[1]", "不属于 2027 年"),
    (with_day(date="2028-02-01"), "days[1]", "不属于 2027 年"),
    (with_day(date="2027-01-01", isOffDay=False), "days[1]", "2027-01-01 既放假又上班"),
]


@pytest.mark.parametrize(("text", "place", "says"), FAULTS)
def test_a_year_that_is_wrong_says_where_and_what_would_be_right(text, place, says):
    with pytest.raises(InputInvalid) as refused:
        parse_year(text, file="2027.json")
    found = {problem.field: str(problem) for problem in refused.value.problems}
    assert says in found[place]
    assert all(problem.file == "2027.json" for problem in refused.value.problems)


def test_a_year_reaches_into_the_december_before_and_the_january_after():
    for day in ("2026-12-01", "2028-01-31"):
        assert [each.on.isoformat() for each in parse_year(with_day(date=day)).days].count(day) == 1


def test_all_faults_of_a_year_come_at_once():
    with pytest.raises(InputInvalid) as refused:
        parse_year(year_text(year=None, papers=1, days=[{}, {"date": "x"}]))
    assert [problem.field for problem in refused.value.problems] == ["year", "papers", "days[0]", "days[1]"]


def test_all_sentences_of_real_notices_are_read():
    given = json.loads(shared("holidays/notice_sentences.json").read_text(encoding="utf-8"))
    assert len(given) == 25
    for each in given:
        found = {
            (day.on.isoformat(), day.kind == "off") for day in read_notice(each["description"], each["year"])
        }
        assert found == {(day["date"], day["isOffDay"]) for day in each["expected"]}, each["description"]


WHOLE = """国务院办公厅关于2027年部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2027年元旦、春节、国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至12日放假调休，共8天。1月31日（周日）、2月14日（周日）上班。
三、国庆节：10月1日至7日放假调休，共7天。9月26日（星期日）、10月9日（星期六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
国务院办公厅
2026年11月4日
"""


def spread(first: str, number: int) -> set[str]:
    start = date.fromisoformat(first)
    return {(start + timedelta(days=n)).isoformat() for n in range(number)}


def test_a_whole_notice_is_read_with_the_names_of_its_holidays():
    found = read_notice(WHOLE, 2027)
    off = {day.on.isoformat() for day in found if day.kind == "off"}
    assert off == spread("2027-01-01", 3) | spread("2027-02-05", 8) | spread("2027-10-01", 7)
    worked = {(day.on.isoformat(), day.name) for day in found if day.kind == "make_up"}
    assert worked == {
        ("2027-01-31", "春节"), ("2027-02-14", "春节"), ("2027-09-26", "国庆节"), ("2027-10-09", "国庆节"),
    }  # fmt: skip
    assert found == sorted(found)


SENTENCES = [
    ("元旦：2026年12月31日至2027年1月2日放假，共3天。", "off", spread("2026-12-31", 3)),
    ("元旦：12月30日至1月1日放假。", "off", spread("2026-12-30", 3)),
    ("1月1日放假，1月4日（周一）补休。", "off", {"2027-01-01", "2027-01-04"}),
    ("5月1日至5日放假调休。4月25日、5月8日上班。", "make_up", {"2027-04-25", "2027-05-08"}),
    ("5月1日—3日放假。2月27日（星期六）公休日调至5月4日（星期二）。", "make_up", {"2027-02-27"}),
    ("5月1日为法定节假日，5月1日至3日放假。", "off", spread("2027-05-01", 3)),
    ("本规定自1月1日起上班施行。2月5日放假。", "off", {"2027-02-05"}),
]


@pytest.mark.parametrize(("text", "kind", "dates"), SENTENCES)
def test_a_clause_is_understood_by_its_verb(text, kind, dates):
    assert {day.on.isoformat() for day in read_notice(text, 2027) if day.kind == kind} == dates


UNCLEAR = [
    ("", "没有读到任何放假或上班的日期"),
    ("大家好。", "没有读到任何放假或上班的日期"),
    ("5月1日至5日放假，共6天。", "写明共 6 天，读到放假 5 天"),
    ("5月1日（周日）放假。", "2027-05-01 是星期六，通知写的是星期日"),
    ("5月1日（星期天）放假。", "通知写的是星期天"),
    ("5月1日张灯结彩。", "读不懂“5月1日张灯结彩”"),
    ("1日放假。", "“1日”没有月份"),
    ("2月30日放假。", "没有 2 月 30 日这一天"),
    ("1月1日放假。2月29日放假。2月30日放假。", "没有 2 月"),
    ("13月1日放假。", "没有 13 月 1 日这一天"),
    ("5月5日至1日放假。", "结束早于开始"),
    ("5月1日放假。5月1日上班。", "2027-05-01 既放假又上班"),
]


@pytest.mark.parametrize(("text", "says"), UNCLEAR)
def test_what_is_not_understood_or_does_not_agree_is_refused_not_guessed(text, says):
    with pytest.raises(InputInvalid) as refused:
        read_notice(text, 2027)
    assert says in refused.value.message
    assert all(problem.remedy for problem in refused.value.problems)


def test_every_holiday_that_is_not_understood_is_named_at_once():
    with pytest.raises(InputInvalid) as refused:
        read_notice("一、元旦：1月1日跳舞。二、春节：2月6日至7日放假，共3天。", 2027)
    assert [problem.field for problem in refused.value.problems] == ["元旦", "春节"]


def test_a_leap_day_lies_in_the_nearest_leap_year():
    assert read_notice("2月28日放假。2月29日放假。", 2028)[1] == CalendarDay(date(2028, 2, 29), "off", "")
