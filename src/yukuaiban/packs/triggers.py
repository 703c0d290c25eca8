"""When supervision is proposed (`[[trigger]]` of rules.toml): which light for how long, which level, who decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from yukuaiban.core.errors import Problem
from yukuaiban.core.limits import Authority, Limit
from yukuaiban.packs.fields import Code, Day, Flag, MaybeDay, MaybeLimit, OneOrMany, Table, Words
from yukuaiban.packs.tables import Placed
from yukuaiban.packs.values import RuleValue
from yukuaiban.packs.vocabulary import ROLES

if TYPE_CHECKING:
    from yukuaiban.packs.complaints import Complaints
    from yukuaiban.packs.crosschecks import Parts
    from yukuaiban.packs.sources import TomlSource

TRIGGER, SUPERVISION_OFFICE = "trigger", "supervision_office"
OverdueLight = Literal["red", "breach"]
OrderLevel = Literal["blue", "orange", "red"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A case that shows the light `on` for longer than `after` (None: at once) gets a proposed order of `level`.

    `procedures` are those it is for (none: all that no other trigger of the same light names); `who` are the
    roles that decide.
    """

    code: str
    title: str
    on: OverdueLight
    after: Limit | None
    procedures: tuple[str, ...]
    level: OrderLevel
    who: tuple[str, ...]
    since: date
    until: date | None
    source: str
    authority: Authority
    confirmed: bool

    def holds(self, day: date) -> bool:
        """Whether the trigger is in force on a day."""
        return self.since <= day and (self.until is None or day < self.until)


class TriggerTable(Table):
    """`[[trigger]]`."""

    code: Code
    title: Words
    on: OverdueLight
    after: MaybeLimit = None
    procedures: OneOrMany = ()
    level: OrderLevel
    who: OneOrMany
    since: Day
    until: MaybeDay = None
    source: Words
    authority: Authority
    confirmed: Flag = True

    @property
    def name(self) -> str:
        """What lists of unconfirmed rows call it."""
        return self.title

    def made(self) -> Trigger:
        """The trigger as supervision knows it."""
        return Trigger(**dict(self))


def read_triggers(source: TomlSource, complaints: Complaints) -> Sequence[Placed[TriggerTable]]:
    """The triggers of rules.toml that are right by themselves; what is wrong with the others is noted."""
    found = []
    for at, data in enumerate(source.tables(TRIGGER, complaints)):
        table = complaints.checked(
            TriggerTable,
            data,
            file=source.file,
            line_of=lambda place, at=at: source.line((TRIGGER, at, *place)),  # type: ignore[misc]
        )
        if table is not None:
            found.append(Placed(table, source.file, source.line((TRIGGER, at)) or 0))
    return found


def trigger_problems(parts: Parts) -> Iterator[Problem]:
    """Triggers given twice, for procedures or roles that nobody knows, or without an office that supervises."""
    seen: dict[tuple[str, date], int] = {}
    for placed in parts.triggers:
        row = placed.row
        first = seen.setdefault((row.code, row.since), placed.line)
        if first != placed.line:
            yield _problem(placed, "code", f"“{row.code}”与第 {first} 行重复", "新的一版写更晚的 since")
        if row.until is not None and row.until <= row.since:
            why = f"until {row.until} 不晚于 since {row.since}"
            yield _problem(placed, "until", why, "until 是第一个不再施行的日子")
        for code in sorted(set(row.procedures) - parts.procedure_files):
            known = "、".join(sorted(parts.procedure_files))
            yield _problem(placed, "procedures", f"没有流程“{code}”", f"可用：{known}")
        for role in sorted(set(row.who) - ROLES):
            yield _problem(placed, "who", f"不认识角色“{role}”", f"可用：{'、'.join(sorted(ROLES))}")
    if parts.triggers:
        yield from _office(parts.triggers[0], parts.values, {each.row.code for each in parts.agencies})


def _office(
    placed: Placed[TriggerTable], values: Mapping[str, Sequence[RuleValue]], agencies: set[str]
) -> Iterator[Problem]:
    named = [str(row.value) for row in values.get(SUPERVISION_OFFICE, ())]
    if not named:
        remedy = f'请加 [[value]] code = "{SUPERVISION_OFFICE}"，unit = "text"，value = 督查单位的代码'
        yield _problem(placed, TRIGGER, "没有写明由哪个单位督办", remedy)
    for code in named:
        if code not in agencies:
            yield _problem(placed, TRIGGER, f"督办单位“{code}”不在 agencies.csv 中", "请核对代码")


def _problem(placed: Placed[TriggerTable], field: str, why: str, remedy: str) -> Problem:
    return Problem(why, remedy, field=field, file=placed.file, line=placed.line)
