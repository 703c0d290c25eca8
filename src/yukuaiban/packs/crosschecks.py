"""What can be said only of the pack as a whole: names in one file that another must define, codes given twice."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from yukuaiban.core.errors import Problem
from yukuaiban.packs.matterchecks import findings
from yukuaiban.packs.rows import (
    EVERY_MATTER,
    AgencyRow,
    AliasRow,
    DeskRow,
    EvidenceKindRow,
    HallRow,
    MatterRow,
    PlanBindingRow,
)
from yukuaiban.packs.statutory import default_statutory
from yukuaiban.packs.tables import Placed
from yukuaiban.packs.triggers import trigger_problems
from yukuaiban.packs.vocabulary import Movement, WarningMode
from yukuaiban.packs.warnrows import warn_problems

if TYPE_CHECKING:
    from yukuaiban.core.procedures import Procedure
    from yukuaiban.packs.exampletables import Example
    from yukuaiban.packs.proceduretables import WarnTable
    from yukuaiban.packs.triggers import TriggerTable
    from yukuaiban.packs.values import RuleValue

Row = TypeVar("Row", bound=BaseModel)
Version = TypeVar("Version", MatterRow, AliasRow)
_CALLED = {"code": "代码", "name": "名称"}
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """The files of a pack, read but not yet compared. `procedure_files` are also those that could not be read."""

    calendars: frozenset[str]
    procedures: Mapping[str, Procedure]
    procedure_files: frozenset[str]
    agencies: Sequence[Placed[AgencyRow]]
    aliases: Sequence[Placed[AliasRow]]
    halls: Sequence[Placed[HallRow]]
    desks: Sequence[Placed[DeskRow]]
    matters: Sequence[Placed[MatterRow]]
    examples: Sequence[Example]
    evidence_kinds: Sequence[Placed[EvidenceKindRow]]
    plan_bindings: Sequence[Placed[PlanBindingRow]]
    values: Mapping[str, Sequence[RuleValue]]
    warns: Sequence[Placed[WarnTable]]
    triggers: Sequence[Placed[TriggerTable]]


def problems(parts: Parts) -> list[Problem]:
    """Everything that does not fit together."""
    return [problem for rule in _CHECKS for problem in rule(parts)]


def _problem(placed: Placed[Row], field: str, why: str, remedy: str) -> Problem:
    return Problem(why, remedy, field=field, file=placed.file, line=placed.line)


def _unknown(rows: Iterable[Placed[Row]], field: str, known: Iterable[str], what: str) -> Iterator[Problem]:
    """Rows whose field names something that is not there; an empty field names nothing."""
    names = frozenset(known)
    for placed in rows:
        value = getattr(placed.row, field)
        if value and value not in names:
            remedy = f"可用：{'、'.join(sorted(names)[:8])}{'……' if len(names) > 8 else ''}"
            yield _problem(placed, field, f"没有{what}“{value}”", remedy)


def _twice(
    rows: Iterable[Placed[Row]], field: str, key: Callable[[Row], Hashable], what: str
) -> Iterator[Problem]:
    seen: dict[Hashable, int] = {}
    for placed in rows:
        value = key(placed.row)
        first = seen.setdefault(value, placed.line)
        if first != placed.line:
            shown = getattr(placed.row, field)
            yield _problem(placed, field, f"{what}“{shown}”与第 {first} 行重复", "每个只写一行")


def _evidence_kinds(parts: Parts) -> Iterator[Problem]:
    yield from _twice(parts.evidence_kinds, "code", lambda row: row.code, "材料种类")


def _plan_bindings(parts: Parts) -> Iterator[Problem]:
    yield from _twice(parts.plan_bindings, "code", lambda row: row.code, "指标对应的代码")
    for placed in parts.plan_bindings:
        row = placed.row
        if not row.words:
            yield _problem(placed, "words", "没有写原文里的词", "写方案原文里的词，几个词用 | 分开")
        if "." not in row.indicator:
            yield _problem(
                placed, "indicator", f"“{row.indicator}”不是指标", "写 模块.指标，如 desks.on_time_rate"
            )
        if bool(row.unit) is (row.movement is not Movement.NONE):
            remedy = "有数的目标写 unit、movement 写 none；没有数的只写 movement"
            yield _problem(placed, "unit", "单位和升降只能写一样", remedy)


def _agencies(parts: Parts) -> Iterator[Problem]:
    yield from _twice(parts.agencies, "code", lambda row: row.code, "单位代码")
    yield from _twice(parts.agencies, "number4", lambda row: row.number4, "编号")
    yield from _unknown(parts.agencies, "parent", _codes(parts.agencies), "单位")
    parents = {placed.row.code: placed.row.parent for placed in parts.agencies}
    for placed in parts.agencies:
        number = placed.row.number4
        if not (len(number) == _DIGITS and number.isascii() and number.isdigit()):
            yield _problem(
                placed, "number4", f"编号“{number}”不是四位数字", "办件编号里单位占四位，请写如 0016"
            )
        if _circular(placed.row.code, parents):
            yield _problem(placed, "parent", "上级单位绕成了圈", "最上级单位的 parent 留空")


def _circular(code: str, parents: Mapping[str, str]) -> bool:
    seen = {code}
    above = parents.get(code, "")
    while above and above not in seen:
        seen.add(above)
        above = parents.get(above, "")
    return above == code


def _codes(
    rows: Iterable[Placed[AgencyRow] | Placed[HallRow] | Placed[DeskRow] | Placed[MatterRow]],
) -> list[str]:
    return [placed.row.code for placed in rows]


def _halls(parts: Parts) -> Iterator[Problem]:
    yield from _twice(parts.halls, "code", lambda row: row.code, "大厅代码")
    yield from _unknown(parts.halls, "agency", _codes(parts.agencies), "单位")
    yield from _unknown(parts.halls, "calendar", parts.calendars, "日历")
    for placed in parts.halls:
        if placed.row.warning_mode is WarningMode.LIVE and not placed.row.mode_source:
            remedy = "在 mode_source 写明启用文件，或改为 trial"
            yield _problem(placed, "mode_source", "预警系统正式运行（live）须有文件依据", remedy)


def _desks(parts: Parts) -> Iterator[Problem]:
    yield from _twice(parts.desks, "code", lambda row: row.code, "窗口代码")
    yield from _unknown(parts.desks, "hall", _codes(parts.halls), "大厅")
    yield from _unknown(parts.desks, "agency", _codes(parts.agencies), "单位")
    yield from _unknown(parts.desks, "calendar", parts.calendars, "日历")
    yield from _unknown(parts.desks, "merged_into", _codes(parts.desks), "窗口")
    groups = {placed.row.desk_group for placed in parts.matters if placed.row.desk_group}
    known = {EVERY_MATTER, *groups, *_codes(parts.matters)}
    for placed in parts.desks:
        for skill in placed.row.skills:
            if skill not in known:
                remedy = f"写事项代码、窗口组（{'、'.join(sorted(groups))}）或 *"
                yield _problem(placed, "skills", f"没有事项“{skill}”", remedy)
        if placed.row.until is not None and placed.row.until <= placed.row.since:
            yield _problem(placed, "until", "until 不晚于 since", "until 是第一个不再开放的日子")


def _aliases(parts: Parts) -> Iterator[Problem]:
    known = frozenset(_codes(parts.agencies))
    for placed in parts.aliases:
        members = placed.row.members
        if not members:
            yield _problem(placed, "members", "没有成员", "写单位代码，用 | 分开")
        for code in sorted(set(members) - known):
            yield _problem(placed, "members", f"没有单位“{code}”", "请核对 agencies.csv 中的代码")
        for code in sorted({each for each in members if members.count(each) > 1}):
            yield _problem(placed, "members", f"单位“{code}”写了两次", "每个成员只写一次")
    yield from _versions(parts.aliases, "name", "单位组")


def _matters(parts: Parts) -> Iterator[Problem]:
    yield from _unknown(parts.matters, "agency", _codes(parts.agencies), "单位")
    whole = parts.procedure_files == set(parts.procedures)
    agreed = {category.code for each in parts.procedures.values() for category in each.pause_categories}
    for placed in parts.matters:
        law = default_statutory(parts.values, placed.row.matter_kind, placed.row.since)
        for found in findings(placed.row, law):
            yield _problem(placed, found.field, found.why, found.remedy)
        for category in placed.row.pausable:
            if whole and category not in agreed:
                yield _problem(
                    placed, "pausable", f"没有暂停事由“{category}”", f"可用：{'、'.join(sorted(agreed))}"
                )
    yield from _versions(parts.matters, "code", "事项")


def _versions(rows: Sequence[Placed[Version]], field: str, what: str) -> Iterator[Problem]:
    """Versions of one matter or group follow each other: later `since`, no overlap, so that a day has one version."""
    earlier: dict[str, Placed[Version]] = {}
    for placed in rows:
        before = earlier.get(placed.row.code)
        earlier[placed.row.code] = placed
        if before is None:
            continue
        if placed.row.since <= before.row.since:
            why = f"{what}“{placed.row.code}”与第 {before.line} 行重复，且自 {placed.row.since} 起并不更晚"
            remedy = f"同一{what}的新版本写更晚的 since；不是同一{what}的换一个{_CALLED[field]}"
            yield _problem(placed, field, why, remedy)
        elif before.row.until is not None and before.row.until > placed.row.since:
            why = f"第 {before.line} 行的版本到 {before.row.until} 才止，与本行重叠"
            yield _problem(placed, "since", why, "上一版的 until 不晚于本版的 since")


def _examples(parts: Parts) -> Iterator[Problem]:
    matters = frozenset(_codes(parts.matters))
    for example in parts.examples:
        procedure = parts.procedures.get(example.procedure)
        if procedure is None:
            if example.procedure not in parts.procedure_files:
                known = "、".join(sorted(parts.procedure_files))
                yield _in_example(example, "procedure", f"没有流程“{example.procedure}”", f"可用：{known}")
            continue
        if example.matter and example.matter not in matters:
            yield _in_example(example, "matter", f"没有事项“{example.matter}”", "请核对 matters.csv")
        named = {each.clock for each in example.expect if each.clock}
        for clock in sorted(named - {rule.code for rule in procedure.clocks}):
            known = "、".join(rule.code for rule in procedure.clocks)
            yield _in_example(example, "expect", f"没有时限“{clock}”", f"可用：{known}")
        stages = {each.stage for each in example.expect if each.stage}
        for stage in sorted(stages - {each.code for each in procedure.stages}):
            known = "、".join(each.code for each in procedure.stages)
            yield _in_example(example, "expect", f"没有阶段“{stage}”", f"可用：{known}")


def _in_example(example: Example, field: str, why: str, remedy: str) -> Problem:
    return Problem(why, remedy, field=field, file=example.file, line=example.line)


_CHECKS: tuple[Callable[[Parts], Iterator[Problem]], ...] = (
    _agencies,
    _aliases,
    _halls,
    _desks,
    _matters,
    _examples,
    _evidence_kinds,
    _plan_bindings,
    warn_problems,
    trigger_problems,
)
