"""Milestones: the steps of a schedule by quarter, and the clauses that carry a date of their own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from yukuaiban.plans.reading.folding import Folded, Span, stretches
from yukuaiban.plans.reading.periods import Period, periods, quarter_starts

_CLAUSE = re.compile(r"[。;!?,:]")
_SENTENCE = re.compile(r"[。;!?]")
_EDGE = "。;!?,:、"
_LONGEST_STAGE = 16
_LONGEST_BRACKET = 200


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone `[start, end)` of folded text with its period; `dated` as in Period."""

    start: int
    end: int
    period: str
    dated: bool = True


def steps_by_quarter(folded: Folded, start: int, end: int, stops: Sequence[Span]) -> list[Step]:
    """The steps of a schedule, each reaching to the next; a clause of owners in `stops` ends the schedule."""
    end = min([end, *(first for first, _ in stops if first > start)])
    starts = quarter_starts(folded.text, start, end, folded.breaks)
    edges = stretches([each.start for each in starts], end)
    return [
        Step(first, _trimmed(folded.text, first, last), each.code)
        for each, (first, last) in zip(starts, edges, strict=True)
    ]


def steps_by_date(
    folded: Folded, start: int, end: int, stops: Sequence[Span], *, recurring: bool
) -> list[Step]:
    """Each date with the clause around it: from the clause's beginning to the sentence's end or the next date."""
    text = folded.text
    dates = [
        each
        for each in periods(text, start, end, recurring=recurring)
        if not _in_title(text, each.start, start)
    ]
    begins: list[int] = []
    behind = start
    for each in dates:
        first = _clause_start(text, each, behind)
        if first == behind and begins:  # a second date in the same clause
            first = text.rfind("、", behind, each.start) + 1 or each.start
        begins.append(first)
        behind = each.end
    found: list[Step] = []
    for index, each in enumerate(dates):
        limit = dates[index + 1].start if index + 1 < len(dates) else end
        limit = min(begins[index + 1] if index + 1 < len(dates) else end, limit)
        last = _step_end(text, each, max(limit, each.end), stops)
        found.append(Step(begins[index], max(last, each.end), each.code, each.dated))
    return found


def parted_by(text: str, quarter: Step, dates: Sequence[Step]) -> Step:
    """The step of a quarter up to the first sentence inside it that has a date of its own: that is the next step."""
    own = [
        each.start
        for each in dates
        if quarter.start < each.start < quarter.end and _SENTENCE.match(text, each.start - 1)
    ]
    return replace(quarter, end=_trimmed(text, quarter.start, min(own))) if own else quarter


def _in_title(text: str, at: int, start: int) -> bool:
    """Whether the place is inside 《…》, where a date belongs to the name of a paper."""
    opened = text.rfind("《", max(start, at - 60), at)
    return opened >= 0 and text.find("》", opened, at) < 0


def _clause_start(text: str, date: Period, floor: int) -> int:
    """The beginning of the clause; of a bracket that holds nothing but a date, that of the sentence before it."""
    if _is_stage(text, date):
        opened = text.rfind("(", floor, date.start)
        return _after(text, floor, opened - (text[opened - 1] in "。;"), _SENTENCE)
    opened = text.rfind("(", floor, date.start)
    if opened >= 0 and text.find(")", opened, date.start) < 0:
        floor = opened + 1
    return _after(text, floor, date.start, _CLAUSE)


def _is_stage(text: str, date: Period) -> bool:
    closed = text.find(")", date.end, date.end + _LONGEST_STAGE)
    return (
        closed >= 0 and text[date.start - 1] in "(年至到" and "(" in text[max(0, date.start - 8) : date.start]
    )


def _after(text: str, floor: int, at: int, edge: re.Pattern[str]) -> int:
    """Behind the last sign of `edge` before `at`, not before `floor`."""
    found = floor
    for match in edge.finditer(text, max(floor, at - 200), max(floor, at)):
        found = match.end()
    return found


def _step_end(text: str, date: Period, limit: int, stops: Sequence[Span]) -> int:
    if _is_stage(text, date):
        return min(limit, text.find(")", date.end) + 1) if text.find(")", date.end) < limit else limit
    match = _SENTENCE.search(text, date.end, limit)
    last = match.start() if match else limit
    firsts = [first for first, _ in stops]
    if _open_bracket(text, date) and (closed := text.find(")", date.end, last)) >= 0:
        last = closed
    following = bisect_right(firsts, date.end - 1)
    if following < len(firsts):
        last = min(last, max(date.end, firsts[following]))
    return _trimmed(text, date.start, last)


def _open_bracket(text: str, date: Period) -> bool:
    """Whether the date stands inside a bracket that began a little before it."""
    before = text[max(0, date.start - _LONGEST_BRACKET) : date.start]
    return before.rfind("(") > before.rfind(")")


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1] in _EDGE:
        end -= 1
    return end
