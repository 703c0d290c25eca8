"""`import matters`, `import enterprises`: rows are stored or refused one by one, the file never as a whole.

`import index` is the exception: a tree is taken as a whole or not at all.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yukuaiban.site import django as site

if TYPE_CHECKING:
    from yukuaiban.evidence.importing import Report
    from yukuaiban.evidence.tables_in import Row
    from yukuaiban.people.importing import Imported

_SHOWN = 20
_PATH = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("import")
def import_() -> None:
    """导入清单：好的行存入，有误的行连同理由退回，同一文件导两次不会重复。"""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for each in (
        click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档"),
        click.option("--dry-run", is_flag=True, help="只检查，不存入"),
        click.option("--map", "map_file", type=_PATH, help="列名对照文件（TOML）"),
        click.argument("file", type=_PATH),
    ):
        command = each(command)
    return command


@import_.command("matters")
@_options
def matters(*, file: Path, map_file: Path | None, dry_run: bool, as_json: bool) -> None:
    """导入事项清单（.csv、.xlsx）。"""
    pen = site.installed()
    from yukuaiban.measures.desks.importing import import_file  # noqa: PLC0415 - models need Django set up

    report = import_file(file, pen=pen, map_file=map_file, dry_run=dry_run)
    _tell(report, dry_run=dry_run, as_json=as_json)


@import_.command("enterprises")
@_options
def enterprises(*, file: Path, map_file: Path | None, dry_run: bool, as_json: bool) -> None:
    """导入企业名单（.csv、.xlsx），核对统一社会信用代码。"""
    report = import_enterprise_file(file, map_file=map_file, dry_run=dry_run)
    _tell(report, dry_run=dry_run, as_json=as_json)


@import_.command("index")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")
@click.option("--dry-run", is_flag=True, help="只检查，不存入")
@click.option("--agency", required=True, help="牵头单位代码")
@click.option("--since", required=True, type=_DAY, help="所涉期间起")
@click.option("--until", required=True, type=_DAY, help="所涉期间止")
@click.option("--source", required=True, help="依据")
@click.option("--name", required=True, help="名称")
@click.option("--batch", required=True, help="批次，如 2026")
@click.argument("file", type=_PATH)
def index(*, file: Path, dry_run: bool, as_json: bool, agency: str, **said: Any) -> None:
    """导入示范创建指标体系（.csv、.xlsx）：整份表要么全部导入，要么全部退回。"""
    pen = site.installed()
    from yukuaiban.evidence.importing import Report  # noqa: PLC0415 - models need Django set up
    from yukuaiban.measures.demonstration.editions import Heading, import_file  # noqa: PLC0415

    heading = Heading(said["batch"], said["name"], said["source"], said["since"].date(), said["until"].date())
    draft = import_file(file, heading, agency=agency, pen=pen, dry_run=dry_run)
    report = Report(read=draft.read, stored=0 if draft.problems else draft.read)
    for problem in draft.problems:
        report.refuse(problem.line or 1, [problem])
    _tell(report, dry_run=dry_run, as_json=as_json)


def import_enterprise_file(path: Path, *, map_file: Path | None = None, dry_run: bool = False) -> Report:
    """Store the enterprises of a table. InputInvalid if it cannot be read at all.

    A known enterprise that is brought up to date counts as stored, one that says nothing new as a duplicate.
    """
    pen = site.installed()
    from django.db import transaction  # noqa: PLC0415 - only after set-up

    from yukuaiban.evidence.importing import keep_refused  # noqa: PLC0415
    from yukuaiban.evidence.tables_in import read_map, read_table  # noqa: PLC0415
    from yukuaiban.people.access import SYSTEM_IMPORT  # noqa: PLC0415
    from yukuaiban.people.district import installed  # noqa: PLC0415
    from yukuaiban.people.enterprises import import_enterprises  # noqa: PLC0415

    rows = list(read_table(path, mapping=read_map(map_file) if map_file else None))
    _check_columns(path, rows)
    with transaction.atomic():
        cells = [row.cells for row in rows]
        done = import_enterprises(cells, district=installed(), by=SYSTEM_IMPORT, pen=pen, source="import")
        transaction.set_rollback(dry_run)
    report = _report(done, rows)
    if not dry_run:
        keep_refused(report, path, rows)
    return report


def _check_columns(path: Path, rows: list[Row]) -> None:
    from yukuaiban.core.errors import InputInvalid, Problem  # noqa: PLC0415
    from yukuaiban.people.enterprises import readable_as_enterprises  # noqa: PLC0415

    if not rows:
        raise InputInvalid(Problem("表里没有数据行", "第一行写列名，以下每行一户", file=path.name, line=1))
    if not readable_as_enterprises(rows[0].cells):
        why = "没有找到列：统一社会信用代码/uscc、企业名称/name"
        raise InputInvalid(Problem(why, "请核对表头，或用 --map 指明各列", file=path.name, line=1))


def _report(done: Imported, rows: list[Row]) -> Report:
    """The counts as every import tells them; lines are those that people see in their own program."""
    from yukuaiban.evidence.importing import Report  # noqa: PLC0415

    report = Report(read=done.rows, stored=done.added + done.changed, duplicates=done.same)
    for problem in done.problems:
        report.refuse(_line(problem.line, rows), [problem])
    report.remarks += [f"第 {_line(each.line, rows)} 行：{each.why}" for each in done.warnings]
    return report


def _line(counted: int | None, rows: list[Row]) -> int:
    """The line in the file of the row that was counted from 2 on; empty lines were passed over."""
    assert counted is not None  # noqa: S101 - the import names the line of every problem
    return rows[counted - 2].number


def _tell(report: Report, *, dry_run: bool, as_json: bool) -> None:
    """The report; exit code 1 if rows were refused."""
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        for line in _lines(report, dry_run=dry_run):
            click.echo(line)
    sys.exit(1 if report.refused else 0)


def _lines(report: Report, *, dry_run: bool) -> list[str]:
    kept = "可存入" if dry_run else "存入"
    head = f"读 {report.read} 行，{kept} {report.stored} 行，重复 {report.duplicates} 行"
    notes = [f"{report.held} 项有问题，已存未公布，请在“事项与实施清单”中核对。"] if report.held else []
    if report.new_agencies:
        notes.append(f"新增 {len(report.new_agencies)} 个未确认的单位：{_some(report.new_agencies)}。")
    notes += report.remarks[:_SHOWN]
    if len(report.remarks) > _SHOWN:
        notes.append(f"……另有 {len(report.remarks) - _SHOWN} 条提醒。")
    faults = [f"第 {each.row} 行 {each.column}：{each.why}" for each in report.refused[:_SHOWN]]
    if len(report.refused) > _SHOWN:
        faults.append(f"……另有 {len(report.refused) - _SHOWN} 处，见退回文件或用 --json。")
    where = [f"退回的行在 {report.refused_file}，改好后再导入即可。"] if report.refused_file else []
    return [f"{head}，退回 {report.refused_rows} 行。", *notes, *faults, *where]


def _some(names: list[str]) -> str:
    more = "等" if len(names) > _SHOWN else ""
    return "、".join(names[:_SHOWN]) + more
