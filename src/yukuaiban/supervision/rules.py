"""The rules of supervision on plain values: levels, who may sign, when a trigger fires, the number of an order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from yukuaiban.core.clocks import due
from yukuaiban.core.workcalendar import WorkCalendar
from yukuaiban.packs.triggers import Trigger

LEVELS = ("blue", "orange", "red")
HIGHEST = LEVELS[-1]
REJECTED = "rejected"
CONSEQUENCES = {"orange": "列入挂牌督办", "red": "约谈单位负责人"}
"""What a level means beside its colour (the ladder of 三明 and 潍坊)."""


def next_level(level: str) -> str | None:
    """The colour above, or None at the highest."""
    at = LEVELS.index(level) + 1
    return LEVELS[at] if at < len(LEVELS) else None


def may_rise(stage: str, *, overdue: bool) -> bool:
    """The next colour follows an answer that was rejected, or a step that the agency has not done in time."""
    return overdue or stage == REJECTED


def needs_head(level: str) -> bool:
    """Whether the head of the supervising office must approve in person (LAW 政府督查工作条例 art. 11; red)."""
    return level == HIGHEST


def recused(person: str, signed: Collection[str]) -> bool:
    """Whoever took part in the order does not decide on an objection against it (LAW art. 17)."""
    return person in signed


def order_number(year: int, running: int) -> str:
    """`督办〔2026〕3号`: year, kind and running number."""
    return f"督办〔{year}〕{running}号"


def procedures_of(trigger: Trigger, triggers: Iterable[Trigger]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The procedures a trigger names (none: all), and those left to other triggers of the same light."""
    if trigger.procedures:
        return trigger.procedures, frozenset()
    others = (each.procedures for each in triggers if each.on == trigger.on and each.code != trigger.code)
    return (), frozenset(code for named in others for code in named)


def fires(trigger: Trigger, since: datetime, now: datetime, calendar: WorkCalendar) -> bool:
    """Whether the light that has been shown since that moment (aware) has been shown for long enough."""
    if trigger.after is None:
        return since < now
    ripe = due(since, trigger.after, calendar, explain=False).at
    return ripe is not None and ripe < now
