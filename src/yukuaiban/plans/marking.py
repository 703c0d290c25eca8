"""A stretch of the text in pieces, each of one colour: what was read of which words. Pure.

Marks may lie inside each other; a piece shows the narrowest kind that covers it: a name, a target, a milestone, the
words of the item. Every character stands in one piece, so a page can count offsets on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

_MARKERS = re.compile(
    r"[（(]?(?:具体(?:举措|措施)|(?:主要|工作)举措|(?:推进|进度|时间)(?:计划|安排)|工作进度"
    r"|(?:责任|牵头|配合|主办|协办|承办)(?:单位|部门)|完成(?:时限|时间)|保障措施|组织保障|工作要求)[)）]?\s*[:：]"
)
_LINE_END = re.compile(r"\r\n|\r|\n")


class Kind(StrEnum):
    """What a stretch was read as; the value is the letter of its style. Later ones lie above earlier ones."""

    PLAIN = "p"
    ENTRY = "u"
    MARKER = "m"
    MILESTONE = "q"
    TARGET = "t"
    AGENCY = "o"
    UNRESOLVED = "x"


_ORDER = {kind: n for n, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch that was read: its kind, its label on the page (`5.1`), the key of the thing behind it."""

    kind: Kind
    start: int
    end: int
    label: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring characters of one mark on one line. `label` only at its first piece; `breaks`: a line ends here."""

    kind: Kind
    start: int
    text: str
    label: str = ""
    key: str = ""
    breaks: bool = False


def markers(raw: str, span: Sequence[int]) -> list[Mark]:
    """The words that open a block: 具体举措, 推进计划, 责任单位 and their like, with the colon."""
    return [Mark(Kind.MARKER, *match.span()) for match in _MARKERS.finditer(raw, span[0], span[1])]


def pieces(raw: str, span: Sequence[int], marks: Sequence[Mark]) -> list[Piece]:
    """The whole stretch in pieces, in order."""
    labelled: set[Mark] = set()
    found: list[Piece] = []
    for start, end, mark in _runs(span, marks):
        label = mark.label if mark and mark not in labelled else ""
        if mark:
            labelled.add(mark)
        found += _lines(raw, start, end, mark, label)
    return found


def _runs(span: Sequence[int], marks: Sequence[Mark]) -> Iterator[tuple[int, int, Mark | None]]:
    first, last = span[0], span[1]
    cuts = {first, last}
    for mark in marks:
        cuts |= {min(max(mark.start, first), last), min(max(mark.end, first), last)}
    at = sorted(cuts)
    start, held = first, _top(marks, first)
    for place in at[1:-1]:
        if (top := _top(marks, place)) != held:
            yield start, place, held
            start, held = place, top
    if start < last:
        yield start, last, held


def _top(marks: Sequence[Mark], at: int) -> Mark | None:
    """The uppermost mark at a place, the narrowest of its kind."""
    over = [mark for mark in marks if mark.start <= at < mark.end]
    return max(over, key=lambda mark: (_ORDER[mark.kind], mark.start - mark.end), default=None)


def _lines(raw: str, start: int, end: int, mark: Mark | None, label: str) -> Iterator[Piece]:
    kind, key = (mark.kind, mark.key) if mark else (Kind.PLAIN, "")
    at = start
    for line_end in _LINE_END.finditer(raw, start, end):
        yield Piece(kind, at, raw[at : line_end.start()], label, key, breaks=True)
        at, label = line_end.end(), ""
    if at < end:
        yield Piece(kind, at, raw[at:end], label, key)
