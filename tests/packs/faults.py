"""A fault in a pack, as the tables of faults hold it."""

from __future__ import annotations

from typing import NamedTuple

DESKS = "procedures/desks.toml"
EXAMPLES = "examples/desks.toml"
OFFICE = "calendars/office.toml"
ABOVE = "above: "


class Fault(NamedTuple):
    """Replace `old` by `new` in `file`; the complaint stands on the line of `marker` and says `why` and `remedy`."""

    name: str
    file: str
    old: str
    new: str
    marker: str
    why: str
    remedy: str


def swap(name, file, old, new, why, remedy):
    """A fault whose complaint stands on the last line of what was put in."""
    return Fault(name, file, old, new, new.strip().splitlines()[-1], why, remedy)
