"""The calendar file (TOML, cli.md): read with all complaints at once, each with its line, and written back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from yukuaiban.core.calendarspec import CalendarDay, CalendarSpec, DayEnd, HoursBlock
from yukuaiban.core.errors import PackInvalid, Problem
from yukuaiban.core.tomllines import TomlPath, toml_lines

MIDNIGHT_MINUTE = 24 * 60
_CLOCK = re.compile(r"(\d\d):(\d\d)")
_PLACE = re.compile(r"line (\d+)")
_YEARS = range(1900, 2200)


class CalendarInvalid(PackInvalid):
    """A calendar file is wrong: every problem with its line and what would be right."""


@dataclass(slots=True)
class _Reader:
    """Collects complaints while reading, so that the writer of the file sees all of them in one go."""

    file: str
    lines: Mapping[TomlPath, int]
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, path: TomlPath, why: str, remedy: str) -> None:
        line = next(
            (self.lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.lines), None
        )
        names = ".".join(str(part) for part in path if isinstance(part, str))
        self.problems.append(Problem(why, remedy, field=names, file=self.file, line=line))

    def unknown(self, table: Mapping[str, Any], known: Sequence[str], path: TomlPath) -> None:
        for key in table:
            if key not in known:
                self.wrong((*path, key), f"不认识“{key}”", f"可用：{'、'.join(known)}")


def parse_calendar(text: str, *, file: str = "") -> CalendarSpec:
    """The calendar in a TOML text; CalendarInvalid carries all problems, with line."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place else None
        raise CalendarInvalid(
            Problem(f"不是有效的 TOML：{error}", "请改正语法", file=file, line=line)
        ) from error
    reader = _Reader(file, toml_lines(text))
    reader.unknown(data, ("timezone", "day_end", "hours", "days", "years"), ())
    zone = _zone(reader, data)
    day_end = _day_end(reader, data)
    hours = tuple(_hours(reader, data))
    days = _days(reader, data)
    published = _published(reader, data)
    if reader.problems:
        raise CalendarInvalid(sorted(reader.problems, key=lambda problem: problem.line or 0))
    return CalendarSpec(timezone=zone, hours=hours, days=days, published=published, day_end=day_end)


def _zone(reader: _Reader, data: Mapping[str, Any]) -> str:
    name = data.get("timezone")
    try:
        if isinstance(name, str) and name:
            return ZoneInfo(name).key
    except (LookupError, OSError, ValueError):
        pass  # reported below, together with a missing name
    why = "没有写时区" if name is None else f"不认识时区“{name}”"
    reader.wrong(("timezone",), why, '请写如 timezone = "Asia/Shanghai"')
    return "UTC"


def _day_end(reader: _Reader, data: Mapping[str, Any]) -> str:
    given = data.get("day_end", DayEnd.CLOSING.value)
    if given not in list(DayEnd):
        reader.wrong(("day_end",), f"不认识“{given}”", '请写 "closing"（下班）或 "midnight"（24:00）')
    return str(given)


def _hours(reader: _Reader, data: Mapping[str, Any]) -> Iterator[HoursBlock]:
    blocks = list(_tables(reader, data, "hours"))
    if not data.get("hours"):
        reader.wrong(("hours",), "没有任何开放时段", "至少写一个 [[hours]]")
    seen: dict[tuple[Any, Any, int], int] = {}
    for at, block in blocks:
        path: TomlPath = ("hours", at)
        reader.unknown(block, ("from", "to", "weekdays", "open"), path)
        since, until = _dates(reader, block, path)
        weekdays = _weekdays(reader, block, path)
        for weekday in weekdays:
            if seen.setdefault((since, until, weekday), at) != at:
                reader.wrong(
                    (*path, "weekdays"), f"同一作息表里星期 {weekday} 写了两次", "每个星期几只写在一处"
                )
        yield HoursBlock(since or date.min, weekdays, tuple(_open(reader, block, path)), until)


