"""A district in full swing on Friday 2026-03-20 at 10:00: a case in every state that a page can show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.browser import indexed, ordered, planned
from tests.cast import HALL, MARKET, ON_THE_SPOT, OVERSIGHT, PERMIT, Office
from yukuaiban.cases import calendars
from yukuaiban.core.calendarspec import CalendarDay
from yukuaiban.evidence.models import EvidenceFile
from yukuaiban.jobs.asking import ask
from yukuaiban.jobs.working import advance
from yukuaiban.measures.desks import queries, register
from yukuaiban.measures.desks.forms import SheetForm, drafted, sheet_values
from yukuaiban.measures.desks.models import LightDispute, Matter
from yukuaiban.notices.outbox import deliver_all
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.models import Staff
from yukuaiban.people.subject import PostRef, Subject
from yukuaiban.site.longwork import KINDS
from yukuaiban.web.bulk import TRIAL

NOW = "2026-03-20T10:00"
EXTRA = {
    "editor": ("register_editor", HALL),
    "approver": ("approver", HALL),
    "admin": ("system_admin", HALL),
    "inspector": ("discipline", OVERSIGHT),
    "office": ("coordinator", HALL),
    "reviewer": ("legal_reviewer", MARKET),
}
LONG = "望海区东渔镇渔港路海洋牧场与水产苗种繁育产业发展（集团）股份有限公司驻望海区综合保税区第三分公司"


@dataclass(slots=True)
class Town:
    """The office, the numbers of its cases by what they show, and ids that addresses need."""

    office: Office
    numbers: dict[str, str] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)


def play(office: Office) -> Town:
    """Three weeks of work."""
    town = Town(office)
    for login, (role, agency) in EXTRA.items():
        _hire(office, login, role, agency)
    overdue = office.in_review(applicant=LONG)
    explained, decided, refused = office.in_review(), office.in_review(), office.receive()
    office.do(refused, "refuse", "handler", reason="不属于本机关职权", right_organ="无", **_REMEDIES)
    office.at("2026-03-05T10:00")
    paused, asked, extended = office.in_review(), office.in_review(), office.in_review()
    spot = office.receive(ON_THE_SPOT, applicant="李四", resident_id="11010519491231002X")
    office.do(spot, "complete_on_the_spot", "xiaoyu", outcome="granted")
    _finish(office, decided)
    office.do(decided, "deliver", "xiaoyu", method="desk")
    office.tick("2026-03-17T09:00")
    orders = ordered.begin(office, overdue)
    office.do(explained, "explain_overrun", "handler", clock="committed", text="专家评审排期延后，已补排。")
    office.pause(paused, "2026-03-23T17:30")
    office.tick("2026-03-18T09:00")
    completed, supplement = office.in_review(), office.receive()
    _finish(office, completed)
    office.do(supplement, "ask_supplement", "xiaoyu", gaps=["营业执照复印件未盖章", "缺少场地与设施说明"])
    _ask(office, asked, extended)
    office.tick(NOW)
    fresh = office.receive()
    deliver_all(office.now, owner="test")
    found = locals()
    town.numbers = {name: found[name].number for name in _NAMES}
    town.ids = {"uid": _first_file(paused), "sheet": _propose_sheet(office).pk, "seq": _paper_seq(supplement)}
    _propose_year(office)
    town.numbers["job"] = _try_out(office, overdue, extended)
    town.numbers["light"] = _disputed(office, overdue)
    town.ids["visit"] = 1
    town.numbers |= ordered.play(office, orders, (explained, asked))
    for found_there in (indexed.play(office), planned.play(office)):
        town.ids |= found_there.ids
        town.numbers |= found_there.numbers
    return town


_NAMES = [
    "overdue",
    "explained",
    "decided",
    "refused",
    "paused",
    "asked",
    "extended",
    "spot",
    "completed",
    "supplement",
    "fresh",
]
_REMEDIES = {"review_organ": "望海区人民政府", "court": "望海区人民法院"}


def _hire(office: Office, login: str, role: str, agency: str) -> None:
    staff = create_staff(login=login, name="严编审", by=CONSOLE, pen=office.pen, must_change_password=False)
    post = grant_post(staff, agency=agency, role=role, by=CONSOLE, reason="到岗", pen=office.pen)
    place = PostRef(agency, role, post.pk)
    office.people[login] = Subject("staff", staff.ref, str(staff.uid), place, (place,), name=staff.name)
    Staff.objects.filter(pk=staff.pk).update(password=office.staff("handler").password)


def _finish(office: Office, case: Any) -> None:
    checkers = [office.handler.ref, office.second.ref]
    office.do(case, "decide", "handler", outcome="granted", checkers=checkers)
    office.do(case, "complete", "handler", result_no="望农许〔2026〕3号")


def _ask(office: Office, asked: Any, extended: Any) -> None:
    office.do(
        asked,
        "request_pause",
        "handler",
        category="testing",
        basis="〔2026〕32号",
        notice_on="2026-03-18",
        planned_end="2026-03-24T17:30:00+08:00",
        evidence=[office.paper(asked)],
    )
    office.do(extended, "request_extension", "handler", limit="5wd", reason="需要外地机关协助核实")


def _first_file(case: Any) -> Any:
    return EvidenceFile.objects.filter(case_number=case.number).values_list("uid", flat=True)[0]


def _disputed(office: Office, case: Any) -> str:
    """A light that its agency holds to be wrong, as a hall in trial would have it; the key of its page."""
    row = LightDispute.objects.create(
        case=case,
        hall="dongyu",
        clock="committed",
        ordinal=1,
        light="red",
        agency=case.agency,
        stand=LightDispute.Stand.DISPUTED,
        why="材料于 3 月 10 日才补齐，应从补齐之日起算。",
        made_by=office.handler.ref,
        made_at=office.now,
    )
    return str(row.pk)


def _try_out(office: Office, *cases: Any) -> str:
    """An extension tried out on some cases; the uid of that long work."""
    data = {"limit": "5wd", "reason": "现场核查须等待潮汐条件"}
    args = {"measure": "desks", "action": "request_extension", "title": "申请延期", "data": data}
    job = ask(
        TRIAL,
        f"试算：申请延期 {len(cases)} 件",
        subject=office.handler,
        args=args | {"numbers": [each.number for each in cases]},
        total=len(cases),
        at=office.now,
        uid=office.pen.uid(),
    )
    while advance(office.now, pen=office.pen, owner="test", kinds=KINDS):
        pass
    return str(job.uid)


def _paper_seq(case: Any) -> int:
    return case.papers.values_list("seq", flat=True)[0]


def _propose_sheet(office: Office) -> Any:
    matter = Matter.objects.get(code=PERMIT)
    today = queries.day_of(office.now)
    values = sheet_values(queries.sheet_in_force(matter, today), today) | {"committed_limit": "8wd"}
    form = SheetForm(values, categories=[(each, each) for each in values["pausable"]])
    assert form.is_valid(), form.errors
    return register.propose(matter, drafted(matter, form), register.Hand(office.people["editor"], office.pen))


def _propose_year(office: Office) -> None:
    days = [CalendarDay(date(2027, 1, 1), "off", "元旦")]
    calendars.propose(
        calendars.preview(2027, days), papers=("望政办〔2026〕9号",), subject=office.rules, pen=office.pen
    )
