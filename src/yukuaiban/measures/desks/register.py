"""Writes of the register of matters: every edit is an event on `register:matters`, rows are what the events say.

A new sheet is proposed by one person and approved by another (rules/common.md section 4); sheets that come with
the district pack or with an import are approved by the paper they came with.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import transaction
from pypinyin import Style, lazy_pinyin

from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem, Refused
from yukuaiban.journal.writing import Head, append
from yukuaiban.measures.desks.drafts import MatterDraft, SheetDraft
from yukuaiban.measures.desks.limits import law_limit
from yukuaiban.measures.desks.models import Matter, MatterSheet
from yukuaiban.measures.desks.queries import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.subject import Subject

STREAM = "register:matters"
_INITIALS_LENGTH = 120
_FACTS = [
    "name",
    "agency",
    "kind",
    "level",
    "fee",
    "result_name",
    "desk_group",
    "since",
    "until",
]
_COLUMNS = [*_FACTS, "initials", "case_kind", "findings", "published", "origin"]


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
    letters = lazy_pinyin(name, style=Style.FIRST_LETTER, errors=_letters_and_digits)
    return "".join(letters).lower()[:_INITIALS_LENGTH]


def _letters_and_digits(rest: str) -> str:
    return "".join(char for char in rest if char.isalnum())


class Shelf:
    """The matters of some codes with all their sheets, read at once and locked."""

    def __init__(self, codes: Iterable[str]) -> None:
        wanted = list(codes)
        found = Matter.objects.select_for_update().filter(code__in=wanted)
        self.matters = {matter.code: matter for matter in found}
        self._sheets: dict[str, list[MatterSheet]] = {}
        if self.matters:
            for sheet in MatterSheet.objects.filter(matter__in=self.matters).order_by("since", "number"):
                self._sheets.setdefault(sheet.matter_id, []).append(sheet)

    def newest_approved(self, code: str) -> MatterSheet | None:
        """The approved sheet with the latest day."""
        return next((each for each in reversed(self._approved(code))), None)

    def same_sheet(self, code: str, draft: SheetDraft) -> MatterSheet | None:
        """The approved sheet with exactly this content and day, if there is one."""
        row = _sheet_row(draft)
        return next((each for each in self._approved(code) if _values(each, row) == row), None)

    def next_number(self, code: str) -> int:
        """The number of the next sheet; those that were turned down keep theirs."""
        return max((each.number for each in self._sheets.get(code, ())), default=0) + 1

    def _approved(self, code: str) -> list[MatterSheet]:
        return [each for each in self._sheets.get(code, ()) if each.approved_at is not None]


def store(draft: MatterDraft, hand: Hand, *, origin: str) -> Stored:
    """Keep a matter and its sheet as brought by a pack or a list; nothing happens if both are there already.

    A matter with findings is kept and not published. A sheet with another content or day becomes a new version.
    """
    with transaction.atomic():
        return store_all([draft], hand, Shelf([draft.code]), origin=origin)[0]


def store_all(drafts: Sequence[MatterDraft], hand: Hand, shelf: Shelf, *, origin: str) -> list[Stored]:
    """Keep many at once, each as `store` would; call it in a transaction, with the shelf of exactly their codes.

    Every code at most once. One event each, chained; the rows are written together.
    """
    done = [_stored(draft, shelf) for draft in drafts]
    matters, sheets, head = [], [], None
    for draft, outcome in zip(drafts, done, strict=True):
        if outcome is Stored.SAME:
            continue
        matter, sheet, body = _as_rows(draft, shelf, hand, origin)
        head = _event("matter.stored", body, hand, head)
        matters.append(matter)
        sheets += [sheet] if sheet else []
    if matters:
        Matter.objects.bulk_create(
            matters, update_conflicts=True, unique_fields=["code"], update_fields=_COLUMNS
        )
    MatterSheet.objects.bulk_create(sheets)
    return done


def _stored(draft: MatterDraft, shelf: Shelf) -> Stored:
    matter = shelf.matters.get(draft.code)
    if matter is None:
        return Stored.NEW
    row = _row(draft)
    same = _values(matter, row) == row and shelf.same_sheet(draft.code, draft.sheet) is not None
    return Stored.SAME if same else Stored.CHANGED


def _as_rows(
    draft: MatterDraft, shelf: Shelf, hand: Hand, origin: str
) -> tuple[Matter, MatterSheet | None, dict[str, Any]]:
    """The matter's row, the row of its sheet if that is a new version, and what the event says of both."""
    moment = hand.pen.moment()
    wrong = draft.findings(law_limit(draft.kind, day_of(moment)))
    old, sheet = shelf.matters.get(draft.code), shelf.same_sheet(draft.code, draft.sheet)
    number = sheet.number if sheet else shelf.next_number(draft.code)
    matter = Matter(
        code=draft.code,
        initials=initials(draft.name),
        case_kind=old.case_kind if old and sheet else draft.sheet.case_kind,
        findings=[str(each) for each in wrong] + list(draft.warnings),
        published=not wrong,
        origin=origin,
        **_row(draft),
    )
    body = {"matter": draft.body(), "sheet": draft.sheet.body(), "number": number}
    body |= {"findings": matter.findings, "published": matter.published}
    if sheet is not None:
        return matter, None, body
    who = {
        "proposed_by": hand.subject.ref,
        "proposed_at": moment,
        "approved_by": origin,
        "approved_at": moment,
    }
    new = _sheet(matter, number, draft.sheet, who)
    new.findings = [str(each) for each in wrong]
    return matter, new, body


