"""Nothing is lost: what no item holds is `unread`, and a reading can be checked against its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from yukuaiban.plans.reading.folding import Span

if TYPE_CHECKING:
    from yukuaiban.plans.reading.model import ItemRead, Reading


def rest(raw: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The stretches between the spans, without blanks at their ends; those that are blank are left out."""
    at = 0
    for start, end in sorted(spans):
        yield from _tight(raw, at, start)
        at = max(at, end)
    yield from _tight(raw, at, len(raw))


def _tight(raw: str, start: int, end: int) -> Iterator[Span]:
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def faults(raw: str, reading: Reading) -> list[str]:
    """What is wrong with a reading of `raw`; empty if each word is where it says and nothing is lost or twice."""
    items = [*reading.undertakings, *reading.safeguards]
    found = [fault for entry in items for fault in _of_item(raw, entry)]
    at = 0
    for start, end in sorted([*(entry.span for entry in items), *reading.unread]):
        if start < at or start >= end:
            found.append(f"[{start}, {end}) overlaps or is empty")
        if raw[at:start].strip():
            found.append(f"[{at}, {start}) is lost")
        at = max(at, end)
    if raw[at:].strip():
        found.append(f"[{at}, {len(raw)}) is lost")
    return found


def _of_item(raw: str, entry: ItemRead) -> Iterator[str]:
    inner = [
        *((each.name, each.span) for each in entry.agencies),
        *((each.text, each.span) for each in entry.milestones),
        *((each.text, each.span) for each in entry.targets),
    ]
    for text, (start, end) in [(entry.text, entry.span), *inner]:
        if raw[start:end] != text or start >= end:
            yield f"[{start}, {end}) is not {text!r}"
        if start < entry.span[0] or end > entry.span[1]:
            yield f"[{start}, {end}) lies outside its item"
