"""A procedure file whose tables are read but not yet compared with each other, and what a comparison finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from yukuaiban.packs.complaints import Where
from yukuaiban.packs.fields import Table
from yukuaiban.packs.proceduretables import SECTIONS, HeadTable
from yukuaiban.packs.sources import TomlSource

Row = TypeVar("Row", bound=Table)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the table, before it is placed in a file."""

    where: Where
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A procedure file whose tables are read but not yet compared with each other."""

    source: TomlSource
    head: HeadTable | None
    rows: Mapping[str, Mapping[int, Table]]

    def all(self, kind: type[Row]) -> list[Row]:
        """The tables of a kind, in the order of the file."""
        return [row for _, row in self.placed(kind)]

    def placed(self, kind: type[Row]) -> list[tuple[Where, Row]]:
        """The tables of a kind with their places."""
        name = next(each for each, table in SECTIONS.items() if table is kind)
        return [((name, at), row) for at, row in self.rows[name].items() if isinstance(row, kind)]

    def written(self, name: str) -> list[Mapping[str, Any]]:
        """The raw tables of a section, wrong ones included."""
        given = self.source.data.get(name, [])
        return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []

    def codes(self, name: str) -> list[str]:
        """Every code that the section defines."""
        return [str(each["code"]) for each in self.written(name) if "code" in each]


def undefined(
    draft: Draft, section: str, used: Sequence[str], where: Where, what: str, *, also: Sequence[str] = ()
) -> Iterator[Finding]:
    """Findings for names that the section does not define."""
    defined = [*draft.codes(section), *also]
    for name in used:
        if name not in defined:
            remedy = f'先写 [[{section}]] code = "{name}"，或改为：{"、".join(defined) or "（还没有）"}'
            yield Finding(where, f"没有{what}“{name}”", remedy)


def strings(value: object) -> list[str]:
    """The strings of a raw value that should be a list of strings or one string."""
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
