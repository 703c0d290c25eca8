"""Rows against the fold of their events: what verify compares, and what `journal rebuild` mends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from yukuaiban.cases import facts, storing
from yukuaiban.cases.models import Case, Clock
from yukuaiban.core.errors import Refused

if TYPE_CHECKING:
    from yukuaiban.core.timeline import CaseState
    from yukuaiban.journal.event import Event


def fold_differences(stream: str, events: Sequence[Event]) -> list[str]:
    """How the rows of a case differ from the fold of its events; empty if they agree."""
    number = stream.removeprefix(facts.STREAM)
    case = Case.objects.filter(number=number).first()
    if case is None:
        return [f"{number}: 有留痕，没有办件行"]
    if not events:
        return [f"{number}: 有办件行，没有留痕"]
    try:
        state = facts.state_from(case.procedure, str(events[0].body["procedure"]), events)
    except (Refused, KeyError) as error:
        return [f"{number}: 留痕不能重放：{error}"]
    found = _compared(case, storing.columns(state), number)
    if bytes(case.head) != events[-1].hash:
        found.append(f"{number}: head 与最后一条留痕不符")
    return found + _clock_differences(case, state)


def _clock_differences(case: Case, state: CaseState) -> list[str]:
    rows = {(row.code, row.ordinal): row for row in Clock.objects.filter(case=case)}
    wanted = {(clock.code, clock.ordinal): storing.clock_columns(clock) for clock in state.clocks}
    found = [
        f"{case.number}: 时限行 {code}#{n} 多余或缺失" for code, n in sorted(rows.keys() ^ wanted.keys())
    ]
    for key in sorted(rows.keys() & wanted.keys()):
        found += _compared(rows[key], wanted[key], f"{case.number} {key[0]}#{key[1]}")
    return found


def _compared(row: Case | Clock, wanted: dict[str, object], name: str) -> list[str]:
    return [
        f"{name}: {column} 为 {getattr(row, column)}，应为 {value}"
        for column, value in wanted.items()
        if getattr(row, column) != value
    ]


def rebuild(case: Case) -> list[str]:
    """Write the rows of a case anew from its events; returns what differed before."""
    events = list(facts.events(facts.stream_of(case.number)))
    found = fold_differences(facts.stream_of(case.number), events)
    if found:
        storing.rewrite(case, facts.state_of(case))
    return found
