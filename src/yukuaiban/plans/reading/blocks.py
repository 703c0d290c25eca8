"""What a plan consists of, as stretches of folded text: undertakings, goals and safeguards.

Two forms are known. With *markers* (具体举措:, 推进计划:) each 具体举措 opens an undertaking. With *headings* each
numbered item that has text of its own is one; a heading that only gathers the items below it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from yukuaiban.plans.reading.folding import Folded, Span, stretches
from yukuaiban.plans.reading.headings import CHAPTER, DOCUMENT, POINT, SECTION, Heading, headings
from yukuaiban.plans.reading.sections import KNOWN_TITLE, Matter, matter_of, tail_start

_MEASURE = re.compile(r"\(?(?:具体举措|具体措施|主要举措|工作举措)\)?(?P<colon>:)?")
_SCHEDULE = re.compile(r"\(?(?:推进计划|推进安排|进度安排|时间安排|工作进度)\)?(?P<colon>:)?")
_SAFEGUARDS = re.compile(r"\(?(?:保障措施|组织保障|工作要求)\)?(?P<colon>:)?")
_SENTENCE = "。;:!?)”》"
_TITLE_END = re.compile(r"[。:;!?]")
_LONGEST_TITLE = 40
_LONGEST_HEAD = 60
_LIST_OF_PAPERS = re.compile(r"(?:关于|《)[^。;,:]{4,50}(?:措施|方案|意见|通知|办法|计划|规定)》?[。;]?$")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch `[start, end)` of folded text that holds one item.

    `body` is where its own words begin, `title` its stretch, `number` as written with the numbers above it.
    `schedules` are the stretches behind 推进计划; `marked` tells the form. `gathers`: items below it follow.
    """

    start: int
    end: int
    body: int
    matter: Matter
    number: str
    title: Span
    schedules: tuple[Span, ...] = ()
    marked: bool = False
    gathers: bool = False


def blocks(folded: Folded) -> list[Block]:
    """All blocks of the text in order; empty if no form is recognised."""
    measures = _marks(folded, _MEASURE)
    schedules = _marks(folded, _SCHEDULE)
    if measures and (len(measures) > 1 or schedules):
        return list(_by_markers(folded, measures, schedules))
    found = list(_by_headings(folded, 0, len(folded.text)))
    if not found and measures:
        return list(_by_markers(folded, measures, schedules))
    return found


def _marks(folded: Folded, pattern: re.Pattern[str]) -> list[Span]:
    """Markers at the beginning of a line or sentence: with a colon, in brackets, or alone on their line."""
    return [
        match.span()
        for match in pattern.finditer(folded.text)
        if (match.start() in folded.breaks or folded.text[match.start() - 1] in _SENTENCE)
        and (
            match.group("colon")
            or (match.group()[0] == "(" and match.group()[-1] == ")")
            or (match.start() in folded.breaks and match.end() in folded.breaks)
        )
    ]


# ------------------------------------------------------------------------------------------ markers