def _row(draft: MatterDraft) -> dict[str, Any]:
    values = draft.body() | {"since": draft.since, "until": draft.until}
    return {name: values[name] for name in _FACTS}


def _sheet_row(draft: SheetDraft) -> dict[str, Any]:
    return draft.body() | {"since": draft.since}


def _values(row: Matter | MatterSheet, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _sheet(matter: Matter, number: int, draft: SheetDraft, who: dict[str, Any]) -> MatterSheet:
    return MatterSheet(matter=matter, number=number, **_sheet_row(draft), **who)


def _event(type_: str, body: dict[str, Any], hand: Hand, head: Head | None = None) -> Head:
    """An event of the register; give the head that came back to go on behind it in the same transaction."""
    event = append(
        stream=STREAM,
        type=type_,
        body=body,
        actor=hand.subject.actor(),
        pen=hand.pen,
        source=hand.source,
        head=head,
    )
    return Head(event.seq, event.hash, event.recorded_at)


# ---------------------------------------------------------------------------------------- four eyes


def propose(matter: Matter, draft: MatterDraft, hand: Hand) -> MatterSheet:
    """A new sheet that waits for the approver. InputInvalid with every finding; Refused if one waits already."""
    today = day_of(hand.pen.moment())
    problems = draft.findings(law_limit(draft.kind, today))
    if draft.sheet.since < today:
        why = f"施行日期 {draft.sheet.since.isoformat()} 在过去"
        problems.append(Problem(why, "新版本从今天或以后起施行，已受理的办件不变", field="since"))
    if problems:
        raise InputInvalid(problems)
    with transaction.atomic():
        locked = Matter.objects.select_for_update().get(pk=matter.pk)
        if locked.sheets.filter(approved_at=None, turned_down_at=None).exists():
            raise Refused("这个事项已有一份待审批的实施清单；请先审批或退回，再提新的。")
        number = Shelf([matter.code]).next_number(matter.code)
        body = {"matter": matter.code, "number": number, "sheet": draft.sheet.body()}
        _event("matter.sheet_proposed", body, hand)
        by = {"proposed_by": hand.subject.ref, "proposed_at": hand.pen.moment()}
        sheet = _sheet(locked, number, draft.sheet, by)
        sheet.save()
        return sheet


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
