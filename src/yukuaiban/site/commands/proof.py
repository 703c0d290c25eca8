"""`journal export`, `journal prove`: what outsiders check the journal, or one case, with."""

from __future__ import annotations

import json
from pathlib import Path

import click

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.site import django as site

_OUT = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--out", required=True, type=_OUT, help="新的或空的目录")
def export(out: Path) -> None:
    """导出整个账本（不含个人信息）和核验程序，供外面的人不用本系统核验；导出本身也留痕。"""
    pen = site.installed()
    from yukuaiban.journal import outside  # noqa: PLC0415 - models need Django set up
    from yukuaiban.journal.event import SYSTEM  # noqa: PLC0415
    from yukuaiban.journal.writing import append  # noqa: PLC0415
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415

    try:
        found = outside.export(out)
    except OSError as error:
        raise _unwritable(out, error) from error
    append(
        stream=SYSTEM,
        type="journal.exported",
        body={"size": found.size, "root": found.roots["sha256"].hex()},
        actor=CONSOLE.actor(),
        pen=pen,
        source="console",
    )
    click.echo(f"已导出 {found.size} 条到 {out}；核验：node {out / outside.VERIFIER.name} {out}", err=True)


@click.command()
@click.argument("case", metavar="办件编号")
@click.option("--out", required=True, type=_FILE, help="证明文件")
def prove(case: str, out: Path) -> None:
    """出具一个办件的证明：它的全部留痕、在树上的位置和最新的检查点，不含个人信息。"""
    site.installed()
    from yukuaiban.cases.facts import stream_of  # noqa: PLC0415 - models need Django set up
    from yukuaiban.journal import outside  # noqa: PLC0415

    found = outside.proof(stream_of(case))
    try:
        out.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise _unwritable(out, error) from error
    rest = f"；另有 {found['waiting']} 条还没有进检查点，一分钟后再出具" if found["waiting"] else ""
    click.echo(f"已证明 {len(found['events'])} 条：{out}{rest}", err=True)


def _unwritable(path: Path, error: OSError) -> InputInvalid:
    return InputInvalid(Problem(f"写不了（{error.strerror}）", "请核对路径和权限", file=str(path)))
