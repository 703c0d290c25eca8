"""The law's own limit for a permit whose sheet states none (desks.md section 4, 行政许可法第四十二条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from yukuaiban.core.effective import in_force
from yukuaiban.core.errors import NotYetInForce
from yukuaiban.packs.values import STATUTORY_DEFAULT, RuleValue
from yukuaiban.packs.vocabulary import MatterKind


def default_statutory(values: Mapping[str, Sequence[RuleValue]], kind: str, on: date) -> RuleValue | None:
    """The value in force on a day; None for matters that are no permit, and before that law held."""
    if kind != MatterKind.PERMIT:
        return None
    try:
        return in_force(values.get(STATUTORY_DEFAULT, ()), on)
    except NotYetInForce:
        return None
