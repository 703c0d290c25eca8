"""Rows against the fold of their events: what verify compares, and what `journal rebuild` mends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from yukuaiban.cases import facts, storing
from yukuaiban.cases.models import Case, Clock, ClockEffect
from yukuaiban.core.errors import Refused
from yukuaiban.journal.event import SYSTEM
from yukuaiban.journal.verifying import first_fault
from yukuaiban.journal.writing import append

if TYPE_CHECKING:
    from uuid import UUID

    from yukuaiban.core.timeline import CaseState
    from yukuaiban.journal.event import Actor, Event
    from yukuaiban.journal.pen import Pen

ROWS_REBUILT = "rows.rebuilt"


def case_streams() -> Iterator[str]:
    """The streams that the case rows say exist, with flat memory."""
    for number in Case.objects.order_by("number").values_list("number", flat=True).iterator():
        yield facts.stream_of(number)


@dataclass(frozen=True, slots=True)
class CaseRows:
    """Rows of cases as verify compares them: a case by its number, clocks by the case."""

    cases: Mapping[str, Case]
    clocks: Mapping[UUID, Sequence[Clock]]

    @classmethod
    def of(cls, numbers: Sequence[str]) -> CaseRows:
        """Those of the cases with these numbers: two queries."""
        cases = {case.number: case for case in Case.objects.filter(number__in=numbers)}
        clocks: defaultdict[UUID, list[Clock]] = defaultdict(list)
        for clock in Clock.objects.filter(case__in=[case.pk for case in cases.values()]):
            clocks[clock.case_id].append(clock)
        return cls(cases, clocks)


class FoldDifferences:
    """How the rows of a case differ from the fold of its events; empty if they agree. Reads them alone or together."""

    def __call__(self, stream: str, events: Sequence[Event]) -> list[str]:
        """The differences of one stream: two queries."""
        return self.reading([stream])(stream, events)

    def reading(self, streams: Sequence[str]) -> Callable[[str, Sequence[Event]], list[str]]:
        """The same for these streams, with two queries for all of them."""
        return partial(_differences, CaseRows.of([each.removeprefix(facts.STREAM) for each in streams]))


fold_differences = FoldDifferences()


def _differences(rows: CaseRows, stream: str, events: Sequence[Event]) -> list[str]:
    number = stream.removeprefix(facts.STREAM)
    case = rows.cases.get(number)
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
    if case.recorded_at != events[-1].recorded_at:
        found.append(f"{number}: recorded_at 与最后一条留痕不符")
    return found + _clock_differences(number, rows.clocks.get(case.pk, ()), state)


def _clock_differences(number: str, clocks: Sequence[Clock], state: CaseState) -> list[str]:
    rows = {(row.code, row.ordinal): row for row in clocks}
    wanted = {(clock.code, clock.ordinal): storing.clock_columns(clock) for clock in state.clocks}
    found = [f"{number}: 时限行 {code}#{n} 多余或缺失" for code, n in sorted(rows.keys() ^ wanted.keys())]
    for key in sorted(rows.keys() & wanted.keys()):
        found += _compared(rows[key], wanted[key], f"{number} {key[0]}#{key[1]}")
    return found


def _compared(row: Case | Clock, wanted: dict[str, object], name: str) -> list[str]:
    return [
        f"{name}: {column} 为 {getattr(row, column)}，应为 {value}"
        for column, value in wanted.items()
        if getattr(row, column) != value
    ]


def differences(number: str) -> list[str]:
    """How the rows of the case of that number differ from its events now."""
    stream = facts.stream_of(number)
    return fold_differences(stream, list(facts.events(stream)))


def rebuild(number: str, *, actor: Actor, pen: Pen) -> list[str]:
    """Write the rows of a case anew from its events, itself an event; returns what differed before.

    Counts are not moved: `counters.repair` does that, once for all cases. Raises Refused if there is no row to mend,
    if the events themselves are not whole (a fold of them would launder what was changed), or if a fold cannot mend it.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(number=number).first()
        if case is None:
            raise Refused(f"{number} 没有办件行，不能由留痕重建；请从备份恢复。")
        found = differences(number)
        if not found:
            return []
        _refuse_broken(number)
        _write_anew(case)
        if left := differences(number):
            raise Refused(f"{number} 不能由留痕重建：{left[0]}；请从备份恢复。")
        body = {"case": number, "differences": len(found)}
        append(stream=SYSTEM, type=ROWS_REBUILT, body=body, actor=actor, pen=pen, source="console")
    return found


def _refuse_broken(number: str) -> None:
    fault = first_fault(facts.stream_of(number))
    if fault is not None:
        why = f"序号 {fault.seq}：{fault.why}"
        raise Refused(f"{number} 的留痕本身有误（{why}），不能据以重建；请先运行 ./ykb journal verify 查明。")


def _write_anew(case: Case) -> None:
    events = list(facts.events(facts.stream_of(case.number)))
    if not events:
        raise Refused(f"{case.number} 有办件行，没有留痕，不能重建；请从备份恢复。")
    state = facts.state_from(case.procedure, str(events[0].body["procedure"]), events)
    true = {(clock.code, clock.ordinal) for clock in state.clocks}
    for row in Clock.objects.filter(case=case):
        if (row.code, row.ordinal) not in true:
            ClockEffect.objects.filter(clock=row).delete()
            row.delete()
    case.head, case.recorded_at = events[-1].hash, events[-1].recorded_at
    storing.rewrite(case, state)
