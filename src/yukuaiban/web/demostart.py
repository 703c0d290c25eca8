"""The demo's start page: accounts in groups, each with what its first screen answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yukuaiban.people.queries import agency_names
from yukuaiban.people.roles import role_title
from yukuaiban.web import scope

_SCREENS = {
    "desk_clerk": _("窗口工作台：面前是谁"),
    "desk_head": _("大厅看板：预警与超时"),
    "handler": _("待办：下一步办什么"),
    "town_officer": _("待办：本镇的办件"),
    "dispatcher": _("派单台：2 小时联系时限"),
    "agency_leader": _("本单位：待批、超时"),
    "reporter": _("方案填报：里程碑与佐证"),
    "officer": _("检查：今日入企"),
    "planner": _("合并检查：按周排程"),
    "oversight": _("督办台：超时与升级"),
    "discipline": _("谁看过、为何看"),
    "coordinator": _("督办台：全区办件"),
    "district_leader": _("总览：五个数、该找谁"),
    "assessor": _("计分与异议"),
    "publisher": _("发布稿与外部预览"),
    "external_reviewer": _("一项评估，脱敏，有期限"),
    "register_editor": _("清单与名录库：编辑"),
    "legal_reviewer": _("等我审核的版本"),
    "approver": _("批准前看差异"),
    "draw_operator": _("抽取：封存、公布、结果"),
    "pack_admin": _("日历与时限的版本"),
    "system_admin": _("运行、备份、任务"),
    "security_admin": _("账号与授权"),
    "auditor": _("日志与留痕账本"),
}
_GROUPS = (
    (0, _("窗口与经办"), ("desk_clerk", "desk_head", "handler", "town_officer", "dispatcher")),
    (0, _("单位与填报"), ("agency_leader", "reporter", "officer", "planner")),
    (0, _("督查与监督"), ("oversight", "discipline")),
    (1, _("统筹与区领导"), ("coordinator", "district_leader", "assessor", "publisher", "external_reviewer")),
    (1, _("清单与抽取"), ("register_editor", "legal_reviewer", "approver", "draw_operator")),
    (1, _("系统（不看办件内容）"), ("pack_admin", "system_admin", "security_admin", "auditor")),
)


@dataclass(frozen=True, slots=True)
class Account:
    """One button of the start page."""

    login: str
    role: str
    screen: str
    agency: str


def columns(accounts: Sequence[Mapping[str, str]]) -> list[list[tuple[str, list[Account]]]]:
    """Two columns of groups; a group without an account is left out."""
    names = scope.once("agencies", agency_names)
    by_role: dict[str, list[Account]] = {}
    for each in accounts:
        screen, agency = str(_SCREENS.get(each["role"], "")), names.get(each["agency"], each["agency"])
        shown = Account(each["login"], role_title(each["role"]), screen, agency)
        by_role.setdefault(each["role"], []).append(shown)
    found: list[list[tuple[str, list[Account]]]] = [[], []]
    for side, title, roles in _GROUPS:
        if rows := [account for role in roles for account in by_role.get(role, [])]:
            found[side].append((str(title), rows))
    return [column for column in found if column]
