"""The State Council's holiday notice (国务院办公厅放假通知), read from its sentences into calendar days.

A clause is understood by its verb: 放假, 补休, 休息 give days off, 上班 gives make-up days, 公休日调至 moves rest days.
What names a date and is not understood is refused, not guessed; so is a weekday or a 共N天 that does not agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from yukuaiban.core.calendarspec import CalendarDay, DayKind
from yukuaiban.core.errors import InputInvalid, Problem

_NUMBERS = "一二三四五六七八九十"
_SECTION = re.compile(
    rf"(?:^|(?<=[。\s]))(?:[（(]?[{_NUMBERS}]+[）)、.．]+|\d+[、.．])?\s*"
    r"(?P<name>(?:元旦|春节|清明|劳动|五一|端午|中秋|国庆|[\u4e00-\u9fff]{1,6}(?=节|日))[\u4e00-\u9fff、“”]{0,12})[：:]",
    re.MULTILINE,
)
_DATE = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日(?P<aside>[（(][^（）()]*[）)])?"
)
_WEEKDAY = re.compile(r"(?:星期|周)([一二三四五六日天])")
_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_CLAUSE = re.compile(r"[，,。；;\n]+")
_TO = re.compile(r"\s*(?:至|到|—+|–|－|-|~|～)\s*")
_TOTAL = re.compile(r"共(\d+)天")
_KNOWN = ("法定", "公休", "施行", "印发", "不调休", "除夕")
_WEEKDAYS = "一二三四五六日"


@dataclass(slots=True)
class _Section:
    """The sentences about one holiday; `anchor` is the first date read, near which all others lie."""

    name: str
    text: str
    year: int
    anchor: date | None = None
    month: int | None = None
    off: list[date] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)
    moved: list[date] = field(default_factory=list)


def read_notice(text: str, year: int) -> list[CalendarDay]:
    """The days off and make-up days that a notice for `year` names, by date.

    InputInvalid lists every clause that is not understood or does not agree with itself.
    """
    problems: list[Problem] = []
    days: dict[date, CalendarDay] = {}
    for section in _sections(text, year):
        try:
            _read(section)
        except InputInvalid as error:
            problems += error.problems
        for on, kind in _kinds(section):
            held = days.setdefault(on, CalendarDay(on, kind, section.name))
            if held.kind != kind:
                problems.append(Problem(f"{on} 既放假又上班", "请核对通知原文", field=section.name))
    if not days and not problems:
        problems.append(
            Problem("没有读到任何放假或上班的日期", "请给出放假通知的原文，如“5月1日至5日放假调休，共5天。”")
        )
    if problems:
        raise InputInvalid(problems)
    return [days[on] for on in sorted(days)]


def _sections(text: str, year: int) -> Iterator[_Section]:
    """The notice cut at its headings (一、元旦：); text before the first heading counts as one without a name."""
    heads = list(_SECTION.finditer(text))
    before = text[: heads[0].start()] if heads else text
    yield _Section("", before, year)
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends[: len(heads)], strict=True):
        yield _Section(head["name"].strip("“”"), text[head.end() : end], year)


def _read(section: _Section) -> None:
    """Read every clause of a section."""
    total: int | None = None
    for clause in _clauses(section.text):
        if (found := _TOTAL.search(clause)) is not None:
            total = int(found[1])
        if _DATE.search(clause) is not None:
            _clause(section, clause)
    named = len(set(section.off))
    if total is not None and total != named:
        why = f"写明共 {total} 天，读到放假 {named} 天"
        raise InputInvalid(Problem(why, "请核对通知原文", field=section.name))


def _clauses(text: str) -> list[str]:
    """The clauses of a text. Asides without a weekday go first: they may hold commas and dates of their own."""
    plain = _BRACKET.sub(lambda aside: aside[0] if _WEEKDAY.search(aside[0]) else "", text)
    plain = _BRACKET.sub(lambda aside: re.sub(r"[，,；;]", " ", aside[0]), plain)
    return [clause for clause in _CLAUSE.split(plain) if clause.strip()]


def _clause(section: _Section, clause: str) -> None:
    bare = _BRACKET.sub("", clause)
    if "调至" in bare:
        given, to = clause.split("调至", 1)
        section.moved += _dates(section, given)
        section.off += _dates(section, to)
    elif "上班" in bare and "日起" not in bare:
        section.worked += _dates(section, clause)
    elif any(verb in bare for verb in ("放假", "补休", "休息")):
        section.off += _dates(section, clause)
    elif any(word in bare for word in _KNOWN) or not _DATE.sub("", bare).strip(" 　"):
        _dates(section, clause)  # says nothing new, but its dates must agree with their weekdays
    else:
        raise InputInvalid(
            Problem(f"读不懂“{clause.strip()}”", "请改成“…放假”或“…上班”，或手工录入", field=section.name)
        )


def _dates(section: _Section, clause: str) -> list[date]:
    """All dates of a clause, ranges filled."""
    marks = list(_DATE.finditer(clause))
    found = [_resolve(section, mark, _later_month(marks[at + 1 :])) for at, mark in enumerate(marks)]
    days = set(found)
    for (left, first), (right, last) in pairwise(zip(marks, found, strict=True)):
        if _TO.fullmatch(clause[left.end() : right.start()]):
            if last < first:
                raise InputInvalid(
                    Problem(f"“{clause.strip()}”的结束早于开始", "请核对日期", field=section.name)
                )
            days |= {first + timedelta(days=ahead) for ahead in range((last - first).days + 1)}
    return sorted(days)


def _later_month(marks: Sequence[re.Match[str]]) -> int | None:
    """The next month named in the clause: a range from December to a later-named January began a year before."""
    return next((int(mark["month"]) for mark in marks if mark["month"]), None)


def _resolve(section: _Section, mark: re.Match[str], later_month: int | None) -> date:
    """One date. Without a month it has the last month named; without a year it lies near the first date."""
    month = int(mark["month"]) if mark["month"] else section.month
    if month is None:
        raise InputInvalid(Problem(f"“{mark[0]}”没有月份", "请写明月份", field=section.name))
    section.month = month
    try:
        found = _nearest(section, mark, month, later_month)
    except ValueError as error:
        raise InputInvalid(
            Problem(f"没有 {month} 月 {mark['day']} 日这一天", "请核对日期", field=section.name)
        ) from error
    section.anchor = section.anchor or found
    named = _WEEKDAY.search(mark["aside"] or "")
    if named is not None and _WEEKDAYS.index(named[1].replace("天", "日")) != found.weekday():
        why = f"{found} 是星期{_WEEKDAYS[found.weekday()]}，通知写的是星期{named[1]}"
        raise InputInvalid(Problem(why, "请核对年份和日期", field=section.name))
    return found


def _nearest(section: _Section, mark: re.Match[str], month: int, later_month: int | None) -> date:
    day = int(mark["day"])
    if mark["year"]:
        return date(int(mark["year"]), month, day)
    if section.anchor is None:
        year_before = later_month is not None and later_month < month
        return date(section.year - year_before, month, day)
    anchor = section.anchor
    return min(
        (each for year in (-1, 0, 1) if (each := _made(anchor.year + year, month, day)) is not None),
        key=lambda each: abs(each - anchor),
    )


def _made(year: int, month: int, day: int) -> date | None:
    """The date, or None for 29 February of a common year; ValueError for a date that no year has."""
    if (month, day) == (2, 29):
        return date(year, month, day) if year % 4 == 0 and (year % 100 or year % 400 == 0) else None
    return date(year, month, day)


def _kinds(section: _Section) -> Iterator[tuple[date, DayKind]]:
    """Each date and what it is; a rest day moved away works, unless the holiday itself covers it."""
    off = set(section.off)
    yield from ((on, "off") for on in off)
    yield from ((on, "make_up") for on in section.worked)
    yield from ((on, "make_up") for on in section.moved if on not in off)
