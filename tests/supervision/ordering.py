"""People who supervise and are supervised, and an order in any state."""

from __future__ import annotations

from typing import Any

from tests.cast import FARM, OVERSIGHT, Office
from yukuaiban.cases.acting import act
from yukuaiban.cases.models import Case
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.subject import PostRef, Subject
from yukuaiban.supervision import triggers
from yukuaiban.supervision.models import SupervisionOrder

PEOPLE = {
    "approves": ("督二", "oversight", OVERSIGHT),
    "third": ("督三", "oversight", OVERSIGHT),
    "head_of_oversight": ("督主任", "agency_leader", OVERSIGHT),
    "centre": ("营一", "coordinator", "sp-0007"),
    "discipline": ("纪一", "discipline", "sp-0007"),
    "reporter": ("填报甲", "reporter", FARM),
}
DEMAND = "三日内办结，并说明超时原因。"


class Supervising:
    """An office that supervises; `order` brings an order to a stage."""

    def __init__(self, office: Office) -> None:
        self.office = office
        for who, (name, role, agency) in PEOPLE.items():
            login = who.replace("_", "-")
            staff = create_staff(
                login=login, name=name, by=CONSOLE, pen=office.pen, must_change_password=False
            )
            post = grant_post(staff, agency=agency, role=role, by=CONSOLE, reason="到岗", pen=office.pen)
            place = PostRef(agency, role, post.pk)
            office.people[who] = Subject("staff", staff.ref, str(staff.uid), place, (place,), name=name)

    def at(self, moment: str) -> Supervising:
        self.office.at(moment)
        return self

    def do(self, case: Case, action: str, who: str, **data: Any) -> Case:
        self.office.do(case, action, who, **data)
        return Case.objects.get(pk=case.pk)

    def propose(self, case: Case, who: str = "watcher", **data: Any) -> Case:
        given = {
            "supervised_case": case.number,
            "supervised_agency": FARM,
            "cause": "overdue",
            "demand": DEMAND,
        }
        done = act(
            None,
            "propose_order",
            procedure="supervision",
            subject=self.office.people[who],
            data=given | data,
            key=None,
            pen=self.office.pen,
        )
        return Case.objects.get(number=done.number)

    def approved(self, case: Case, **data: Any) -> Case:
        order = self.propose(case, **data)
        who = "head_of_oversight" if data.get("level") == "red" else "approves"
        return self.do(order, "approve_order", who)

    def sent(self, case: Case, **data: Any) -> Case:
        return self.do(self.approved(case, **data), "send_order", "watcher")

    def acknowledged(self, case: Case, **data: Any) -> Case:
        return self.do(self.sent(case, **data), "acknowledge", "handler")

    def answered(self, case: Case, **data: Any) -> Case:
        return self.do(self.acknowledged(case, **data), "answer", "handler", text="已经办结。")

    def propose_due(self, moment: str | None = None) -> int:
        """The worker's pass over the triggers."""
        self.office.tick(moment)
        return triggers.propose_due(self.office.now, pen=self.office.pen)

    def order(self, case: Case) -> SupervisionOrder:
        return SupervisionOrder.objects.get(case=case)
