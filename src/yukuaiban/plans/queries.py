"""Reads over the plan: the board, an agency's sheet, what waits for whom; the number of queries never grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db.models import F, Q

from yukuaiban.core.lights import Light
from yukuaiban.people.district import installed, local_day
from yukuaiban.people.queries import agency_names
from yukuaiban.plans import indicators, rules
from yukuaiban.plans.calendars import start_of_year
from yukuaiban.plans.duedates import Kind
from yukuaiban.plans.indicators import Figure
from yukuaiban.plans.models import (
    Direction,
    Plan,
    PlanGoal,
    Responsibility,
    Target,
    Task,
    Undertaking,
)
from yukuaiban.plans.past import past_of
from yukuaiban.plans.rows import TaskRow, by_undertaking, points_of, rows_of, seen
from yukuaiban.plans.rules import CANCELLED, Standing, Step

if TYPE_CHECKING:
    from django.db.models import QuerySet

LAG_POINTS, LOOK_BACK_FROM, LOOK_BACK_UNTIL = "plan_lag_points", "plan_look_back_from", "plan_look_back_until"
QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target with what it stands at; `met` is None where nothing can be said."""

    target: Target
    figure: Figure
    met: bool | None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """An undertaking on the board: its tasks in the order of the text, how far it is, its light."""

    undertaking: Undertaking
    responsibilities: tuple[Responsibility, ...]
    tasks: tuple[TaskRow, ...]
    targets: tuple[TargetRow, ...]
    standing: Standing
    lagging: bool
    light: Light

    @property
    def missing(self) -> int:
        """How many tasks lack their evidence."""
        return sum(row.missing for row in self.tasks)

    def quarter(self, quarter: int) -> list[TaskRow]:
        """The tasks that begin to be due in that quarter."""
        return [row for row in self.tasks if row.quarters[0] == quarter]


@dataclass(frozen=True, slots=True)
class Board:
    """The plan at a moment. `counts` are lights of open tasks; `names` those of all agencies named."""

    plan: Plan
    now: datetime
    rows: tuple[BoardRow, ...]
    counts: Mapping[Light, int]
    names: Mapping[str, str]

    @property
    def standing(self) -> Standing:
        """The whole plan: every undertaking counts the same."""
        worked = [row.standing for row in self.rows if row.tasks]
        whole = len(worked) or 1
        done = sum((each.progress for each in worked), Fraction(0))
        expected = sum((each.expected for each in worked), Fraction(0))
        return Standing(done / whole, expected / whole)


def board(plan: Plan, now: datetime, *, then: bool = False) -> Board:
    """Undertakings × quarters with light, owner, evidence, progress and targets; with `then` as they stood at `now`.

    At most fifteen queries whatever the size, and one more for each indicator that a target is bound to.
    """
    undertakings = list(plan.undertakings.filter(gone_in=None).order_by("order"))
    tasks = list(
        Task.objects.filter(milestone__undertaking__plan=plan, milestone__gone_in=None)
        .select_related("case", "milestone__undertaking__plan")
        .order_by("milestone__undertaking__order", "milestone__order", "order")
    )
    past = past_of(tasks, now) if then else None
    standings = _standings(past.tasks if past else tasks, now)
    behind = {key for key, each in standings.items() if each.lags(lag_points(now))}
    rows = by_undertaking(seen(past.tasks if past else tasks, now, lagging=behind, past=past))
    owners = _owners(undertakings)
    aims = targets_of(plan, now)
    found = tuple(
        _board_row(
            each,
            owners,
            rows.get(each.pk, []),
            aims.get(each.pk, []),
            standings.get(each.pk, Standing(Fraction(0), Fraction(0))),
            lagging=each.pk in behind,
        )
        for each in undertakings
    )
    lights = [row.light for each in found for row in each.tasks if row.open]
    return Board(plan, now, found, {light: lights.count(light) for light in Light}, agency_names())


def _board_row(
    undertaking: Undertaking,
    owners: Mapping[int, list[Responsibility]],
    tasks: Sequence[TaskRow],
    targets: Sequence[TargetRow],
    standing: Standing,
    *,
    lagging: bool,
) -> BoardRow:
    return BoardRow(
        undertaking=undertaking,
        responsibilities=tuple(owners.get(undertaking.pk, ())),
        tasks=tuple(tasks),
        targets=tuple(targets),
        standing=standing,
        lagging=lagging and any(row.open for row in tasks),
        light=rules.undertaking_light(row.light for row in tasks if row.open),
    )


def _standings(tasks: Iterable[Task], now: datetime) -> dict[int, Standing]:
    """How far each undertaking is, by its id. Statements of continuing milestones count neither way."""
    steps: dict[int, dict[int, list[Task]]] = {}
    for task in tasks:
        if task.case.stage != CANCELLED and task.milestone.kind != Kind.CONTINUING:
            of = steps.setdefault(task.milestone.undertaking_id, {})
            of.setdefault(task.milestone_id, []).append(task)
    today = local_day(now)
    return {
        key: rules.standing([_step(group) for group in groups.values()], today)
        for key, groups in steps.items()
    }


def _step(tasks: Sequence[Task]) -> Step:
    points = tuple(point for task in tasks for point in points_of(task))
    return Step(points, Fraction(tasks[0].milestone.weight))


def lag_points(now: datetime) -> int:
    """From how many points behind an undertaking lags; a dated value of the pack."""
    value = installed().value(LAG_POINTS, local_day(now))
    assert isinstance(value, int)  # noqa: S101 - a count, as the pack's check holds it to
    return value


