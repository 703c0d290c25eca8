"""How long what a case page shows is kept, as the district's dated rows say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yukuaiban.core.limits import Limit
from yukuaiban.people.district import installed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

CLASSES = ("case_file_keep", "personal_data_keep", "reveal_record_keep")


@dataclass(frozen=True, slots=True)
class Kept:
    """One class: what, how long, on which paper, and whether somebody has confirmed it."""

    title: str
    span: str
    source: str
    confirmed: bool


def kept(on: date) -> Iterator[Kept]:
    """The classes that the pack states; NotYetInForce where none of its rows holds on that day."""
    district = installed()
    for code in CLASSES:
        if code in district.values:
            row = district.row(code, on)
            span = row.value.title() if isinstance(row.value, Limit) else row.written
            yield Kept(row.title, span, row.source, row.confirmed)
