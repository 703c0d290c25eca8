"""`journal verify`, `rebuild`, `confirm-clock`: the journal read again, rows held against it; `proof` adds its own."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yukuaiban.site import django as site
from yukuaiban.site.commands.erasing import erase
from yukuaiban.site.commands.proof import export, prove
from yukuaiban.site.commands.witness import witness
from yukuaiban.site.commands.witnesses import witnesses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yukuaiban.journal.checking import Finding
    from yukuaiban.journal.notes import Note
    from yukuaiban.journal.pen import Pen
    from yukuaiban.journal.report import Report


@click.group()
def journal() -> None:
    """留痕账本：核查、导出、出具证明、见证、重建、确认时钟。"""


@journal.command()
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="外面保存的检查点：先证明与它一致，再只读其后的留痕",
)
def verify(*, as_json: bool, since: Path | None) -> None:
    """重读每一条留痕，核对原文、各列、哈希、链、树、检查点、签名、个人信息，并与办件行逐一比对；有误则退出码为 1。

    只有外面保存的检查点（--since）能证明整个数据库没有被换成从前的副本，也没有连同签名密钥一起被改写。
    """
    _database_or_refuse()
    kept = kept_note(since) if since else None
    from django.db import DatabaseError  # noqa: PLC0415 - models need Django set up

    from yukuaiban.cases.rebuilding import case_streams, fold_differences  # noqa: PLC0415
    from yukuaiban.journal import verifying  # noqa: PLC0415

    began = time.monotonic()
    try:
        report = verifying.verify(
            folds={"case:": fold_differences},
            streams={"case:": case_streams},
            progress=_progress,
            since=kept,
        )
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except DatabaseError as error:
        raise click.ClickException(f"数据库读不下去，没有核查完：{error}") from error
    seconds = time.monotonic() - began
    if as_json:
        click.echo(json.dumps(report.as_json(seconds), ensure_ascii=False))
    else:
        tell(report, seconds)
    sys.exit(0 if report.ok else 1)


def kept_note(path: Path) -> Note:
    """The checkpoint in a file. Raises ClickException if it is none."""
    from yukuaiban.journal.notes import NoteError, read_note  # noqa: PLC0415 - only when it is asked for

    try:
        return read_note(path.read_text(encoding="utf-8"))
    except (NoteError, UnicodeDecodeError, OSError) as error:
        raise click.ClickException(f"检查点文件 {path.name} 读不出：{error}") from error


def _database_or_refuse() -> Pen:
    """The pen, if there is a database of this version. Raises ClickException with the way out."""
    pen = site.ready()
    from django.db import DatabaseError  # noqa: PLC0415 - models need Django set up

    try:
        waiting = site.pending_migrations()
    except DatabaseError as error:
        raise click.ClickException(f"数据库不能读取：{error}") from error
    if waiting:
        raise click.ClickException("数据库还没有建立或不是这一版；请核对 YKB_HOME，或先运行 ./ykb migrate")
    return pen


def _progress(events: int) -> None:
    click.echo(f"  已核查 {events} 条", err=True)


def tell(report: Report, seconds: float) -> None:
    """What verify found, in one or two lines for people."""
    tree = f"树上 {report.size} 条、{report.checkpoints} 个检查点，"
    tree += f"{report.unsequenced} 条还没有进树，" if report.unsequenced else ""
    size = f"{report.events} 条留痕、{report.streams} 条流，{tree}用时 {seconds:.1f} 秒"
    erased = f"；{report.erased} 份个人信息已依据留痕删除，链不受影响" if report.erased else ""
    if report.ok:
        click.echo(f"正常：{size}{erased}。")
        _tell_orders(report)
        return
    from yukuaiban.journal.checking import Fault  # noqa: PLC0415 - needs Django set up

    kinds = "、".join(f"{Fault(code).words}（{code}）{n} 处" for code, n in sorted(report.faults.items()))
    click.echo(f"有误：{kinds}；共 {size}{erased}。")
    if report.first is not None:
        click.echo(_located(report.first, report.index))


def _tell_orders(report: Report) -> None:
    """By which orders personal payloads were erased: what a reader of the journal may ask for."""
    if report.erased:
        from yukuaiban.journal.erasing import orders  # noqa: PLC0415 - needs Django set up

        for order, count in orders():
            click.echo(f"  依 {order} 删除 {count} 份（erased by order {order}）")


def _located(first: Finding, index: int | None) -> str:
    parts = [
        f"第 {index} 条（从 0 数）" if index is not None else "",
        f"流 {first.stream}" if first.stream else "",
        f"序号 {first.seq}" if first.seq is not None else "",
        f"uid {first.uid}" if first.uid else "",
    ]
    place = "，".join(part for part in parts if part) or "不属于某一条留痕"
    return f"最早的一处：{place}：{first.fault.words}：{first.why}"


@journal.command()
@click.argument("case", required=False)
@click.option("--write", is_flag=True, help="把办件行写成留痕重放的结果；写入本身也留痕")
def rebuild(case: str | None, *, write: bool) -> None:
    """列出办件行（或一个办件 CASE）与留痕重放结果的差别；不加 --write 什么也不改，有差别则退出码为 1。"""
    pen = _database_or_refuse()
    from yukuaiban.cases.rebuilding import differences  # noqa: PLC0415 - models need Django set up
    from yukuaiban.cases.rebuilding import rebuild as mend  # noqa: PLC0415
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415

    differing = 0
    for number in [case] if case else _numbers():
        found = mend(number, actor=CONSOLE.actor(), pen=pen) if write else differences(number)
        differing += bool(found)
        for line in found:
            click.echo(line)
    moved = _mended_counts(pen) if write else 0
    done = f"已重建，计数改正 {moved} 项" if write else "没有改动"
    click.echo(f"{differing} 个办件与留痕不符；{done}。", err=True)
    sys.exit(1 if differing and not write else 0)


def _numbers() -> Iterator[str]:
    """Every case number, read to the end first: rows change while they are mended."""
    from yukuaiban.cases.models import Case  # noqa: PLC0415 - models need Django set up

    yield from list(Case.objects.order_by("number").values_list("number", flat=True))


def _mended_counts(pen: Pen) -> int:
    from django.db import transaction  # noqa: PLC0415 - models need Django set up

    from yukuaiban.cases import counters  # noqa: PLC0415

    with transaction.atomic():
        return len(counters.repair(pen.moment()))


@journal.command("confirm-clock")
@click.option("--reason", required=True, help="核对的经过，例如“已与授时服务器比对”")
def confirm_clock(reason: str) -> None:
    """时钟倒退后由管理员确认时间已经正确，后台进程随即恢复变灯；确认本身也留痕。"""
    pen = _database_or_refuse()
    from yukuaiban.journal import writing  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415

    if not writing.clock_in_doubt():
        raise click.ClickException("时钟没有疑问，不需要确认")
    writing.confirm_clock(actor=CONSOLE.actor(), pen=pen, source="console", reason=reason)
    click.echo("已确认，后台进程恢复变灯。")


journal.add_command(export)
journal.add_command(prove)
journal.add_command(erase)
journal.add_command(witness)
journal.add_command(witnesses)
