"""Targets and directions are bound to indicators by rows of the pack; what a person bound stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yukuaiban.packs.vocabulary import Movement
from yukuaiban.people.district import installed
from yukuaiban.plans.sheet import DIRECTIONS, TARGETS, Entry, NewKey, Sheet, place_of

if TYPE_CHECKING:
    from datetime import date

    from yukuaiban.packs.rows import PlanBindingRow


def bind(sheet: Sheet, raw: str, on: date, new_key: NewKey) -> Sheet:
    """The sheet with the indicators that the pack names for its targets, and with directions proposed by it.

    Whether a measure offers the indicator yet is another question: until then it is shown as not connected.
    """
    rows = [row for row in installed().plan_bindings if _holds(row, on)]
    for entry in sheet["items"]:
        for target in entry[TARGETS]:
            if not target["indicator"]:
                fits = (row for row in rows if row.unit == target["unit"] and row.fits(target["text"]))
                target["indicator"] = next((row.indicator for row in fits), "")
        for row in rows:
            if row.movement is not Movement.NONE:
                _propose(entry, raw, row, new_key)
    return sheet


def _holds(row: PlanBindingRow, on: date) -> bool:
    return row.since <= on and (row.until is None or on < row.until)


def _propose(entry: Entry, raw: str, row: PlanBindingRow, new_key: NewKey) -> None:
    """An order to move, unless the item has a number or a direction for that indicator already."""
    bound = {each["indicator"] for part in (TARGETS, DIRECTIONS) for each in entry[part]}
    place = place_of(row.words[0], raw, entry["span"])
    if place is None or row.indicator in bound or not row.fits(entry["text"]):
        return
    start, end = place
    found = {"key": new_key(), "text": raw[start:end], "span": [start, end]}
    entry[DIRECTIONS].append(found | {"indicator": row.indicator, "up": row.movement is Movement.UP})
