"""Targets fed by the figures of other measures: looked up by `measure.code`, compared exactly, never invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from yukuaiban.people.district import local_day
from yukuaiban.plans.calendars import start_of_year
from yukuaiban.plans.models import Target
from yukuaiban.plans.rules import Aim, met
from yukuaiban.registry import Indicator, measures

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Source(StrEnum):
    """Where the figure of a target comes from."""

    BOUND = "bound"
    MANUAL = "manual"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Figure:
    """What a target stands at: `part` of `whole` (a bare count has no whole), as of a moment or a day.

    UNKNOWN: the indicator is not connected (未接入). NONE: nobody has stated anything yet. Both have no value.
    """

    source: Source
    part: int | None = None
    whole: int | None = None
    as_of: datetime | date | None = None
    indicator: Indicator | None = None
    measure: str | _StrPromise = ""

    @property
    def known(self) -> bool:
        """Whether there is a value at all."""
        return self.part is not None


def known() -> dict[str, tuple[Indicator, str | _StrPromise]]:
    """Every indicator of every measure by `measure.code`, with the title of its measure."""
    return {
        f"{each.code}.{indicator.code}": (indicator, each.title)
        for each in measures()
        for indicator in each.indicators
    }


def figure(target: Target, year: int, now: datetime) -> Figure:
    """What the target stands at now, from the first day of the plan's year on."""
    if not target.indicator:
        if target.part is None or (target.stated_on is not None and target.stated_on > local_day(now)):
            return Figure(Source.NONE)
        return Figure(Source.MANUAL, target.part, target.whole, target.stated_on)
    return bound(target.indicator, start_of_year(year), now)


def bound(code: str, since: datetime, now: datetime) -> Figure:
    """The figure of an indicator in [since, now); UNKNOWN where no measure offers it."""
    found = known().get(code)
    if found is None:
        return Figure(Source.UNKNOWN)
    indicator, title = found
    part, whole = indicator.query(since, max(now, since), None)
    return Figure(Source.BOUND, part, whole, now, indicator, title)


def aim_of(target: Target) -> Aim:
    """The target as the rules compare it."""
    return Aim(target.value, target.unit, target.comparison, target.soft)


def reached(target: Target, found: Figure) -> bool | None:
    """Whether the target is met; None where nothing can be said."""
    return met(aim_of(target), found.part, found.whole) if found.part is not None else None


def any_met(undertaking: int, now: datetime) -> bool:
    """Whether a target of the undertaking is met: it may stand in for a document when a task is closed out."""
    rows = Target.objects.filter(undertaking=undertaking, gone_in=None).select_related("undertaking__plan")
    return any(reached(each, figure(each, each.undertaking.plan.year, now)) for each in rows)


def day_of(found: Figure) -> date | None:
    """The day of a figure, as pages show it."""
    return local_day(found.as_of) if isinstance(found.as_of, datetime) else found.as_of
