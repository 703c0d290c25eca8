"""The text as read, folded into one spelling for the grammar, with the way back to every offset.

The grammar knows one width, one script and no blanks: full-width signs become half-width, the traditional
characters of its own words become simplified, blanks and noise fall away. One character stays one character, so
`origin` is the whole map. Nothing that leaves the reader comes from here: names and texts are cut from the text as
read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]

# Only characters that the words of the grammar hold (牽頭, 責任單位, 推進計劃, 壓減, 萬, …); names stay as written.
_TRADITIONAL = str.maketrans(
    "舉進計劃責單門牽頭負責協辦參與個內無達過於壓減確爭約萬億區縣鎮鄉處廳會節點領導標務項戶臺間數條類場週屆開設備銷並實現領強質組織點總體關當時業處據",
    "举进计划责单门牵头负责协办参与个内无达过于压减确争约万亿区县镇乡处厅会节点领导标务项户台间数条类场周届开设备销并实现领强质组织点总体关当时业处据",
)
_KEPT = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_SIGNS = {
    "〔": "(",
    "〕": ")",
    "【": "(",
    "】": ")",
    "［": "(",
    "］": ")",
    "。": "。",
    "–": "-",
    "—": "-",
    "～": "-",
    "~": "-",
}


def _folded_char(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char]
    if char in _KEPT or char < "\x80":
        return char
    wide = unicodedata.normalize("NFKC", char)
    return (wide if len(wide) == 1 else char).translate(_TRADITIONAL)


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` for the grammar; character i of it is character `origin[i]` of `raw`.

    `breaks` holds the positions of `text` before which a line, a paragraph or a table cell began, `blanks` those
    before which anything was left out.
    """

    raw: str
    text: str
    origin: tuple[int, ...]
    breaks: frozenset[int]
    blanks: frozenset[int]

    def span(self, start: int, end: int) -> Span:
        """Offsets in the text as read of the folded stretch `[start, end)`, which is not empty."""
        return self.origin[start], self.origin[end - 1] + 1


def fold(raw: str, noise: Iterable[Span] = ()) -> Folded:
    """Fold `raw`, leaving out the stretches of `noise`, which are sorted and apart."""
    chars: list[str] = []
    origin: list[int] = []
    breaks: set[int] = set()
    blanks: set[int] = set()
    table: dict[str, str] = {}
    blank = ""
    for at in _kept(len(raw), noise):
        char = raw[at]
        if char.isspace() or char in "\ufeff\u200b\u200c\u200d\u2060\u00ad":
            blank += char
            continue
        if not chars or (blank and _is_break(blank)):
            breaks.add(len(chars))
        if blank:
            blanks.add(len(chars))
        blank = ""
        chars.append(table.get(char) or table.setdefault(char, _folded_char(char)))
        origin.append(at)
    return Folded(raw, "".join(chars), tuple(origin), frozenset(breaks), frozenset(blanks))


def _kept(length: int, noise: Iterable[Span]) -> Iterable[int]:
    at = 0
    for start, end in noise:
        yield from range(at, start)
        at = end
    yield from range(at, length)


def _is_break(blank: str) -> bool:
    """A line end, a tab between cells, or an indent of two full-width blanks where a line end was lost."""
    return any(char in "\n\r\t\f\v\u2028\u2029\x85" for char in blank) or blank.count("\u3000") > 1


def stretches(starts: Sequence[int], end: int) -> list[Span]:
    """Each start with the next one, the last with `end`; none of none."""
    return list(zip(starts, [*starts[1:], end], strict=False))


def traditional(raw: str) -> int:
    """How many different traditional characters of the grammar's words `raw` holds."""
    return len({char for char in set(raw) if ord(char) in _TRADITIONAL})
