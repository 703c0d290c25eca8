"""Procedure files: a text in, a checked `Procedure` out, or every complaint at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from yukuaiban.core.procedures import Procedure
from yukuaiban.packs.complaints import Complaints
from yukuaiban.packs.draft import Draft
from yukuaiban.packs.fields import Table
from yukuaiban.packs.procedurechecks import check
from yukuaiban.packs.proceduretables import (
    SECTIONS,
    ActionTable,
    ClockTable,
    HeadTable,
    LadderTable,
    PauseTable,
    StageTable,
    WarnTable,
)
from yukuaiban.packs.sources import TomlSource, parse_toml

_VERSION_LENGTH = 12


def parse_procedure(text: str, *, file: str = "") -> Procedure:
    """The procedure written in a TOML text, from a pack or from the database. PackInvalid carries all complaints."""
    complaints = Complaints()
    source = parse_toml(text, file=file, complaints=complaints)
    found = None if source is None else read_procedure(source, complaints)
    complaints.raise_any()
    assert found is not None  # noqa: S101 - nothing was wrong
    return found


def read_procedure(source: TomlSource, complaints: Complaints) -> Procedure | None:
    """The procedure of a parsed file; None after noting what is wrong."""
    before = len(complaints.problems)
    head = _head(source, complaints)
    rows = {name: _section(source, name, complaints) for name in SECTIONS}
    draft = Draft(source, head, rows)
    check(draft, complaints)
    if head is None or len(complaints.problems) > before:
        return None
    return Procedure(
        code=head.code,
        title=head.title,
        title_en=head.title_en,
        measure=head.measure,
        first=head.first,
        source=head.source,
        parties=head.parties,
        stages=tuple(row.made() for row in draft.all(StageTable)),
        actions=tuple(row.made() for row in draft.all(ActionTable)),
        clocks=tuple(row.made() for row in draft.all(ClockTable)),
        pause_categories=tuple(row.made() for row in draft.all(PauseTable)),
        ladder=tuple(row.made() for row in draft.all(LadderTable)),
        warns=tuple(row.made() for row in draft.all(WarnTable)),
        version=version_of(source.data),
    )


def version_of(data: Mapping[str, Any]) -> str:
    """A short fingerprint of what the file says: comments, order of keys and line breaks do not count."""
    written = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:_VERSION_LENGTH]


def _head(source: TomlSource, complaints: Complaints) -> HeadTable | None:
    data = {key: value for key, value in source.data.items() if key not in SECTIONS}
    return complaints.checked(HeadTable, data, file=source.file, line_of=source.line)


def _section(source: TomlSource, name: str, complaints: Complaints) -> dict[int, Table]:
    """The tables of one kind that are right by themselves, by their place in the file."""
    rows: dict[int, Table] = {}
    for at, data in enumerate(source.tables(name, complaints)):

        def line_of(place: tuple[str | int, ...], at: int = at) -> int | None:
            return source.line((name, at, *place))

        row = complaints.checked(SECTIONS[name], data, file=source.file, line_of=line_of)
        if row is not None:
            rows[at] = row
    return rows
