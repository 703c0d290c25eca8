"""What happens in a district in so many days, from one seed: a list of steps, made without the engine.

Most cases go the usual way; some wait, are forgotten, paused, extended or withdrawn. Into that are woven attempts
that must be refused, requests sent twice or too early, late entries, crashes, restarts, a worker that stands still, and
a notice that changes the calendar.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.simulation.deeds import Deeds
from tests.simulation.minutes import DAY, HOUR, MINUTE, SECOND, date_of, day_number, day_of
from tests.simulation.world import Step, World

_WEEKDAYS = (1.5, 1.3, 1.1, 1.1, 1.0, 0.3, 0.3)
_FIRST = "2026-01-05"
_CRASHES = {
    "act": ("event", "passing", "rows", "counts", "answer", "letter"),
    "tick": ("passing", "rows", "counts", "letter", "lease", "network", "leaves"),
    "amend": ("calendar", "rows", "counts"),
}


@dataclass(frozen=True)
class Measure:
    """How much happens: days, cases a working day, mischief, notices of changed days, at most so many steps."""

    days: int = 30
    cases: float = 2.0
    mischief: float = 0.12
    notices: int = 2
    most: int = 1_000_000


class Plan:
    """Draws the steps of one seed; its own oracle tells what stands where."""

    def __init__(self, seed: int, measure: Measure) -> None:
        self.dice = Random(seed)
        self.measure = measure
        self.world = World()
        self.deeds = Deeds(self.world, self.dice)
        self.steps: list[Step] = []
        self._queue: list[tuple[int, int, Callable[[int], None]]] = []
        self._asked = self._keys = 0
        spare = 360 - measure.days
        self.first = day_number(date_of(0).fromisoformat(_FIRST)) + (
            self.dice.randrange(spare) if spare > 0 else 0
        )
        self.until = (self.first + measure.days) * DAY

    def draw(self) -> list[Step]:
        """All steps, in order of their moments."""
        self._arrivals()
        self._machinery()
        while self._queue and len(self.steps) < self.measure.most:
            at, _, deed = heapq.heappop(self._queue)
            deed(at)
        self.emit({"do": "tick", "at": max(self.until, self.steps[-1]["at"])})
        return self.steps

    def later(self, at: int, deed: Callable[[int], None]) -> None:
        if at < self.until:
            self._asked += 1
            heapq.heappush(self._queue, (at, self._asked, deed))

    def emit(self, step: Step) -> str:
        """Put the step into the list, with a crash now and then, and let the oracle take it."""
        if self.dice.random() < 0.05 and step["do"] in _CRASHES:
            step["crash"] = self.dice.choice(_CRASHES[step["do"]])
        self.steps.append(step)
        return self.world.apply(step)

    # -- what comes from outside -----------------------------------------------------------------------------
    def _arrivals(self) -> None:
        number = 0
        for day in range(self.first, self.first + self.measure.days):
            wanted = self.measure.cases * _WEEKDAYS[date_of(day).weekday()]
            for _ in range(int(wanted) + (self.dice.random() < wanted % 1)):
                at = day * DAY + int(self.dice.uniform(7, 18.5) * 3600) * SECOND
                self.later(at, self._arrival(number))
                number += 1

    def _arrival(self, k: int) -> Callable[[int], None]:
        def arrive(at: int) -> None:
            self.act(at, k, *self.deeds.receive(at))
            self.wake(at, k)

        return arrive

    def _machinery(self) -> None:
        """Passes of the worker, but for a stretch in the middle; restarts; notices of changed days."""
        middle = self.first + self.measure.days // 2
        idle = (middle * DAY + 10 * HOUR, middle * DAY + int(self.dice.uniform(20, 90)) * HOUR)
        at = self.first * DAY + 8 * HOUR
        while at < self.until:
            if not idle[0] <= at < idle[1]:
                self.later(at, lambda now: self.emit({"do": "tick", "at": now}) and None)
            at += int(self.dice.uniform(6, 24) * 3600) * SECOND
        for _ in range(2):
            moment = int(self.dice.uniform(self.first * DAY, self.until)) // SECOND * SECOND
            self.later(moment, lambda now: self.emit({"do": "restart", "at": now}) and None)
        self.later(middle * DAY + 9 * HOUR, self._amend)
        for _ in range(self.measure.notices - 1):
            self.later(int(self.dice.uniform(self.first * DAY, self.until)) // SECOND * SECOND, self._amend)

    def _amend(self, at: int) -> None:
        """A day off that was a working day, or work on a rest day, in the weeks to come."""
        days = []
        for _ in range(self.dice.choice((1, 1, 2, 3))):
            day = day_of(at) + self.dice.randrange(1, 20)
            if date_of(day).year == 2026:
                days.append(
                    [date_of(day).isoformat(), "off" if self.world.calendar.works(day) else "make_up"]
                )
        if days:
            self.emit({"do": "amend", "at": at, "days": days})

    # -- the course of a case --------------------------------------------------------------------------------
    def wake(self, at: int, k: int) -> None:
        """Somebody will look at the case again."""
        case = self.world.cases.get(k)
        if case is None or not case.open:
            return
        self.later(self._next_look(at, k), lambda now: self._look(now, k))

    def _next_look(self, at: int, k: int) -> int:
        """Soon, in some days, or at the very moment at which something changes."""
        fate = self.dice.random()
        edges = [edge for edge in self.deeds.edges(self.world.cases[k]) if at < edge < at + 40 * DAY]
        if fate < 0.15 and edges:
            return self.dice.choice(edges)
        if fate < 0.55:
            return at + int(self.dice.uniform(2, 240)) * MINUTE
        days = day_of(at) + int(self.dice.uniform(1, 5))
        wait = days * DAY + int(self.dice.uniform(8.5, 17.5) * 3600) * SECOND
        return max(wait, at + MINUTE)

    def _look(self, at: int, k: int) -> None:
        case = self.world.cases[k]
        self.world.advance(at)
        if self.dice.random() < self.measure.mischief:
            self.act(at, k, *self.deeds.mischief(case, at), mischief=True)
        elif (chosen := self.deeds.usual(case, at)) is not None:
            self.act(at, k, *chosen)
        self.wake(at, k)

    def act(
        self,
        at: int,
        k: int,
        action: str,
        who: str,
        data: dict[str, Any],
        more: dict[str, Any],
        *,
        mischief: bool = False,
    ) -> None:
        """One request, perhaps sent again later: lost answers, impatient clients, slow lines."""
        step: Step = {"do": "act", "at": at, "case": k, "action": action, "who": who, "data": data, **more}
        if self.dice.random() < 0.85:
            self._keys += 1
            step["key"] = f"k{self._keys}"
        again = self.dice.random() < (0.5 if mischief else 0.1)
        outcome = self.emit(step)
        if again and "key" in step and outcome != "skipped":
            wait = self.dice.choice((0, 1, 5, 600, 86400 * self.dice.randrange(1, 20))) * SECOND
            self.later(at + wait, lambda now: self._send_again(step, now))

    def _send_again(self, step: Step, now: int) -> None:
        """The same request once more; now and then somebody has used the key for something else."""
        copy = {name: value for name, value in step.items() if name != "crash"} | {"at": now}
        if self.dice.random() < 0.1:
            copy["data"] = {**copy["data"], "note": "另一内容"}
        self.emit(copy)
