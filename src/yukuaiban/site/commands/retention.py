"""`retention`: what has been kept as long as it must be, by the district's dated rows. It only lists."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from yukuaiban.site import django as site

if TYPE_CHECKING:
    from yukuaiban.cases.retention import Due

_SHOWN = 20


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档，列出全部办件编号")
def retention(*, as_json: bool) -> None:
    """列出保存期满的办件档案和个人信息；只列出，不删除。移交归档或删除另按决定办理。"""
    pen = site.existing()
    from yukuaiban.cases.retention import due  # noqa: PLC0415 - models need Django set up

    found = due(pen.moment())
    if as_json:
        click.echo(json.dumps([_document(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        click.echo(_words(each))


def _document(each: Due) -> dict[str, Any]:
    return {
        "class": each.code,
        "keep": str(each.span),
        "source": each.source,
        "confirmed": each.confirmed,
        "closed_by": each.closed_by.isoformat(),
        "cases": list(each.cases.values_list("number", flat=True)),
    }


def _words(each: Due) -> str:
    doubt = "" if each.confirmed else "，期限待核实"
    head = f"{each.title}：{each.span.title()}（{each.source}{doubt}）"
    count = each.cases.count()
    if not count:
        return f"{head}，没有期满的。"
    numbers = "、".join(islice(each.cases.values_list("number", flat=True), _SHOWN))
    more = f" 等 {count} 个" if count > _SHOWN else f" {count} 个"
    return f"{head}，{each.closed_by} 及以前办结的已期满：{numbers}{more}。"
