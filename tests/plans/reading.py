"""Short forms of a reading, for tables."""

from __future__ import annotations

from yukuaiban.plans.reading import faults, read_plan
from yukuaiban.plans.reading.model import Reading


def sound(raw: str) -> Reading:
    """The reading of `raw`, with nothing lost or twice."""
    found = read_plan(raw)
    assert faults(raw, found) == []
    return found


def numbers(found: Reading) -> list[str]:
    """`no title` of each undertaking."""
    return [f"{item.no} {item.title}" for item in found.undertakings]


def unread(raw: str, found: Reading) -> list[str]:
    """The stretches that belong to nothing."""
    return [raw[start:end] for start, end in found.unread]
