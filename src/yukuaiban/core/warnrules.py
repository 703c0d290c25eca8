"""Rules for warnings as dated rows: which of them hold for a clock (clocks.md section 6).

The narrowest scope that has a rule in force on the day the clock starts wins alone; within it the earliest moment
wins, which `core.lights.first_warning` finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.lights import WarnRule
from yukuaiban.core.limits import Authority, Limit, Unit

_HOURS = "hours"
_TEST = re.compile(r"(?P<relation><=|>)\s*(?P<days>\d{1,4})wd")


class WarnScope(StrEnum):
    """What a rule is for, widest first: everything, an agency, a matter, a kind of limit, one clock of the table."""

    GLOBAL = "global"
    AGENCY = "agency"
    MATTER = "matter"
    LIMIT = "limit"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class LimitTest:
    """Which limits a rule is for: those in hours (`days` is None), or of at most, or of more than so many days.

    Natural days are compared by their number; months and years are more than any number of days.
    """

    days: int | None
    longer: bool = False

    @classmethod
    def parse(cls, text: str) -> LimitTest:
        """The test written `hours`, `<=2wd` or `>2wd`; InputInvalid says what would be right."""
        if text.strip() == _HOURS:
            return cls(None)
        found = _TEST.fullmatch(text.strip())
        if found is None:
            raise InputInvalid(Problem(f"“{text}”不是一类时限", "请写 hours、<=2wd 或 >2wd", field="limits"))
        return cls(int(found["days"]), longer=found["relation"] == ">")

    def __str__(self) -> str:
        return _HOURS if self.days is None else f"{'>' if self.longer else '<='}{self.days}wd"

    def meets(self, limit: Limit) -> bool:
        """Whether a limit is one of these."""
        if self.days is None or limit.unit.timed:
            return self.days is None and limit.unit.timed
        counted = limit.unit in (Unit.WORKDAY, Unit.NATURAL_DAY)
        return (not counted or limit.days > self.days) is self.longer


@dataclass(frozen=True, slots=True)
class Concern:
    """A clock as far as rules ask: its code, owner and matter, its whole limit, the day on which it starts."""

    step: str
    agency: str
    matter: str
    limit: Limit
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnRow(WarnRule):
    """A rule with its scope, in force from `since` until before `until`, and the paper it stands in.

    `key` is the code of the agency, matter or clock; `limits` narrows the rule to some limits.
    """

    scope: WarnScope
    since: date
    key: str = ""
    limits: LimitTest | None = None
    until: date | None = None
    source: str = ""
    authority: Authority = Authority.OURS
    confirmed: bool = True

    @property
    def identity(self) -> tuple[str, ...]:
        """What a later row must have in common to take the place of this one."""
        return (self.scope, self.key, str(self.limits or ""), self.metric)

    def concerns(self, clock: Concern) -> bool:
        """Whether the rule is for that clock, its dates apart."""
        keys = {
            WarnScope.AGENCY: clock.agency,
            WarnScope.MATTER: clock.matter,
            WarnScope.STEP: clock.step,
        }
        return keys.get(self.scope, "") == self.key and (
            self.limits is None or self.limits.meets(clock.limit)
        )

    def holds(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.since <= day and (self.until is None or day < self.until)


def chosen(rows: Iterable[WarnRow], clock: Concern) -> tuple[WarnRow, ...]:
    """The rules of a clock: those of the narrowest scope that has one in force on its first day; newest versions."""
    holding = [row for row in rows if row.concerns(clock) and row.holds(clock.day)]
    newest = {row.identity: row for row in sorted(holding, key=lambda row: row.since)}
    for scope in reversed(WarnScope):
        if found := tuple(row for row in newest.values() if row.scope is scope):
            return found
    return ()


def uncovered(rows: Sequence[WarnRow]) -> list[Limit]:
    """Limits for which no rule is global, one example for each kind; empty if every clock has a rule."""
    wide = [row.limits for row in rows if row.scope is WarnScope.GLOBAL]
    last = max((test.days or 0 for test in wide if test is not None), default=0)
    asked = [Limit.parse("1h"), *(Limit.parse(f"{days}wd") for days in range(last + 2))]
    return [limit for limit in asked if not any(test is None or test.meets(limit) for test in wide)]
