"""Run an example of a pack through the core, without a database: an office proves that the product counts right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from yukuaiban.core.errors import Refused
from yukuaiban.core.timeline import OVERDUE, CaseState, ClockState, Fact, pending, step, summary
from yukuaiban.core.workcalendar import WorkCalendar
from yukuaiban.packs.calendars import compiled

if TYPE_CHECKING:
    from yukuaiban.packs.district import District
    from yukuaiban.packs.exampletables import Act, Example, Expectation

_LONG_AGO = "2000-01-01"
# A case has a few clocks with a few changes each; more means that a procedure feeds on itself.
_MOST_CHANGES = 200


def run_example(example: Example, district: District) -> list[str]:
    """The differences between what the example expects and what the core does, each with file and line."""
    rehearsal = _Rehearsal(example, district, ZoneInfo(district.zone))
    place = f"{example.file}:{example.line}"
    try:
        _, wrong = rehearsal.played(rehearsal.moment(None))
        found = wrong or [
            f"第 {number} 条预期：{each}"
            for number, expectation in enumerate(example.expect, 1)
            for each in rehearsal.differences(expectation)
        ]
    except Refused as refusal:
        found = [refusal.message]
    return [f"{place}：{each}" for each in found]


@dataclass(frozen=True, slots=True)
class _Rehearsal:
    """An example on the calendars and the procedure of its district."""

    example: Example
    district: District
    zone: ZoneInfo

    def moment(self, local: datetime | None) -> datetime:
        """A local time of the example as a moment; None is its last act."""
        return (local or self.example.acts[-1].at).replace(tzinfo=self.zone)

    def played(self, until: datetime) -> tuple[CaseState, list[str]]:
        """The state at a moment, with everything that time alone has brought, and acts that went otherwise."""
        state = CaseState(self.district.procedures[self.example.procedure])
        wrong: list[str] = []
        for act in self.example.acts:
            if (at := self.moment(act.at)) > until:
                break
            state = self._waited(state, at)
            refused = ""
            try:
                state = step(state, self._fact(state, act, at), self._calendar)
            except Refused as refusal:
                refused = refusal.message
            if act.refused not in refused or bool(act.refused) != bool(refused):
                told = f"应被拒绝（{act.refused}）" if act.refused else "应能办理"
                wrong.append(f"动作 {act.action}（{act.at}）{told}，实为：{refused or '已办理'}")
        return self._waited(state, until), wrong

    def _waited(self, state: CaseState, until: datetime) -> CaseState:
        """The state after all changes up to a moment, as the worker records them."""
        for _ in range(_MOST_CHANGES):
            found = pending(state, until)
            if found is None:
                return state
            clock, change = found
            data = {"clock": clock.code, "ordinal": clock.ordinal, "step": change.step}
            state = step(state, self._told(state, change.fact, change.at, data), self._calendar)
            action = state.procedure.action(clock.rule.on_due) if change.fact == OVERDUE else None
            if action is not None and state.stage and action.open_at(state.procedure.stage(state.stage)):
                state = step(state, self._told(state, action.code, change.at, {}), self._calendar)
        raise Refused(f"流程 {state.procedure.code} 自己不断引出新的变化；请核对 starts 和 on_due。")

    def _fact(self, state: CaseState, act: Act, at: datetime) -> Fact:
        action = state.procedure.action(act.action)
        opening = self._opening(at) if action is not None and action.start else {}
        data = {name: self._plain(value) for name, value in act.data.items()}
        return self._told(state, act.action, at, {**opening, **data})

    def _told(self, state: CaseState, action: str, at: datetime, data: Mapping[str, Any]) -> Fact:
        versions = {code: compiled(spec).version for code, spec in self.district.calendars.items()}
        return Fact(state.seq + 1, action, at, "example", None, data, versions)

    def _opening(self, at: datetime) -> Mapping[str, Any]:
        """What the platform adds when a case is opened: its agencies and the limits it carries."""
        example = self.example
        if not example.matter:
            given = {"since": _LONG_AGO, "source": example.source or example.title}
            return {"limits": {code: {"limit": limit, **given} for code, limit in example.limits.items()}}
        day = at.astimezone(self.zone).date()
        matter = self.district.matter(example.matter, day)
        return {
            "matter": matter.code,
            "subject": matter.code,
            "kind": matter.kind.value,
            "receiving_agency": matter.agency,
            "handling_agency": matter.agency,
            "limits": matter.case_limits(self.district.default_statutory(matter.matter_kind, day)),
        }

    def _calendar(self, code: str, version: str) -> WorkCalendar:
        found = compiled(self.district.calendars[code])
        assert found.version == version  # noqa: S101 - an example lives on one version of each calendar
        return found

    def _plain(self, value: object) -> object:
        """A value as the journal holds it: moments and dates as text."""
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=self.zone)).isoformat()
        if isinstance(value, list):
            return [self._plain(each) for each in value]
        return value.isoformat() if isinstance(value, date) else value

    def differences(self, expectation: Expectation) -> Iterator[str]:
        """What is other than expected at the moment of the expectation."""
        moment = self.moment(expectation.at)
        state, _ = self.played(moment)
        if expectation.stage not in (None, state.stage):
            yield f"阶段应为 {expectation.stage}，实为 {state.stage}"
        if not expectation.clock:
            found: Mapping[str, Any] = {"light": summary(state).light(moment)}
        elif (clock := _clock(state, expectation)) is not None and not expectation.none:
            found = self._seen(clock, moment)
        else:
            if (clock is None) != expectation.none:
                yield f"时限 {expectation.clock} {'不应开始，却已开始' if expectation.none else '没有开始'}"
            return
        for name, value in found.items():
            wanted = getattr(expectation, name)
            if wanted is not None and wanted != value:
                yield f"{expectation.clock} 的 {name} 应为 {wanted}，实为 {value}"

    def _seen(self, clock: ClockState, moment: datetime) -> Mapping[str, Any]:
        return {
            "started": self._local(clock.started_at),
            "due": self._local(clock.due_at),
            "warns": self._local(clock.warns_at),
            "stopped": self._local(clock.stopped_at),
            "light": clock.light(moment),
            "provisional": clock.due is not None and clock.due.provisional,
            "expected": clock.due is not None and clock.due.expected,
            "paused": clock.paused_at(moment),
        }

    def _local(self, at: datetime | None) -> datetime | None:
        return at.astimezone(self.zone).replace(tzinfo=None) if at else None


def _clock(state: CaseState, expectation: Expectation) -> ClockState | None:
    """The clock that the expectation names; the newest of its code unless it says which."""
    found = [clock for clock in state.clocks if clock.code == expectation.clock]
    if expectation.ordinal:
        found = [clock for clock in found if clock.ordinal == expectation.ordinal]
    return found[-1] if found else None
