"""Mandatory texts: what a notice must say, with the places that the case fills in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter

from yukuaiban.core.limits import Authority
from yukuaiban.packs.complaints import Complaints
from yukuaiban.packs.fields import Code, Day, Flag, MaybeDay, OneOrMany, Table, Words
from yukuaiban.packs.sources import TomlSource


@dataclass(frozen=True, slots=True)
class MandatoryText:
    """A text in one version. `fields` are the names in braces inside `body`."""

    code: str
    title: str
    body: str
    fields: tuple[str, ...]
    since: date
    until: date | None
    source: str
    authority: Authority
    confirmed: bool

    def filled(self, words: Mapping[str, str]) -> str:
        """The text with every field filled; KeyError names a field that is missing."""
        return self.body.format_map({name: words[name] for name in self.fields})


class _TextTable(Table):
    code: Code
    title: Words
    body: Words
    fields: OneOrMany = ()
    since: Day
    until: MaybeDay = None
    source: Words
    authority: Authority
    confirmed: Flag = True


def read_texts(
    sources: Iterable[TomlSource], complaints: Complaints
) -> Mapping[str, tuple[MandatoryText, ...]]:
    """The texts by code, oldest first; what is wrong is noted."""
    found: dict[str, list[MandatoryText]] = {}
    for source in sources:
        table = complaints.checked(_TextTable, source.data, file=source.file, line_of=source.line)
        if table is not None and _fields_right(table, source, complaints):
            text = MandatoryText(**{**dict(table), "body": table.body.strip()})
            found.setdefault(table.code, []).append(text)
    return {code: tuple(sorted(texts, key=lambda text: text.since)) for code, texts in found.items()}


def _fields_right(table: _TextTable, source: TomlSource, complaints: Complaints) -> bool:
    line = source.line(("body",))
    try:
        used = {name for _, name, _, _ in Formatter().parse(table.body) if name is not None}
    except ValueError:
        complaints.add("花括号不成对", "字段写成 {matter}；文字里的花括号写两遍", file=source.file, line=line)
        return False
    for name in sorted(used ^ set(table.fields)):
        why = f"正文用了“{name}”，fields 里没有" if name in used else f"fields 写了“{name}”，正文没有用"
        complaints.add(why, "两处应一致", file=source.file, line=line)
    return used == set(table.fields)
