"""The tasks of a plan as they stood at a moment: folded from the journal, not guessed from the rows of today.

Words, owners and weights are those of the version in force now; stage, clocks, checkpoints and papers are of then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from yukuaiban.cases import facts
from yukuaiban.journal.reading import streams
from yukuaiban.plans.rows import ACCEPTANCE, DUE_CLOCK, Clocks, Promised

if TYPE_CHECKING:
    from yukuaiban.core.timeline import CaseState
    from yukuaiban.evidence.queries import Card
    from yukuaiban.journal.event import Event
    from yukuaiban.plans.models import Task


@dataclass(slots=True)
class _Walked:
    """What the events of a task say that its state does not: checkpoints and papers."""

    points: list[dict[str, Any]] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    papers: set[UUID] = field(default_factory=set)

    def take(self, event: Event) -> None:
        """One event more."""
        action, data = event.type.split(".", 1)[1], event.body.get("data", {})
        if action in ("open", "amend"):
            self.points = list(data["points"])
            self.accepted = self.accepted[: len(self.points) - 1]
        elif action in ("accept", "accept_checkpoint"):
            self.accepted.append((event.occurred_at or event.recorded_at).isoformat())
        elif action == "reopen":
            self.accepted = self.accepted[: len(self.points) - 1]
        elif action == "attach_documents":
            self.papers |= {UUID(each) for each in data["documents"]}


@dataclass(frozen=True, slots=True)
class Past:
    """Tasks that were there then, with their clocks by case and their papers by number. Never to be saved."""

    tasks: tuple[Task, ...]
    clocks: Mapping[UUID, Clocks]
    papers: Mapping[str, set[UUID]]

    def held(self, cards: Mapping[str, list[Card]]) -> dict[str, list[Card]]:
        """Of the papers of today those that served a task then."""
        return {
            number: [card for card in found if card.uid in self.papers.get(number, ())]
            for number, found in cards.items()
        }


def past_of(tasks: Sequence[Task], moment: datetime) -> Past:
    """These tasks as they stood then: one query. Those opened later are left out."""
    told = streams([facts.stream_of(task.case.number) for task in tasks])
    kept, clocks, papers = [], {}, {}
    for task in tasks:
        stream = [each for each in told[facts.stream_of(task.case.number)] if each.recorded_at <= moment]
        if not stream:
            continue
        state = facts.state_from(task.case.procedure, task.case.procedure_version, stream)
        papers[task.case.number] = _set_back(task, state, stream)
        clocks[task.pk] = Clocks(_promised(state, DUE_CLOCK), _promised(state, ACCEPTANCE))
        kept.append(task)
    return Past(tuple(kept), clocks, papers)


def _set_back(task: Task, state: CaseState, stream: Iterable[Event]) -> set[UUID]:
    """The task and its case in memory as they were; gives the papers that served it."""
    walked, last = _Walked(), None
    for last in stream:
        if not last.type.startswith("clock."):
            walked.take(last)
    task.points, task.accepted_at, task.passed = walked.points, walked.accepted, len(walked.accepted)
    task.case.stage = state.stage or ""
    task.case.agency = str(state.facts["handling_agency"])
    task.case.handler = str(state.facts.get("handler", ""))
    task.case.closed_at = last.recorded_at if last is not None and state.stage == "closed_out" else None
    return walked.papers


def _promised(state: CaseState, code: str) -> Promised | None:
    clock = state.clock(code)
    if clock is None:
        return None
    return Promised(clock.due_at, clock.warns_at, clock.original_due_at, clock.stopped_at)
