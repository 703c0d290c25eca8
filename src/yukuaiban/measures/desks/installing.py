"""The pack's halls, desks and matters into the register: once, with journal events; a second run changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from yukuaiban.journal.writing import append
from yukuaiban.measures.desks.drafts import MatterDraft, PromisedLimit, SheetDraft
from yukuaiban.measures.desks.models import Desk, Hall
from yukuaiban.measures.desks.register import Hand, Stored, store
from yukuaiban.people.access import CONSOLE

if TYPE_CHECKING:
    from yukuaiban.journal.pen import Pen
    from yukuaiban.packs import District
    from yukuaiban.packs.rows import DeskRow, HallRow, MatterRow

STREAM = "register:desks"
ORIGIN = "pack"


def install(district: District, pen: Pen) -> dict[str, int]:
    """Store what the pack says; the answer counts what was new or changed. What was edited here stays ahead.

    Rows with the same code come in the order of their days, so the last one says what the matter is now.
    """
    hand = Hand(CONSOLE, pen, source="console")
    counts = {"halls": 0, "desks": 0, "matters": 0}
    for hall in district.halls:
        counts["halls"] += _keep(Hall, hall.code, _hall(hall), "hall.stored", hand)
    for desk in district.desks:
        counts["desks"] += _keep(Desk, desk.code, _desk(desk), "desk.stored", hand)
    counts["matters"] = install_matters(district.matters, hand)
    return counts


def install_matters(rows: tuple[MatterRow, ...], hand: Hand) -> int:
    """Every version of every matter. A matter begins on the first day of its first version."""
    begins: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for row in sorted(rows, key=lambda each: (each.code, each.since)):
        begins.setdefault(row.code, row.since)
        last[row.code] = row
    changed = 0
    for row in sorted(rows, key=lambda each: (each.code, each.since)):
        draft = draft_of(row, since=begins[row.code], newest=last[row.code])
        changed += store(draft, hand, origin=ORIGIN) is not Stored.SAME
    return changed


def draft_of(row: MatterRow, *, since: Any, newest: MatterRow) -> MatterDraft:
    """The draft of a version: the sheet as the row says, the matter as its newest row says."""

    def promised(limit: Any, source: str) -> PromisedLimit:
        return PromisedLimit(limit, source, row.authority.value, row.confirmed)

    committed_source = row.source
    sheet = SheetDraft(
        case_kind=row.kind.value,
        since=row.since,
        statutory=promised(row.statutory_limit, row.legal_basis),
        committed=promised(row.committed_limit, committed_source),
        materials=tuple(row.materials),
        pausable=tuple(row.pausable),
        legal_basis=row.legal_basis,
        site_check=row.site_check,
        note=row.limit_note,
        visit_count=row.visit_count,
        visit_reason=row.visit_reason,
        online=row.online_only,
        online_only=row.online_only,
    )
    return MatterDraft(
        code=row.code,
        name=newest.name,
        agency=newest.agency,
        kind=newest.matter_kind.value,
        since=since,
        until=newest.until,
        sheet=sheet,
        level=newest.level.value,
        fee=newest.fee,
        result_name=newest.result_name,
        desk_group=newest.desk_group,
    )


def _keep(model: Any, code: str, values: dict[str, Any], type_: str, hand: Hand) -> int:
    """One row of halls or desks with its event; 0 if it is there already just so."""
    row = model.objects.filter(code=code).first()
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return 0
    body = {"code": code} | {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()
    }
    with transaction.atomic():
        append(
            stream=STREAM,
            type=type_,
            body=body,
            actor=hand.subject.actor(),
            pen=hand.pen,
            source=hand.source,
        )
        model.objects.update_or_create(code=code, defaults=values)
    return 1


def _hall(row: HallRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "agency": row.agency,
        "address": row.address,
        "phone": row.phone,
        "since": row.since,
        "until": row.until,
    }


def _desk(row: DeskRow) -> dict[str, Any]:
    return {
        "hall_id": row.hall,
        "number": row.number,
        "name": row.name,
        "kind": row.kind.value,
        "agency": row.agency,
        "skills": list(row.skills),
        "since": row.since,
        "until": row.until,
        "merged_into": row.merged_into,
        "reason": row.reason,
    }
