"""`plan read`: a published plan as undertakings, owners, dates and targets. Without a database; nothing is stored."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yukuaiban.plans.reading import document, read_plan, read_source

if TYPE_CHECKING:
    from yukuaiban.plans.reading import Reading
    from yukuaiban.plans.reading.model import ItemRead

_ROLES = {"lead": "牵头", "responsible": "责任", "supporting": "配合", "all": "各负其责"}
_NOTES = {
    "duplicate": "第二份相同的文字，未重复读取",
    "pinyin": "括号里的拼音注释",
    "traditional": "含繁体字，原样保留",
}
_COMPARISONS = {">=": "不少于", "<=": "不超过", "=": "等于", "about": "约"}


@click.group()
def plan() -> None:
    """年度方案：读出任务、责任单位、时间节点和目标。"""


@plan.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")
@click.option(
    "--text", "text_file", type=click.Path(dir_okay=False, path_type=Path), help="读到的全文另存为 UTF-8 文本"
)
def read(file: Path, *, as_json: bool, text_file: Path | None) -> None:
    """读一份方案（txt、docx、pdf、html）。没有认出任何任务时退出码为 1，读不了时为 2。"""
    text = read_source(file)
    if text_file is not None:
        text_file.write_bytes(text.encode("utf-8"))
    found = read_plan(text)
    if as_json:
        click.echo(json.dumps(document(found), ensure_ascii=False))
    else:
        click.echo("\n".join(_tree(found)))
    if not (found.undertakings or found.safeguards):
        click.echo("没有认出任何任务：全文列在 unread 里，请核对是不是方案。", err=True)
        sys.exit(1)


def _tree(found: Reading) -> Iterator[str]:
    """The reading for people."""
    yield found.title or "（没有标题）"
    for entry in found.undertakings:
        yield f"{entry.no} {entry.title}"
        yield from _inside(entry)
    for entry in found.safeguards:
        yield f"保障 {entry.no} {entry.title}"
        yield from _inside(entry)
    characters = sum(end - start for start, end in found.unread)
    yield f"任务 {len(found.undertakings)} 项，保障措施 {len(found.safeguards)} 项"
    yield f"没有归入任务的文字 {len(found.unread)} 段，共 {characters} 字"
    for note in found.notes:
        yield f"注意：{_NOTES[note.kind]}（第 {note.span[0]} 至 {note.span[1]} 字）"


def _inside(entry: ItemRead) -> Iterator[str]:
    for role, title in _ROLES.items():
        names = [
            _flat(each.name) + ("等" if each.open_ended else "")
            for each in entry.agencies
            if each.role == role
        ]
        if names:
            yield f"  {title}：{'、'.join(names)}"
    for step in entry.milestones:
        yield f"  {step.period}  {_flat(step.text)}"
    for target in entry.targets:
        force = "力争" if target.soft else ""
        yield f"  目标 {force}{_COMPARISONS[target.comparison]} {target.value} {target.unit}  {_flat(target.text)}"


def _flat(text: str) -> str:
    return "".join(text.split())
