"""The tables of a procedure file as written, each turned into its object of the core."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationInfo, field_validator, model_validator

from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.lights import ClockKind, Light, parse_warn
from yukuaiban.core.limits import Authority, Limit, LimitRow
from yukuaiban.core.procedures import (
    Action,
    ClockRule,
    Effect,
    LadderStep,
    PauseCategory,
    SecondPerson,
    Stage,
)
from yukuaiban.core.warnrules import WarnRow, WarnScope
from yukuaiban.packs.fields import (
    Code,
    Day,
    Flag,
    LimitKind,
    LimitText,
    MaybeDay,
    MaybeLimit,
    MaybeWords,
    OneOrMany,
    Scalar,
    Table,
    Warn,
    Words,
    told,
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
    due_from: MaybeWords = ""
    due_step: MaybeWords = ""
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


class WarnTable(Table):
    """`[[warn]]`: a rule for the warnings of clocks that have none of their own."""

    scope: WarnScope
    key: MaybeWords = ""
    limits: LimitKind | None = None
    metric: Literal["used_percent", "remaining"]
    unit: Literal["percent", "wd", "d", "h", "m", "sh", "sm"]
    value: Scalar
    light: Literal["yellow"]
    notify: OneOrMany = ()
    since: Day
    until: MaybeDay = None
    source: Words
    authority: Authority
    confirmed: Flag = True

    @field_validator("value")
    @classmethod
    def _fits(cls, value: str, info: ValidationInfo) -> str:
        """An amount that is one in its unit, more than nothing, at most the whole."""
        metric, unit = info.data.get("metric"), info.data.get("unit")
        if metric is None or unit is None:
            return value
        if (metric == "used_percent") is not (unit == "percent"):
            raise told(
                f"{metric} 不能用单位 {unit}", "used_percent 用 percent；remaining 用 wd、d、h、m、sh、sm"
            )
        try:
            rule = parse_warn(_amount(value, unit))
        except InputInvalid as error:
            raise told(error.problems[0].why, error.problems[0].remedy) from error
        if isinstance(rule.value, Limit) and not rule.value.amount:
            raise told(f"剩余 {rule.value} 就是到期，不是预警", "请写大于 0 的数")
        return value

    @model_validator(mode="after")
    def _whole(self) -> WarnTable:
        keyed = self.scope in (WarnScope.AGENCY, WarnScope.MATTER, WarnScope.STEP)
        if keyed is not bool(self.key):
            remedy = "agency、matter、step 写 key = 代码；global、limit 不写 key"
            raise told(f"范围 {self.scope} {'没有写 key' if keyed else '不写 key'}", remedy)
        if self.scope is WarnScope.LIMIT and self.limits is None:
            raise told("范围 limit 没有写是哪一类时限", 'limits 写如 "<=2wd"')
        if self.until is not None and self.until <= self.since:
            raise told(f"until {self.until} 不晚于 since {self.since}", "until 是第一个不再施行的日子")
        return self

    def made(self) -> WarnRow:
        """The rule as the core knows it."""
        return _made(WarnRow, self, value=parse_warn(_amount(self.value, self.unit)).value)


def _amount(value: str, unit: str) -> str:
    return f"{value}{'%' if unit == 'percent' else unit}"


SECTIONS: dict[str, type[Table]] = {
    "stage": StageTable,
    "action": ActionTable,
    "clock": ClockTable,
    "pause_category": PauseTable,
    "ladder": LadderTable,
    "warn": WarnTable,
}


def _made(kind: type[Made], table: Table, **over: Any) -> Made:
    """An object of the core from the fields of the same names."""
    names = [each.name for each in dataclasses.fields(kind) if each.init]  # type: ignore[arg-type]
    return kind(**{name: getattr(table, name) for name in names if hasattr(table, name)} | over)