def _tables(reader: _Reader, data: Mapping[str, Any], name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    given = data.get(name, [])
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        reader.wrong((name,), f"{name} 应为若干个表", f"请写成 [[{name}]]")
        return
    yield from enumerate(given)


def _dates(reader: _Reader, block: Mapping[str, Any], path: TomlPath) -> tuple[date | None, date | None]:
    since, until = block.get("from"), block.get("to")
    if not _is_date(since):
        reader.wrong((*path, "from"), "没有写起始日期", "请写如 from = 2024-01-01")
        since = None
    if until is not None and not _is_date(until):
        reader.wrong((*path, "to"), f"“{until}”不是日期", "请写如 to = 2024-09-30，或不写")
        until = None
    if since and until and until < since:
        reader.wrong((*path, "to"), f"{until} 早于起始日期 {since}", "结束日期（含当日）不早于起始日期")
    return since, until


def _is_date(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime) and value.year in _YEARS


def _weekdays(reader: _Reader, block: Mapping[str, Any], path: TomlPath) -> tuple[int, ...]:
    given = block.get("weekdays")
    if not isinstance(given, list) or not given:
        reader.wrong((*path, "weekdays"), "没有写星期几", "请写如 weekdays = [1, 2, 3, 4, 5]，周一是 1")
        return ()
    good = [each for each in given if type(each) is int and 1 <= each <= 7]
    for each in given:
        if each not in good or given.count(each) > 1:
            why = f"星期 {each} 写了两次" if each in good else f"没有星期 {each!r}"
            reader.wrong((*path, "weekdays"), why, "每个写一次，周一是 1，周日是 7")
            break
    return tuple(sorted(set(good)))


def _open(reader: _Reader, block: Mapping[str, Any], path: TomlPath) -> Iterator[tuple[int, int]]:
    """The intervals of a block in minutes, those that touch joined."""
    given = block.get("open")
    if not isinstance(given, list) or not given:
        reader.wrong((*path, "open"), "没有写开放时段", '请写如 open = [["08:30", "12:00"]]')
        return
    held: tuple[int, int] | None = None
    for pair in given:
        found = _interval(reader, pair, (*path, "open"))
        if found is None:
            continue
        if held is not None and found[0] < held[1]:
            reader.wrong(
                (*path, "open"),
                f"{_written(found)} 与 {_written(held)} 重叠或次序颠倒",
                "时段依次书写、互不重叠",
            )
        elif held is not None and found[0] == held[1]:
            held = (held[0], found[1])
        else:
            if held is not None:
                yield held
            held = found
    if held is not None:
        yield held


def _interval(reader: _Reader, pair: object, path: TomlPath) -> tuple[int, int] | None:
    remedy = '请写如 ["08:30", "12:00"]，精确到分'
    if not isinstance(pair, list) or len(pair) != 2:
        reader.wrong(path, f"“{pair}”不是一对时刻", remedy)
        return None
    since, until = (_minute(each) for each in pair)
    if since is None or until is None:
        reader.wrong(path, f"“{pair[0] if since is None else pair[1]}”不是 00:00 至 24:00 之间的时刻", remedy)
        return None
    if since >= until:
        reader.wrong(path, f"{_written((since, until))} 是空的时段", "结束须晚于开始；跨夜请拆成两段")
        return None
    return since, until


def _minute(text: object) -> int | None:
    found = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    total = hour * 60 + minute
    return total if minute < 60 and total <= MIDNIGHT_MINUTE else None


def _written(interval: tuple[int, int]) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in interval)


def _days(reader: _Reader, data: Mapping[str, Any]) -> tuple[CalendarDay, ...]:
    found: dict[date, CalendarDay] = {}
    for at, table in _tables(reader, data, "days"):
        path: TomlPath = ("days", at)
        reader.unknown(table, ("date", "kind", "name"), path)
        on, kind, name = table.get("date"), table.get("kind"), table.get("name", "")
        if not _is_date(on):
            reader.wrong((*path, "date"), f"“{on}”不是日期", "请写如 date = 2026-10-10")
        if kind not in ("off", "make_up"):
            reader.wrong((*path, "kind"), f"不认识“{kind}”", '请写 "off"（放假）或 "make_up"（调休上班）')
        if not isinstance(name, str):
            reader.wrong((*path, "name"), "名称应为文字", '请写如 name = "国庆节"')
        if isinstance(on, date) and on in found and found[on].kind != kind:
            reader.wrong((*path, "date"), f"{on} 既放假又上班", "同一日期只留一种")
        elif isinstance(on, date) and isinstance(kind, str):
            found.setdefault(on, CalendarDay(on, "make_up" if kind == "make_up" else "off", str(name)))
    return tuple(found[on] for on in sorted(found)) if not reader.problems else ()


def _published(reader: _Reader, data: Mapping[str, Any]) -> frozenset[int]:
    years = data.get("years", {})
    if not isinstance(years, dict):
        reader.wrong(("years",), "years 应为一个表", "请写 [years] 和 published = [2026]")
        return frozenset()
    reader.unknown(years, ("published",), ("years",))
    given = years.get("published", [])
    if not isinstance(given, list) or not all(type(year) is int and year in _YEARS for year in given):
        reader.wrong(("years", "published"), f"“{given}”不是年份的列表", "请写如 published = [2025, 2026]")
        return frozenset()
    return frozenset(given)


def dump_calendar(spec: CalendarSpec) -> str:
    """The calendar as a TOML text that reads back equal; the same calendar always gives the same text."""
    parts = [f"timezone = {_quoted(spec.timezone)}\nday_end = {_quoted(spec.day_end)}\n"]
    for block in spec.hours:
        until = f"to = {block.until}\n" if block.until else ""
        pairs = ", ".join(
            "[" + ", ".join(_quoted(end) for end in _written(each).split("-")) + "]" for each in block.open
        )
        weekdays = ", ".join(str(weekday) for weekday in block.weekdays)
        parts.append(f"[[hours]]\nfrom = {block.since}\n{until}weekdays = [{weekdays}]\nopen = [{pairs}]\n")
    parts += [
        f"[[days]]\ndate = {day.on}\nkind = {_quoted(day.kind)}\nname = {_quoted(day.name)}\n"
        for day in spec.days
    ]
    years = ", ".join(str(year) for year in sorted(spec.published))
    parts.append(f"[years]\npublished = [{years}]\n")
    return "\n".join(parts)


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each.isprintable() else f"\\U{ord(each):08X}" for each in escaped) + '"'
