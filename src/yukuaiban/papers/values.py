"""What a paper is filled with: texts, lists and tables of texts, blanks, codes to be scanned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MARK = "【待填】"
_LINE = "\n"


@dataclass(frozen=True, slots=True)
class Blank:
    """Something that a person has to write; `label` says what, for the list shown before the download."""

    label: str


@dataclass(frozen=True, slots=True)
class Scan:
    """An address as a QR code."""

    address: str


class Marked:
    """A blank in a paper: printing it notes its label, so only those that the paper shows are told, each once."""

    def __init__(self, label: str, told: list[str]) -> None:
        self._label, self._told = label, told

    def __str__(self) -> str:
        if self._label not in self._told:
            self._told.append(self._label)
        return MARK

    __html__ = __str__


@dataclass(slots=True)
class Settled:
    """Values as a template takes them; `blanks` fills with the labels of those that are printed."""

    values: dict[str, Any]
    blanks: list[str] = field(default_factory=list)


def settled(values: Mapping[str, Any]) -> Settled:
    """Every blank becomes its mark, every text loses what no paper can hold. TypeError for another kind of value."""
    found = Settled({})
    found.values = _settled(values, found.blanks)
    return found


def _settled(value: Any, blanks: list[str]) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _settled(each, blanks) for name, each in value.items()}
    if isinstance(value, Blank):
        return Marked(value.label, blanks)
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Scan | bool | int):
        return value
    if isinstance(value, Sequence):
        return [_settled(each, blanks) for each in value]
    message = f"a paper takes no {type(value).__name__}"
    raise TypeError(message)


def plain(text: str) -> str:
    """The text without control characters and halves of characters, which XML refuses; line ends stay."""
    return "".join(char for char in text if char == _LINE or _printable(ord(char)))


def _printable(code: int) -> bool:
    return (
        code >= 0x20 and not 0x7F <= code < 0xA0 and not 0xD800 <= code < 0xE000 and code & 0xFFFE != 0xFFFE
    )
