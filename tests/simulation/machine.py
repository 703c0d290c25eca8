"""The bare state machine of the program, `core.timeline`, driven without any database: for many short runs (R7)."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from tests.simulation.checks import around, expected_row, must, told
from tests.simulation.law import DISTRICT
from tests.simulation.minutes import instant, moment
from tests.simulation.oracle import Case, Entry
from tests.simulation.world import Step, World
from yukuaiban import packs
from yukuaiban.core.calendarspec import CalendarDay
from yukuaiban.core.errors import ActionRefused
from yukuaiban.core.timeline import (
    CALENDAR_CHANGED,
    OVERDUE,
    CaseState,
    ClockState,
    Fact,
    pending,
    step,
    summary,
)
from yukuaiban.core.workcalendar import WorkCalendar, merge_year

_FROM_WORLD = {"planned_end": lambda at: moment(at).isoformat()}


@cache
def _district() -> packs.District:
    return packs.load(DISTRICT)


class Machine:
    """Folds facts as the docket would, one case at a time, on calendars that may change."""

    def __init__(self) -> None:
        district = _district()
        self.procedure = district.procedures["desks"]
        self.calendar = WorkCalendar(district.calendars["office"])
        self.held = {self.calendar.version: self.calendar}
        self.states: dict[int, CaseState] = {}
        self.journals: dict[int, list[Entry]] = {}

    def take(self, step_: Step, world: World) -> None:
        """A step that the oracle has taken; it was lawful, or refused because the stage does not know the action."""
        if step_["do"] == "amend":
            self._amend(step_)
        for k in [step_["case"]] if step_["do"] == "act" else list(self.states):
            self._catch_up(k, step_["at"])
        if step_["do"] == "act":
            self._act(step_, world)

    def refuses(self, step_: Step) -> bool:
        """Whether the machine itself refuses the action at its stage."""
        self._catch_up(step_["case"], step_["at"])
        state = self.states[step_["case"]]
        try:
            state.procedure.after(state.stage, step_["action"])
        except ActionRefused:
            return True
        return False

    def _fact(self, k: int, action: str, at: int, who: str, data: dict[str, Any]) -> None:
        state = self.states.get(k) or CaseState(self.procedure)
        fact = Fact(state.seq + 1, action, moment(at), who, None, data, {"office": self.calendar.version})
        self.states[k] = step(state, fact, lambda _code, version: self.held[version])
        name = data.get("step", "")
        known = action if action.startswith("clock.") else f"desks.{action}"
        entry = (
            known,
            at,
            data.get("clock", ""),
            data.get("ordinal", 0),
            "resumed" if name.startswith("resumed") else name,
        )
        self.journals.setdefault(k, []).append(
            entry if known.startswith("clock.") else (known, at, "", 0, "")
        )

    def _catch_up(self, k: int, now: int) -> None:
        while k in self.states and (found := pending(self.states[k], moment(now))) is not None:
            clock, change = found
            data = {"clock": clock.code, "ordinal": clock.ordinal, "step": change.step}
            self._fact(k, change.fact, instant(change.at), "system:worker", data)
            state = self.states[k]
            by_law = state.procedure.action(clock.rule.on_due) if change.fact == OVERDUE else None
            if by_law is not None and by_law.open_at(state.procedure.stage(str(state.stage))):
                self._fact(k, by_law.code, instant(change.at), "system:worker", {})

    def _act(self, step_: Step, world: World) -> None:
        k, case = step_["case"], world.cases[step_["case"]]
        data = {name: _FROM_WORLD.get(name, lambda each: each)(each) for name, each in step_["data"].items()}
        if step_["action"] == "receive":
            data |= {"subject": case.matter.code, "handling_agency": case.handling}
            data |= {"receiving_agency": case.receiving, "limits": _limits(case)}
        self._fact(k, step_["action"], step_.get("occurred", step_["at"]), step_["who"], data)

    def _amend(self, step_: Step) -> None:
        spec = self.calendar.spec
        new = {date.fromisoformat(on): kind for on, kind in step_["days"]}
        days = [day for day in spec.days if day.on.year == 2026 and day.on not in new]
        merged = merge_year(spec, 2026, [*days, *(CalendarDay(on, kind, "") for on, kind in new.items())])
        for k in self.states:
            self._catch_up(k, step_["at"])
        self.calendar = WorkCalendar(merged)
        self.held[self.calendar.version] = self.calendar
        for k, state in list(self.states.items()):
            self._rebind(k, state, step_["at"])

    def _rebind(self, k: int, state: CaseState, at: int) -> None:
        """One fact for each clock that moves, as a confirmed import writes them."""
        fact = Fact(
            state.seq + 1, CALENDAR_CHANGED, moment(at), "x", None, {}, {"office": self.calendar.version}
        )
        after = step(state, fact, lambda _code, version: self.held[version])
        for old, new in zip(state.clocks, after.clocks, strict=True):
            if (old.due_at, old.warns_at) != (new.due_at, new.warns_at):
                self._fact(k, CALENDAR_CHANGED, at, "x", {"clock": old.code, "ordinal": old.ordinal})

    # -- against the oracle ----------------------------------------------------------------------------------
    def compare(self, k: int, case: Case, now: int) -> None:
        """Stage, journal, clocks and lights of one case."""
        state = self.states[k]
        must(0, k, "stage", found=state.stage, wanted=case.stage)
        must(4, k, "journal", found=told(self.journals[k]), wanted=told(case.journal))
        for found, clock in zip(state.clocks, case.clocks, strict=True):
            must(1, k, f"clock {clock.code}", found=_row(found), wanted=expected_row(clock))
            for at in (now, *around(clock)):
                must(
                    1,
                    k,
                    f"light of {clock.code}",
                    found=found.light(moment(at)).value,
                    wanted=clock.light(at),
                )
        seen = summary(state)
        for at in (now, *(at for clock in case.lit() for at in around(clock))) if case.open else ():
            must(1, k, "light", found=seen.light(moment(at)).value, wanted=case.light(at))


def _row(clock: ClockState) -> dict[str, object]:
    pause, change = clock.open_pause if clock.running else None, clock.next_change
    return {
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "warns_at": clock.warns_at,
        "stopped_at": clock.stopped_at,
        "paused_since": pause.start if pause else None,
        "paused_until": pause.end if pause else None,
        "next_change_at": change.at if change else None,
        "version": clock.version,
        "owner": clock.owner,
    }


def _limits(case: Case) -> dict[str, dict[str, str]]:
    return {name: {"limit": text, "since": "2024-01-01"} for name, text in case.matter.limits.items()}
