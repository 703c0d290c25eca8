"""Writes of the plan itself: every change is an event on `plan:YEAR`, rows are what the events say.

As in the registers: one person reads and corrects, another confirms. A version that is being read leaves the one in
force as it is. Correcting says which revision it saw, so nobody overwrites what somebody else has just changed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from yukuaiban.core.canonical import nfc
from yukuaiban.core.errors import InputInvalid, Problem, Refused
from yukuaiban.people.district import local_day
from yukuaiban.plans import calendars, differing, questions
from yukuaiban.plans.binding import bind
from yukuaiban.plans.correcting import corrected
from yukuaiban.plans.models import Plan, PlanVersion
from yukuaiban.plans.naming import resolve
from yukuaiban.plans.reading import read_plan
from yukuaiban.plans.sheet import item_of, sheet_of
from yukuaiban.plans.steps import begin_reading, coordinator_only, names_of, plain, still_open, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yukuaiban.evidence.documents import Hand
    from yukuaiban.plans.differing import Difference
    from yukuaiban.plans.questions import Question
    from yukuaiban.plans.sheet import Sheet

FIRST_YEAR, LAST_YEAR = 2000, 2099


def take_in(
    text: str,
    *,
    year: int,
    hand: Hand,
    file: str = "",
    document_no: str = "",
    tracked: bool = False,
    key: str | None = None,
) -> PlanVersion:
    """Read a text as the plan of a year: a new version, not confirmed. `text` is as `reading.read_source` gives it.

    It is kept in NFC, which the journal asks for (many PDF files are not). `tracked`: the file held tracked changes,
    which were read as accepted; the sheet keeps a note of it.

    An amended text takes over what people decided about items that stayed. Refused if this very text was taken in
    before, or another version of the year is still being read; InputInvalid if nothing in it is an undertaking.
    """
    coordinator_only(hand)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputInvalid(Problem("年度不对", "请填写如 2026", field="year"))
    if "\0" in text:  # PostgreSQL cannot store it, and no text needs it
        raise InputInvalid(Problem("文中有不能保存的控制字符", "请另存为 UTF-8 文本后再录入", field="text"))
    text, file, document_no = nfc([text, file[:200], document_no])
    digest = _digest(text)
    reading = read_plan(text)
    if not reading.undertakings and not reading.safeguards:
        why = "没有认出任何一项举措"
        raise InputInvalid(Problem(why, "请确认是方案正文，或先在文中标出“具体举措”", field="text"))
    with transaction.atomic():
        _refuse_known(digest)
        plan = _plan(year, reading.title, document_no)
        if plan.status == Plan.Status.CLOSED:
            raise Refused(f"{year} 年的方案已经收官，不能再录入新的版本。")
        if (waiting := _being_read(plan)) is not None:
            raise Refused(f"第 {waiting.number} 版还没有生效；请先确认生效或撤下，再录入新的文本。")
        fresh = sheet_of(reading, text, lambda: hand.pen.uid().hex)
        sheet = _prepared(_carried_over(plan, fresh), text, hand)
        sheet["notes"] += [{"kind": "tracked", "span": [0, 0]}] if tracked else []
        version = _version(plan, text, sheet, hand, file)
        body = {"version": version.number, "file": file, "sha256": digest, "length": len(text)}
        tell(plan, "plan.read", body | {"items": len(sheet["items"])}, hand, key)
        return version


def _prepared(sheet: Sheet, text: str, hand: Hand) -> Sheet:
    """Names resolved and targets bound, as far as register and pack make it clear."""
    today = local_day(hand.pen.moment())
    return bind(resolve(sheet, names_of(hand)), text, today, lambda: hand.pen.uid().hex)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_known(digest: str) -> None:
    known = PlanVersion.objects.select_related("plan").filter(sha256=digest, dropped_at=None).first()
    if known is not None:
        when = local_day(known.read_at).isoformat()
        raise Refused(
            f"这份文本已于 {when} 录入为 {known.plan.year} 年方案第 {known.number} 版，没有重复录入。"
        )


def _plan(year: int, title: str, document_no: str) -> Plan:
    plan, _new = Plan.objects.get_or_create(
        year=year, defaults={"title": title or f"{year} 年重点工作方案", "document_no": document_no}
    )
    return Plan.objects.select_for_update().get(pk=plan.pk)


def _being_read(plan: Plan) -> PlanVersion | None:
    return plan.versions.filter(in_force_at=None, dropped_at=None).first()


def _carried_over(plan: Plan, sheet: Sheet) -> Sheet:
    before = plan.versions.filter(number=plan.version).first() if plan.version else None
    return differing.adopt(before.sheet, sheet) if before is not None else sheet


def _version(plan: Plan, text: str, sheet: Sheet, hand: Hand, file: str) -> PlanVersion:
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    return PlanVersion.objects.create(
        plan=plan,
        number=last + 1,
        file=file,
        text=text,
        sha256=_digest(text),
        sheet=sheet,
        read_by=hand.subject.ref,
        read_at=hand.pen.moment(),
        corrected_by=hand.subject.ref,
    )


# ------------------------------------------------------------------------------------------------- reading


def correct(
    version: PlanVersion,
    operation: str,
    values: Mapping[str, Any],
    *,
    seen: int,
    hand: Hand,
    key: str | None = None,
) -> PlanVersion:
    """One correction (`correcting.OPERATIONS`) of the revision that the person saw; CaseMoved if it is older.

    InputInvalid names what is wrong with it, Refused if the version is confirmed.
    """
    coordinator_only(hand)
    with transaction.atomic():
        mine, values = still_open(version, seen), plain(values)
        sheet = nfc(corrected(mine.sheet, mine.text, operation, values, lambda: hand.pen.uid().hex))
        sheet["looked"], sheet["sent_back"] = {}, None
        mine.sheet, mine.revision, mine.corrected_by = sheet, mine.revision + 1, hand.subject.ref
        mine.save(update_fields=["sheet", "revision", "corrected_by"])
        begin_reading(mine.plan)
        body = {"version": mine.number, "revision": mine.revision, "operation": operation}
        tell(mine.plan, "plan.corrected", body | {"values": values}, hand, key)
        return mine


def look(version: PlanVersion, entry: str, *, hand: Hand, seen: int | None = None) -> PlanVersion:
    """Keep that this person has looked at an item; every correction asks for looking again.

    CaseMoved if it was corrected behind the revision `seen`: that person looked at something else.
    """
    coordinator_only(hand)
    with transaction.atomic():
        mine = still_open(version, seen)
        item_of(mine.sheet, entry)
        looked = mine.sheet["looked"].setdefault(entry, [])
        if hand.subject.ref not in looked:
            looked.append(hand.subject.ref)
            mine.save(update_fields=["sheet"])
            begin_reading(mine.plan)
        return mine


def not_looked_at(version: PlanVersion, ref: str) -> list[str]:
    """The keys of the items at which this person has not looked in this revision."""
    looked = version.sheet["looked"]
    return [each["key"] for each in version.sheet["items"] if ref not in looked.get(each["key"], ())]


def unresolved(version: PlanVersion, *, hand: Hand) -> list[Question]:
    """The names that no agency stands behind."""
    return questions.unresolved(version.sheet, names_of(hand))


def open_questions(version: PlanVersion, *, hand: Hand) -> list[Question]:
    """Everything that is still to be answered or looked at once more."""
    return questions.questions(version.sheet, version.plan.year, names_of(hand), calendars.office())


def changes(version: PlanVersion) -> list[Difference]:
    """What this version changes, item by item, against the one in force; everything is new in the first one."""
    plan = version.plan
    before = plan.versions.filter(number=plan.version).first() if plan.version else None
    return differing.difference(before.sheet if before else {"items": []}, version.sheet)
