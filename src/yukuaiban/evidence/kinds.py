"""The kinds of evidence that the district knows: rows of its pack, each with the days on which it may be used."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from yukuaiban.core.errors import Problem
from yukuaiban.people.district import installed

if TYPE_CHECKING:
    from yukuaiban.packs.rows import EvidenceKindRow


def kinds_on(day: date) -> list[EvidenceKindRow]:
    """The kinds that may be chosen on a day, in the order of the pack."""
    rows = installed().evidence_kinds
    return [row for row in rows if row.since <= day and (row.until is None or day <= row.until)]


def kind_titles() -> dict[str, str]:
    """Code -> title, those of the past included."""
    return {row.code: row.name for row in installed().evidence_kinds}


def kind_problem(code: str, day: date) -> Problem | None:
    """What is wrong with a kind on a day, or None."""
    known = kinds_on(day)
    if any(row.code == code for row in known):
        return None
    ways = "、".join(row.name for row in known) or "（数据包没有写材料种类）"
    return Problem(f"没有材料种类“{code}”", f"可选：{ways}", field="kind")
