"""Plans without markers and numbers: what stands before a clause of owners is the item that they own."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import zip_longest

from yukuaiban.plans.reading.blocks import Block
from yukuaiban.plans.reading.folding import Folded
from yukuaiban.plans.reading.roles import Clause, behind, clauses
from yukuaiban.plans.reading.sections import Matter

_CLAUSE_END = re.compile(r"[,。;:!?]")


def by_owners(folded: Folded) -> list[Block]:
    """One block for each group of clauses that close a paragraph, from its beginning to the clauses' end."""
    return list(_blocks(folded))


def _blocks(folded: Folded) -> Iterator[Block]:
    breaks = sorted(folded.breaks)
    closing = [each for each in clauses(folded, 0, len(folded.text)) if each.closes]
    floor, start, count = 0, 0, 0
    for clause, following in zip_longest(closing, closing[1:]):
        if clause.start < floor:  # inside the line that tells the time
            continue
        end = behind(folded, clause, len(folded.text))
        start = start if start > floor else _paragraph(breaks, clause, floor)
        if following and following.start == end:
            continue
        if start < clause.start:
            count += 1
            stop = _CLAUSE_END.search(folded.text, start, clause.start)
            title = start, stop.start() if stop else clause.start
            yield Block(start, end, start, Matter.TASK, str(count), title)
        floor, start = end, 0


def _paragraph(breaks: list[int], clause: Clause, floor: int) -> int:
    """Where the paragraph of the clause begins; of a clause on its own line, the paragraph before it."""
    before = bisect_left(breaks, clause.start) - 1
    return max(floor, breaks[before]) if before >= 0 else floor
