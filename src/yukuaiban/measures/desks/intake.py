"""Opening a window case: matter, sheet, desk and applicant are looked up and checked, every fault at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yukuaiban.cases.catalogue import ApplicantData, Opening
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.measures.desks import queries, rules
from yukuaiban.measures.desks.limits import held
from yukuaiban.measures.desks.models import Desk, Matter, MatterSheet
from yukuaiban.people.district import installed
from yukuaiban.people.identity import check_phone, check_resident_id, check_uscc, clean_name
from yukuaiban.people.masks import mask
from yukuaiban.people.models import Agency

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from yukuaiban.cases.catalogue import Attempt


@dataclass(frozen=True, slots=True)
class Wanted:
    """The matter that is applied for and the sheet under which the case is taken in."""

    matter: Matter
    sheet: MatterSheet


def opening(attempt: Attempt) -> Opening:
    """What the docket needs; InputInvalid names every wrong field."""
    day = queries.day_of(attempt.at)
    problems: list[Problem] = []
    wanted = _wanted(attempt.data["matter"], day, problems)
    desk = _desk(attempt.data.get("desk", ""), wanted, day, problems)
    person = _applicant(attempt.personal, day, problems)
    code = attempt.data.get("uscc", "")
    uscc = _checked(problems, lambda: check_uscc(code).value) if code else ""
    if problems or wanted is None:
        raise InputInvalid(problems)
    receiving = _receiving(attempt, desk, wanted.matter)
    return Opening(
        number_agency=_number4(wanted.matter.agency, receiving),
        title=wanted.matter.name,
        facts={
            "subject": wanted.matter.code,
            "sheet": wanted.sheet.number,
            "title": wanted.matter.name,
            "kind": wanted.sheet.case_kind,
            "channel": attempt.data["channel"],
            "desk": desk.code if desk else "",
            "receiving_agency": receiving,
            "handling_agency": wanted.matter.agency,
            "enterprise": uscc,
        },
        limits=limits_of(wanted, day),
        applicant=person,
        shown=person.name if uscc else mask("name", person.name, "partial"),
        external=_external(attempt.data),
    )


def _wanted(code: str, day: date, problems: list[Problem]) -> Wanted | None:
    matter = Matter.objects.filter(code=code).first()
    if matter is None:
        problems.append(Problem("没有这个事项", "请按名称或拼音首字母查找后选择", field="matter"))
        return None
    if not matter.published or not rules.in_force(matter.since, matter.until, day):
        why = f"“{matter.name}”在 {day.isoformat()} 没有施行或没有公布"
        problems.append(Problem(why, "请核对事项；停止的事项不再收件", field="matter"))
        return None
    sheet = queries.sheet_in_force(matter, day)
    if sheet is None:
        why = f"“{matter.name}”在 {day.isoformat()} 没有已公布的实施清单"
        problems.append(Problem(why, "请先由清单编辑提出、审批人公布实施清单", field="matter"))
        return None
    return Wanted(matter, sheet)


def _desk(code: str, wanted: Wanted | None, day: date, problems: list[Problem]) -> Desk | None:
    if not code:
        return None
    desk = Desk.objects.filter(code=code).first()
    if desk is None or not rules.in_force(desk.since, desk.until, day):
        problems.append(Problem("没有这个窗口，或窗口已经停用", "请从列表中选择", field="desk"))
    elif wanted is not None and not queries.takes(desk, wanted.matter):
        why = f"{desk} 不收“{wanted.matter.name}”"
        problems.append(Problem(why, "请选择综合窗口或收这个事项的窗口", field="desk"))
    return desk


def _applicant(personal: Mapping[str, str], day: date, problems: list[Problem]) -> ApplicantData:
    """The applicant as checked; a telephone or an identity number is needed for the public query."""
    phone, document = personal.get("phone", ""), personal.get("resident_id", "")
    if not phone and not document:
        remedy = "请填写电话；没有电话的填写身份证号码（查询进度要用其后四位）"
        problems.append(Problem("电话和身份证号码都没有填", remedy, field="phone"))
    if phone:
        area = installed().phone_area
        phone = _checked(problems, lambda: check_phone(personal["phone"], area=area).value)
    if document:
        document = _checked(problems, lambda: check_resident_id(personal["resident_id"], today=day).value)
    name = clean_name(personal.get("applicant", ""))
    if not name:
        problems.append(Problem("没有填写申请人", "请填写企业名称或个人姓名", field="applicant"))
    return ApplicantData(
        name=name,
        phone=phone,
        contact=personal.get("contact", ""),
        document=document,
        address=personal.get("address", ""),
    )


def _checked(problems: list[Problem], check: Callable[[], str]) -> str:
    try:
        return check()
    except InputInvalid as error:
        problems.extend(error.problems)
        return ""


def _receiving(attempt: Attempt, desk: Desk | None, matter: Matter) -> str:
    """Who takes in: the clerk's own agency; for what comes from outside the desk's, else the handling one."""
    if attempt.subject.post is not None:
        return attempt.subject.post.agency
    return desk.agency if desk else matter.agency


def _number4(handling: str, receiving: str) -> str:
    """Four digits of the agency in the number: the handling one's, or the receiving one's where it has none."""
    numbers = dict(Agency.objects.filter(code__in=[handling, receiving]).values_list("code", "number4"))
    return numbers.get(handling) or numbers.get(receiving) or "0000"


def _external(data: Mapping[str, str]) -> tuple[str, str] | None:
    number = data.get("external_no", "")
    return (data.get("external_source") or "paper", number) if number else None


def limits_of(wanted: Wanted, day: date) -> dict[str, dict[str, Any]]:
    """The limits that the case brings with it, as its clocks take them."""
    found = held(wanted.sheet, wanted.matter.kind, day)
    return {name: each.body() for name, each in found.items() if each.limit is not None}
