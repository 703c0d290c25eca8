"""`calendar import` and `calendar read-notice`: shown first, stored only on a yes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yukuaiban.site import django as site

if TYPE_CHECKING:
    from yukuaiban.cases.calendars import Preview
    from yukuaiban.core.calendarspec import CalendarDay


@click.group()
def calendar() -> None:
    """日历：导入一年的放假安排。"""


_YES = click.option("--yes", is_flag=True, help="不再询问，直接存入")
_JSON = click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")
_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@calendar.command("import")
@_FILE
@_YES
@_JSON
def import_year(file: Path, *, yes: bool, as_json: bool) -> None:
    """导入 YEAR.json（{year, papers, days[{name, date, isOffDay}]}）。"""
    from yukuaiban.core.yearfile import parse_year  # noqa: PLC0415 - only this command reads it

    found = parse_year(_text(file), file=file.name)
    _show_and_store(found.year, found.days, found.papers, yes=yes, as_json=as_json)


@calendar.command("read-notice")
@_FILE
@click.option("--year", type=click.IntRange(2007, 2100), required=True, help="放假通知所属年份")
@_YES
@_JSON
def read_notice_file(file: Path, year: int, *, yes: bool, as_json: bool) -> None:
    """读国务院办公厅放假通知的文字。"""
    from yukuaiban.core.holidaynotice import read_notice  # noqa: PLC0415 - only this command reads it

    _show_and_store(year, read_notice(_text(file), year), (), yes=yes, as_json=as_json)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return file.read_text(encoding="gb18030")


def _show_and_store(year: int, days: Any, papers: Any, *, yes: bool, as_json: bool) -> None:
    pen = site.ready()
    from yukuaiban.cases import calendars  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415

    shown = calendars.preview(year, days)
    if not as_json:
        _print(shown)
    stored = False
    if not shown.changes_nothing and (yes or (not as_json and sys.stdin.isatty() and _agreed())):
        drafts = calendars.propose(shown, papers=papers, subject=CONSOLE, pen=pen)
        calendars.confirm(drafts, subject=CONSOLE, pen=pen)
        stored = True
    if as_json:
        click.echo(json.dumps(_document(shown, stored=stored), ensure_ascii=False))
    else:
        click.echo("已存入。" if stored else "没有存入。", err=True)


def _agreed() -> bool:
    return click.confirm("存入并改动以上时限？", default=False, err=True)


def _print(shown: Preview) -> None:
    click.echo(f"{shown.year} 年：共 {len(shown.days)} 天", err=True)
    for sign, days in (("+", shown.added), ("-", shown.removed)):
        for day in days:
            kind = "上班" if day.kind == "make_up" else "休息"
            click.echo(f"{sign} {day.on.isoformat()} {kind} {day.name}")
    for each in shown.deadlines:
        click.echo(f"{each.case} {each.clock}：{each.old} -> {each.new}")


def _document(shown: Preview, *, stored: bool) -> dict[str, Any]:
    def days(given: tuple[CalendarDay, ...]) -> list[dict[str, str]]:
        return [{"date": day.on.isoformat(), "kind": day.kind, "name": day.name} for day in given]

    return {
        "year": shown.year,
        "days": days(shown.days),
        "added": days(shown.added),
        "removed": days(shown.removed),
        "deadlines": [
            {
                "case": each.case,
                "clock": each.clock,
                "old": each.old.isoformat() if each.old else None,
                "new": each.new.isoformat() if each.new else None,
            }
            for each in shown.deadlines
        ],
        "stored": stored,
    }
