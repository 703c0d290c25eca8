"""`calendar import` and `calendar read-notice`: shown first, stored only on a yes."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yukuaiban.core.calendarspec import CalendarDay
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.holidaynotice import read_notice
from yukuaiban.core.moments import written
from yukuaiban.core.yearfile import parse_year
from yukuaiban.site import django as site

if TYPE_CHECKING:
    from yukuaiban.cases.calendars import MovedDeadline, Preview


@click.group()
def calendar() -> None:
    """日历：导入一年的放假安排。"""


_YES = click.option("--yes", is_flag=True, help="不再询问，直接存入")
_JSON = click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")
_FILE = click.argument("file", type=click.Path(path_type=Path))


@calendar.command("import")
@_FILE
@_YES
@_JSON
def import_year(file: Path, *, yes: bool, as_json: bool) -> None:
    """导入 YEAR.json（{year, papers, days[{name, date, isOffDay}]}）。"""
    found = parse_year(_text(file), file=file.name)
    _show_and_store(found.year, found.days, found.papers, yes=yes, as_json=as_json)


@calendar.command("read-notice")
@_FILE
@click.option("--year", type=click.IntRange(2007, 2100), required=True, help="放假通知所属年份")
@_YES
@_JSON
def read_notice_file(file: Path, year: int, *, yes: bool, as_json: bool) -> None:
    """读国务院办公厅放假通知的文字。"""
    _show_and_store(year, read_notice(_text(file), year), (), yes=yes, as_json=as_json)


def _text(file: Path) -> str:
    """The text of a file in UTF-8 or, as older office computers write it, in GB 18030."""
    try:
        content = file.read_bytes()
    except OSError as error:
        why = f"读不了文件（{error.strerror}）"
        raise InputInvalid(Problem(why, "请核对路径和权限", file=str(file))) from error
    for encoding in ("utf-8-sig", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise InputInvalid(Problem("既不是 UTF-8 也不是 GB 18030 文本", "请另存为 UTF-8", file=str(file)))


def _show_and_store(
    year: int, days: Sequence[CalendarDay], papers: Sequence[str], *, yes: bool, as_json: bool
) -> None:
    pen = site.installed()
    from yukuaiban.cases import calendars, versions  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415

    shown, zone = calendars.preview(year, days), versions.current_calendar().zone
    asks = not yes and _at_a_terminal()
    if asks or not as_json:
        click.echo("\n".join(_lines(shown, zone)), err=as_json)
    stored = not shown.changes_nothing and (yes or (asks and _agreed()))
    if stored:
        drafts = calendars.propose(shown, papers=papers, subject=CONSOLE, pen=pen)
        calendars.confirm(drafts, subject=CONSOLE, pen=pen)
    if as_json:
        click.echo(json.dumps(_document(shown, zone, stored=stored), ensure_ascii=False))
    click.echo(_outcome(shown, stored=stored), err=True)


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _agreed() -> bool:
    return click.confirm("存入并改动以上时限？", default=False, err=True)


def _outcome(shown: Preview, *, stored: bool) -> str:
    if stored:
        return "已存入。"
    if not shown.days:
        return f"没有存入：文件里没有任何日期，{shown.year} 年的放假通知大概还没有公布。"
    if shown.changes_nothing:
        return f"没有存入：{shown.year} 年的日历与已生效的完全相同。"
    return "没有存入；确认无误后加 --yes 存入。"


def _lines(shown: Preview, zone: tzinfo) -> Iterator[str]:
    """The preview for people: the year, days added and removed, deadlines old and new."""
    yield f"{shown.year} 年：{len(shown.days)} 天有安排，{len(shown.deadlines)} 个时限会变动"
    for sign, days in (("+", shown.added), ("-", shown.removed)):
        for day in days:
            kind = "上班" if day.kind == "make_up" else "休息"
            yield f"{sign} {day.on.isoformat()} {kind} {day.name}".rstrip()
    for each in shown.deadlines:
        old, new = (
            f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "算不出" for at in (each.old, each.new)
        )
        yield f"{each.case} {each.clock}：{old} → {new}{_gain(each, zone)}"


def _gain(moved: MovedDeadline, zone: tzinfo) -> str:
    """By how many dates a deadline moves."""
    if moved.old is None or moved.new is None:
        return ""
    days = (moved.new.astimezone(zone).date() - moved.old.astimezone(zone).date()).days
    return f"（{'推迟' if days > 0 else '提前'} {abs(days)} 日）" if days else ""


def _document(shown: Preview, zone: tzinfo, *, stored: bool) -> dict[str, Any]:
    """What `--json` prints."""

    def days(given: Sequence[CalendarDay]) -> list[dict[str, str]]:
        return [{"date": day.on.isoformat(), "kind": day.kind, "name": day.name} for day in given]

    def moment(at: datetime | None) -> str | None:
        return written(at, zone) if at is not None else None

    return {
        "year": shown.year,
        "days": days(shown.days),
        "added": days(shown.added),
        "removed": days(shown.removed),
        "deadlines": [
            {"case": each.case, "clock": each.clock, "old": moment(each.old), "new": moment(each.new)}
            for each in shown.deadlines
        ],
        "stored": stored,
    }
