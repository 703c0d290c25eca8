"""Agencies from the district pack: an import is one event on the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from yukuaiban.journal.writing import append
from yukuaiban.people.models import Agency

if TYPE_CHECKING:
    from yukuaiban.core.errors import Problem
    from yukuaiban.journal.pen import Pen
    from yukuaiban.packs import District
    from yukuaiban.people.subject import Subject

AGENCIES = "register:agencies"
_AGENCY_FIELDS = (
    "name",
    "short_name",
    "kind",
    "organ_kind",
    "area_code",
    "source",
    "confirmed",
    "since",
    "until",
)


@dataclass(slots=True)
class Imported:
    """What an import did. `problems` name the row (from 2: the first below the headings); none is lost."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows that were read."""
        return self.added + self.changed + self.same + self.refused


# ------------------------------------------------------------------------------------------------ agencies


def import_agencies(district: District, *, by: Subject, pen: Pen, source: str = "console") -> Imported:
    """Bring the register of agencies to the pack: new ones added, changed ones changed, missing ones left alone.

    The same pack a second time changes nothing and writes no event.
    """
    done = Imported()
    touched: dict[str, str] = {}
    with transaction.atomic():
        known = {agency.code: agency for agency in Agency.objects.select_for_update()}
        for order, row in enumerate(district.agencies):
            values: dict[str, Any] = {name: getattr(row, name) for name in _AGENCY_FIELDS}
            # Plain text: a driver may store a member of an enumeration by its name.
            values |= {"kind": str(row.kind), "organ_kind": str(row.organ_kind)}
            values |= {"district": district.code, "number4": row.number4 or None, "sort_order": order}
            _put_agency(known, row.code, values, touched, done)
        for row in district.agencies:
            parent = row.parent or None
            if known[row.code].parent_id != parent:
                known[row.code].parent_id = parent
                known[row.code].save(update_fields=["parent"])
                touched.setdefault(row.code, "changed")
        if touched:
            changes = [{"code": code, "change": change} for code, change in touched.items()]
            body = {"changes": changes, "district": district.code}
            append(
                stream=AGENCIES, type="agencies.imported", body=body, actor=by.actor(), pen=pen, source=source
            )
    return done


def _put_agency(
    known: dict[str, Agency], code: str, values: Mapping[str, Any], touched: dict[str, str], done: Imported
) -> None:
    old = known.get(code)
    if old is None:
        known[code] = Agency.objects.create(code=code, **values)
        touched[code] = "added"
        done.added += 1
        return
    different = [name for name, value in values.items() if getattr(old, name) != value]
    if not different:
        done.same += 1
        return
    for name in different:
        setattr(old, name, values[name])
    old.save(update_fields=different)
    done.changed += 1
    # The order on the page is no fact of the agency.
    if different != ["sort_order"]:
        touched[code] = "changed"
