"""What belongs to nothing in a reading, paragraph by paragraph, and the goal of the plan that may stand in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yukuaiban.plans import marking

if TYPE_CHECKING:
    from yukuaiban.plans.marking import Piece
    from yukuaiban.plans.sheet import Entry, Sheet

_GOAL = re.compile(r"[^。；;!！\n]*(?:第一方阵|第一梯队|前列|前\S{1,2}名|位居)[^。；;!！\n]*")


@dataclass(frozen=True, slots=True)
class Rest:
    """A paragraph that belongs to nothing, and the items before and behind it."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    before: Entry | None
    after: Entry | None


def rest(raw: str, sheet: Sheet) -> list[Rest]:
    """The paragraphs of what is unread."""
    return [_rest(raw, sheet, *place) for span in sheet["unread"] for place in _paragraphs(raw, span)]


def _rest(raw: str, sheet: Sheet, start: int, end: int) -> Rest:
    before = [entry for entry in sheet["items"] if entry["span"][1] <= start]
    after = [entry for entry in sheet["items"] if entry["span"][0] >= end]
    pieces = tuple(marking.pieces(raw, (start, end), ()))
    return Rest(start, end, pieces, before[-1] if before else None, after[0] if after else None)


def offered_goal(raw: str, found: Sequence[Rest]) -> tuple[int, int, str] | None:
    """The sentence that reads like a goal of the whole plan: start, end, words."""
    for each in found:
        goal = _GOAL.search(raw, each.start, each.end)
        if goal:
            return goal.start(), goal.end(), goal.group().strip()
    return None


def _paragraphs(raw: str, span: Sequence[int]) -> list[tuple[int, int]]:
    """The lines of a stretch that are not blank, without the blanks at their ends."""
    found = re.finditer(r"[^\r\n]+", raw[span[0] : span[1]])
    places = [(span[0] + each.start(), span[0] + each.end()) for each in found]
    return [_tight(raw, *place) for place in places if raw[slice(*place)].strip()]


def _tight(raw: str, start: int, end: int) -> tuple[int, int]:
    line = raw[start:end]
    return start + len(line) - len(line.lstrip()), end - len(line) + len(line.rstrip())
