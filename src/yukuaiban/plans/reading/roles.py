"""Who does what: the clauses that name agencies, and the names in them with their roles.

| written | role |
| --- | --- |
| (责任单位:A、B) after an item, or 责任单位:A、B on a line | responsible |
| 牵头单位:A;责任单位:B;配合单位:C, in one bracket or several lines | lead, responsible, supporting |
| 由A牵头,B、C等部门配合; (A牵头,B负责) | lead, supporting, responsible |
| (A、B负责), (A会同B负责), 由A负责, | responsible; B behind 会同 supporting |
| 各有关部门按职责分工负责 | all |

The words 责任单位 in a running sentence are no clause: a clause has its colon, its bracket, or its verb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yukuaiban.plans.reading.folding import Folded, Span, stretches
from yukuaiban.plans.reading.names import LEAD, RESPONSIBLE, SUPPORTING, Named, agency_like, generic, named

LABEL = re.compile(
    r"\(?(?:(?P<lead>牵头|主责|主办)(?:责任|负责|实施)?(?:及?责任)?"
    r"|(?P<responsible>责任|承办|实施|落实|承担)(?:实施|落实)?"
    r"|(?P<supporting>配合|协办|协同|协助|参与|参加|支持|协作)(?:责任|实施)?)(?:单位|部门|主体|机构|地区)(?::|\):?)"
)
_ROLE_OF = {"lead": LEAD, "responsible": RESPONSIBLE, "supporting": SUPPORTING}
_END_VERB = re.compile(r"(?:负责|牵头|配合|落实|协办|参与)[。;]?$")
_VERB = r"(?P<verb>牵头负责|牵头组织|牵头落实|牵头|负责|主办)"
_HELPING = r"[,;、](?P<second>[^。;:,由]{2,120}?)(?:配合|协办|协助|协同|参与)(?=[,。;:)]|$)"
# By whom: 由A、B牵头(负责), C、D等部门配合. The second half may be missing; an attribute (由A牵头的…) is no clause.
_BY = re.compile(rf"由(?P<first>[^。;:,由]{{1,80}}?){_VERB}(?!的|制|人)(?:{_HELPING})?")
# A sentence of its own: A、B负责。 The names before the verb are sought backwards.
_PLAIN = re.compile(rf"{_VERB}(?:{_HELPING}|(?=[。;)]|$))")
_ALL = re.compile(
    r"(?P<who>(?:各|省直|市直|区直|县直|有关|相关)[^,。;:()]{0,12}?(?:部门|单位|地区|地))"
    r"按照?(?:各自)?(?:职责|职能|责任)(?:分工)?(?:分别|共同|抓好)?(?:负责|落实)"
)
_LIST_END = re.compile(
    r"。|;(?!(?:牵头|责任|配合|协办|参与|主办)[^:;。]{0,6}:)|(?:完成)?(?:时限|时间|期限):|推进计划|具体举措"
)
_TIME = re.compile(r"(?:完成)?(?:时限|时间|期限|进度)(?:要求)?:")
_LONGEST = 600
_DEEPEST = 4
_LONGEST_LIST = 120


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause `[start, end)` of the folded text with the agencies that it names.

    `closes`: it stands behind its item, in a bracket or on a line; else it runs through the item's own words.
    """

    start: int
    end: int
    agencies: tuple[Named, ...]
    closes: bool


def clauses(folded: Folded, start: int, end: int, *, stops: tuple[int, ...] = ()) -> list[Clause]:
    """All clauses between two places, in order, apart from each other; a list on a line ends at one of `stops`."""
    found: list[Clause] = []
    for clause in sorted(_every(folded, start, end, stops), key=lambda each: (each.start, -each.end)):
        if clause.agencies and (not found or clause.start >= found[-1].end):
            found.append(clause)
    return found


def behind(folded: Folded, clause: Clause, end: int) -> int:
    """Where the text goes on behind a clause: past its full stop, and past a line that tells the time."""
    at = clause.end + (folded.text[clause.end : clause.end + 1] in ("。", ";"))
    if at in folded.breaks and _TIME.match(folded.text, at):
        return min((each for each in folded.breaks if each > at), default=end)
    return at


def _every(folded: Folded, start: int, end: int, stops: tuple[int, ...]) -> Iterator[Clause]:
    brackets = list(_brackets(folded.text, start, end))
    for bracket in brackets:
        clause = _bracketed(folded, *bracket)
        if clause:
            yield clause
    closed = {at for first, _ in brackets for at in (first, first + 1)}
    last = start
    for match in LABEL.finditer(folded.text, start, end):
        inside = match.start() in closed and ")" not in match.group()
        if not inside and match.start() >= last and _begins(folded, match.start(), start):
            clause = _listed(folded, match.start(), end, stops)
            last = clause.end
            yield clause
    for pattern in (_BY, _PLAIN):
        for match in pattern.finditer(folded.text, start, end):
            clause = _running(folded, match, start)
            if clause:
                yield clause
    for match in _ALL.finditer(folded.text, start, end):
        yield Clause(*match.span(), (Named(*match.span("who"), generic(match.group("who"))),), closes=False)


