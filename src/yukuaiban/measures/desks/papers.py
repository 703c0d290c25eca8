"""Papers for the applicant: mandatory texts of the pack, filled in; what is missing is a marked gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import TYPE_CHECKING, Any

from yukuaiban.cases import facts, versions
from yukuaiban.core.clocks import due
from yukuaiban.core.limits import Limit
from yukuaiban.core.timeline import limit_row_from
from yukuaiban.journal.reading import events
from yukuaiban.measures.desks.models import Paper
from yukuaiban.people.district import installed
from yukuaiban.people.models import Agency
from yukuaiban.web.wording import case_number_text, day_text, moment_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yukuaiban.cases.models import Case
    from yukuaiban.core.clocks import Due
    from yukuaiban.core.timeline import CaseState
    from yukuaiban.measures.desks.models import DeskCase
    from yukuaiban.packs.texts import MandatoryText

GAP = "【待填】"
_TEXTS = {
    Paper.Kind.ADMISSION: "admission_notice",
    Paper.Kind.CORRECTION: "correction_notice",
    Paper.Kind.REFUSAL: "refusal",
    Paper.Kind.REDIRECT: "redirect",
    Paper.Kind.NO_PERMIT: "no_permit_needed",
    Paper.Kind.PAUSE: "pause_notice",
    Paper.Kind.EXTENSION: "extension_notice",
    Paper.Kind.DENIAL: "denial",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper ready to print; `gaps` are the fields that nobody has filled in."""

    title: str
    number: str
    body: str
    source: str
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """A limit on the receipt: running, or as it would run if the case were admitted on receipt."""

    title: str
    limit: str
    source: str
    confirmed: bool
    due: Due
    running: bool


def filled(text: MandatoryText, values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The body with its fields, and the names of those that are missing."""
    names = {name for _, name, _, _ in Formatter().parse(text.body) if name}
    gaps = tuple(sorted(name for name in names if not values.get(name)))
    return text.body.strip().format_map({name: values.get(name) or GAP for name in names}), gaps


def printed(paper: Paper, case: Case, applicant: str) -> Printed:
    """A numbered paper of a case, in the text that was in force on its day."""
    zone = versions.current_calendar().zone
    text = installed().text(_TEXTS[Paper.Kind(paper.kind)], paper.at.astimezone(zone).date())
    agency = Agency.objects.get(code=paper.agency)
    values = _common(case, agency.name, applicant) | _own(paper, case)
    body, gaps = filled(text, values)
    number = f"{agency.short_name or agency.name}{paper.get_kind_display()}〔{paper.year}〕{paper.number} 号"
    return Printed(text.title, number, body, text.source, gaps)


def receipt_text(case: Case, desk_case: DeskCase) -> Printed:
    """The receipt of a case."""
    zone = versions.current_calendar().zone
    text = installed().text("receipt", case.opened_at.astimezone(zone).date())
    agency = Agency.objects.get(code=case.agency)
    values = _common(case, agency.name, "") | {
        "query_code": case.query_code,
        "received_at": moment_text(case.opened_at, zone),
        "materials": "、".join(desk_case.materials),
    }
    body, gaps = filled(text, values)
    return Printed(text.title, "", body, text.source, gaps)


def promises(case: Case, state: CaseState) -> list[Promise]:
    """Both limits of a case with their due moments; before admission as if admitted on receipt."""
    calendar = versions.current_calendar()
    found = []
    for code in ("committed", "statutory"):
        clock = state.clock(code)
        if clock is not None and clock.due is not None:
            words = (clock.rule.title, clock.row.limit.title(), clock.row.source, clock.row.confirmed)
            found.append(Promise(*words, due=clock.due, running=True))
        elif given := state.limits.get(code):
            row = limit_row_from(given)
            seen = due(case.opened_at, row.limit, calendar, row=row, explain=False)
            words = (state.procedure.clock(code).title, row.limit.title(), row.source, row.confirmed)
            found.append(Promise(*words, due=seen, running=False))
    return found


def _common(case: Case, agency: str, applicant: str) -> dict[str, str]:
    return {
        "applicant": applicant,
        "case_number": case_number_text(case.number),
        "matter": case.title,
        "agency": agency,
    }


def _own(paper: Paper, case: Case) -> dict[str, str]:
    """What only this kind of paper says."""
    zone = versions.current_calendar().zone
    told: dict[str, Any] = dict(paper.data)
    day = day_text(paper.at.astimezone(zone).date())
    values = {name: str(value) for name, value in told.items() if isinstance(value, str)}
    values |= {"told_on": day, "decided_on": day, "admitted_on": day, "notice_on": day}
    values["reason"] = values.get("reason") or values.get("reasons", "")
    if "gaps" in told:
        values["gaps"] = "\n".join(f"{n}. {gap}" for n, gap in enumerate(told["gaps"], 1))
    for name in ("planned_end", "new_due"):
        if name in told:
            values[name] = moment_text(datetime.fromisoformat(told[name]), zone)
    if "limit" in told:
        values["limit"] = Limit.parse(told["limit"]).title()
    if paper.kind == Paper.Kind.EXTENSION:
        values["reason"] = _asked_reason(case, paper.seq)
    if paper.kind == Paper.Kind.ADMISSION:
        state = facts.state_of(case)
        for code in ("committed", "statutory"):
            clock = state.clock(code)
            at = clock.original_due_at if clock else None
            values[f"{code}_due"] = moment_text(at, zone) if at else "无"
    return values


def _asked_reason(case: Case, seq: int) -> str:
    """The reason that the extension was asked for with: it stands in the request's event."""
    asked = ""
    for event in events(facts.stream_of(case.number)):
        if event.seq < seq and event.type.endswith(".request_extension"):
            asked = str(event.body["data"].get("reason", ""))
    return asked
