"""Lists of agencies cut into names: outside brackets only, with the verb that ends a group giving its role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from yukuaiban.plans.reading.folding import Folded, Span

LEAD, RESPONSIBLE, SUPPORTING, ALL = "lead", "responsible", "supporting", "all"
"""Roles of an agency in an undertaking."""

_SUFFIX = re.compile(
    r"(?:厅|局|委|办|室|处|科|股|院|所|部|会|社|署|府|司|中心|公司|集团|银行|[支分]行|海关|部门|单位|机关|队|站|校|联盟|企协|企联"
    r"|工商联|残联|妇联|文联|科协|团委|镇|乡|街道|园区|开发区|新区|县|区|市|州|台|馆|高校|企业|电网|铁塔|电信|移动|联通|各地|部委"
    r"|检察院|法院|党委)(?:\([^()]*\))?$"
)
_GENERIC = re.compile(
    r"(?:各|有关|相关|省直|市直|区直|县直|级|地|市|县|区|镇|成员|责任)*(?:部门|单位|地区|各地)(?:和单位|及单位)?"
)
# The verb behind the last name of a group, with the words between: 按职责分工负责, 牵头, 配合.
_VERB = re.compile(
    r"(?:按照?(?:各自)?(?:职责|职能|责任)(?:分工)?)?(?:要|应)?(?:分别|共同|具体|统筹|组织)?"
    r"(?:(?P<lead>牵头(?:负责|组织|落实|抓总)?|主办)|(?P<supporting>配合(?:落实|做好)?|协办|协助|协同|参与|参加)"
    r"|(?P<responsible>负责(?:落实|实施)?|落实|承办))[。;]?$"
)
_IN_BRACKETS = re.compile(r"\((?:(?P<lead>牵头|主办)|(?P<supporting>配合|协办|参与))(?:单位|部门)?\)$")
_OPEN_END = re.compile(
    r"等(?:\d+个?|[一二三四五六七八九十]个?|多个)?(?:省|市|区|县)?(?:有关|相关|省直|市直|区直|各级|各)*"
    r"(?:部门|单位|地方|地区|市县|机构|企业|成员单位)?(?:和单位|及单位|、单位)?$"
)
_FRONT = re.compile(r"^(?:由|以及|及其|及|和|与|并|会同|协同|联合)(?=.{2})")
_JOINED = re.compile(r"会同|以及|和|及|与")
_NO_NAME = re.compile(r":|\d月|20\d\d年|年底|^(?:完成)?(?:时限|时间)")
_NONE = frozenset(("无", "暂无", "同上", "—", "-", "/"))
_NEXT_SIGN = re.compile(r"[、,;。]")
_LONGEST_NAME = 45
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Named:
    """An agency's name `[start, end)` in folded text, its role, and whether “and others” follows it."""

    start: int
    end: int
    role: str
    open_ended: bool = False


def named(folded: Folded, start: int, end: int, *, role: str) -> tuple[Named, ...]:
    """The names of a list; `role` holds where no verb says another."""
    found: list[Named] = []
    group: list[Named] = []
    for first, last in _tokens(folded, start, end):
        verb = _VERB.search(folded.text[first:last])
        stop = first + verb.start() if verb else last
        group += _cleaned(folded, first, stop, role)
        if verb:
            found += [_with_role(each, verb.lastgroup or role, folded, role) for each in group]
            group = []
    return tuple(found + group)


def _with_role(name: Named, role: str, folded: Folded, given: str) -> Named:
    """The role that the group's verb gives; a name whose role was already told apart keeps it."""
    if name.role != given:
        return name
    if role == RESPONSIBLE:
        role = generic(folded.text[name.start : name.end]) if given == RESPONSIBLE else given
    return replace(name, role=role)


def generic(name: str) -> str:
    """`all` for a name that means every agency concerned, else `responsible`."""
    return ALL if _GENERIC.fullmatch(name) else RESPONSIBLE


def agency_like(folded: Folded, name: Named) -> bool:
    """Whether the name ends as names of agencies do, or is the open end of a list of them."""
    return name.open_ended or bool(_SUFFIX.search(folded.text[name.start : name.end]))


def _tokens(folded: Folded, start: int, end: int) -> Iterator[Span]:
    depth, first = 0, start
    for at in range(start, end):
        char = folded.text[at]
        depth += (char == "(") - (char == ")")
        if char in "、,;。" and depth <= 0:
            yield first, at
            first = at + 1
        elif at in folded.blanks and depth <= 0 and first < at and _two_names(folded, first, at, end):
            yield first, at
            first = at
    yield first, end


def _two_names(folded: Folded, first: int, at: int, end: int) -> bool:
    """Whether the blank at `at` parts two whole names: 区住建局 区城管局, but not 自然资 源局."""
    stop = _NEXT_SIGN.search(folded.text, at, end)
    last = stop.start() if stop else end
    last = next((each for each in range(at + 1, last) if each in folded.blanks), last)
    whole = _SUFFIX.search(folded.text[first:at])
    return bool(whole) and last - at >= _SHORTEST_NAME and bool(_SUFFIX.search(folded.text[at:last]))


def _cleaned(folded: Folded, start: int, end: int, role: str) -> Iterator[Named]:
    """One token as a name, or as two that 会同 or 和 joins."""
    for joint in _JOINED.finditer(folded.text, start, end):
        left = Named(start, joint.start(), role)
        right = folded.text[joint.end() : end]
        hosts = joint.group() == "会同"
        if (
            joint.start() > start
            and len(right) > 2
            and agency_like(folded, left)
            and (hosts or _SUFFIX.search(right))
        ):
            yield from _cleaned(folded, start, joint.start(), role)
            yield from _cleaned(folded, joint.end(), end, SUPPORTING if hosts else role)
            return
    name = _trimmed(folded, start, end, role)
    if name:
        yield name


def _trimmed(folded: Folded, start: int, end: int, role: str) -> Named | None:
    text = folded.text
    front = _FRONT.match(text[start:end])
    start += front.end() if front else 0
    end -= text[start:end].endswith(":")
    told = _IN_BRACKETS.search(text[start:end])
    if told:
        role, end = told.lastgroup or role, start + told.start()
    rest = _OPEN_END.search(text[start:end])
    if rest and rest.start():
        return _checked(text, Named(start, start + rest.start(), role, open_ended=True))
    return _checked(text, Named(start, end, role))


def _checked(text: str, name: Named) -> Named | None:
    written = text[name.start : name.end]
    fits = 2 <= len(written) <= _LONGEST_NAME and written not in _NONE
    fits = fits and not _NO_NAME.search(written)
    return name if fits and re.search(r"[\u4e00-\u9fff]{2}", written) else None
