"""`./ykb clock due` and `./ykb clock batch`: the clock on the command line, without Django and without a database."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

import click

from yukuaiban.core.clocks import Due, Pause, due, render
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.limits import Limit
from yukuaiban.core.moments import parse_moment, written
from yukuaiban.core.workcalendar import WorkCalendar, parse_calendar
from yukuaiban.site.home import district_path

_ROWS_AT_ONCE = 20_000
_LONGEST_CELL = 10_000_000


def load_calendar(path: Path | None) -> WorkCalendar:
    """The calendar of a file, or of the installed district's office. InputInvalid with all problems and lines."""
    chosen = path or district_path() / "calendars" / "office.toml"
    return WorkCalendar(parse_calendar(_read(chosen), file=str(chosen)))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        why = f"读不了文件（{error.strerror}）"
        raise InputInvalid(Problem(why, "请核对路径和权限", file=str(path))) from error
    except UnicodeDecodeError as error:
        raise InputInvalid(Problem("不是 UTF-8 文本", "请另存为 UTF-8", file=str(path))) from error


@click.group()
def clock() -> None:
    """时限计算：一条（due）或一批（batch）。"""


@clock.command("due")
@click.option("--start", required=True, help="起算时间，如 2026-09-30T17:00")
@click.option("--limit", "limit_text", required=True, help="时限，如 10wd、2h、3.5sh、30d、3mo")
@click.option(
    "--calendar", "calendar_file", type=click.Path(path_type=Path), help="日历文件，默认用本区办公日历"
)
@click.option("--pause", "pause_texts", multiple=True, help="中止：开始/结束，可写多次")
@click.option("--english", is_flag=True, help="用英文说明")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def due_command(
    *,
    start: str,
    limit_text: str,
    calendar_file: Path | None,
    pause_texts: Sequence[str],
    english: bool,
    as_json: bool,
) -> None:
    """算出到期时间，并逐条说明怎么算的。"""
    calendar = load_calendar(calendar_file)
    limit = Limit.parse(limit_text)
    moment = parse_moment(start, calendar.zone, field="start")
    pauses = [parse_pause(text, calendar) for text in pause_texts]
    found = due(moment, limit, calendar, pauses=pauses)
    if as_json:
        document = due_document(written(moment, calendar.zone), limit, found, calendar)
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(due_lines(found, calendar, "en" if english else "zh")))
    if found.at is None:
        click.echo("算不出到期时间：20 年内没有足够的开放时间；请核对日历的时段和放假日期。", err=True)
        sys.exit(1)


def parse_pause(text: str, calendar: WorkCalendar) -> Pause:
    """A pause written as `from/to`."""
    parts = text.split("/")
    if len(parts) != 2:
        raise InputInvalid(Problem(f"“{text}”不是一段中止", "请写 开始/结束", field="pauses"))
    since, until = (parse_moment(part, calendar.zone, field="pauses") for part in parts)
    return Pause(since, until)


def due_document(start: str, limit: Limit, found: Due, calendar: WorkCalendar) -> dict[str, object]:
    """What `clock due --json` prints."""
    document: dict[str, object] = {
        "start": start,
        "limit": str(limit),
        "due": written(found.at, calendar.zone) if found.at is not None else None,
        "due_on": found.due_on.isoformat() if found.due_on is not None else None,
        "provisional": found.provisional,
        "explanation": [step.as_json() for step in found.steps],
    }
    return document if found.error is None else {**document, "error": found.error}


def due_lines(found: Due, calendar: WorkCalendar, lang: str) -> list[str]:
    """The due moment, then the steps of the sum."""
    mark = {"zh": "　暂定", "en": "  provisional"}[lang] if found.provisional else ""
    head = [written(found.at, calendar.zone) + mark] if found.at is not None else []
    return head + render(found.steps, lang)


