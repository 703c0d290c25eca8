"""Who stands behind a command that takes people: a login and its password, in the post that fits."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from yukuaiban.core.errors import NotPermitted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from yukuaiban.people.access import Subject


def person(login: str, by: Sequence[str], now: datetime) -> Subject:
    """The person behind a login whose password is right, in the first post that `by` (`PARTY.ROLE`) names, or else any.

    The password is asked for on the terminal; elsewhere it is one line of standard input. Raises NotPermitted.
    """
    from yukuaiban.people.identity import login_form  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.models import Staff  # noqa: PLC0415
    from yukuaiban.web.session import open_posts, subject_of  # noqa: PLC0415

    staff = Staff.objects.filter(login=login_form(login), is_active=True).first()
    password = _password(login)
    if staff is None or not staff.check_password(password):
        raise NotPermitted(f"{login}：没有这个账号、账号已停用或密码不对。")
    posts = open_posts(staff, now)
    roles = {each.partition(".")[2] for each in by}
    fitting = [post for post in posts if post.role in roles]
    return subject_of(staff, posts, next(iter([*fitting, *posts]), None))


def _password(login: str) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(f"{login} 的密码", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
