"""`user`: accounts and posts from the console, through the same actions as an administrator's, each an event.

The console makes the first accounts of an installation; afterwards the administrators do the same in the site.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

import click

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.site import django as site

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from yukuaiban.people.models import Post, Staff

_SOURCE = "console"
_REASON = click.option("--reason", required=True, help="理由，写入留痕")
_LOGIN = click.argument("login", metavar="登录名")


@click.group()
def user() -> None:
    """账号和岗位：每一步都写入留痕；密码在终端输入，从不写在命令里。"""


@user.command("add")
@_LOGIN
@click.argument("name", metavar="姓名")
@click.option("--phone", default="", help="联系电话")
@click.option("--email", default="", help="邮箱，通知走邮件时用")
@click.option("--no-password", is_flag=True, help="暂不设密码；设密码之前不能登录")
def add(*, login: str, name: str, phone: str, email: str, no_password: bool) -> None:
    """建立账号；首次登录须改密码。岗位另用 user grant 授予。"""
    pen = site.installed()
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.actions import create_staff  # noqa: PLC0415

    password = None if no_password else _password()
    made = create_staff(
        login=login,
        name=name,
        by=CONSOLE,
        pen=pen,
        password=password,
        phone=phone,
        email=email,
        source=_SOURCE,
    )
    click.echo(f"已建立账号 {made.login}（{made.name}）。", err=True)


@user.command("password")
@_LOGIN
def password(*, login: str) -> None:
    """设置或重设密码；下次登录须改。"""
    pen = site.installed()
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.actions import set_password  # noqa: PLC0415

    staff = _staff(login)
    set_password(staff, _password(), by=CONSOLE, pen=pen, source=_SOURCE)
    click.echo(f"已重设 {staff.login} 的密码，下次登录须改。", err=True)


@user.command("grant")
@_LOGIN
@click.argument("role", metavar="角色")
@click.argument("agency", metavar="单位")
@_REASON
@click.option("--until", help="到哪一天为止（含），如 2026-12-31；不写则到收回为止")
def grant(*, login: str, role: str, agency: str, reason: str, until: str | None) -> None:
    """授予岗位：角色写代码或名称，单位写代码、全称或简称。"""
    pen = site.installed()
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.actions import grant_post  # noqa: PLC0415

    staff = _staff(login)
    post = grant_post(
        staff,
        agency=_agency(agency),
        role=_role(role),
        by=CONSOLE,
        reason=reason,
        pen=pen,
        until=_end_of(until),
        source=_SOURCE,
    )
    click.echo(f"已授予 {staff.login}：{_post_words(post)}。", err=True)


@user.command("revoke")
@_LOGIN
@click.argument("role", metavar="角色")
@click.argument("agency", metavar="单位")
@_REASON
def revoke(*, login: str, role: str, agency: str, reason: str) -> None:
    """收回岗位：从现在起。"""
    pen = site.installed()
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.actions import revoke_post  # noqa: PLC0415

    staff = _staff(login)
    held = _posts(staff, pen.moment()).filter(role=_role(role), agency_id=_agency(agency)).first()
    if held is None:
        raise InputInvalid(Problem(f"{login} 现在没有这个岗位", "用 ./ykb user list 查看", field="角色"))
    revoke_post(held, by=CONSOLE, reason=reason, pen=pen, source=_SOURCE)
    click.echo(f"已收回 {staff.login} 的岗位。", err=True)


@user.command("lock")
@_LOGIN
@_REASON
def lock(*, login: str, reason: str) -> None:
    """停用账号：不能再登录，已打开的会话随即结束。"""
    pen = site.installed()
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.actions import lock_staff  # noqa: PLC0415

    lock_staff(_staff(login), by=CONSOLE, reason=reason, pen=pen, source=_SOURCE)
    click.echo(f"已停用 {login}。", err=True)


@user.command("unlock")
@_LOGIN
@_REASON
def unlock(*, login: str, reason: str) -> None:
    """重新启用账号，并解除因输错密码的锁定。"""
    pen = site.installed()
    from axes.utils import reset  # noqa: PLC0415 - models need Django set up

    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415
    from yukuaiban.people.actions import unlock_staff  # noqa: PLC0415

    staff = _staff(login)
    unlock_staff(staff, by=CONSOLE, reason=reason, pen=pen, source=_SOURCE)
    reset(username=staff.login)
    click.echo(f"已启用 {login}。", err=True)


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")
def list_(*, as_json: bool) -> None:
    """全部账号和现有岗位。"""
    pen = site.installed()
    from yukuaiban.people.models import Staff  # noqa: PLC0415 - models need Django set up

    now = pen.moment()
    rows = [(staff, list(_posts(staff, now))) for staff in Staff.objects.order_by("login")]
    if as_json:
        click.echo(json.dumps([_account(*each) for each in rows], ensure_ascii=False))
        return
    for staff, posts in rows:
        state = "" if staff.is_active else f"  已停用（{staff.locked_reason}）"
        held = "；".join(_post_words(post) for post in posts) or "没有岗位"
        click.echo(f"{staff.login}  {staff.name}{state}  {held}")


def _account(staff: Staff, posts: list[Post]) -> dict[str, object]:
    return {
        "login": staff.login,
        "name": staff.name,
        "active": staff.is_active,
        "must_change_password": staff.must_change_password,
        "posts": [
            {
                "role": post.role,
                "agency": post.agency_id,
                "until": post.until.isoformat() if post.until else None,
            }
            for post in posts
        ],
    }


def _post_words(post: Post) -> str:
    from yukuaiban.people.roles import role_title  # noqa: PLC0415 - models need Django set up

    end = ""
    if post.until is not None:
        last = post.until.astimezone(_zone()) - timedelta(microseconds=1)
        end = f"，至 {last:%Y-%m-%d}"
    return f"{post.agency} {role_title(post.role)}{end}"


def _posts(staff: Staff, now: datetime) -> QuerySet[Post]:
    from django.db.models import Q  # noqa: PLC0415 - models need Django set up

    return staff.posts.filter(Q(until=None) | Q(until__gt=now)).select_related("agency")


def _staff(login: str) -> Staff:
    from yukuaiban.people.identity import login_form  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.models import Staff  # noqa: PLC0415

    found = Staff.objects.filter(login=login_form(login)).first()
    if found is None:
        raise InputInvalid(Problem(f"没有账号“{login}”", "用 ./ykb user list 查看", field="登录名"))
    return found


def _agency(text: str) -> str:
    """The code of the agency with that code, name or short name."""
    from django.db.models import Q  # noqa: PLC0415 - models need Django set up

    from yukuaiban.people.models import Agency  # noqa: PLC0415

    found = Agency.objects.filter(Q(code=text) | Q(name=text) | Q(short_name=text)).first()
    if found is None:
        near = Agency.objects.filter(name__contains=text).values_list("code", "name")[:5]
        ways = "、".join(f"{code} {name}" for code, name in near) or "单位表中的代码、全称或简称"
        raise InputInvalid(Problem(f"没有单位“{text}”", f"可用：{ways}", field="单位"))
    return found.code


def _role(text: str) -> str:
    """The code of the role with that code or title."""
    from yukuaiban.people.roles import STAFF_ROLES, role_title  # noqa: PLC0415 - models need Django set up

    for code in STAFF_ROLES:
        if text in (code, role_title(code)):
            return code
    ways = "、".join(f"{code}（{role_title(code)}）" for code in STAFF_ROLES)
    raise InputInvalid(Problem(f"没有角色“{text}”", f"可用：{ways}", field="角色"))


def _zone() -> tzinfo:
    from yukuaiban.cases import versions  # noqa: PLC0415 - models need Django set up

    return versions.current_calendar().zone


def _end_of(text: str | None) -> datetime | None:
    """The moment after that day: the post holds to its end."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InputInvalid(Problem(f"“{text}”不是日期", "请写成 2026-12-31", field="--until")) from error
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=_zone())


def _password() -> str:
    """Asked twice at a terminal; elsewhere one line of standard input. Never an argument: arguments are visible."""
    if sys.stdin.isatty():
        asked = click.prompt("新密码", hide_input=True, confirmation_prompt="再输一次", err=True)
        return str(asked)
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise InputInvalid(Problem("没有密码", "请在终端运行，或从标准输入给一行", field="密码"))
    return line
