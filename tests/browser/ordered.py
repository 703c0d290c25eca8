"""Orders on the overdue cases of the town: one that nobody acknowledged, one with an objection, one proposed."""

from __future__ import annotations

from typing import Any

from tests.cast import FARM, OVERSIGHT, Office
from yukuaiban.cases.acting import act
from yukuaiban.cases.models import Case
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.subject import PostRef, Subject

APPROVES = "overseer"


def begin(office: Office, overdue: Case) -> dict[str, str]:
    """The order that stays unacknowledged, with its colour raised; sent at the moment of the town."""
    staff = create_staff(login=APPROVES, name="督二", by=CONSOLE, pen=office.pen, must_change_password=False)
    post = grant_post(staff, agency=OVERSIGHT, role="oversight", by=CONSOLE, reason="到岗", pen=office.pen)
    place = PostRef(OVERSIGHT, "oversight", post.pk)
    office.people[APPROVES] = Subject("staff", staff.ref, str(staff.uid), place, (place,), name="督二")
    return {"order": _sent(office, _proposed(office, overdue)).number}


def play(office: Office, numbers: dict[str, str], others: tuple[Case, Case]) -> dict[str, str]:
    """The colour of the first is raised, the second is answered and objected to, the third waits for approval."""
    first = Case.objects.get(number=numbers["order"])
    _do(office, first, "propose_level", "watcher", reason="逾期没有签收")
    _do(office, first, "approve_level", APPROVES)
    _do(office, first, "add_cause", "watcher", cause="repeated", note="本季度同一事项第三次超时")
    objected = _sent(office, _proposed(office, others[0], level="orange"))
    _do(office, objected, "acknowledge", "handler")
    _do(office, objected, "answer", "handler", text="现场核查已经完成，三月二十三日作出决定。")
    _do(office, objected, "raise_objection", "chief", grounds="超时期间在等待专家评审，已按规定中止计时。")
    waiting = _proposed(office, others[1], note="群众两次反映无人联系")
    return numbers | {"objected": objected.number, "proposed": waiting.number}


def _proposed(office: Office, case: Case, **more: Any) -> Case:
    data = {
        "supervised_case": case.number,
        "supervised_agency": FARM,
        "cause": "overdue",
        "demand": "三月二十四日前办结，并书面说明超时原因和今后的措施。",
    }
    acted = act(
        None,
        "propose_order",
        procedure="supervision",
        subject=office.people["watcher"],
        data=data | more,
        key=None,
        pen=office.pen,
    )
    return Case.objects.get(number=acted.number)


def _sent(office: Office, order: Case) -> Case:
    _do(office, order, "approve_order", APPROVES)
    _do(office, order, "send_order", "watcher")
    return order


def _do(office: Office, case: Case, action: str, who: str, **data: Any) -> None:
    act(case, action, subject=office.people[who], data=data, key=None, pen=office.pen)
