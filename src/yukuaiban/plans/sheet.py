"""The sheet of a plan: what was read of a text, as people correct it. Plain JSON, so that a version keeps it whole.

```
{"title", "items": [{"key", "kind": "undertaking" | "safeguard", "no", "title", "text", "span", "leader",
    "agencies":   [{"key", "name", "role", "span", "codes", "source": "text" | "entered", "open_ended"}],
    "milestones": [{"key", "period", "text", "span", "due", "weight", "deliverable"}],
    "targets":    [{"key", "text", "value", "unit", "comparison", "soft", "span", "indicator"}],
    "directions": [{"key", "text", "span", "indicator", "up"}]}],
 "goals": [{"key", "text", "span", "kind": "rank" | "context", "figure", "figure_source"}],
 "unread": [[start, end]], "notes": [{"kind", "span"}], "looked": {"KEY": ["staff:…"]},
 "sent_back": null | {"by", "at", "reason"}}
```

Spans are `[start, end]` in the text as read, or null for what was entered; `due` is a day set by hand, or null; values
of targets are decimal texts. Keys stay the same through corrections, and through versions where the words stay.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.plans.reading import Reading
from yukuaiban.plans.reading.coverage import rest
from yukuaiban.plans.reading.model import AgencyRead, ItemRead, MilestoneRead, TargetRead

Sheet = dict[str, Any]
Entry = dict[str, Any]
Thing = dict[str, Any]
NewKey = Callable[[], str]

UNDERTAKING, SAFEGUARD = "undertaking", "safeguard"
AGENCIES, MILESTONES, TARGETS, DIRECTIONS = "agencies", "milestones", "targets", "directions"
PARTS = (AGENCIES, MILESTONES, TARGETS, DIRECTIONS)
TEXT, ENTERED = "text", "entered"


def sheet_of(reading: Reading, raw: str, new_key: NewKey) -> Sheet:
    """The sheet of a fresh reading of `raw`; nothing is resolved and nobody has looked."""
    items = [(UNDERTAKING, each) for each in reading.undertakings]
    items += [(SAFEGUARD, each) for each in reading.safeguards]
    items.sort(key=lambda pair: pair[1].span)
    found: Sheet = {
        "title": reading.title,
        "items": [_item(kind, each, new_key) for kind, each in items],
        "goals": [],
        "unread": [],
        "notes": [{"kind": note.kind, "span": list(note.span)} for note in reading.notes],
        "looked": {},
        "sent_back": None,
    }
    return tidied(found, raw)


def _item(kind: str, read: ItemRead, new_key: NewKey) -> Entry:
    return {
        "key": new_key(),
        "kind": kind,
        "no": read.no,
        "title": read.title,
        "text": read.text,
        "span": list(read.span),
        "leader": "",
        AGENCIES: [_agency(each, new_key) for each in read.agencies],
        MILESTONES: [_milestone(each, new_key) for each in read.milestones],
        TARGETS: [_target(each, new_key) for each in read.targets],
        DIRECTIONS: [],
    }


def _agency(read: AgencyRead, new_key: NewKey) -> Thing:
    name = "".join(read.name.split())
    return agency(new_key(), name, read.role, list(read.span), open_ended=read.open_ended)


def agency(key: str, name: str, role: str, span: list[int] | None, *, open_ended: bool = False) -> Thing:
    """An agency of an item that nothing is known of yet but its name."""
    source = ENTERED if span is None else TEXT
    found = {"key": key, "name": name, "role": role, "span": span, "codes": [], "source": source}
    return found | {"open_ended": open_ended}


def _milestone(read: MilestoneRead, new_key: NewKey) -> Thing:
    return milestone(new_key(), read.period, read.text, list(read.span))


def milestone(key: str, period: str, text: str, span: list[int] | None) -> Thing:
    """A milestone with equal weight and without a stated kind of evidence."""
    found = {"key": key, "period": period, "text": text, "span": span}
    return found | {"due": None, "weight": 1, "deliverable": ""}


def _target(read: TargetRead, new_key: NewKey) -> Thing:
    found: Thing = {"key": new_key(), "text": read.text, "value": str(read.value), "unit": read.unit}
    found |= {"comparison": read.comparison, "soft": read.soft, "span": list(read.span), "indicator": ""}
    return found


# ------------------------------------------------------------------------------------------------- finding


def items(sheet: Sheet) -> list[Entry]:
    """The items, in the order of the text."""
    return list(sheet["items"])


def item_of(sheet: Sheet, key: str) -> Entry:
    """The item of that key. InputInvalid if it is not (any more) there."""
    for each in sheet["items"]:
        if each["key"] == key:
            return dict_of(each)
    raise gone()


def things(entry: Entry) -> Iterator[tuple[str, Thing]]:
    """(part, thing) of everything inside an item."""
    for part in PARTS:
        for each in entry[part]:
            yield part, each


def thing_of(sheet: Sheet, key: str) -> tuple[Entry, str, Thing]:
    """(item, part, thing) of that key. InputInvalid if it is not (any more) there."""
    for entry in sheet["items"]:
        for part, each in things(entry):
            if each["key"] == key:
                return entry, part, each
    raise gone()


def dict_of(value: Any) -> dict[str, Any]:
    """A JSON object as what it is."""
    assert isinstance(value, dict)  # noqa: S101 - the sheet is made here alone
    return value


def gone() -> InputInvalid:
    """The refusal where somebody else has taken the thing away."""
    return InputInvalid(Problem("这一条已经不在了，可能刚被别人移走", "请刷新页面", field="key"))


def place_of(words: str, raw: str, span: list[int]) -> tuple[int, int] | None:
    """Where these words first stand inside a span of the text, or None."""
    at = raw.find(words, span[0], span[1])
    return None if at < 0 else (at, at + len(words))


# ------------------------------------------------------------------------------------------------- keeping


def copied(sheet: Sheet) -> Sheet:
    """A copy to work on."""
    return copy.deepcopy(sheet)


def tidied(sheet: Sheet, raw: str) -> Sheet:
    """The same with its items in the order of the text, and `unread` as what no item and no goal holds."""
    sheet["items"].sort(key=lambda each: each["span"])
    spans = [tuple(each["span"]) for each in [*sheet["items"], *sheet["goals"]] if each["span"]]
    sheet["unread"] = [list(span) for span in rest(raw, spans)]
    return sheet


def faults(sheet: Sheet, raw: str) -> list[Problem]:
    """What does not hold together: items that lie across each other, spans outside the text.

    What a person moved to another item keeps its place in the text.
    """
    found = []
    last = 0
    for entry in sorted(sheet["items"], key=lambda each: each["span"]):
        start, end = entry["span"]
        if not 0 <= start < end <= len(raw):
            found.append(Problem(f"“{entry['title']}”的位置不在原文之内", "请重新划选", field="span"))
        if start < last:
            found.append(Problem(f"“{entry['title']}”与前一项重叠", "请先缩短前一项", field="span"))
        last = max(last, end)
        for _part, each in things(entry):
            span = each["span"]
            if span and not 0 <= span[0] < span[1] <= len(raw):
                why = f"“{str(each.get('text') or each.get('name'))[:20]}”的位置不在原文之内"
                found.append(Problem(why, "请重新划选", field="span"))
    return found
