"""Opening an order: on which case, to which agency, and everything for which it is refused."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F

from yukuaiban.cases.catalogue import ApplicantData, Opening
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import InputInvalid, NotYetInForce, Problem, Refused
from yukuaiban.packs.triggers import SUPERVISION_OFFICE
from yukuaiban.people.district import installed, local_day
from yukuaiban.people.models import Agency
from yukuaiban.supervision import rules
from yukuaiban.supervision.models import OrderSequence, SupervisionOrder

if TYPE_CHECKING:
    from yukuaiban.cases.catalogue import Attempt

MEASURE = "supervision"
CLOSED = "所督办的事项已经了结，不能再发督办；如有反弹，请办理回头看。"
_TITLE = 200


def opening(attempt: Attempt) -> Opening:
    """What the docket needs. Until it is sent the order belongs to the supervising office alone."""
    case = supervised_case(attempt.data["supervised_case"])
    agency = _agency(attempt.data["supervised_agency"])
    refuse_past(attempt)
    refuse_second(case, agency.code)
    office = supervising_office(attempt.at)
    return Opening(
        number_agency=office.number4 or "0000",
        title=f"督办：{case.title}"[:_TITLE],
        facts={
            "receiving_agency": office.code,
            "handling_agency": office.code,
            "supervised_agency": agency.code,
            "subject": case.measure,
        },
        limits={},
        applicant=ApplicantData(name=""),
        shown="",
    )


def supervised_case(number: str) -> Case:
    """The case that is supervised: there, open, and no order itself. Locked, so that it does not close meanwhile."""
    case = Case.objects.select_for_update().filter(number=number).first()
    if case is None:
        problem = Problem("没有这个编号", "请从事项的页面上提出督办", field="supervised_case")
        raise InputInvalid(problem)
    if case.measure == MEASURE:
        raise Refused("督办本身不能再督办；逾期或核实不通过的，请提请升级。")
    refuse_closed(case)
    return case


def refuse_closed(case: Case) -> None:
    """An order on what is closed is refused: only a look back is possible."""
    if case.closed_at is not None:
        raise Refused(CLOSED)


def refuse_past(attempt: Attempt) -> None:
    """A day for the answer must lie ahead."""
    written = attempt.data.get("due")
    if written and datetime.fromisoformat(written) <= attempt.at:
        raise InputInvalid(Problem("答复期限已经过去", "请填写将来的时间", field="due"))


def refuse_second(case: Case, agency: str) -> None:
    """One open order a case and agency: a second cause is added to it."""
    held = open_order(case, agency)
    if held is not None:
        number = held.number or held.case.number
        raise Refused(f"这个事项对该单位已有未了结的督办（{number}）；请在那份督办上补记事由。")


def open_order(case: Case, agency: str) -> SupervisionOrder | None:
    """The open order on a case to an agency, or None."""
    orders = SupervisionOrder.objects.select_related("case")
    return orders.filter(supervised=case, agency=agency, is_open=True).first()


def supervising_office(at: datetime) -> Agency:
    """The office that supervises on that day. NotYetInForce where the pack names none."""
    code = str(installed().value(SUPERVISION_OFFICE, local_day(at)))
    found = Agency.objects.filter(code=code).first()
    if found is None:
        raise NotYetInForce(f"督办单位“{code}”不在单位名录中；请核对 rules.toml 的 {SUPERVISION_OFFICE}。")
    return found


def next_order_number(at: datetime) -> str:
    """The next number of the year. The row is locked, so no number is given twice."""
    year = local_day(at).year
    OrderSequence.objects.get_or_create(year=year)
    OrderSequence.objects.filter(year=year).update(last=F("last") + 1)
    return rules.order_number(year, OrderSequence.objects.get(year=year).last)


def _agency(code: str) -> Agency:
    found = Agency.objects.filter(code=code).first()
    if found is None:
        raise InputInvalid(Problem("没有这个单位", "请从列表中选择", field="supervised_agency"))
    return found
