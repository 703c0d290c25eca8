"""Plays a period of a district into an empty database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction

from yukuaiban.cases.models import Case, Tick
from yukuaiban.measures.desks import queries
from yukuaiban.measures.desks.importing import import_file
from yukuaiban.measures.desks.models import Desk, Matter
from yukuaiban.people.district import installed
from yukuaiban.site.installation import prepare
from yukuaiban.site.simulator.cast import Cast, engage
from yukuaiban.site.simulator.indexlife import IndexFile, IndexLife
from yukuaiban.site.simulator.life import Life
from yukuaiban.site.simulator.planlife import PlanLife, PlanText
from yukuaiban.site.simulator.world import Period, World

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from yukuaiban.evidence.importing import Report
    from yukuaiban.packs import District

# How busy the weekdays are, Monday to Sunday (make-up days are quiet).
_WEEKDAYS = (13, 11, 10, 10, 9, 4, 4)
_IDLE_HOURS = 30
# The last weeks are busier, so that a demo opens on desks at work and not on an archive.
_RECENT, _LATELY = 15, 4


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it; `refused` counts by sentence what came too late, `imported` tells of the list of matters."""

    cases: int
    open: int
    refused: Counter[str]
    cast: Cast
    imported: Report | None


def play(
    district: District,
    *,
    seed: int,
    since: datetime,
    until: datetime,
    cases: int,
    progress: Callable[[datetime], None],
    matters: Path | None = None,
    plan: PlanText | None = None,
    index: IndexFile | None = None,
    keep: Callable[[Played], None] = lambda _played: None,
) -> Played:
    """Play the period with that seed, in one transaction: a demo that was interrupted leaves nothing half made.

    `matters` is a list that the district takes over before it begins. With a `plan` the district is installed at the
    beginning of that plan's year and works it, while window cases come in from `since` on. With an `index` it works
    along that, too. `keep` is called at the end of the transaction. InputInvalid if list or index cannot be read.
    """
    world = World(seed, Period(since, until, cases))
    with transaction.atomic():
        begins = _begins(world, plan)
        Tick.objects.filter(id=1).update(counted_at=begins)
        world.now = begins
        prepare(district, world.pen)
        world.idle = _idle(world)
        imported = import_file(matters, pen=world.pen) if matters is not None else None
        first_day = queries.day_of(since)
        agencies = queries.matters_in_force(first_day).values_list("agency", flat=True).distinct()
        cast = engage(
            district,
            agencies.order_by("agency"),
            dice=world.dice,
            pen=world.pen,
            with_plan=plan is not None,
        )
        if plan is not None:
            world.later(world.in_hours(world.now), PlanLife(world, cast, plan).begin)
        if index is not None:
            world.later(world.days(3, 7), IndexLife(world, cast, index).begin)
        _plan_arrivals(world, cast)
        world.play(progress)
        mine = Case.objects.filter(measure="desks")
        played = Played(mine.count(), mine.filter(closed_at=None).count(), world.refused, cast, imported)
        keep(played)
    return played


def _begins(world: World, plan: PlanText | None) -> datetime:
    """The first moment of the play: of the plan's year of work, if that lies before the period."""
    since = world.period.since
    if plan is None:
        return since
    zone = ZoneInfo(installed().zone)
    return min(since, datetime.combine(plan.begins, time(9), tzinfo=zone).astimezone(UTC))


def _plan_arrivals(world: World, cast: Cast) -> None:
    """Spread the cases over the working days, busy mornings first."""
    days = _working_days(world)
    weights = [_WEEKDAYS[day.weekday()] * (_LATELY if day in days[-_RECENT:] else 1) for day in days]
    offered = _offers(cast, days[0], days[-1])
    for _ in range(world.period.cases):
        moment = _arrival(world, days, weights)
        desk, matter = world.dice.choice(offered)
        world.later(moment, Life(world, cast, desk, matter).arrive)


def _arrival(world: World, days: list[date], weights: list[int]) -> datetime:
    """An open moment of the period; what would lie behind its end is drawn again."""
    while True:
        day = world.dice.choices(days, weights)[0]
        begin, end = world.dice.choice(world.calendar.intervals(day))
        moment = begin + (end - begin) * world.dice.triangular(0.02, 0.98, 0.25)
        if moment <= world.period.until:
            return moment.replace(microsecond=0)


def _idle(world: World) -> tuple[datetime, datetime]:
    """The stretch without a worker: from the opening of a working day in the middle of the period."""
    since, until, calendar = world.period.since, world.period.until, world.calendar
    day = calendar.next_workday(calendar.day(since + (until - since) / 2))
    begin = calendar.intervals(day)[0][0] if day is not None else until
    return begin, begin + timedelta(hours=_IDLE_HOURS)


def _working_days(world: World) -> list[date]:
    calendar, last = world.calendar, world.calendar.day(world.period.until)
    days: list[date] = []
    day = calendar.next_workday(calendar.day(world.period.since))
    while day is not None and day <= last:
        days.append(day)
        day = calendar.next_workday(day + timedelta(days=1))
    return days


def _offers(cast: Cast, first: date, last: date) -> list[tuple[str, Matter]]:
    """Every (desk, matter) that fits and has people to handle it; specialised desks twice as often.

    Desks and matters are those that are there on the first day and still on the last.
    """
    matters = [
        matter
        for matter in (queries.matters_in_force(first) & queries.matters_in_force(last)).order_by("code")
        if matter.agency in cast.handlers and queries.sheet_in_force(matter, first) is not None
    ]
    open_then = set(queries.desks_in_force(first).values_list("code", flat=True))
    desks = [desk for desk in queries.desks_in_force(last).order_by("code") if desk.code in open_then]
    found = [
        (desk.code, matter)
        for desk in desks
        if desk.kind != Desk.Kind.DELIVERY and desk.code in cast.clerks
        for matter in matters
        if queries.takes(desk, matter)
    ]
    return found or [(next(iter(cast.clerks)), matter) for matter in matters]


def months_before(until: datetime, months: int) -> datetime:
    """Midnight UTC about that many months before."""
    return datetime.combine((until - timedelta(days=30 * months)).date(), time(), tzinfo=UTC)
