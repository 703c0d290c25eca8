"""The numbers that Word puts before paragraphs by itself (一、 (一) 1.): they are shown, but not in the paragraphs.

`numbering.xml` says for each list and level how a number is written; paragraphs, or the style that they follow, name
list and level. Bullets and kinds of numbers that plans do not use give nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from yukuaiban.plans.reading.numerals import chinese_text

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = frozenset(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCountingThousand",
        "ideographTraditional",
    )
)
_LONGEST_CHAIN = 10  # of styles that rest on each other


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    kind: str
    form: str  # %1 is the number of the first level: （%1）, %1.%2


@dataclass(slots=True)
class Numbers:
    """Counts through a document; ask `before` once for each paragraph, in order."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # list -> level -> how
    same: dict[str, str] = field(default_factory=dict)  # list -> the definition it counts in
    styles: dict[str, tuple[str | None, Any]] = field(default_factory=dict)  # style -> (rests on, its numPr)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def before(self, paragraph: Any) -> str:
        """The number shown before the paragraph, or an empty text."""
        number, depth = self._place(paragraph)
        how = self.levels.get(number, {}).get(depth)
        if how is None:
            return ""
        counts = self.counts.setdefault(self.same[number], {})
        counts[depth] = counts.get(depth, how.start - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        return re.sub(
            r"%(\d)", lambda match: self._written(number, int(match.group(1)) - 1, counts), how.form
        )

    def _written(self, number: str, depth: int, counts: dict[int, int]) -> str:
        how = self.levels[number].get(depth)
        return _FORMS.get(how.kind, str)(counts.get(depth, how.start)) if how else ""

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """List and level of a paragraph, its own or its style's."""
        found = paragraph.find(f"{_WORD}pPr/{_WORD}numPr")
        style: str | None = _value(paragraph, "pPr", "pStyle") or ""
        for _ in range(_LONGEST_CHAIN):
            if found is not None or style is None:
                break
            style, found = self.styles.get(style, (None, None))
        if found is None:
            return "", 0
        return _value(found, "numId") or "", int(_value(found, "ilvl") or 0)


def numbers_of(document: Any) -> Numbers:
    """The numbering of an opened document; one without lists counts nothing."""
    found = Numbers()
    for style in document.styles.element.iter(f"{_WORD}style"):
        found.styles[style.get(f"{_WORD}styleId")] = (
            _value(style, "basedOn"),
            style.find(f"{_WORD}pPr/{_WORD}numPr"),
        )
    parts = [
        part for part in document.part.package.iter_parts() if str(part.partname).endswith("/numbering.xml")
    ]
    for part in parts:
        _read(part.element, found)
    return found


def _read(numbering: Any, found: Numbers) -> None:
    definitions = {
        each.get(f"{_WORD}abstractNumId"): {
            int(level.get(f"{_WORD}ilvl")): _Level(
                int(_value(level, "start") or 1),
                _value(level, "numFmt") or "decimal",
                _value(level, "lvlText") or "",
            )
            for level in each.iterchildren(f"{_WORD}lvl")
        }
        for each in numbering.iterchildren(f"{_WORD}abstractNum")
    }
    for each in numbering.iterchildren(f"{_WORD}num"):
        number, definition = each.get(f"{_WORD}numId"), _value(each, "abstractNumId") or ""
        levels = {depth: how for depth, how in definitions.get(definition, {}).items() if how.kind in _FORMS}
        restarted = each.find(f"{_WORD}lvlOverride/{_WORD}startOverride") is not None
        found.levels[number], found.same[number] = levels, f"own {number}" if restarted else definition


def _value(element: Any, *path: str) -> str | None:
    found = element.find("/".join(f"{_WORD}{each}" for each in path))
    return None if found is None else found.get(f"{_WORD}val")


def _circled(number: int) -> str:
    return chr(ord("①") + number - 1) if 1 <= number <= 20 else str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalFullWidth": str,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    **dict.fromkeys(_CHINESE, chinese_text),
}
