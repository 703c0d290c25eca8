"""The roles of the district as data (security.md section 3): title, first screen, what they see, what they exclude.

A role is always held in an agency and for a time. Four duties exclude each other: the business of the district
and each of the three administrators (STANDARD GB/T 22239 8.1.4.2); `people.actions` checks it and the database
holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Duty(StrEnum):
    """Groups of which a person holds one at most; OUTSIDE roles are never held by staff."""

    OUTSIDE = "outside"
    BUSINESS = "business"
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


class Sight(StrEnum):
    """Whose cases a role sees by its nature (rules/common.md section 4); the policy files still decide."""

    NOTHING = "nothing"
    OWN = "own"
    AGENCY = "agency"
    TREE = "tree"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Role:
    """One role. `here` says whether this edition has a screen for it; `first` is the path of its first screen.

    Where the page of a role is not built yet, `first` is the page that stands for it, or leads nowhere: then people
    land on the first page that they may open.
    """

    code: str
    title: _StrPromise
    duty: Duty = Duty.BUSINESS
    sight: Sight = Sight.AGENCY
    first: str = "/queue"
    here: bool = False


_TABLE = (
    Role("visitor", _("公众"), Duty.OUTSIDE, Sight.NOTHING, "/", here=True),
    Role("applicant", _("申请人"), Duty.OUTSIDE, Sight.OWN, "/", here=True),
    Role("partner", _("对接系统"), Duty.OUTSIDE, Sight.OWN, "/"),
    Role("desk_clerk", _("窗口人员"), first="/desk", here=True),
    Role("desk_head", _("窗口负责人"), first="/desk/board", here=True),
    Role("handler", _("经办人"), here=True),
    Role("agency_leader", _("单位负责人"), sight=Sight.TREE, here=True),
    Role("reporter", _("填报员"), first="/plans/mine", here=True),
    Role("town_officer", _("镇（园区）人员")),
    Role("dispatcher", _("派单员"), first="/dispatch"),
    Role("coordinator", _("营商办"), sight=Sight.ALL, first="/oversight", here=True),
    Role("oversight", _("督查室"), sight=Sight.ALL, first="/oversight", here=True),
    Role("discipline", _("纪委监委"), sight=Sight.ALL, first="/oversight/reads", here=True),
    Role("officer", _("执法人员"), sight=Sight.OWN, first="/visits"),
    Role("planner", _("检查计划员"), first="/visits"),
    Role("register_editor", _("清单/名录库编辑"), first="/register/matters", here=True),
    Role("legal_reviewer", _("法制审核"), first="/registers"),
    Role("approver", _("审批人"), first="/register/matters", here=True),
    Role("draw_operator", _("抽取操作员"), sight=Sight.OWN, first="/draws"),
    Role("pack_admin", _("规则管理员"), sight=Sight.NOTHING, first="/calendar", here=True),
    Role("publisher", _("发布人"), sight=Sight.NOTHING, first="/calendar", here=True),
    Role("district_leader", _("区领导"), sight=Sight.NOTHING, first="/overview"),
    Role("assessor", _("考核员"), sight=Sight.NOTHING, first="/assessment"),
    Role("external_reviewer", _("第三方评估"), sight=Sight.NOTHING, first="/assessment"),
    Role("system_admin", _("系统管理员"), Duty.SYSTEM, Sight.NOTHING, "/system", here=True),
    Role("security_admin", _("安全管理员"), Duty.SECURITY, Sight.NOTHING, "/system/roles", here=True),
    Role("auditor", _("审计管理员"), Duty.AUDIT, Sight.NOTHING, "/system/audit", here=True),
)
ROLES: dict[str, Role] = {role.code: role for role in _TABLE}
"""Every role by its code, in the order of the specification."""

STAFF_ROLES = tuple(role.code for role in _TABLE if role.duty is not Duty.OUTSIDE)
"""The roles that a post may carry."""

# Two people where one version, edition or draw is concerned (security.md section 3, nos. 2 and 3, and the table).
NEVER_TOGETHER_ON_ONE_OBJECT: tuple[frozenset[str], ...] = (
    frozenset({"draw_operator", "register_editor", "officer"}),
    frozenset({"register_editor", "legal_reviewer", "approver"}),
    frozenset({"pack_admin", "publisher"}),
)


def role_title(code: str) -> str:
    """The title of a role in the reader's language; a code that is no role stands for itself."""
    role = ROLES.get(code)
    return str(role.title) if role else code


def duty_of(code: str) -> Duty:
    """The duty that a role belongs to; KeyError for a code that is no role."""
    return ROLES[code].duty
