"""The tables of a procedure file as written, each turned into its object of the core."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal, TypeVar

from pydantic import Field

from yukuaiban.core.lights import ClockKind, Light
from yukuaiban.core.limits import Authority, LimitRow
from yukuaiban.core.procedures import (
    Action,
    ClockRule,
    Effect,
    LadderStep,
    PauseCategory,
    SecondPerson,
    Stage,
)
from yukuaiban.packs.fields import (
    Code,
    Day,
    Flag,
    LimitText,
    MaybeDay,
    MaybeLimit,
    MaybeWords,
    OneOrMany,
    Table,
    Warn,
    Words,
)

Made = TypeVar("Made")


class HeadTable(Table):
    """What stands above the first table of the file."""

    code: Code
    title: Words
    title_en: MaybeWords = ""
    measure: Code
    first: Code
    source: Words
    parties: OneOrMany = ()


class StageTable(Table):
    """`[[stage]]`."""

    code: Code
    title: Words
    title_en: MaybeWords = ""
    final: Flag = False

    def made(self) -> Stage:
        """The stage as the core knows it."""
        return _made(Stage, self)


class ActionTable(Table):
    """`[[action]]`."""

    code: Code
    title: Words
    title_en: MaybeWords = ""
    sources: OneOrMany = Field(default=(), alias="from")
    to: Code | None = None
    by: OneOrMany = ()
    needs: OneOrMany = ()
    effect: Effect | None = None
    confirms: Code | None = None
    declines: Code | None = None
    request: Flag = False
    second_person: SecondPerson | None = None
    counts_from: Code | None = None
    keeps: OneOrMany = ()
    start: Flag = False
    system: Flag = False
    late_entry: Flag = False

    def made(self) -> Action:
        """The action as the core knows it."""
        return _made(Action, self)


class LimitTable(Table):
    """`[[clock.limit]]`: a limit in force since a day, with its paper."""

    limit: LimitText
    since: Day
    until: MaybeDay = None
    source: Words
    authority: Authority
    confirmed: Flag = True
    calendar: Code = "office"
    roll: Flag = True
    ends: Literal["closing", "midnight"] | None = None
    late_allowed: Flag = False

    def made(self) -> LimitRow:
        """The row as the core knows it."""
        return _made(LimitRow, self)


class ClockTable(Table):
    """`[[clock]]`."""

    code: Code
    title: Words
    title_en: MaybeWords = ""
    kind: ClockKind
    owner: Code
    starts: OneOrMany = ()
    stops: OneOrMany = ()
    limit: tuple[LimitTable, ...] = ()
    limit_from: MaybeWords = ""
    warns: tuple[Warn, ...] = ()
    restarts: Flag = False
    extendable: Flag = False
    on_due: MaybeWords = ""
    quiet_exempt: Flag = False
    light: Flag = True

    def made(self) -> ClockRule:
        """The clock rule as the core knows it."""
        return _made(ClockRule, self, limits=tuple(row.made() for row in self.limit))


class PauseTable(Table):
    """`[[pause_category]]`."""

    code: Code
    title: Words
    title_en: MaybeWords = ""
    stops: OneOrMany
    source: Words
    cap: MaybeLimit = None
    needs_sheet: Flag = False

    def made(self) -> PauseCategory:
        """The category as the core knows it."""
        return _made(PauseCategory, self)


class LadderTable(Table):
    """`[[ladder]]`."""

    code: Code
    on: Light
    notify: OneOrMany
    after: MaybeLimit = None
    source: MaybeWords = ""

    def made(self) -> LadderStep:
        """The step as the core knows it."""
        return _made(LadderStep, self)


SECTIONS: dict[str, type[Table]] = {
    "stage": StageTable,
    "action": ActionTable,
    "clock": ClockTable,
    "pause_category": PauseTable,
    "ladder": LadderTable,
}


def _made(kind: type[Made], table: Table, **over: Any) -> Made:
    """An object of the core from the fields of the same names."""
    names = [each.name for each in dataclasses.fields(kind) if each.init]  # type: ignore[arg-type]
    return kind(**{name: getattr(table, name) for name in names if hasattr(table, name)} | over)