def _by_markers(folded: Folded, measures: list[Span], schedules: list[Span]) -> Iterator[Block]:
    last_mark = max(measures[-1][1], *(end for _, end in schedules), 0)
    safe_from, safeguards = _safeguards(folded, last_mark)
    numbered = headings(folded, 0, measures[-1][1])
    heads = [
        _head(folded, mark, last, numbered)
        for mark, last in zip(measures, [0, *(e for _, e in measures)], strict=False)
    ]
    ends = [*(head.cut for head in heads[1:]), safe_from]
    for index, (mark, head, end) in enumerate(zip(measures, heads, ends, strict=True), start=1):
        own = [span for span in schedules if mark[1] <= span[0] < end]
        untils = [until for _, until in stretches([first for first, _ in own], end)]
        yield Block(
            start=head.start,
            end=end,
            body=mark[1],
            matter=Matter.TASK,
            number=head.number or str(index),
            title=head.title or _first_clause(folded, mark[1], end),
            schedules=tuple((behind, until) for (_, behind), until in zip(own, untils, strict=True)),
            marked=True,
        )
    yield from safeguards


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a marked block begins, where the block before it ends, and the heading that it may have."""

    start: int
    cut: int
    number: str = ""
    title: Span | None = None


def _head(folded: Folded, mark: Span, floor: int, numbered: Sequence[Heading]) -> _Head:
    """A heading right before the marker belongs to the block; those stacked above it to no block.

    A list that has counted far, as (四), is known only among `numbered`, the headings of the whole text.
    """
    since = max(floor, mark[0] - 3 * _LONGEST_HEAD)
    above = headings(folded, since, mark[0])
    counted = [each for each in numbered if since <= each.start < mark[0]]
    near = [each for each in above if _is_head(folded.text, each, mark[0])] or [
        each for each in counted if _is_head(folded.text, each, mark[0])
    ]
    if near and KNOWN_TITLE.fullmatch(folded.text[near[-1].body : mark[0]].rstrip("。:;")):
        return _Head(mark[0], near[-1].start)  # 二、重点任务 stands above all blocks
    if near:
        own, cut = near[-1], near[-1].start
        for outer, inner in zip(reversed(near[:-1]), reversed(near[1:]), strict=True):
            if re.search(r"[。;!?]", folded.text[outer.body : inner.start]):
                break
            cut = outer.start
        title = own.body, mark[0] - (folded.text[mark[0] - 1] in "。:;")
        return _Head(own.start, cut, own.number, title if title[0] < title[1] else None)
    line = (
        max((at for at in folded.breaks if floor < at < mark[0]), default=mark[0])
        if mark[0] in folded.breaks
        else mark[0]
    )
    words = folded.text[line : mark[0]]
    if (
        words
        and len(words) <= _LONGEST_TITLE
        and not re.search(r"[。;,:、]", words)
        and folded.text[line - 1] in _SENTENCE
    ):
        return _Head(line, line, title=(line, mark[0]))
    return _Head(mark[0], mark[0])


def _is_head(text: str, heading: Heading, mark: int) -> bool:
    words = text[heading.body : mark].rstrip("。:;")
    return heading.level != DOCUMENT and len(words) <= _LONGEST_HEAD and not re.search(r"[。;!?]", words)


def _safeguards(folded: Folded, start: int) -> tuple[int, list[Block]]:
    """Where the last undertaking ends, and the safeguards: the (一)(二)(三) paragraphs behind it."""
    end = tail_start(folded, start, len(folded.text))
    heads = [each for each in headings(folded, start, end) if each.level <= POINT]
    marker = next((span for span in _marks(folded, _SAFEGUARDS) if start <= span[0] < end), None)
    levels = (CHAPTER, SECTION, POINT) if marker else (CHAPTER, SECTION)
    floor = marker[1] if marker else start
    first = next((at for at, each in enumerate(heads) if each.level in levels and each.start >= floor), None)
    if first is None:
        if marker is None:
            return end, []
        return marker[0], [Block(*marker, marker[1], Matter.SAFEGUARD, "", marker)] if marker[1] == end else [
            Block(marker[0], end, marker[1], Matter.SAFEGUARD, "", _first_clause(folded, marker[1], end))
        ]
    begin = min(heads[first].start, marker[0]) if marker else heads[first].start
    items = list(_items(folded, heads[first:], end, forced=Matter.SAFEGUARD))
    return begin, items


# ----------------------------------------------------------------------------------------- headings


def _by_headings(folded: Folded, start: int, end: int) -> Iterator[Block]:
    heads = headings(folded, start, end)
    if any(DOCUMENT < each.level <= POINT for each in heads):
        heads = [each for each in heads if each.level <= POINT]
    yield from _items(folded, heads, end)


def _items(
    folded: Folded, heads: list[Heading], end: int, *, forced: Matter | None = None
) -> Iterator[Block]:
    top = min((each.level for each in heads if each.level != DOCUMENT), default=CHAPTER)
    above: list[tuple[Heading, Matter]] = []
    for heading, after in zip_longest(heads, heads[1:]):
        limit = after.start if after else end
        while above and above[-1][0].level >= heading.level:
            above.pop()
        title = _title(folded, heading, limit)
        own = matter_of(folded.text[slice(*title)], top=heading.level == top)
        matter = own or (above[-1][1] if above else Matter.TASK)
        number = _joined([*(each.number for each, _ in above), heading.number])
        above.append((heading, matter))
        gathers = after is not None and after.level > heading.level
        if heading.level == DOCUMENT or (matter is Matter.PREAMBLE and forced is None):
            continue
        stop = tail_start(folded, heading.body, limit)
        if not _gathers_only(folded, heading, title, stop, gathers=gathers):
            yield Block(
                heading.start,
                stop,
                heading.body,
                forced or matter,
                number,
                title,
                marked=forced is not None,
                gathers=gathers,
            )


def _joined(numbers: Sequence[str]) -> str:
    """The numbers above and the own one as people cite them: 二（一）3; digits are kept apart: 专栏2.1."""
    found = ""
    for number in numbers:
        found += "." * (found[-1:].isdecimal() and number[:1].isdecimal()) + number
    return found


def _gathers_only(folded: Folded, heading: Heading, title: Span, end: int, *, gathers: bool) -> bool:
    """A title alone, above items; or the name of a paper in a list of papers."""
    words = folded.text[heading.body : end]
    if not words.strip("。:;,") or _LIST_OF_PAPERS.fullmatch(words):
        return True
    return gathers and end - title[1] <= 1


def _title(folded: Folded, heading: Heading, end: int) -> Span:
    """The words up to the first full stop or colon, or to the line end; of a long sentence its first clause."""
    text, body = folded.text, heading.body
    known = KNOWN_TITLE.match(text, body, end)
    stop = _TITLE_END.search(text, body, end)
    last = stop.start() if stop else end
    line = min(
        (at for at in range(body + 1, min(last, body + _LONGEST_TITLE)) if at in folded.breaks), default=last
    )
    if known and known.end() < min(last, line):
        return known.span()
    if line < last and text[line - 1] not in ",、":
        return body, line
    if last - body <= _LONGEST_TITLE:
        return body, last
    return _first_clause(folded, body, last)


def _first_clause(folded: Folded, start: int, end: int) -> Span:
    match = re.compile(r"[,。;:!?]").search(folded.text, start, end)
    return start, min(match.start() if match else end, start + _LONGEST_TITLE, end)
