"""The district as the oracle sees it: its people, its calendar, its cases, and what each step must lead to.

A step is plain JSON, so that a run can be kept, replayed and shortened:

    {"do": "act", "at": …, "case": 3, "action": "admit", "who": "clerk1", "data": {…}, "key": "k17"}
    {"do": "tick" | "restart", "at": …}        {"do": "amend", "at": …, "days": [["2026-03-12", "off"]]}

`crash` on a step names the place at which the first try is cut off.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.simulation.law import law, matters, office
from tests.simulation.minutes import DAY, HOUR, Minutes, date_of, day_of
from tests.simulation.oracle import Case
from tests.simulation.refusals import Attempt, may, refused

Step = dict[str, Any]
AGENCIES = ("sp-0001", "sp-0002", "sp-0003", "sp-0004")
_NOTICES_FROM, _NOTICES_UNTIL = 8 * HOUR, 20 * HOUR


def _roster() -> dict[str, tuple[str, str]]:
    """Name -> role and agency; the tail of a name is the tail of its agency."""
    found = {"clerk1": ("desk_clerk", "sp-0001"), "clerk2": ("desk_clerk", "sp-0001")}
    found |= {"clerk4": ("desk_clerk", "sp-0004"), "head1": ("desk_head", "sp-0001")}
    for agency in AGENCIES:
        tail = agency[-1]
        found |= {f"handler{tail}{n}": ("handler", agency) for n in "ab"}
        found[f"leader{tail}"] = ("agency_leader", agency)
    found |= {"watcher": ("oversight", "sp-0005"), "coordinator": ("coordinator", "sp-0001")}
    return found | {"rules": ("pack_admin", "sp-0001"), "publisher": ("publisher", "sp-0001")}


ROSTER = _roster()
APPLICANT = "applicant"
HANDLERS = {name: agency for name, (role, agency) in ROSTER.items() if role == "handler"}


class World:
    """Every case as it must stand; `tell` and the calendar are what a case asks of its surroundings."""

    def __init__(self) -> None:
        self.law = law()
        self.calendar = office()
        self.days: tuple[tuple[str, str], ...] = ()
        self.cases: dict[int, Case] = {}
        self.answered: dict[tuple[str, str], tuple[Any, ...]] = {}
        self.outcomes: Counter[str] = Counter()

    def apply(self, step: Step) -> str:
        """Take the step; `done`, `replayed`, `skipped`, or why it must be refused."""
        if step["do"] == "act":
            outcome = self._act(step)
        elif step["do"] == "amend":
            outcome = self._amend(step["at"], [(on, kind) for on, kind in step["days"]])
        else:
            if step["do"] == "tick":
                self.advance(step["at"])
            outcome = "done"
        self.outcomes[outcome] += 1
        return outcome

    def advance(self, now: int) -> None:
        for case in self.cases.values():
            case.advance(now, self.calendar, recipients)

    def _act(self, step: Step) -> str:
        case = self.cases.get(step["case"])
        asked = (step["who"], step["key"]) if step.get("key") else None
        content = tuple(
            str(step.get(name)) for name in ("action", "case", "data", "occurred", "reason", "second")
        )
        if asked in self.answered:
            return "replayed" if self.answered[asked] == content else "key used for something else"
        if case is None and step["action"] != "receive":
            return "skipped"
        attempt = attempt_of(step)
        outcome = self._receive(step, attempt) if case is None else self._go_on(case, attempt)
        if outcome == "done" and asked:
            self.answered[asked] = content
        return outcome

    def _receive(self, step: Step, attempt: Attempt) -> str:
        data = step["data"]
        matter = matters(date_of(day_of(attempt.at))).get(data["matter"])
        if attempt.occurred is not None and attempt.occurred > attempt.now:
            return "future"
        if matter is None or not data.get("phone") or not data.get("applicant"):
            return "bad intake"
        case = Case(self.law, matter, receiving=attempt.agency)
        if not may(case, "receive", who=attempt.who, role=attempt.role, agency=attempt.agency):
            return "permission"
        case.do("receive", min(attempt.at, attempt.now), self.calendar)
        self.cases[step["case"]] = case
        return "done"

    def _go_on(self, case: Case, attempt: Attempt) -> str:
        case.advance(attempt.now, self.calendar, recipients)
        why = refused(case, attempt, self.calendar, HANDLERS)
        if why:
            return why
        case.do(attempt.action, attempt.at, self.calendar, attempt.who, attempt.data)
        # An early start may have run out long ago; the next pass or action brings what follows from that.
        return "done"

    def _amend(self, now: int, days: list[tuple[str, str]]) -> str:
        fresh = tuple(dict([*self.days, *days]).items())
        if fresh == self.days:
            return "nothing new"
        self.days, before = fresh, self.calendar
        self.calendar = office(fresh)
        if self.calendar.kinds == before.kinds:
            return "nothing new"
        for case in self.cases.values():
            case.advance(now, before, recipients)
            case.amend(now, self.calendar)
        return "done"


def attempt_of(step: Step) -> Attempt:
    """The step as the rules look at it."""
    role, agency = ROSTER.get(step["who"], (APPLICANT, ""))
    more = {name: step[name] for name in ("occurred", "reason", "second") if name in step}
    return Attempt(step["action"], step["who"], role, agency, step["at"], step.get("data", {}), **more)


def recipients(case: Case, entries: list[str]) -> list[str]:
    """Whom ladder entries mean; a handler who has been named stands for the role."""
    parties = {"receiving_agency": case.receiving, "handling_agency": case.handling}
    found: set[str] = set()
    for entry in entries:
        party, _, role = entry.partition(".")
        if role == "handler" and case.handler:
            found.add(case.handler)
            continue
        found |= {
            name
            for name, (held, agency) in ROSTER.items()
            if held == role and party in ("any", *parties) and (party == "any" or agency == parties[party])
        }
    return sorted(found)


def may_be_told_at(calendar: Minutes, now: int) -> int:
    """The first moment from `now` on at which people may be written to."""
    day = day_of(now)
    if calendar.works(day) and now - day * DAY <= _NOTICES_UNTIL:
        return max(now, day * DAY + _NOTICES_FROM)
    return calendar.next_workday(day + 1) * DAY + _NOTICES_FROM