def _owners(undertakings: Sequence[Undertaking]) -> dict[int, list[Responsibility]]:
    found: dict[int, list[Responsibility]] = {}
    for each in Responsibility.objects.filter(undertaking__in=undertakings).order_by("order"):
        found.setdefault(each.undertaking_id, []).append(each)
    return found


def targets_of(plan: Plan, now: datetime) -> dict[int, list[TargetRow]]:
    """The targets of a plan by undertaking, each indicator asked once."""
    asked: dict[str, Figure] = {}
    found: dict[int, list[TargetRow]] = {}
    rows = list(
        Target.objects.filter(undertaking__plan=plan, gone_in=None).order_by("undertaking__order", "order")
    )
    since = start_of_year(plan.year) if any(target.indicator for target in rows) else now
    for target in rows:
        if target.indicator and target.indicator not in asked:
            asked[target.indicator] = indicators.bound(target.indicator, since, now)
        stands = asked.get(target.indicator) or indicators.figure(target, plan.year, now)
        row = TargetRow(target, stands, indicators.reached(target, stands))
        found.setdefault(target.undertaking_id, []).append(row)
    return found


# ------------------------------------------------------------------------------------------- who has to do what


def _in_force() -> QuerySet[Task]:
    running = Task.objects.filter(milestone__undertaking__plan__status=Plan.Status.IN_FORCE)
    return running.order_by("case__due_at", "case__number")


def behind(now: datetime) -> set[int]:
    """The ids of the undertakings in force that lag: their open tasks are yellow everywhere, not on the board alone."""
    standings = _standings(_in_force().select_related("case", "milestone"), now)
    return {key for key, each in standings.items() if each.lags(lag_points(now))}


def mine(agency: str, now: datetime, *, person: str = "") -> list[TaskRow]:
    """The open tasks of an agency (or of one person in it), the most urgent first."""
    tasks = _in_force().filter(case__agency=agency, case__stage__in=rules.OPEN_STAGES)
    return rows_of(tasks.filter(case__handler=person) if person else tasks, now, lagging=behind(now))


def of_agency(plan: Plan, agency: str, now: datetime) -> list[BoardRow]:
    """The sheet of an agency: the undertakings in which it has a part, whole, as the board shows them."""
    return [
        row
        for row in board(plan, now).rows
        if agency == row.undertaking.lead_agency
        or any(each.agency == agency for each in row.responsibilities)
    ]


def to_accept(now: datetime) -> list[TaskRow]:
    """What was handed in and waits for the coordinator, the longest first."""
    return rows_of(_in_force().filter(case__stage="submitted").order_by("case__recorded_at"), now)


def to_close_out(now: datetime) -> list[TaskRow]:
    """What was accepted and waits to be closed out."""
    return rows_of(_in_force().filter(case__stage="accepted").order_by("case__recorded_at"), now)


@dataclass(frozen=True, slots=True)
class Candidates:
    """What supervision may take up: red tasks, the longest overdue first, and undertakings behind their time."""

    red: tuple[TaskRow, ...]
    lagging: tuple[BoardRow, ...]


def candidates_of(found: Board) -> Candidates:
    """What supervision may take up, from the board: red tasks, and what lags."""
    red = [row for each in found.rows for row in each.tasks if row.open and row.light is Light.RED]
    red.sort(key=lambda row: (row.due is None, row.due))
    return Candidates(tuple(red), tuple(each for each in found.rows if each.lagging))


def to_look_back(now: datetime) -> list[TaskRow]:
    """Closed tasks whose time for 回头看 has come and which nobody has visited since, the oldest first."""
    day = local_day(now)
    first, last = (installed().row(code, day).limit.days for code in (LOOK_BACK_FROM, LOOK_BACK_UNTIL))
    closed = {
        "case__closed_at__lte": now - timedelta(days=first),
        "case__closed_at__gte": now - timedelta(days=last),
    }
    unseen = Q(looked_back_at=None) | Q(looked_back_at__lt=F("case__closed_at"))
    tasks = _in_force().filter(unseen, case__stage="closed_out", **closed)
    return rows_of(tasks.order_by("case__closed_at"), now)


# -------------------------------------------------------------------------------------------- the whole plan


@dataclass(frozen=True, slots=True)
class DirectionRow:
    """A direction: base, figure now, change in points; None where either day has no data."""

    direction: Direction
    figure: Figure
    points: Fraction | None


def directions_of(plan: Plan, now: datetime) -> list[DirectionRow]:
    """The directions of a plan against their frozen base; without a light."""
    found = []
    for each in plan.directions.filter(gone_in=None).order_by("pk"):
        stands = indicators.bound(each.indicator, start_of_year(plan.year), now)
        base, value = (each.base_part or 0, each.base_whole or 0), (stands.part or 0, stands.whole or 0)
        found.append(DirectionRow(each, stands, rules.points_moved(base, value)))
    return found


def goals_of(plan: Plan) -> list[PlanGoal]:
    """The goals of the whole plan, for show."""
    return list(plan.goals.filter(gone_in=None).order_by("pk"))


def plan_of(year: int) -> Plan | None:
    """The plan of a year, or None."""
    return Plan.objects.filter(year=year).first()


def undertaking_of(plan: Plan, key: str) -> Undertaking | None:
    """An undertaking in force by its key, or None."""
    return plan.undertakings.filter(key=key, gone_in=None).first()


def in_force() -> list[Plan]:
    """The plans that are worked on, the newest year first."""
    return list(Plan.objects.filter(status=Plan.Status.IN_FORCE).order_by("-year"))


def plans() -> list[Plan]:
    """All plans, the newest year first."""
    return list(Plan.objects.order_by("-year"))
