"""Two versions of a plan side by side: what is new, gone, changed or the same; and the keys that carry over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any
from unicodedata import normalize

from yukuaiban.plans.sheet import AGENCIES, DIRECTIONS, MILESTONES, PARTS, TARGETS, Entry, Sheet, Thing

_ALIKE = 0.6  # below it two texts are two items
# What people decided about a thing stands where its words stand; where they are only alike, less of it does. Two names
# that are alike are two agencies. A day set by hand stands as long as the text says the same period.
_DECIDED = {
    AGENCIES: ("codes", "role", "source"),
    MILESTONES: ("weight", "deliverable"),
    TARGETS: ("value", "unit", "comparison", "soft", "indicator"),
    DIRECTIONS: ("indicator", "up"),
}
_KEPT = _DECIDED | {TARGETS: ("indicator",)}


class Change(StrEnum):
    """What happened to an item."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """One item or milestone in two versions; `fields` names what is otherwise, `parts` tells of its milestones."""

    change: Change
    key: str
    before: Thing | None
    after: Thing | None
    fields: tuple[str, ...] = ()
    parts: tuple[Difference, ...] = ()


def difference(old: Sheet, new: Sheet) -> list[Difference]:
    """Every item of both sheets, those of the new one first in their order, then those that are gone."""
    before = {each["key"]: each for each in old["items"]}
    found = [_item(before.get(each["key"]), each) for each in new["items"]]
    kept = {each["key"] for each in new["items"]}
    return found + [
        Difference(Change.GONE, key, each, None, (), _parts(each, None))
        for key, each in before.items()
        if key not in kept
    ]


def _item(before: Entry | None, after: Entry) -> Difference:
    parts = _parts(before, after)
    if before is None:
        return Difference(Change.NEW, after["key"], None, after, (), parts)
    fields = [name for name in ("title", "text", "leader") if _plain(before[name]) != _plain(after[name])]
    if _owners(before) != _owners(after):
        fields.append("agencies")
    if _goals(before) != _goals(after):
        fields.append("targets")
    changed = fields or any(each.change is not Change.SAME for each in parts)
    return Difference(
        Change.CHANGED if changed else Change.SAME, after["key"], before, after, tuple(fields), parts
    )


def _parts(before: Entry | None, after: Entry | None) -> tuple[Difference, ...]:
    old = {each["key"]: each for each in before[MILESTONES]} if before else {}
    new = {each["key"]: each for each in after[MILESTONES]} if after else {}
    found = [_step(old.get(key), each) for key, each in new.items()]
    found += [Difference(Change.GONE, key, each, None) for key, each in old.items() if key not in new]
    return tuple(found)


def _step(before: Thing | None, after: Thing) -> Difference:
    if before is None:
        return Difference(Change.NEW, after["key"], None, after)
    fields = tuple(name for name in ("period", "due", "text") if _plain(before[name]) != _plain(after[name]))
    return Difference(Change.CHANGED if fields else Change.SAME, after["key"], before, after, fields)


def _owners(entry: Entry) -> set[tuple[str, str]]:
    """Agencies with their roles; a name that nobody has settled stands for itself."""
    return {(code, each["role"]) for each in entry[AGENCIES] for code in each["codes"] or [each["name"]]}


def _goals(entry: Entry) -> set[tuple[str, ...]]:
    return {(each["value"], each["unit"], each["comparison"]) for each in entry[TARGETS]}


def _plain(value: Any) -> str:
    """A text without blanks and widths; none is an empty one."""
    return "".join(normalize("NFKC", str(value or "")).split())


# --------------------------------------------------------------------------------------------- carrying over


def adopt(old: Sheet, new: Sheet) -> Sheet:
    """The new sheet with the keys of the old one where an item stayed, and what people had decided about it.

    An item stayed if its words did, else if they are much alike; its milestones likewise, within the same period
    first. What people entered in an item that stayed is carried over.
    """
    for before, after in _pairs(old["items"], new["items"]):
        after["key"], after["leader"] = before["key"], before["leader"]
        if _words(before) == _words(after):
            after["title"] = before["title"]
        roles = _words(before) == _words(after) or all(each["role"] != "lead" for each in after[AGENCIES])
        for part in PARTS:
            for earlier, later in _pairs(before[part], after[part]):
                _carry(part, earlier, later, roles=roles)
            entered = [each for each in before[part] if each["span"] is None]
            held = {each["key"] for each in after[part]}
            after[part] += [each for each in entered if each["key"] not in held]
        after[DIRECTIONS] = after[DIRECTIONS] or [each | {"span": None} for each in before[DIRECTIONS]]
    return new


def _carry(part: str, earlier: Thing, later: Thing, *, roles: bool) -> None:
    """What stays of a thing. `roles`: the amended text does not say by itself who leads."""
    same = _words(earlier) == _words(later)
    if part == AGENCIES and not same:
        return
    kept = [name for name in (_DECIDED if same else _KEPT)[part] if roles or name != "role"]
    later |= {name: earlier[name] for name in ["key", *kept]}
    if part == MILESTONES and earlier["period"] == later["period"]:
        later["due"] = earlier["due"]


def _pairs(old: Sequence[Thing], new: Sequence[Thing]) -> list[tuple[Thing, Thing]]:
    """Those that belong together: the same words first, then the most alike, each once."""
    pairs: list[tuple[Thing, Thing]] = []
    left = list(old)
    rest = []
    for each in new:
        same = next((one for one in left if _same(one, each)), None)
        if same is None:
            rest.append(each)
            continue
        left.remove(same)
        pairs.append((same, each))
    scored = sorted(
        ((_likeness(one, each), n, one, each) for n, each in enumerate(rest) for one in left),
        key=lambda row: (-row[0], row[1]),
    )
    taken: set[str] = set()
    for likeness, _n, one, each in scored:
        if likeness >= _ALIKE and not {one["key"], each["key"]} & taken:
            taken |= {one["key"], each["key"]}
            pairs.append((one, each))
    return pairs


def _same(one: Thing, other: Thing) -> bool:
    return _words(one) == _words(other) and one.get("period") == other.get("period")


def _words(thing: Thing) -> str:
    return _plain(thing.get("text") or thing.get("name"))


def _likeness(one: Thing, other: Thing) -> float:
    """How much alike two texts are, 0 to 1; in the same period a little more."""
    found = SequenceMatcher(None, _words(one), _words(other), autojunk=False).ratio()
    same_period = "period" in one and one["period"] == other["period"]
    return found + (0.2 if same_period else 0.0)
