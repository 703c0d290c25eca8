"""Erasing who stands behind a closed case (个人信息保护法 art. 47): by order, on a legal ground, by two people.

The case, its course and every hash stay; payloads, the applicant's row and what could be used to test a guess go.
Files that were handed in belong to the file of the case (档案法) and are no part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from yukuaiban.cases import facts
from yukuaiban.cases.models import Answer, Applicant, Case
from yukuaiban.cases.moments import HeldPen
from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem, Refused
from yukuaiban.journal import erasing
from yukuaiban.people.access import may_act

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from yukuaiban.journal.event import Actor
    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.access import Subject

# Who answers for the data asks; somebody who looks at the law, of any agency, consents.
ASKS = ("handling_agency.agency_leader", "receiving_agency.agency_leader")
CONSENTS = ("any.legal_reviewer", "any.discipline")
GONE = "（已依法删除）"


@dataclass(frozen=True, slots=True)
class Order:
    """The number of the paper that orders the erasure, and its legal ground; neither names a person."""

    number: str
    ground: str


def erase_person(
    number: str, order: Order, *, asked_by: Subject, consented_by: Subject, pen: Pen, source: str
) -> int:
    """Erase every payload of the case of that number, and its applicant; returns how many payloads.

    One event for each payload, with both people. Raises InputInvalid (no such case, no order, no ground), NotPermitted
    (not theirs, or one person twice), Refused (an open case, or nothing left).
    """
    _refuse_empty(order)
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(number=number).first()
        if case is None:
            raise InputInvalid(Problem(f"没有办件 {number}", "请核对编号", field="CASE"))
        _refuse(case, asked_by, consented_by)
        uids = erasing.with_payload(facts.stream_of(number))
        if not uids:
            raise Refused(f"{number} 没有个人信息，或者已经删除。")
        held = HeldPen(pen)
        for uid in uids:
            erasing.erase(
                uid,
                ground=order.ground,
                order=order.number,
                actor=asked_by.actor(),
                second_actor=consented_by.ref,
                pen=held,
                source=source,
            )
        _forget(case)
    return len(uids)


def repeat(known: Iterable[Mapping[str, Any]], *, actor: Actor, pen: Pen) -> int:
    """Carry out again the erasures (bodies of `payload.erased`) that an older copy of the journal did not know yet.

    Nobody is asked: two people have ordered each of them. Each is one event here; what is gone already is left out.
    Returns how many payloads were there.
    """
    by_event = {UUID(each["event"]): each for each in known}
    there = erasing.held(by_event)
    for uid in [uid for uid in by_event if uid in there]:
        with transaction.atomic():
            _repeat_one(uid, by_event[uid], actor, pen)
    return len(there)


def _repeat_one(uid: UUID, told: Mapping[str, Any], actor: Actor, pen: Pen) -> None:
    case = Case.objects.select_for_update().filter(number=told["stream"].removeprefix(facts.STREAM)).first()
    erasing.erase(
        uid,
        ground=told["ground"],
        order=told.get("order", ""),
        again=told["uid"],
        actor=actor,
        pen=pen,
        source="console",
    )
    if case is not None:
        _forget(case)


def _refuse_empty(order: Order) -> None:
    empty = {"--order": order.number, "--ground": order.ground}
    problems = [
        Problem("不能为空", "请写明决定的文号和依据的条款", field=name)
        for name, text in empty.items()
        if not text.strip()
    ]
    if problems:
        raise InputInvalid(problems)


def _refuse(case: Case, asked_by: Subject, consented_by: Subject) -> None:
    if case.closed_at is None:
        raise Refused(f"{case.number} 还没有办结，办理和送达还要用到个人信息；办结以后再删除。")
    if asked_by.ref == consented_by.ref:
        raise NotPermitted("删除个人信息由两个人办理；提出的人不能自己同意。")
    parties = {"handling_agency": case.agency, "receiving_agency": case.receiving_agency}
    _permitted(asked_by, ASKS, parties)
    _permitted(consented_by, CONSENTS, parties)


def _permitted(subject: Subject, by: Sequence[str], parties: Mapping[str, Any]) -> None:
    verdict = may_act(subject, by, parties)
    if not verdict.allowed:
        raise NotPermitted(f"{subject.name}：{verdict.reason}")


def _forget(case: Case) -> None:
    """Blank the applicant; first answers hold a fingerprint of what was typed in, which a guess could be tested on."""
    Applicant.objects.filter(case=case).update(
        name="", phone="", contact="", address="", document_sealed=b"", document_tail=""
    )
    Answer.objects.filter(body__contains=f'"{case.number}"').delete()
    if not case.enterprise:
        Case.objects.filter(pk=case.pk).update(applicant_shown=GONE)