def _brackets(text: str, start: int, end: int) -> Iterator[Span]:
    """Outermost brackets as (open, close); one that is not closed is none."""
    opened: list[int] = []
    for match in re.compile(r"[()]").finditer(text, start, end):
        if match.group() == "(":
            opened.append(match.start())
        elif opened:
            first = opened.pop()
            if not opened:
                yield first, match.start()
        if len(opened) > _DEEPEST or (opened and match.start() - opened[0] > _LONGEST):
            del opened[0]


def _bracketed(folded: Folded, first: int, last: int) -> Clause | None:
    """A bracket that is a clause: it begins with a label, or ends in a verb and begins with an agency."""
    text = folded.text
    label = LABEL.match(text, first + 1, last)
    if not label:
        inner = text[first + 1 : last]
        by = inner.startswith("由")
        if not (_END_VERB.search(inner) or re.search(r"(?:负责|牵头|配合)[,;。]", inner)):
            return None
        stop = text.find("。", first, last)
        names = named(folded, first + 1 + by, stop if stop > 0 else last, role=RESPONSIBLE)
        if not names or not all(agency_like(folded, each) for each in names[:1]):
            return None
        return Clause(first, last + 1, names, closes=True)
    return Clause(first, last + 1, _labelled(folded, first + 1, last), closes=True)


def _labelled(folded: Folded, start: int, end: int) -> tuple[Named, ...]:
    """The names behind one or several labels."""
    marks = [
        match
        for match in LABEL.finditer(folded.text, start, end)
        if _outer(folded.text, start, match.start())
    ]
    found: list[Named] = []
    edges = stretches([each.start() for each in marks], end)
    for match, (_, after) in zip(marks, edges, strict=True):
        role = _ROLE_OF[match.lastgroup or "responsible"]
        found.extend(named(folded, match.end(), after, role=role))
    return tuple(found)


def _outer(text: str, start: int, at: int) -> bool:
    return text.count("(", start, at) == text.count(")", start, at)


def _begins(folded: Folded, at: int, start: int) -> bool:
    """Whether a label stands at the beginning of a line or sentence, not inside one."""
    return at == start or at in folded.breaks or folded.text[at - 1] in "。;:!?)”》,("


def _listed(folded: Folded, at: int, end: int, stops: tuple[int, ...]) -> Clause:
    """A list on a line of its own: to the end of the sentence, the next marker, or where the names end."""
    limit = min([end, at + _LONGEST, *(stop for stop in stops if stop > at)])
    label = LABEL.match(folded.text, at)
    assert label  # noqa: S101 - found by the same pattern
    match = _LIST_END.search(folded.text, label.end(), limit)
    limit = match.start() if match else limit
    limit = _names_end(folded, label.end(), limit)
    return Clause(at, limit, _labelled(folded, at, limit), closes=True)


def _names_end(folded: Folded, start: int, end: int) -> int:
    """A line end behind a whole name, before a line that goes on with something else, ends the list."""
    for at in range(start + 1, end):
        if at not in folded.breaks or folded.text[at - 1] in "、,:" or folded.text[at] in "、,)":
            continue
        if LABEL.match(folded.text, at):
            return at
        following = re.compile(r"[^、,;。]*").match(folded.text, at, end)
        stop = following.end() if following else at
        whole = agency_like(folded, Named(start, at, RESPONSIBLE))
        if whole and not agency_like(folded, Named(at, stop, RESPONSIBLE)):
            return at
    return end


def _running(folded: Folded, match: re.Match[str], start: int) -> Clause | None:
    """By whom something is done, in running text; the names must look like agencies."""
    begin, first = (
        match.start(),
        match.span("first") if match.re is _BY else _sentence(folded, match.start(), start),
    )
    role = RESPONSIBLE if match.group("verb") == "负责" else LEAD
    names = list(named(folded, *first, role=role))
    if match.re is _PLAIN:
        begin = first[0]
        if not names or folded.text[begin] == "由":
            return None
    if not all(agency_like(folded, each) for each in (names if match.re is _PLAIN else names[-1:])):
        names = []
    if match.group("second"):
        names += named(folded, *match.span("second"), role=SUPPORTING)
    return Clause(begin, match.end(), tuple(names), closes=False) if names else None


def _sentence(folded: Folded, at: int, start: int) -> Span:
    """From the last boundary before `at`, at most so far as a list of names may reach."""
    first = at
    while (
        first > max(start, at - _LONGEST_LIST)
        and folded.text[first - 1] not in "。;:,!?"
        and first not in folded.breaks
    ):
        first -= 1
    return first, at
