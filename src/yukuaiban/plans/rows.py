"""Tasks as pages show them: row, clocks, light, evidence; seven queries for any number of tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from yukuaiban.cases import versions
from yukuaiban.cases.evidencing import CASE
from yukuaiban.cases.models import Case, Clock
from yukuaiban.core.lights import Light
from yukuaiban.evidence.queries import Card, serving
from yukuaiban.people.district import local_day
from yukuaiban.plans.models import Milestone, Task, Undertaking
from yukuaiban.plans.rules import CANCELLED, OPEN_STAGES, Point, Promise, task_light

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from yukuaiban.plans.past import Past

DUE_CLOCK, ACCEPTANCE = "due", "acceptance"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task at a moment.

    `due` is the checkpoint that runs (or ran last), `original_due` the same before an extension; `accept_by` the end
    of the wait for acceptance while it is submitted; `quarters` the first and last quarter in which it has a
    checkpoint; `missing`: evidence of the stated kind should be there by now and is not.
    """

    task: Task
    light: Light
    due: datetime | None
    original_due: datetime | None
    warns: datetime | None
    submitted: datetime | None
    accept_by: datetime | None
    cards: tuple[Card, ...]
    missing: bool
    quarters: tuple[int, int]

    @property
    def case(self) -> Case:
        """The case."""
        return self.task.case

    @property
    def milestone(self) -> Milestone:
        """The step of the plan that it serves."""
        return self.task.milestone

    @property
    def undertaking(self) -> Undertaking:
        """The undertaking that it serves."""
        return self.task.milestone.undertaking

    @property
    def stage(self) -> str:
        """Where it stands."""
        return self.task.case.stage

    @property
    def extended(self) -> bool:
        """Whether it was extended; the original due stays in the statistics."""
        return self.due != self.original_due

    @property
    def accepted_on(self) -> datetime | None:
        """When its newest checkpoint was accepted."""
        held = self.task.accepted_at
        return datetime.fromisoformat(held[-1]) if held else None

    @property
    def passed_days(self) -> list[date]:
        """The due days of the checkpoints of a joined task that were accepted."""
        return [point.due_on for point in points_of(self.task) if point.accepted]

    @property
    def provisional(self) -> bool:
        """Whether the calendar of its due is not published yet."""
        return bool(self.task.points[min(self.task.passed, len(self.task.points) - 1)]["provisional"])

    @property
    def late(self) -> bool:
        """Whether it is open and red."""
        return self.open and self.light is Light.RED

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something before it counts as accepted."""
        return self.stage in OPEN_STAGES

    @property
    def points(self) -> tuple[Point, ...]:
        """Its checkpoints as progress sees them; none where it was cancelled."""
        return () if self.stage == CANCELLED else points_of(self.task)


def stage_title(case: Case) -> str:
    """The stage of a task in the words of its procedure."""
    return versions.procedure(case.procedure, case.procedure_version).stage(case.stage).title


@dataclass(frozen=True, slots=True)
class Promised:
    """What a row needs of a clock, of today's row or of a past state."""

    due_at: datetime | None
    warns_at: datetime | None
    original_due_at: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Clocks:
    """The newest clocks of a task by their code."""

    due_clock: Promised | None = None
    acceptance: Promised | None = None


def points_of(task: Task) -> tuple[Point, ...]:
    """The checkpoints of a task; those before `passed` were accepted."""
    return tuple(
        Point(
            date.fromisoformat(each["begins"]), date.fromisoformat(each["due_on"]), accepted=n < task.passed
        )
        for n, each in enumerate(task.points)
    )


def rows_of(tasks: QuerySet[Task], now: datetime, *, lagging: Iterable[int] = frozenset()) -> list[TaskRow]:
    """These tasks as rows, in the order of the query. `lagging` are the ids of undertakings behind their time."""
    found = list(tasks.select_related("case", "milestone__undertaking__plan"))
    return seen(found, now, lagging=lagging)


def seen(
    tasks: Sequence[Task], now: datetime, *, lagging: Iterable[int] = frozenset(), past: Past | None = None
) -> list[TaskRow]:
    """As `rows_of`, for tasks that were read with their cases, milestones and undertakings; or as they were then."""
    clocks = _clocks([task.pk for task in tasks]) if past is None else past.clocks
    cards = serving(CASE, [task.case.number for task in tasks])
    cards = cards if past is None else past.held(cards)
    behind = frozenset(lagging)
    return [_row(task, clocks.get(task.pk, Clocks()), cards[task.case.number], now, behind) for task in tasks]


def _clocks(cases: Sequence[UUID]) -> Mapping[UUID, Clocks]:
    newest: dict[tuple[UUID, str], Promised] = {}
    rows = Clock.objects.filter(case__in=cases, code__in=(DUE_CLOCK, ACCEPTANCE)).order_by("ordinal")
    for case, code, *moments in rows.values_list(
        "case", "code", "due_at", "warns_at", "original_due_at", "stopped_at"
    ):
        newest[case, code] = Promised(*moments)
    return {
        case: Clocks(newest.get((case, DUE_CLOCK)), newest.get((case, ACCEPTANCE))) for case, _code in newest
    }


def _row(task: Task, clocks: Clocks, cards: list[Card], now: datetime, behind: frozenset[int]) -> TaskRow:
    due_clock, stage = clocks.due_clock, task.case.stage
    waiting = stage == "submitted"
    due, warns = (due_clock.due_at, due_clock.warns_at) if due_clock else (None, None)
    submitted = due_clock.stopped_at if due_clock and stage not in ("not_started", "under_way") else None
    accept_by = clocks.acceptance.due_at if clocks.acceptance and waiting else None
    running = points_of(task)[min(task.passed, len(task.points) - 1)]
    promise = Promise(stage, due, warns, running.begins, submitted if waiting else None, accept_by)
    lagging = task.milestone.undertaking_id in behind
    wanted = task.milestone.deliverable
    proved = any(card.complete and wanted in ("", card.kind) for card in cards)
    asked = stage in ("submitted", "accepted") or (
        stage in OPEN_STAGES and warns is not None and now >= warns
    )
    return TaskRow(
        task=task,
        light=task_light(promise, now, local_day(now), lagging=lagging),
        due=due,
        original_due=due_clock.original_due_at if due_clock else None,
        warns=warns,
        submitted=submitted,
        accept_by=accept_by,
        cards=tuple(cards),
        missing=asked and not proved,
        quarters=_quarters(task),
    )


def _quarters(task: Task) -> tuple[int, int]:
    """The quarters of the plan's year in which it has checkpoints; what lies outside stands at the edge."""
    year = task.milestone.undertaking.plan.year
    days = [date.fromisoformat(each["due_on"]) for each in task.points]
    found = [1 if day.year < year else 4 if day.year > year else (day.month + 2) // 3 for day in days]
    return min(found), max(found)


def by_undertaking(rows: Iterable[TaskRow]) -> Mapping[int, list[TaskRow]]:
    """Rows by the id of their undertaking, in their order."""
    found: dict[int, list[TaskRow]] = {}
    for row in rows:
        found.setdefault(row.milestone.undertaking_id, []).append(row)
    return found
