"""`journal erase`: personal data of a closed case, by order, with the passwords of two people."""

from __future__ import annotations

import click

from yukuaiban.site import django as site
from yukuaiban.site.commands.persons import person


@click.command()
@click.argument("case", metavar="办件编号")
@click.option("--order", required=True, help="决定删除的文号；不写个人信息")
@click.option("--ground", required=True, help="依据的条款，例如 个人信息保护法第四十七条第一款第（一）项")
@click.option("--by", "asker", required=True, metavar="登录名", help="提出人：承办或收件单位的负责人")
@click.option("--with", "consenter", required=True, metavar="登录名", help="同意人：法制审核或纪委监委")
def erase(*, case: str, order: str, ground: str, asker: str, consenter: str) -> None:
    """依法删除一个已办结办件的个人信息；两人各输入自己的密码（不在终端时，从标准输入各读一行）。

    留痕、哈希和办理经过都不变，核查仍然通过，并说明依哪份决定删除。存入的文件不在其中。
    """
    pen = site.installed()
    from yukuaiban.cases.erasing import ASKS, CONSENTS, Order, erase_person  # noqa: PLC0415 - needs Django

    now = pen.moment()
    asked_by = person(asker, ASKS, now)
    consented_by = person(consenter, CONSENTS, now)
    people = {"asked_by": asked_by, "consented_by": consented_by}
    count = erase_person(case, Order(order, ground), **people, pen=pen, source="console")
    click.echo(f"已依 {order} 删除 {case} 的个人信息 {count} 份。")
    click.echo(cleaned(), err=True)


def cleaned() -> str:
    """Write the embedded database anew, so that no freed page keeps what was erased; what to do elsewhere."""
    from django.db import connection  # noqa: PLC0415 - models need Django set up

    if connection.vendor != "sqlite":
        return "请让表的所有者运行 VACUUM，并按规定清理较早的备份和归档日志。"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return "数据库文件已整理，其中不再有删除的内容；较早的备份请按规定清理。"
