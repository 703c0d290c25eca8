"""`report lights`: how many clocks show which light, and how many were kept, as of any moment."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.site import django as site

if TYPE_CHECKING:
    from yukuaiban.cases.asof import ClockCount

_HEADS = ("时限", "单位", "正常", "预警", "超时", "超法定时限", "其中暂停", "按时办结", "逾期办结")


@click.group()
def report() -> None:
    """报表：红绿灯、方案报告。"""


@report.command("lights")
@click.option("--measure", help="只看一项工作，如 desks")
@click.option("--as-of", "as_of", help="截至哪一刻，如 2026-03-02T17:30；默认现在")
@click.option("--by", type=click.Choice(["agency"]), help="按单位分开")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")
def lights(*, measure: str | None, as_of: str | None, by: str | None, as_json: bool) -> None:
    """按时限和红绿灯计数：在办的看灯，办结的看是否按时。"""
    pen = site.installed()
    from yukuaiban.cases import asof, versions  # noqa: PLC0415 - models need Django set up

    _check_measure(measure)
    zone = versions.current_calendar().zone
    moment = moment_asked(as_of, zone, pen.moment())
    counts = asof.lights(moment, measure=measure, by_agency=by is not None)
    written = moment.astimezone(zone).isoformat()
    if as_json:
        found = {"as_of": written, "clocks": [count.as_json() for count in counts]}
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        click.echo(f"截至 {written}")
        for line in _table(counts):
            click.echo(line)


@report.command("plan")
@click.argument("year", type=int)
@click.option("--quarter", type=click.IntRange(1, 4), help="哪个季度；不写则为年度自评")
@click.option(
    "--out",
    "out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="存到 .docx 或 .pdf 文件",
)
@click.option(
    "--base", default="http://127.0.0.1:8000/", show_default=True, help="网站地址，印在溯源二维码里"
)
def plan(*, year: int, quarter: int | None, out: Path, base: str) -> None:
    """生成方案的季度报告或年度自评报告，列出待填处；同时留存在系统里。"""
    pen = site.installed()
    from yukuaiban.evidence.documents import Hand  # noqa: PLC0415 - models need Django set up
    from yukuaiban.evidence.store import content_of  # noqa: PLC0415
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415
    from yukuaiban.plans import longpapers, queries, reports  # noqa: PLC0415

    kind = out.suffix.lower().removeprefix(".")
    if kind not in (longpapers.DOCX, longpapers.PDF):
        raise InputInvalid(Problem(f"不能存为“{out.name}”", "文件名请以 .docx 或 .pdf 结尾", field="--out"))
    found = queries.plan_of(year)
    if found is None:
        raise InputInvalid(Problem(f"没有 {year} 年的方案", "请先录入并确认", field="YEAR"))
    wants_pdf = kind == longpapers.PDF
    hand, address = Hand(CONSOLE, pen, "console"), longpapers.address_under(base)
    made = reports.make(found, quarter or 0, hand=hand, address=address, pdf=wants_pdf)
    out.write_bytes(content_of(made.pdf if wants_pdf and made.pdf is not None else made.docx))
    for blank in made.blanks:
        click.echo(f"待填  {blank}", err=True)
    click.echo(f"已生成“{made.title}”：{out}", err=True)


def moment_asked(text: str | None, zone: tzinfo, now: datetime) -> datetime:
    """The moment that was asked for, or now. InputInvalid for one that cannot be read or has not come yet."""
    from yukuaiban.core.moments import parse_moment  # noqa: PLC0415 - quick help

    if text is None:
        return now
    moment = parse_moment(text, zone, field="--as-of")
    if moment > now:
        why = f"“{text}”还没有到"
        raise InputInvalid(Problem(why, "请写现在或过去的时间", field="--as-of"))
    return moment


def _check_measure(code: str | None) -> None:
    from yukuaiban.registry import measures  # noqa: PLC0415 - models need Django set up

    known = [each.code for each in measures()]
    if code is not None and code not in known:
        raise InputInvalid(Problem(f"没有“{code}”这项工作", f"可用：{'、'.join(known)}", field="--measure"))


def _table(counts: Iterable[ClockCount]) -> Iterable[str]:
    """A table for people; names instead of codes."""
    from yukuaiban.people.queries import agency_names  # noqa: PLC0415 - models need Django set up

    names = agency_names()
    titles = _titles()
    lines: list[Sequence[str]] = [_HEADS]
    for count in counts:
        numbers = [*count.open.values(), *count.closed.values()]
        agency = "全部" if count.agency is None else names.get(count.agency, count.agency or "—")
        title = titles.get((count.measure, count.clock), count.clock)
        lines.append([title, agency, *(str(n) for n in numbers)])
    widths = [max(_width(line[place]) for line in lines) for place in range(len(_HEADS))]
    return (
        "  ".join(_padded(cell, width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )


def _titles() -> dict[tuple[str, str], str]:
    """The title of each clock in the procedures in force."""
    from yukuaiban.cases import versions  # noqa: PLC0415 - models need Django set up
    from yukuaiban.registry import measures  # noqa: PLC0415

    return {
        (measure.code, clock.code): clock.title
        for measure in measures()
        for procedure in measure.procedures
        for clock in versions.current_procedure(procedure).clocks
    }


def _width(text: str) -> int:
    """Columns that the text takes on a terminal: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    gap = " " * (width - _width(text))
    return gap + text if text.isdigit() else text + gap
