"""Who stands behind a case: read here, shown only through masks and the reveal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yukuaiban.cases.models import Applicant
from yukuaiban.journal.sealing import unseal

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case


@dataclass(frozen=True, slots=True)
class PersonalField:
    """One personal value of a case: its name in the journal, the kind that masks know, and the value itself."""

    code: str
    kind: str
    value: str


def fields_of(case: Case) -> list[PersonalField]:
    """The personal values that the case has, in the order of the form. Raises SealBroken under another key."""
    person: Applicant | None = getattr(case, "applicant", None)
    if person is None:
        return []
    document = bytes(person.document_sealed)
    found = [
        PersonalField("name", "enterprise" if case.enterprise else "name", person.name),
        PersonalField("contact", "name", person.contact),
        PersonalField("phone", "phone", person.phone),
        PersonalField("resident_id", "resident_id", unseal(document).decode() if document else ""),
        PersonalField("address", "address", person.address),
    ]
    return [each for each in found if each.value]
