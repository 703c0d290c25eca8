"""A stretch of a text by the words at its beginning and end: what the keyboard has instead of the mouse. Pure."""

from __future__ import annotations

import re

from yukuaiban.core.errors import InputInvalid, Problem


def stretch(raw: str, within: tuple[int, int], first: str, last: str = "") -> tuple[int, int]:
    """`[start, end)` from the words `first` up to the next `last` behind them; `first` alone where `last` is empty.

    Blanks and line ends do not count. InputInvalid if the words are not there, or `first` stands there twice.
    """
    opens = _places(raw, within, first, "first")
    if len(opens) > 1:
        why = f"“{first}”在这里出现 {len(opens)} 次"
        raise InputInvalid(Problem(why, "请多写几个字，让它只出现一次", field="first"))
    start, end = opens[0]
    if not "".join(last.split()):
        return start, end
    return start, _places(raw, (start, within[1]), last, "last")[0][1]


def _places(raw: str, within: tuple[int, int], words: str, field: str) -> list[tuple[int, int]]:
    letters = "".join(words.split())
    if not letters:
        raise InputInvalid(Problem("没有写原文中的字", "请照原文写开头几个字", field=field))
    pattern = re.compile(r"\s*".join(re.escape(letter) for letter in letters))
    found = [match.span() for match in pattern.finditer(raw, *within)]
    if not found:
        raise InputInvalid(Problem(f"这里的原文中没有“{letters}”", "请照原文写，标点也要一样", field=field))
    return found
