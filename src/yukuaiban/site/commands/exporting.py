"""`export`: every list that the site shows, as a workbook or csv, through the one exporter; an event of the journal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.site import django as site

_FORMATS = ("xlsx", "csv")
_EVERY = 1000


@click.command()
@click.argument("name", metavar="清单", required=False)
@click.argument("file", metavar="[文件]", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "kind", type=click.Choice(_FORMATS), help="默认按文件名的后缀，否则 xlsx")
@click.option("--filter", "filters", multiple=True, metavar="条件=值", help="与页面上的条件相同，可写多次")
def export(*, name: str | None, file: Path | None, kind: str | None, filters: tuple[str, ...]) -> None:
    """导出一个清单；不写清单名则列出全部。文件写 - 表示输出到标准输出。"""
    pen = site.installed()
    from yukuaiban.site import exportable  # noqa: PLC0415 - models need Django set up

    if name is None:
        for code, title in exportable.titles().items():
            click.echo(f"{code}  {title}")
        return
    kind = kind or _kind_of(file)
    target = file or Path(f"{name}-{pen.moment():%Y%m%d-%H%M%S}.{kind}")
    with exportable.reading(pen.moment):
        table = exportable.table(name, _pairs(filters), pen.moment())
        table.told = _progress(table.count)
        content = exportable.written(table, kind, pen=pen)
    _put(target, content)
    if str(target) != "-":
        click.echo(f"已导出“{table.title}”{table.count} 行：{target}", err=True)


def _kind_of(file: Path | None) -> str:
    """By the name of the file; InputInvalid for a suffix that is neither."""
    suffix = file.suffix.lower().removeprefix(".") if file is not None else ""
    if not suffix:
        return _FORMATS[0]
    if suffix not in _FORMATS:
        why = f"不能导出为 .{suffix}"
        raise InputInvalid(Problem(why, "文件名请以 .xlsx 或 .csv 结尾，或用 --format 指明", field="文件"))
    return suffix


def _pairs(filters: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for text in filters:
        code, sign, value = text.partition("=")
        if not sign:
            raise InputInvalid(Problem(f"“{text}”不是条件", "请写成 条件=值，如 light=red", field="--filter"))
        pairs[code.strip()] = value.strip()
    return pairs


def _progress(count: int) -> Callable[[int], None]:
    """Every thousand rows a word on how far it is."""

    def told(done: int) -> None:
        if done % _EVERY == 0:
            click.echo(f"  {done} / {count} 行", err=True)

    return told


def _put(target: Path, content: bytes) -> None:
    if str(target) == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        target.write_bytes(content)
    except OSError as error:
        why = f"写不了文件（{error.strerror}）"
        raise InputInvalid(Problem(why, "请核对路径和权限", file=str(target))) from error
