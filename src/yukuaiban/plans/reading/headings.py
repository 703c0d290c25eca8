"""Numbered headings: 一、 (一) 专栏1 1. (1) 1) ① 第一, their levels, and titles that stand without a number.

Plans are often one line, so a heading is known by its place (after a sentence, a bracket, a line end, or right after
the title of the level above) and by its number, which begins with one or goes on from the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yukuaiban.plans.reading.folding import Folded
from yukuaiban.plans.reading.numerals import CHINESE, any_number

DOCUMENT, CHAPTER, SECTION, BOX, POINT = 0, 1, 2, 3, 4
"""Levels: a title of a paper inside the paper, 一、, (一), 专栏1, 1.; beyond these follow the levels of sub-points."""

_MARK = re.compile(
    rf"(?P<l1>{CHINESE})[、.](?!{CHINESE}(?:、|季度|产业))"
    rf"|\((?P<l2>{CHINESE})\)"
    r"|专栏(?P<l3>\d{1,2}|[一二三四五六七八九十]{1,2}):?"
    r"|(?P<l4>\d{1,3})[.、](?!\d)"
    r"|\((?P<l5>\d{1,2})\)|(?P<l6>\d{1,2})\)|(?P<l7>[①-⑳])"
    rf"|第(?P<l8>{CHINESE})(?:[,、:]|条)"
)
_STRONG = "。;:!?)”》"
_STOPS = re.compile(r"[。;!?:]")
_TITLE_LENGTH = 40
_SKIPPED_NUMBERS = 2  # a lost heading or two do not end a list
# A paper inside the paper: a line without a sign that ends in the kind of paper, before a text begins.
_PAPER = re.compile(
    r"[^。;!?,:]{4,45}?(?:措施|方案|意见|通知|计划|办法|规定|细则|要点)(?:\([^()]{1,20}\))?"
    r"(?=为|各|根据|按照|现|当前|近年|今年|一、|\(一\))"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in folded text: the number `[start, body)` as `number`, then its title and text."""

    start: int
    body: int
    level: int
    number: str


def headings(folded: Folded, start: int, end: int) -> list[Heading]:
    """The headings between two places of the folded text, in order."""
    found: list[Heading] = []
    last: dict[int, int] = {}
    for heading, number in _candidates(folded, start, end):
        if heading.level == DOCUMENT:
            last.clear()
        elif not _fits(folded, heading, number, found, last):
            continue
        else:
            last[heading.level] = number
            _restart_below(heading.level, last)
        found.append(heading)
    return found


def _restart_below(level: int, last: dict[int, int]) -> None:
    """A new chapter or section begins its points anew; sections may count on through all chapters."""
    for below in [each for each in last if each > max(level, BOX)]:
        if level in (BOX, POINT):
            del last[below]


def _candidates(folded: Folded, start: int, end: int) -> Iterator[tuple[Heading, int]]:
    papers = set(_papers(folded, start, end))
    marks = {match.start(): match for match in _MARK.finditer(folded.text, start, end)}
    for at in sorted({*papers, *marks}):
        if at in papers:
            yield Heading(at, at, DOCUMENT, ""), 0
            continue
        match = marks[at]
        level = int((match.lastgroup or "l1")[1:])
        number = match.group(match.lastgroup or 0)
        value = ord(number) - ord("①") + 1 if level == 7 else any_number(number)
        yield Heading(at, match.end(), level, _written(folded, at, match.end())), value


def _written(folded: Folded, start: int, end: int) -> str:
    first, last = folded.span(start, end)
    return "".join(folded.raw[first:last].split()).rstrip("、.．:：,，")


def _papers(folded: Folded, start: int, end: int) -> Iterator[int]:
    """Where such a title stands alone on its line."""
    for at in folded.breaks:
        if start < at < end and (folded.text[at - 1] in "。)日" or folded.text.startswith("关于", at)):
            match = _PAPER.match(folded.text, at, min(end, at + 70))
            if match and match.end() in folded.breaks and not _MARK.match(folded.text, at):
                yield at


def _fits(folded: Folded, heading: Heading, number: int, found: list[Heading], last: dict[int, int]) -> bool:
    at = heading.start
    before = folded.text[at - 1] if at else "。"
    broken = at in folded.breaks
    if number == 1:
        return broken or before in _STRONG or _after_title(folded.text, heading, found)
    step = number - last.get(heading.level, 0)
    if step == 1:
        return broken or before in _STRONG
    return before in _STRONG and 1 < step <= 1 + _SKIPPED_NUMBERS


def _after_title(text: str, heading: Heading, found: list[Heading]) -> bool:
    """Whether nothing but the title of a higher heading stands before, as in 二、重点任务(一)…"""
    if not found or found[-1].level >= heading.level:
        return False
    between = text[found[-1].body : heading.start]
    return 0 < len(between) <= _TITLE_LENGTH and not _STOPS.search(between)
