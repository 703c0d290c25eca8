"""Writes of the register of matters: every edit is an event on `register:matters`, rows are what the events say.

A new sheet is proposed by one person and approved by another (rules/common.md section 4); sheets that come with
the district pack or with an import are approved by the paper they came with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import transaction
from pypinyin import Style, lazy_pinyin

from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem, Refused
from yukuaiban.journal.writing import append
from yukuaiban.measures.desks.drafts import MatterDraft, SheetDraft
from yukuaiban.measures.desks.models import Matter, MatterSheet

if TYPE_CHECKING:
    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.subject import Subject

STREAM = "register:matters"
_INITIALS_LENGTH = 120


class Stored(StrEnum):
    """What storing did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes, from where, with which pen."""

    subject: Subject
    pen: Pen
    source: str = "web"


def initials(name: str) -> str:
    """The pinyin initials by which a desk finds a matter: 食品经营许可 → spjyxk; letters and digits stay."""
    letters = lazy_pinyin(
        name, style=Style.FIRST_LETTER, errors=lambda rest: [char for char in rest if char.isalnum()]
    )
    return "".join(letters).lower()[:_INITIALS_LENGTH]


def store(draft: MatterDraft, hand: Hand, *, origin: str) -> Stored:
    """Keep a matter and its sheet as brought by a pack or a list; nothing happens if both are there already.

    A matter with findings is kept and not published. Sheets with another content or day become a new version.
    """
    with transaction.atomic():
        matter = Matter.objects.select_for_update().filter(code=draft.code).first()
        sheet = _same_sheet(matter, draft.sheet)
        if matter is not None and sheet is not None and _row(draft) == _row_of(matter):
            return Stored.SAME
        findings = [str(each) for each in draft.findings()] + list(draft.warnings)
        published = not draft.findings()
        number = sheet.number if sheet else _next_number(matter)
        moment = hand.pen.moment()
        body = {"matter": draft.body(), "sheet": draft.sheet.body(), "number": number}
        _event("matter.stored", body | {"findings": findings, "published": published}, hand)
        row = _row(draft) | {"initials": initials(draft.name), "origin": origin}
        if sheet is None:
            row["case_kind"] = draft.sheet.case_kind
        kept, _new = Matter.objects.update_or_create(
            code=draft.code, defaults=row | {"findings": findings, "published": published}
        )
        if sheet is None:
            by = {"proposed_by": hand.subject.ref, "proposed_at": moment}
            approved = {"approved_by": f"{origin}"[:64], "approved_at": moment}
            _create_sheet(kept, number, draft.sheet, by | approved)
        return Stored.NEW if matter is None else Stored.CHANGED


def _same_sheet(matter: Matter | None, draft: SheetDraft) -> MatterSheet | None:
    """The approved sheet with exactly this content, if there is one."""
    if matter is None:
        return None
    same = MatterSheet.objects.filter(matter=matter, since=draft.since, approved_at__isnull=False)
    return next((sheet for sheet in same if _sheet_row_of(sheet) == _sheet_row(draft)), None)


def _next_number(matter: Matter | None) -> int:
    last = matter.sheets.order_by("-number").first() if matter else None
    return last.number + 1 if last else 1


def _row(draft: MatterDraft) -> dict[str, Any]:
    values = draft.body() | {"since": draft.since, "until": draft.until}
    return {name: value for name, value in values.items() if name != "code"}


def _row_of(matter: Matter) -> dict[str, Any]:
    names = (
        "name agency kind level visit_count visit_reason online online_only courier fee result_name desk_group "
        "since until"
    )
    return {name: getattr(matter, name) for name in names.split()}


def _sheet_row(draft: SheetDraft) -> dict[str, Any]:
    return draft.body() | {"since": draft.since}


def _sheet_row_of(sheet: MatterSheet) -> dict[str, Any]:
    return {name: getattr(sheet, name) for name in _sheet_names()}


def _sheet_names() -> list[str]:
    return list(SheetDraft(case_kind="", since=date.min).body())


def _create_sheet(matter: Matter, number: int, draft: SheetDraft, who: dict[str, Any]) -> MatterSheet:
    return MatterSheet.objects.create(matter=matter, number=number, **_sheet_row(draft), **who)


def _event(type_: str, body: dict[str, Any], hand: Hand) -> None:
    append(
        stream=STREAM,
        type=type_,
        body=body,
        actor=hand.subject.actor(),
        pen=hand.pen,
        source=hand.source,
    )


# ---------------------------------------------------------------------------------------- four eyes


def propose(matter: Matter, draft: MatterDraft, hand: Hand) -> MatterSheet:
    """A new sheet that waits for the approver. InputInvalid with every finding; Refused if one waits already."""
    problems = draft.findings()
    today = hand.pen.moment().date()
    if draft.sheet.since < today:
        why = f"施行日期 {draft.sheet.since.isoformat()} 在过去"
        problems.append(Problem(why, "新版本从今天或以后起施行，已受理的办件不变", field="since"))
    if problems:
        raise InputInvalid(problems)
    with transaction.atomic():
        locked = Matter.objects.select_for_update().get(pk=matter.pk)
        if locked.sheets.filter(approved_at=None, turned_down_at=None).exists():
            raise Refused("这个事项已有一份待审批的实施清单；请先审批或退回，再提新的。")
        number = _next_number(locked)
        body = {"matter": matter.code, "number": number, "sheet": draft.sheet.body()}
        _event("matter.sheet_proposed", body, hand)
        by = {"proposed_by": hand.subject.ref, "proposed_at": hand.pen.moment()}
        return _create_sheet(locked, number, draft.sheet, by)


def approve(sheet: MatterSheet, hand: Hand) -> None:
    """Publish a proposal; the approver is another person than the one who proposed it."""
    with transaction.atomic():
        waiting = _waiting(sheet, hand)
        _event("matter.sheet_approved", {"matter": waiting.matter_id, "number": waiting.number}, hand)
        waiting.approved_by, waiting.approved_at = hand.subject.ref, hand.pen.moment()
        waiting.save(update_fields=["approved_by", "approved_at"])
        Matter.objects.filter(pk=waiting.matter_id).update(
            published=True, findings=[], case_kind=waiting.case_kind
        )


def turn_down(sheet: MatterSheet, reason: str, hand: Hand) -> None:
    """Send a proposal back with the reason."""
    if not reason.strip():
        raise InputInvalid(Problem("没有写退回的理由", "请写明要改什么", field="reason"))
    with transaction.atomic():
        waiting = _waiting(sheet, hand)
        body = {"matter": waiting.matter_id, "number": waiting.number, "reason": reason}
        _event("matter.sheet_turned_down", body, hand)
        waiting.turned_down_at, waiting.note = hand.pen.moment(), reason[:300]
        waiting.save(update_fields=["turned_down_at", "note"])


def _waiting(sheet: MatterSheet, hand: Hand) -> MatterSheet:
    found = MatterSheet.objects.select_for_update().get(pk=sheet.pk)
    if found.approved_at is not None or found.turned_down_at is not None:
        raise Refused("这份实施清单已经审批过；请刷新页面查看结果。")
    if found.proposed_by == hand.subject.ref:
        raise NotPermitted("不能审批自己提出的实施清单；请转给其他审批人。")
    return found
