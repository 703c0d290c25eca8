"""A reading as the JSON document of `plan read`. Keys beside the contract appear only where they say something."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from yukuaiban.plans.reading.model import AgencyRead, ItemRead, MilestoneRead, Reading, TargetRead


def document(reading: Reading) -> dict[str, Any]:
    """The whole document, ready for `json.dumps`."""
    found: dict[str, Any] = {
        "title": reading.title,
        "undertakings": [_undertaking(entry) for entry in reading.undertakings],
        "safeguards": [_safeguard(entry) for entry in reading.safeguards],
        "unread": [list(span) for span in reading.unread],
    }
    if reading.notes:
        found["notes"] = [{"kind": note.kind, "span": list(note.span)} for note in reading.notes]
    return found


def _undertaking(entry: ItemRead) -> dict[str, Any]:
    return {**_head(entry), **_inside(entry)}


def _safeguard(entry: ItemRead) -> dict[str, Any]:
    return {**_head(entry), **{key: value for key, value in _inside(entry).items() if value}}


def _head(entry: ItemRead) -> dict[str, Any]:
    return {"no": entry.no, "title": entry.title, "text": entry.text, "span": list(entry.span)}


def _inside(entry: ItemRead) -> dict[str, Any]:
    return {
        "agencies": [_agency(each) for each in entry.agencies],
        "milestones": [_milestone(each) for each in entry.milestones],
        "targets": [_target(each) for each in entry.targets],
    }


def _agency(agency: AgencyRead) -> dict[str, Any]:
    found: dict[str, Any] = {"name": agency.name, "role": agency.role, "span": list(agency.span)}
    return {**found, "open_ended": True} if agency.open_ended else found


def _milestone(milestone: MilestoneRead) -> dict[str, Any]:
    return {"period": milestone.period, "text": milestone.text, "span": list(milestone.span)}


def _target(target: TargetRead) -> dict[str, Any]:
    found: dict[str, Any] = {
        "text": target.text,
        "value": _number(target.value),
        "unit": target.unit,
        "comparison": target.comparison,
        "span": list(target.span),
    }
    return {**found, "soft": True} if target.soft else found


def _number(value: int | Decimal) -> int | float:
    """JSON numbers are decimal texts; a decimal of a plan has few digits and is written as it stands."""
    return value if isinstance(value, int) else float(value)
