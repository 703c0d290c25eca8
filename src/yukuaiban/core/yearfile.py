"""A year's holidays as JSON: `{year, papers[], days[{name, date, isOffDay}]}` (cli.md, calendar import)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from yukuaiban.core.calendarspec import CalendarDay
from yukuaiban.core.errors import InputInvalid, Problem

_YEARS = range(1950, 2200)


@dataclass(frozen=True, slots=True)
class YearFile:
    """A year with the papers it stands in and its days by date."""

    year: int
    papers: tuple[str, ...]
    days: tuple[CalendarDay, ...]

    @property
    def empty(self) -> bool:
        """Whether the notice is not out yet: such a year is not published by importing it."""
        return not self.days


def parse_year(text: str, *, file: str = "") -> YearFile:
    """The year in a JSON text; InputInvalid lists all problems, each with the day's place in the list."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputInvalid(
            Problem(f"不是有效的 JSON：{error.msg}", "请改正语法", file=file, line=error.lineno)
        ) from error
    problems: list[Problem] = []
    year, papers, rows = _head(data, file, problems)
    days: dict[date, CalendarDay] = {}
    for at, row in enumerate(rows):
        for why, remedy in _row(row, year, days):
            problems.append(Problem(why, remedy, field=f"days[{at}]", file=file))
    if problems:
        raise InputInvalid(problems)
    return YearFile(year, papers, tuple(days[on] for on in sorted(days)))


def _head(data: Any, file: str, problems: list[Problem]) -> tuple[int, tuple[str, ...], list[Any]]:
    table = data if isinstance(data, dict) else {}
    year, papers, rows = table.get("year"), table.get("papers", []), table.get("days")
    if type(year) is not int or year not in _YEARS:
        problems.append(Problem("没有写年份", '请写如 "year": 2027', field="year", file=file))
        year = 0
    if not isinstance(papers, list) or not all(isinstance(paper, str) for paper in papers):
        problems.append(
            Problem("papers 应为文件地址的列表", '请写如 "papers": []', field="papers", file=file)
        )
        papers = []
    if not isinstance(rows, list):
        problems.append(Problem("没有写 days", '请写如 "days": []', field="days", file=file))
        rows = []
    return year, tuple(papers), rows


def _row(row: Any, year: int, days: dict[date, CalendarDay]) -> Iterator[tuple[str, str]]:
    """What is wrong with a day; a good one is added to `days`."""
    table = row if isinstance(row, dict) else {}
    name, off = table.get("name", ""), table.get("isOffDay")
    try:
        on = date.fromisoformat(table.get("date", ""))
    except (TypeError, ValueError):
        yield f"“{table.get('date')}”不是日期", "请写如 2027-01-01"
        return
    if type(off) is not bool or not isinstance(name, str):
        yield f"{on} 没有写明放假还是上班", '请写 "isOffDay": true 或 false 和名称'
        return
    if year and not date(year - 1, 12, 1) <= on <= date(year + 1, 1, 31):
        yield f"{on} 不属于 {year} 年", "只能含上年 12 月至次年 1 月的日期"
        return
    day = CalendarDay(on, "off" if off else "make_up", name)
    if days.setdefault(on, day).kind != day.kind:
        yield f"{on} 既放假又上班", "同一日期只留一种"
