"""May I, then do: accounts and posts. Every change is an event on `person:UID` in the same transaction.

Grants (security.md section 3): given by a security administrator, for a time, with a reason, never to oneself;
a person holds posts of one duty at a time. The console (`access.CONSOLE`) makes the first accounts of a district.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem
from yukuaiban.journal.writing import append
from yukuaiban.people.identity import clean_name, login_form
from yukuaiban.people.models import Agency, Post, Staff
from yukuaiban.people.roles import STAFF_ROLES, duty_of, role_title

if TYPE_CHECKING:
    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.subject import Subject

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_REASON_LENGTH = 200
UNUSED_AFTER = timedelta(days=90)  # POLICY, security.md section 3 no. 6


def create_staff(
    *,
    login: str,
    name: str,
    by: Subject,
    pen: Pen,
    password: str | None = None,
    phone: str = "",
    email: str = "",
    must_change_password: bool = True,
    source: str = "web",
) -> Staff:
    """A new account without posts. Without `password` nobody can sign in with it until one is set.

    Raises NotPermitted, or InputInvalid for a login name that is taken or of the wrong form, an empty name, or a
    password that the rules refuse.
    """
    _administrator(by, "system_admin", _("建立账号"))
    staff = Staff(
        uid=pen.uid(),
        login=login_form(login),
        name=clean_name(name),
        phone=phone,
        email=email.strip(),
        created_at=pen.moment(),
    )
    staff.must_change_password = must_change_password
    _check_account(staff, password)
    if password is None:
        staff.set_unusable_password()
    else:
        staff.set_password(password)
    with transaction.atomic():
        staff.save(force_insert=True)
        _note(
            staff,
            "staff.created",
            {},
            by=by,
            pen=pen,
            source=source,
            personal={"login": staff.login, "name": staff.name},
        )
    return staff


def _check_account(staff: Staff, password: str | None) -> None:
    problems = []
    if not _LOGIN.fullmatch(staff.login):
        rule = _("请用 2 至 40 个小写字母、数字、点、横线或下划线")
        problems.append(Problem(_("登录名的写法不对"), rule, field="login"))
    elif Staff.objects.filter(login=staff.login).exists():
        problems.append(Problem(_("登录名已有人使用"), _("请换一个登录名"), field="login"))
    if staff.email and not _is_address(staff.email):
        problems.append(Problem(_("邮箱地址的写法不对"), _("请写成 name@example.org"), field="email"))
    if not staff.name:
        problems.append(Problem(_("姓名不能为空"), _("请填写姓名"), field="name"))
    if password is not None:
        problems += password_problems(password, staff)
    if problems:
        raise InputInvalid(problems)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def password_problems(password: str, staff: Staff) -> list[Problem]:
    """What the password rules (length, common ones, too like the name) have against this password."""
    try:
        validate_password(password, staff)
    except ValidationError as error:
        return [Problem(said, _("请换一个密码"), field="password") for said in error.messages]
    return []


def set_password(staff: Staff, password: str, *, by: Subject, pen: Pen, source: str = "web") -> None:
    """A new password: by the person (no change due afterwards), or by an administrator (change due at sign-in)."""
    own = by.ref == staff.ref
    if not own:
        _administrator(by, "system_admin", _("重设他人的密码"))
    if problems := password_problems(password, staff):
        raise InputInvalid(problems)
    with transaction.atomic():
        staff.set_password(password)
        staff.must_change_password = not own
        staff.save(update_fields=["password", "must_change_password"])
        _note(staff, "staff.password_set", {"by_self": own}, by=by, pen=pen, source=source)


# --------------------------------------------------------------------------------------------------- posts


def grant_post(
    staff: Staff,
    *,
    agency: str,
    role: str,
    by: Subject,
    reason: str,
    pen: Pen,
    until: datetime | None = None,
    source: str = "web",
) -> Post:
    """Give a person a role in an agency, from now on, until `until` or until it is ended.

    Raises NotPermitted (not a security administrator, or to oneself; a second duty), InputInvalid (unknown role or
    agency, an end before now, no reason, the same post twice).
    """
    _may_grant(staff, by)
    with transaction.atomic():
        Staff.objects.select_for_update().get(pk=staff.pk)
        now = pen.moment()
        post = Post(staff=staff, agency_id=agency, role=role, since=now, until=until)
        post.reason, post.granted_by = clean_name(reason), by.ref
        _check_grant(post)
        post.duty = duty_of(role).value
        _check_separation(post)
        post.save(force_insert=True)
        body: dict[str, Any] = {"post": post.pk, "agency": agency, "role": role, "reason": post.reason}
        body["until"] = until.isoformat() if until else None
        _note(staff, "post.granted", body, by=by, pen=pen, source=source)
    return post


def revoke_post(post: Post, *, by: Subject, reason: str, pen: Pen, source: str = "web") -> Post:
    """End a post now. A post that has ended stays as it is; nothing is deleted."""
    _may_grant(post.staff, by)
    with transaction.atomic():
        post = Post.objects.select_for_update().select_related("staff").get(pk=post.pk)
        now, said = pen.moment(), clean_name(reason)
        if post.until is not None and post.until <= now:
            raise InputInvalid(Problem(_("这个岗位已经结束"), _("无需再次收回")))
        _check_reason(said)
        post.until, post.ended_by, post.ended_reason = max(now, post.since), by.ref, said
        post.save(update_fields=["until", "ended_by", "ended_reason"])
        body = {"post": post.pk, "agency": post.agency_id, "role": post.role, "reason": said}
        _note(post.staff, "post.revoked", body, by=by, pen=pen, source=source)
    return post


def _may_grant(staff: Staff, by: Subject) -> None:
    _administrator(by, "security_admin", _("授予或收回岗位"))
    if by.ref == staff.ref:
        raise NotPermitted(_("不能给自己授予或收回岗位；请由另一名安全管理员办理。"))


def _administrator(by: Subject, role: str, what: str) -> None:
    if by.kind != "system" and by.role != role:
        raise NotPermitted(_("%(what)s由%(role)s办理。") % {"what": what, "role": role_title(role)})


def _check_grant(post: Post) -> None:
    problems = []
    if post.role not in STAFF_ROLES:
        problems.append(Problem(_("没有角色“%s”") % post.role, _("请从角色表中选择"), field="role"))
    if not Agency.objects.filter(code=post.agency_id, until=None).exists():
        problems.append(
            Problem(_("没有单位“%s”，或已撤销") % post.agency_id, _("请从单位表中选择"), field="agency")
        )
    if post.until is not None and post.until <= post.since:
        problems.append(Problem(_("结束时间不晚于现在"), _("请填写将来的时间，或留空"), field="until"))
    if problems:
        raise InputInvalid(problems)
    _check_reason(post.reason)
    if _open_posts(post).filter(agency_id=post.agency_id, role=post.role).exists():
        raise InputInvalid(Problem(_("此人已有这个岗位"), _("需要改期限时，请先收回再授予"), field="role"))


def _check_reason(reason: str) -> None:
    if not 0 < len(reason) <= _REASON_LENGTH:
        why = _("须写明理由，不超过 %d 字") % _REASON_LENGTH
        raise InputInvalid(Problem(why, _("例如：分工调整，某日起到岗"), field="reason"))


def _open_posts(post: Post) -> Any:
    ends_later = Q(until=None) | Q(until__gt=post.since)
    return Post.objects.filter(ends_later, staff=post.staff)


def _check_separation(post: Post) -> None:
    """Business and the three administrators exclude each other (STANDARD GB/T 22239 8.1.4.2)."""
    held = _open_posts(post).exclude(duty=post.duty).first()
    if held is not None:
        words = {
            "role": role_title(post.role),
            "held": role_title(held.role),
        }
        raise NotPermitted(
            _(
                "“%(role)s”与此人现有的“%(held)s”不能由一人兼任：业务岗位、系统管理、安全管理、审计管理四类互斥；请先收回原岗位，或另选人员。"
            )
            % words
        )


# ---------------------------------------------------------------------------------------- locking accounts


def lock_staff(staff: Staff, *, by: Subject, reason: str, pen: Pen, source: str = "web") -> None:
    """Close an account: no sign-in until it is opened again. The open session ends with the next request."""
    _administrator(by, "security_admin", _("停用账号"))
    said = clean_name(reason)
    _check_reason(said)
    with transaction.atomic():
        staff.is_active, staff.locked_reason = False, said
        staff.save(update_fields=["is_active", "locked_reason"])
        _note(staff, "staff.locked", {"reason": said}, by=by, pen=pen, source=source)


def unlock_staff(staff: Staff, *, by: Subject, reason: str, pen: Pen, source: str = "web") -> None:
    """Open a closed account again."""
    _administrator(by, "security_admin", _("启用账号"))
    said = clean_name(reason)
    _check_reason(said)
    with transaction.atomic():
        staff.is_active, staff.locked_reason = True, ""
        staff.save(update_fields=["is_active", "locked_reason"])
        _note(staff, "staff.unlocked", {"reason": said}, by=by, pen=pen, source=source)


def lock_unused(*, by: Subject, pen: Pen, source: str = "worker") -> int:
    """Close accounts that nobody used for 90 days; returns how many."""
    before = pen.moment() - UNUSED_AFTER
    idle = Q(last_login__lt=before) | Q(last_login=None, created_at__lt=before)
    found = list(Staff.objects.filter(idle, is_active=True))
    for staff in found:
        lock_staff(staff, by=by, reason=_("90 天未使用"), pen=pen, source=source)
    return len(found)


def _note(
    staff: Staff,
    kind: str,
    body: dict[str, Any],
    *,
    by: Subject,
    pen: Pen,
    source: str,
    personal: dict[str, Any] | None = None,
) -> None:
    append(
        stream=f"person:{staff.uid}",
        type=kind,
        body=body,
        actor=by.actor(),
        pen=pen,
        source=source,
        personal=personal,
    )
