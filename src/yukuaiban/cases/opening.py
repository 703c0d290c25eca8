"""Opening a case: its number, its query code, its row, and the person behind it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import F

from yukuaiban.cases import versions
from yukuaiban.cases.models import Applicant, Case, NumberSequence
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.journal.sealing import seal
from yukuaiban.people.case_number import make_number
from yukuaiban.people.district import installed

if TYPE_CHECKING:
    from datetime import date

    from yukuaiban.cases.catalogue import ActionSpec, ApplicantData, Attempt, Opening
    from yukuaiban.cases.moments import HeldPen
    from yukuaiban.core.procedures import Procedure

# No 0 O 1 I L: the code is read aloud at desks and typed from paper.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_LENGTH = 6
OFFICE = "office"


class Wished(Protocol):
    """What opening needs of the request."""

    @property
    def spec(self) -> ActionSpec: ...
    @property
    def data(self) -> Any: ...
    @property
    def personal(self) -> Any: ...
    @property
    def source(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A case about to be written: its row, the body and personal payload of its first event, its applicant."""

    case: Case
    body: dict[str, Any]
    personal: dict[str, Any]
    applicant: ApplicantData


def opened(rule: Procedure, attempt: Attempt, wish: Wished, pen: HeldPen) -> Opened:
    """What the measure knows about the new case, with a number of its own."""
    if wish.spec.opening is None:
        raise InputInvalid(Problem(f"“{attempt.action}”不能开办新件", "请从收件开始"))
    opening = wish.spec.opening(attempt)
    calendars = pen.calendars
    zone = versions.calendar(OFFICE, calendars[OFFICE]).zone
    number = next_number(installed().area_code, opening.number_agency, pen.moment().astimezone(zone).date())
    data = {**wish.data, **opening.facts, "title": opening.title, "limits": opening.limits}
    body: dict[str, Any] = {"data": data, "calendars": calendars, "procedure": rule.version}
    if opening.external:
        body["external"] = list(opening.external)
    personal = {**wish.personal, **_filled(opening.applicant)}
    return Opened(_row(rule, opening, wish, pen, number), body, personal, opening.applicant)


def _row(rule: Procedure, opening: Opening, wish: Wished, pen: HeldPen, number: str) -> Case:
    source, external_no = opening.external or ("", "")
    return Case(
        id=pen.uid(),
        district=installed().code,
        number=number,
        measure=rule.measure,
        procedure=rule.code,
        procedure_version=rule.version,
        applicant_shown=opening.shown,
        query_code=query_code(pen.salt()),
        external_source=source,
        external_no=external_no,
        imported=wish.source.startswith("import:"),
        seq=0,
    )


def keep_applicant(case: Case, person: ApplicantData) -> None:
    """Store who stands behind a case; the identity number sealed, its last four for the public query."""
    Applicant.objects.create(
        case=case,
        name=person.name,
        phone=person.phone,
        contact=person.contact,
        address=person.address,
        document_sealed=seal(person.document.encode()) if person.document else b"",
        document_tail=person.document[-4:],
    )


def _filled(person: ApplicantData) -> dict[str, str]:
    values = {name: getattr(person, name) for name in ("name", "phone", "contact", "document", "address")}
    return {name: value for name, value in values.items() if value}


def next_number(area: str, agency: str, day: date) -> str:
    """The next case number of an agency on a day. The row is locked, so no number is given twice."""
    mine = NumberSequence.objects.filter(agency=agency, on=day)
    if not mine.update(last=F("last") + 1):
        NumberSequence.objects.get_or_create(agency=agency, on=day, defaults={"last": 0})
        mine.update(last=F("last") + 1)
    return make_number(area, agency, day, mine.values_list("last", flat=True).get())


def query_code(salt: bytes) -> str:
    """Six characters that the receipt carries and the public query asks for."""
    number = int.from_bytes(hashlib.sha256(b"query" + salt).digest())
    letters = []
    for _ in range(_CODE_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(letters)
