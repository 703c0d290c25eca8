"""The one masking function: the same for page, export, interface, notice and log (ui.md section 5).

Levels: `none` shows the value, `partial` what helps to recognise it, `hidden` nothing. Showing a masked value
(查看明文) is another operation, with a reason and a journal event; it is not a level.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

HIDDEN = "***"
_DOUBLE_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
        "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良"
        "漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生公户公玉公仪梁丘公仲"
        "左丘东门西门第五纳兰淳于单于",
    )
)
_MOST_STARS = 2


class Level(StrEnum):
    """How much of a value is shown."""

    NONE = "none"
    PARTIAL = "partial"
    HIDDEN = "hidden"


def _name(value: str) -> str:
    """张三 → 张*, 张三丰 → 张**, 欧阳修 → 欧阳*; in other scripts the first letter stays."""
    head = value[:2] if len(value) > 2 and value[:2] in _DOUBLE_SURNAMES else value[:1]
    if len(value) <= 1:
        return "*"
    return head + "*" * min(len(value) - len(head), _MOST_STARS)


def _phone(value: str) -> str:
    """138****5678 and 0518-****2345; a shape that is no phone of ours shows no more than its last four."""
    if re.fullmatch(r"\d{11}", value) and value.startswith("1"):
        return f"{value[:3]}****{value[-4:]}"
    if (landline := re.fullmatch(r"(0\d{2,3})-?\d{3,4}(\d{4})", value)) is not None:
        return f"{landline[1]}-****{landline[2]}"
    return f"****{value[-4:]}" if len(value) >= 9 else HIDDEN


def _document(value: str) -> str:
    """First three and last four of an identity number; a shorter paper shows its last two at most."""
    if len(value) >= 15:
        return f"{value[:3]}{'*' * (len(value) - 7)}{value[-4:]}"
    return "*" * (len(value) - 2) + value[-2:] if len(value) >= 6 else HIDDEN


def _tail(value: str) -> str:
    return f"****{value[-4:]}" if len(value) >= 12 else HIDDEN


def _nothing(_value: str) -> str:
    return HIDDEN


_PARTIAL: dict[str, Callable[[str], str]] = {
    "name": _name,
    "phone": _phone,
    "resident_id": _document,
    "bank": _tail,
    "address": _nothing,
    "text": _nothing,
    "signature": _nothing,
    "enterprise": lambda value: value,  # the name and code of an enterprise are public data
    "uscc": lambda value: value,
}
KINDS = frozenset(_PARTIAL)
"""The kinds of values that a mask knows."""


def mask(kind: str, value: str, level: str) -> str:
    """The value as it may be shown. An empty value stays empty.

    Raises ValueError for an unknown kind or level: a fault of the program, never of the input.
    """
    if kind not in _PARTIAL:
        message = f"no mask for {kind!r}"
        raise ValueError(message)
    shown = Level(level)
    if not value or shown is Level.NONE:
        return value
    return HIDDEN if shown is Level.HIDDEN else _PARTIAL[kind](value)
