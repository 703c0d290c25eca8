"""The people of a demo: for each agency handlers and a leader, a clerk for each desk, one account for each role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.subject import PostRef, Subject
from yukuaiban.site.simulator.invented import person

if TYPE_CHECKING:
    from yukuaiban.journal.pen import Pen
    from yukuaiban.packs import District
    from yukuaiban.people.models import Staff

REASON = "演示账号"
# Roles that exist once in the district: role -> how its agency is found by name, best first.
_SINGLE: Mapping[str, tuple[str, ...]] = {
    "desk_head": ("行政审批局",),
    "coordinator": ("营商",),
    "oversight": ("督查室",),
    "register_editor": ("行政审批局",),
    "approver": ("行政审批局",),
    "pack_admin": ("数据局", "行政审批局"),
    "publisher": ("营商", "行政审批局"),
    "system_admin": ("数据局", "行政审批局"),
    "security_admin": ("保密", "数据局", "行政审批局"),
    "auditor": ("审计局", "行政审批局"),
    "legal_reviewer": ("司法局", "营商", "行政审批局"),
}


@dataclass(slots=True)
class Cast:
    """Subjects by what they do. `accounts` is what the start page of a demo offers."""

    clerks: dict[str, Subject] = field(default_factory=dict)
    handlers: dict[str, list[Subject]] = field(default_factory=dict)
    leaders: dict[str, Subject] = field(default_factory=dict)
    oversight: Subject | None = None
    reviewer: Subject | None = None
    coordinators: list[Subject] = field(default_factory=list)
    reporters: dict[str, Subject] = field(default_factory=dict)
    for_persons: frozenset[str] = frozenset()
    accounts: list[dict[str, str]] = field(default_factory=list)


def engage(
    district: District, agencies: Iterable[str], *, dice: Random, pen: Pen, with_plan: bool = False
) -> Cast:
    """Make the accounts and posts of the demo, through the same actions as an administrator's.

    `agencies` are those with matters to handle. A plan asks for a second coordinator and for people who report.
    """
    hire = _Hiring(dice, pen)
    persons = {matter.code for matter in district.matters if matter.subject_type == "person"}
    cast = Cast(for_persons=frozenset(persons))
    numbers = Counter(desk.number for desk in district.desks)
    for desk in district.desks:
        place = desk.number if numbers[desk.number] == 1 else desk.code
        cast.clerks[desk.code] = hire("desk_clerk", desk.agency, f"clerk-{place}")
    for agency in agencies:
        tail = agency.split("-")[-1]
        cast.handlers[agency] = [hire("handler", agency, f"handler-{tail}-{n}") for n in (1, 2)]
        cast.leaders[agency] = hire("agency_leader", agency, f"leader-{tail}")
    for role, names in _SINGLE.items():
        found = hire(role, _agency_named(district, names), role.replace("_", "-"))
        if role == "oversight":
            cast.oversight = found
        if role == "legal_reviewer":
            cast.reviewer = found
        if role == "coordinator":
            cast.coordinators.append(found)
    if with_plan:
        _hire_for_plan(district, cast, hire)
    cast.accounts = _one_for_each_role(hire.hired)
    return cast


def _hire_for_plan(district: District, cast: Cast, hire: _Hiring) -> None:
    first = cast.coordinators[0]
    cast.coordinators.append(hire("coordinator", first.agency or "", "coordinator-2"))
    for agency in district.agencies:
        if agency.code != first.agency:
            cast.reporters[agency.code] = hire(
                "reporter", agency.code, f"reporter-{agency.code.split('-')[-1]}"
            )


class _Hiring:
    """Makes one account with one post at a time, and remembers it."""

    def __init__(self, dice: Random, pen: Pen) -> None:
        self.dice = dice
        self.pen = pen
        self.hired: list[tuple[Staff, str, str]] = []

    def __call__(self, role: str, agency: str, login: str) -> Subject:
        staff = create_staff(
            login=login,
            name=person(self.dice).name,
            by=CONSOLE,
            pen=self.pen,
            must_change_password=False,
            source="console",
        )
        post = grant_post(
            staff, agency=agency, role=role, by=CONSOLE, reason=REASON, pen=self.pen, source="console"
        )
        self.hired.append((staff, role, agency))
        place = PostRef(agency, role, post.pk)
        return Subject("staff", staff.ref, str(staff.uid), place, (place,), name=staff.name)


def _agency_named(district: District, names: tuple[str, ...]) -> str:
    """The agency whose name holds one of these words, else the first of the pack."""
    for name in names:
        for agency in district.agencies:
            if name in agency.name:
                return agency.code
    return district.agencies[0].code


def _one_for_each_role(hired: list[tuple[Staff, str, str]]) -> list[dict[str, str]]:
    seen: dict[str, dict[str, str]] = {}
    for staff, role, agency in hired:
        seen.setdefault(role, {"login": staff.login, "role": role, "agency": agency})
    return list(seen.values())
