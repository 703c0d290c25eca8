"""`journal witnesses`: which offices' cosignatures count; each change is made by two people and is an event."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.site import django as site
from yukuaiban.site.commands.persons import person

if TYPE_CHECKING:
    from yukuaiban.journal.witnesses import Witness


def _two_people(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option(
            "--with", "consenter", required=True, metavar="登录名", help="同意人：审计管理员或纪委监委"
        ),
        click.option("--by", "asker", required=True, metavar="登录名", help="提出人：安全管理员"),
        click.option("--reason", required=True, help="理由，写入留痕"),
    ):
        command = option(command)
    return command


@click.group()
def witnesses() -> None:
    """见证单位：登记、停用、列出。两人各输入自己的密码（不在终端时，从标准输入各读一行）。"""


@witnesses.command("add")
@click.argument("office", metavar="单位名称")
@click.argument("key", metavar="公钥行")
@_two_people
def add(*, office: str, key: str, reason: str, asker: str, consenter: str) -> None:
    """登记一个见证单位的公钥，即 journal witness 在该单位第一次运行时显示的那一行。"""
    pen, people = site.installed(), _people(asker, consenter)
    from yukuaiban.journal.notes import NoteError  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.witnessing import add_witness  # noqa: PLC0415

    try:
        found = add_witness(office, key, reason, **people, pen=pen, source="console")
    except NoteError as error:
        raise InputInvalid(Problem(str(error), "请整行照抄", field="公钥行")) from error
    click.echo(f"已登记 {found.office}（{found.name}）。", err=True)


@witnesses.command("retire")
@click.argument("name", metavar="签名名称")
@_two_people
def retire(*, name: str, reason: str, asker: str, consenter: str) -> None:
    """停用一个见证单位：不再接受它的新签名，以前的仍然算数。"""
    pen, people = site.installed(), _people(asker, consenter)
    from yukuaiban.people.witnessing import retire_witness  # noqa: PLC0415 - models need Django set up

    retire_witness(name, reason, **people, pen=pen, source="console")
    click.echo(f"已停用 {name}。", err=True)


@witnesses.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")
def list_(*, as_json: bool) -> None:
    """全部见证单位，连同停用的。"""
    site.installed()
    from yukuaiban.journal.witnesses import register  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.district import installed  # noqa: PLC0415

    if as_json:
        click.echo(json.dumps([_row(each) for each in register()], ensure_ascii=False))
        return
    zone = ZoneInfo(installed().zone)
    for each in register():
        since, until = (
            f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "" for at in (each.since, each.until)
        )
        click.echo(f"{each.office}  自 {since}，{f'{until} 停用' if until else '在用'}  {each.key}")


def _people(asker: str, consenter: str) -> dict[str, Any]:
    """Both people, after both passwords."""
    from yukuaiban.people.witnessing import ASKS, CONSENTS  # noqa: PLC0415 - models need Django set up

    now = site.ready().moment()
    return {"asked_by": person(asker, ASKS, now), "consented_by": person(consenter, CONSENTS, now)}


def _row(witness: Witness) -> dict[str, str | None]:
    return {
        "office": witness.office,
        "name": witness.name,
        "key": witness.key,
        "since": witness.since.isoformat(),
        "until": witness.until.isoformat() if witness.until else None,
    }
