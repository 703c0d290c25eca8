"""Clocks by light as of any moment: open ones by their light, stopped ones in time or late.

What a moment shows is what had happened by then. A case without an event since is read from its rows, in one
statement; one with later events is folded anew from the journal up to the moment, so the answer is exact for every
moment of the past. The events of a case are taken in their order up to the first that happened later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

from django.db.models import Count, F, Q

from yukuaiban.cases import facts, versions
from yukuaiban.cases.models import Case, Clock
from yukuaiban.core.lights import ClockKind, Light
from yukuaiban.core.timeline import CaseState, ClockState, fold
from yukuaiban.journal.reading import events

_LIGHTS = tuple(light.name for light in Light)
PAUSED = "paused"
Key = tuple[str, str, str | None]
"""Measure, clock, agency (None where agencies are not told apart)."""


@dataclass(slots=True)
class ClockCount:
    """How many clocks of one kind are open with each light, and how many were stopped in time or late.

    `paused` counts again those of the four that stand still. In time means: not after the due moment with its
    pauses and extensions; whatever stopped the clock, it counts.
    """

    measure: str
    clock: str
    agency: str | None
    open: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*_LIGHTS, PAUSED), 0))
    closed: dict[str, int] = field(default_factory=lambda: {"in_time": 0, "late": 0})

    def as_json(self) -> dict[str, Any]:
        """As `report lights --json` prints it (cli.md)."""
        return asdict(self)


def lights(moment: datetime, *, measure: str | None = None, by_agency: bool = False) -> list[ClockCount]:
    """The counts as of `moment` by measure and clock, and by the agency that owes the promise if asked for."""
    cases = Case.objects.filter(opened_at__lte=moment)
    if measure is not None:
        cases = cases.filter(measure=measure)
    found: dict[Key, ClockCount] = {}

    def row(*key: str) -> ClockCount:
        code, clock, agency = key[0], key[1], key[2] if by_agency else None
        return found.setdefault((code, clock, agency), ClockCount(code, clock, agency))

    still = Clock.objects.filter(case__in=cases.filter(recorded_at__lte=moment))
    for counted in still.values("case__measure", "code", "owner").annotate(**_counts(moment)).order_by():
        _add(row(counted["case__measure"], counted["code"], counted["owner"]), counted)
    for case in cases.filter(recorded_at__gt=moment).iterator():
        for clock in state_at(case, moment).clocks:
            _count(row(case.measure, clock.code, clock.owner), clock, moment)
    return [found[key] for key in sorted(found, key=lambda key: (key[0], key[1], key[2] or ""))]


def state_at(case: Case, moment: datetime) -> CaseState:
    """The case as it stood at a moment, by its journal."""
    rule = versions.procedure(case.procedure, case.procedure_version)
    stream = (facts.fact_of(event) for event in events(facts.stream_of(case.number)))
    return fold(rule, versions.calendar, takewhile(lambda fact: fact.at <= moment, stream))


def _counts(moment: datetime) -> dict[str, Count]:
    """The same questions as `ClockState.light` and `paused_at`, asked of the rows."""
    running, over = Q(stopped_at=None), Q(due_at__lt=moment)
    legal = Q(kind=ClockKind.STATUTORY.value)
    warned = Q(warns_at__lte=moment) & Q(due_at__gte=moment)
    in_time = Q(due_at=None) | Q(stopped_at__lte=F("due_at"))
    wanted = {
        Light.BREACH.name: running & over & legal,
        Light.RED.name: running & over & ~legal,
        Light.YELLOW.name: running & warned,
        Light.GREEN.name: running & (Q(due_at=None) | Q(warns_at__gt=moment)),
        PAUSED: running & Q(paused_since__lte=moment, paused_until__gt=moment),
        "in_time": ~running & in_time,
        "late": ~running & Q(stopped_at__gt=F("due_at")),
    }
    return {name: Count("id", filter=condition) for name, condition in wanted.items()}


def _add(count: ClockCount, counted: Mapping[str, Any]) -> None:
    for part in (count.open, count.closed):
        for name in part:
            part[name] += counted[name]


def _count(count: ClockCount, clock: ClockState, moment: datetime) -> None:
    if not clock.running:
        late = clock.light(moment) in (Light.RED, Light.BREACH)
        count.closed["late" if late else "in_time"] += 1
        return
    count.open[clock.light(moment).name] += 1
    count.open[PAUSED] += clock.paused_at(moment)
