"""`stuck`: cases and messages that were set aside because they failed again and again, and the way back for them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from yukuaiban.site import django as site

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case
    from yukuaiban.notices.models import Message


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")
@click.pass_context
def stuck(ctx: click.Context, *, as_json: bool) -> None:
    """列出屡次失败而搁置的办件和通知；有则退出码为 1。"""
    if ctx.invoked_subcommand is None:
        site.existing()
        found = {
            "cases": [_case(each) for each in _cases()],
            "messages": [_message(each) for each in _messages()],
        }
        click.echo(json.dumps(found, ensure_ascii=False) if as_json else _words(found))
        sys.exit(1 if any(found.values()) else 0)


@stuck.command()
@click.argument("case", metavar="办件编号")
def release(case: str) -> None:
    """查明原因后，把搁置的办件交还后台进程。"""
    site.existing()
    from yukuaiban.cases.worker import release as give_back  # noqa: PLC0415 - models need Django set up

    row = next((each for each in _cases() if each.number == case), None)
    if row is None:
        raise click.ClickException(f"{case} 没有搁置；请用 ./ykb stuck 查看")
    give_back(row)
    click.echo(f"{case} 已交还后台进程。", err=True)


@stuck.command()
def resend() -> None:
    """把发送失败的通知全部重新排队，再试七天。"""
    pen = site.existing()
    from yukuaiban.notices.outbox import resend as send_again  # noqa: PLC0415 - models need Django set up

    waiting = _messages()
    for each in waiting:
        send_again(each, pen.moment())
    click.echo(f"{len(waiting)} 条通知重新排队。", err=True)


def _cases() -> list[Case]:
    from yukuaiban.cases.worker import set_aside  # noqa: PLC0415 - models need Django set up

    return list(set_aside())


def _messages() -> list[Message]:
    from yukuaiban.notices.outbox import dead  # noqa: PLC0415 - models need Django set up

    return list(dead())


def _case(row: Case) -> dict[str, Any]:
    return {"case": row.number, "failures": row.poisoned, "error": row.poison_error}


def _message(row: Message) -> dict[str, Any]:
    """Without its text: whoever mends the way out need not read it."""
    return {
        "channel": row.channel,
        "case": row.case_number,
        "attempts": row.attempts,
        "error": row.last_error,
    }


def _words(found: dict[str, list[dict[str, Any]]]) -> str:
    cases = [f"办件 {each['case']}：失败 {each['failures']} 次，{each['error']}" for each in found["cases"]]
    messages = [
        f"通知（{each['channel']}，办件 {each['case'] or '无'}）：试过 {each['attempts']} 次，{each['error']}"
        for each in found["messages"]
    ]
    return "\n".join([*cases, *messages]) or "没有搁置的办件和通知。"
