"""Rules for warnings in rules.toml (`[[warn]]`), and how each procedure of the pack carries them.

A case keeps the text of its procedure in the version under which it was opened. The rules are part of that text, so a
threshold that changes makes a new version and reaches no clock of an older case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from yukuaiban.core.errors import Problem
from yukuaiban.core.warnrules import WarnScope, uncovered
from yukuaiban.packs.proceduretables import WarnTable
from yukuaiban.packs.tables import Placed
from yukuaiban.packs.vocabulary import ANYWHERE, APPLICANT, ROLES

if TYPE_CHECKING:
    from yukuaiban.packs.complaints import Complaints
    from yukuaiban.packs.crosschecks import Parts
    from yukuaiban.packs.sources import TomlSource

WARN = "warn"
_ABOVE = "# ---- 预警规则：装入时取自 rules.toml"


@dataclass(frozen=True, slots=True)
class Warns:
    """The rules of a pack that are right by themselves: as tables with their lines, and as written."""

    tables: Sequence[Placed[WarnTable]] = ()
    written: Sequence[Mapping[str, Any]] = ()


def read_warns(source: TomlSource, complaints: Complaints) -> Warns:
    """The rules of rules.toml; what is wrong with the others is noted."""
    tables, written = [], []
    rows = source.tables(WARN, complaints)
    for at, data in enumerate(rows):
        table = complaints.checked(
            WarnTable,
            data,
            file=source.file,
            line_of=lambda place, at=at: source.line((WARN, at, *place)),  # type: ignore[misc]
        )
        if table is not None:
            tables.append(Placed(table, source.file, source.line((WARN, at)) or 0))
            written.append(data)
    if len(tables) == len(rows):
        _covered(tables, source, complaints)
    return Warns(tables, written)


def _covered(tables: Sequence[Placed[WarnTable]], source: TomlSource, complaints: Complaints) -> None:
    """Every limit has a rule, whatever the agency and the matter."""
    for limit in uncovered([placed.row.made() for placed in tables]):
        why = f"时限 {limit} 没有全区的预警规则"
        complaints.add(why, '请加 [[warn]] scope = "global"，limits 写它所属的一类', file=source.file)


def with_warns(procedure: TomlSource, warns: Warns, complaints: Complaints) -> TomlSource:
    """The text of a procedure with the rules of the pack below it, as it is stored and read again."""
    if WARN in procedure.data:
        line = procedure.first(WARN)
        complaints.add("预警规则不写在流程表里", "移到 rules.toml", file=procedure.file, line=line)
    text = "\n\n".join([procedure.text.rstrip(), _ABOVE, *map(_written, warns.written)])
    return replace(procedure, text=f"{text}\n", data={**procedure.data, WARN: list(warns.written)})


def _written(row: Mapping[str, Any]) -> str:
    return "\n".join([f"[[{WARN}]]", *(f"{key} = {_value(value)}" for key, value in row.items())])


def _value(value: object) -> str:
    """A value as TOML writes it; JSON writes texts, numbers and lists the same way but for one control character."""
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def warn_problems(parts: Parts) -> Iterator[Problem]:
    """Rules for something that is not there, rules given twice, people nobody knows."""
    seen: dict[tuple[object, ...], int] = {}
    for placed in parts.warns:
        row = placed.row.made()
        first = seen.setdefault((*row.identity, row.since), placed.line)
        if first != placed.line:
            why = f"同一范围、同一日期的预警规则与第 {first} 行重复"
            yield _problem(placed, "since", why, "只留一条；新的规则写更晚的 since")
        yield from _key(placed, parts)
        yield from _notified(placed, parts)


def _problem(placed: Placed[WarnTable], field: str, why: str, remedy: str) -> Problem:
    return Problem(why, remedy, field=field, file=placed.file, line=placed.line)


def _key(placed: Placed[WarnTable], parts: Parts) -> Iterator[Problem]:
    known = {
        WarnScope.AGENCY: ("单位", {each.row.code for each in parts.agencies}),
        WarnScope.MATTER: ("事项", {each.row.code for each in parts.matters}),
        WarnScope.STEP: ("时限", {rule.code for each in parts.procedures.values() for rule in each.clocks}),
    }
    what, codes = known.get(placed.row.scope, ("", {""}))
    if placed.row.key not in codes:
        some = "、".join(sorted(codes)[:8])
        yield _problem(placed, "key", f"预警规则的{what}“{placed.row.key}”不存在", f"可用：{some}")


def _notified(placed: Placed[WarnTable], parts: Parts) -> Iterator[Problem]:
    parties = {ANYWHERE, *(party for each in parts.procedures.values() for party in each.parties)}
    for entry in placed.row.notify:
        party, _, role = entry.partition(".")
        if entry != APPLICANT and not (party in parties and role in ROLES):
            remedy = f"写成 单位关系.角色，单位关系可用：{'、'.join(sorted(parties))}；或 {APPLICANT}"
            yield _problem(placed, "notify", f"不认识预警要告知的“{entry}”", remedy)
