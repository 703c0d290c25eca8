"""Due moments that were set by hand: which one a clock takes, and what it shows as its length.

A case brings one moment or a list of them as a fact (`ClockRule.due_from`). Nothing moves such a moment but an
extension, which stays with it when the clock is started again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from yukuaiban.core.limits import Limit, LimitRow, Unit

if TYPE_CHECKING:
    from yukuaiban.core.casestate import CaseState, ClockState
    from yukuaiban.core.procedures import ClockRule
    from yukuaiban.core.workcalendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class FixedDue:
    """The moment as it was `first` set, and as it holds `now` after extensions."""

    first: datetime
    now: datetime


def fixed_moment(rule: ClockRule, state: CaseState, earlier: Sequence[ClockState]) -> FixedDue | None:
    """The due moment of the next run of a clock, or None where the case brings none (any more).

    Of a list the one behind as many as `due_step` was done; an extension of that moment in an earlier run holds on.
    """
    given = state.facts.get(rule.due_from) if rule.due_from else None
    written = [given] if isinstance(given, str) else list(given or ())
    turn = state.counts.get(rule.due_step, 0) if len(written) > 1 else 0
    if turn >= len(written):
        return None
    first = datetime.fromisoformat(written[turn])
    before = next((clock for clock in reversed(earlier) if clock.original_due_at == first), None)
    return FixedDue(first, before.fixed if before is not None and before.fixed is not None else first)


def fixed_row(rule: ClockRule, state: CaseState, day: date, calendar: WorkCalendar) -> LimitRow | None:
    """The stretch from `day` to the moment in natural days, as rules for warnings ask for it; None without one."""
    fixed = fixed_moment(rule, state, ())
    if fixed is None:
        return None
    days = max((calendar.day(fixed.first) - day).days, 0)
    return LimitRow(Limit(Decimal(days), Unit.NATURAL_DAY), since=day, source=state.procedure.source)
