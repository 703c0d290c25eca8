"""The oracle: one case as the specification says it must go, in plain Python that shares no code with the program.

It answers for stage, clocks, what is used and left, due moments, lights, what time must have brought until a moment,
who must have been told, and who may do what. `refusals` says which attempts must be refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.law import Law, Matter
from tests.simulation.limits import Amount, due, warning
from tests.simulation.minutes import Minutes, day_of

RANK = ("green", "yellow", "red", "breach")
Entry = tuple[str, int, str, int, str]  # type, moment, clock, ordinal, step


@dataclass
class Pause:
    begin: int
    end: int
    open: bool = True


@dataclass
class Change:
    """A moment at which time brings something to a clock."""

    at: int
    step: str
    type: str
    told: list[str]


@dataclass
class Clock:
    """A promise that runs or has stopped."""

    code: str
    ordinal: int
    rule: dict
    owner: str
    start: int
    limit: Amount
    calendars: list[Minutes]
    waiting: list[Minutes] | None = None  # the calendars from its next change on
    version: int = 1
    pauses: list[Pause] = field(default_factory=list)
    stopped: int | None = None
    due: int = 0
    warns: int = 0
    done: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def statutory(self) -> bool:
        return self.rule["kind"] == "statutory"

    @property
    def spans(self) -> list[tuple[int, int]]:
        return [(pause.begin, pause.end) for pause in self.pauses]

    @property
    def open_pause(self) -> Pause | None:
        return self.pauses[-1] if self.pauses and self.pauses[-1].open else None

    @property
    def next(self) -> Change | None:
        if self.stopped is not None:
            return None
        return next((change for change in self.changes if change.step not in self.done), None)

    def paused_at(self, at: int) -> bool:
        return self.stopped is None and any(begin <= at < end for begin, end in self.spans)

    def light(self, now: int) -> str:
        """In time up to and including the due moment; a stopped clock keeps its light."""
        at = now if self.stopped is None else min(now, self.stopped)
        if at > self.due:
            return "breach" if self.statutory else "red"
        return "yellow" if at >= self.warns else "green"

    def moments(self, law: Law, calendars: list[Minutes]) -> tuple[int, int, Minutes]:
        """Due and warning on these calendars; of several the one with the latest due holds (no retroactive red)."""
        at, place = max(
            (due(each, self.start, self.limit, self.spans), n) for n, each in enumerate(calendars)
        )
        held = calendars[place]
        rules = law.warn_rules(self.limit, self.owner, day_of(self.start))
        return at, warning(held, self.start, self.limit, self.spans, at, rules), held

    def reckon(self, law: Law) -> None:
        self.due, self.warns, held = self.moments(law, self.calendars)
        over = "breach" if self.statutory else "red"
        found = [
            Change(self.warns, "warned", "clock.warned", law.told("yellow")),
            Change(self.due, "overdue", "clock.overdue", law.told(over)),
        ]
        for rung in law.later_rungs(over):
            at = due(held, self.due, Amount.parse(rung["after"]), [])
            found.append(Change(at, f"ladder:{rung['code']}", "clock.escalated", rung["notify"]))
        if (pause := self.open_pause) is not None:
            found.append(Change(pause.end, "resumed", "clock.resumed", []))
        self.changes = sorted(found, key=lambda change: change.at)

    def again(self, law: Law, at: int) -> None:
        """The next version of the clock; a step that lies ahead again will be told again."""
        self.version += 1
        self.reckon(law)
        come = {change.step for change in self.changes if change.at <= at}
        self.done = [step for step in self.done if step in come]


@dataclass
class Case:
    """One case: its facts, its clocks, and the journal that it must have by now."""

    law: Law
    matter: Matter
    receiving: str
    stage: str | None = None
    handler: str = ""
    requests: dict[str, tuple[str, int, Mapping[str, Any]]] = field(default_factory=dict)
    moments: dict[str, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    clocks: list[Clock] = field(default_factory=list)
    explained: set[str] = field(default_factory=set)
    last: int = 0
    journal: list[Entry] = field(default_factory=list)
    told: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.stage is not None and self.stage not in self.law.final

    @property
    def handling(self) -> str:
        return self.matter.agency

    def clock(self, code: str) -> Clock | None:
        return next((each for each in reversed(self.clocks) if each.code == code), None)

    def lit(self) -> list[Clock]:
        return [each for each in self.clocks if each.stopped is None and each.rule.get("light", True)]

    def light(self, now: int) -> str:
        """The worst light of the open clocks that give the case one."""
        return max((each.light(now) for each in self.lit()), key=RANK.index, default="green")

    def paused(self, now: int) -> bool:
        return any(each.paused_at(now) for each in self.lit())

    # -- what time brings ------------------------------------------------------------------------------------
    def advance(self, now: int, calendar: Minutes, tell: Any) -> None:
        """Everything that has come up to `now`, in order of its moments."""
        while (found := self._pending(now)) is not None:
            clock, change = found
            clock.done.append(change.step)
            if change.type == "clock.resumed" and clock.open_pause is not None:
                clock.pauses[-1].open = False
            self._note(change.type, change.at, clock.code, clock.ordinal, change.step)
            overdue = change.type == "clock.overdue"
            if overdue:
                self._start(f"overdue:{clock.code}", change.at, calendar)
            who = tell(self, change.told)
            self.told += [(clock.code, str(clock.ordinal), change.step, each) for each in who]
            by_law = clock.rule.get("on_due")
            if overdue and by_law and self.law.open_at(by_law, self.stage):
                self.do(by_law, change.at, calendar)

    def _pending(self, now: int) -> tuple[Clock, Change] | None:
        found = [
            (change.at, clock.code, clock, change)
            for clock in self.clocks
            if (change := clock.next) is not None and _has_come(change, now)
        ]
        return min(found, key=lambda each: each[:2])[2:] if found else None

    def _note(self, type_: str, at: int, clock: str = "", ordinal: int = 0, step: str = "") -> None:
        self.journal.append((type_, at, clock, ordinal, step))
        self.last = max(self.last, at)

    # -- what people do --------------------------------------------------------------------------------------
    def do(
        self, action: str, at: int, calendar: Minutes, who: str = "", data: Mapping[str, Any] | None = None
    ) -> None:
        """An action that is lawful; `refusals` has looked."""
        row, data = self.law.actions[action], dict(data or {})
        self._note(f"desks.{action}", at)
        self.last = at
        asked = row.get("confirms") or row.get("declines")
        if asked:
            data = {**self.requests.pop(asked)[2], **data}
        if row.get("request"):
            self.requests[action] = (who, at, data)
        self.stage = row.get("to") or self.stage
        self.handler = data["handler"] if action == "assign" else self.handler
        self.moments[action] = at
        self.counts[action] += 1
        if action == "explain_overrun":
            self.explained.add(data.get("clock", "committed"))
        if not self.open:
            self.requests.clear()
        self._stop(action, at)
        self._change(row.get("effect"), at, data)
        self._start(action, self.moments[row["counts_from"]] if "counts_from" in row else at, calendar)

    def _stop(self, action: str, at: int) -> None:
        for clock in self.clocks:
            if clock.stopped is None and (not self.open or action in clock.rule["stops"]):
                if (pause := clock.open_pause) is not None and at < pause.end:
                    pause.end, pause.open = max(at, pause.begin), False
                clock.stopped = at

    def _change(self, effect: str | None, at: int, data: Mapping[str, Any]) -> None:
        for clock in [each for each in self.clocks if each.stopped is None]:
            if effect == "pause" and clock.code in self.law.categories[data["category"]]["stops"]:
                clock.pauses.append(Pause(at, data["planned_end"]))
            elif effect == "resume" and (pause := clock.open_pause) is not None and at < pause.end:
                pause.end, pause.open = at, False
            elif effect == "extend" and clock.rule.get("extendable"):
                clock.limit += Amount.parse(data["limit"])
            else:
                continue
            # A clock that a new calendar left where it was counts on it from its next change on.
            clock.calendars, clock.waiting = clock.waiting or clock.calendars, None
            clock.again(self.law, at)

    def _start(self, trigger: str, at: int, calendar: Minutes) -> None:
        for rule in self.law.clocks if self.open else ():
            earlier = sum(each.code == rule["code"] for each in self.clocks)
            limit = (
                self.matter.limits.get(rule["limit_from"])
                if "limit_from" in rule
                else rule["limit"][0]["limit"]
            )
            if trigger not in rule["starts"] or not limit or (earlier and not rule.get("restarts")):
                continue
            owner = self.handling if rule["owner"] == "handling_agency" else self.receiving
            clock = Clock(rule["code"], earlier + 1, rule, owner, at, Amount.parse(limit), [calendar])
            clock.reckon(self.law)
            self.clocks.append(clock)

    # -- a new calendar --------------------------------------------------------------------------------------
    def amend(self, at: int, calendar: Minutes) -> None:
        """Clocks whose moments a new calendar moves; where it would bring a due forward, the old one protects."""
        for clock in [each for each in self.clocks if each.stopped is None] if self.open else ():
            fresh, _, _ = clock.moments(self.law, [calendar])
            earlier = fresh < clock.due
            calendars = [*(clock.waiting or clock.calendars), calendar] if earlier else [calendar]
            if clock.moments(self.law, calendars)[:2] == (clock.due, clock.warns):
                clock.waiting = calendars
                continue
            clock.calendars, clock.waiting = calendars, None
            clock.again(self.law, at)
            self._note("clock.calendar_changed", at, clock.code, clock.ordinal)


def _has_come(change: Change, now: int) -> bool:
    """An overdue comes only after its moment: at the due instant itself a case is in time."""
    return change.at < now if change.type in ("clock.overdue", "clock.escalated") else change.at <= now