@clock.command("batch")
@click.option(
    "--calendar", "calendar_file", type=click.Path(path_type=Path), help="日历文件，默认用本区办公日历"
)
@click.argument("source", metavar="IN.csv", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.csv", type=click.Path(path_type=Path))
def batch_command(*, calendar_file: Path | None, source: Path, target: Path) -> None:
    """一次算一批：逐行给出 result、provisional、error；有错的行不影响其他行。"""
    rows, refused = run_batch(load_calendar(calendar_file), source, target)
    click.echo(f"共 {rows} 行，{refused} 行未能计算。", err=True)
    sys.exit(1 if refused else 0)


def run_batch(calendar: WorkCalendar, source: Path, target: Path) -> tuple[int, int]:
    """Compute a file of rows into another; how many rows there were and how many were refused.

    The target appears whole or not at all. InputInvalid if the source cannot be read as a table.
    """
    draft = target.with_name(f".{target.name}.part")
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with (
            source.open(encoding="utf-8-sig", newline="") as given,
            draft.open("w", encoding="utf-8", newline="") as out,
        ):
            counts = _copy(calendar, given, out, str(source))
        draft.replace(target)
    except OSError as error:
        why = f"读写不了文件（{error.strerror}）"
        raise InputInvalid(Problem(why, "请核对路径和权限", file=str(error.filename or source))) from error
    except UnicodeDecodeError as error:
        raise InputInvalid(Problem("不是 UTF-8 文本", "请另存为 UTF-8 的 CSV", file=str(source))) from error
    except csv.Error as error:
        raise InputInvalid(Problem(f"不是有效的 CSV（{error}）", "请核对引号", file=str(source))) from error
    finally:
        draft.unlink(missing_ok=True)
    return counts


def _copy(calendar: WorkCalendar, given: TextIO, out: TextIO, name: str) -> tuple[int, int]:
    # Imported here: `clock due` has no use for the arrays of a batch.
    from yukuaiban.core.clockrows import ADDED, REQUIRED, RowClock  # noqa: PLC0415

    reader, writer = csv.reader(given), csv.writer(out)
    header = next(reader, [])
    names = [title.strip() for title in header]
    missing = [each for each in REQUIRED if each not in names]
    if missing:
        remedy = "第一行为表头：id,op,start,end,limit,unit,pauses"
        raise InputInvalid(Problem(f"表头缺少 {'、'.join(missing)} 列", remedy, file=name, line=1))
    writer.writerow([*header, *ADDED])
    rows_clock = RowClock(calendar)
    rows = refused = 0
    for chunk in _chunks(reader):
        answers = rows_clock.answer(_columns(chunk, names))
        for at, row in enumerate(chunk):
            if len(row) != len(header):
                _fit(row, len(header), at, answers.error)
        added = zip(answers.result, answers.provisional, answers.error, strict=True)
        writer.writerows(
            [*row, *(more if not more[2] else ("", "", more[2]))]
            for row, more in zip(chunk, added, strict=True)
        )
        rows += len(chunk)
        refused += len(chunk) - answers.error.count("")
    return rows, refused


def _chunks(reader: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    rows = (row for row in reader if row)
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        yield chunk


def _columns(chunk: Sequence[list[str]], names: Sequence[str]) -> dict[str, list[str]]:
    """The columns that the clock reads; a column or cell that is not there is empty."""
    from yukuaiban.core.clockrows import KNOWN  # noqa: PLC0415

    places = {name: names.index(name) for name in KNOWN if name in names}
    found = {name: [""] * len(chunk) for name in KNOWN}
    for name, place in places.items():
        found[name] = [row[place].strip() if place < len(row) else "" for row in chunk]
    return found


def _fit(row: list[str], width: int, at: int, errors: list[str]) -> None:
    """Give a row the cells of the header: short ones are filled up, what is too much is named."""
    if len(row) > width:
        errors[at] = errors[at] or f"这一行有 {len(row)} 格，表头只有 {width} 格；请核对逗号和引号"
        del row[width:]
    else:
        row += [""] * (width - len(row))
