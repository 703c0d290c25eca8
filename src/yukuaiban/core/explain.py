"""The sum behind a due moment, as steps from which a reader can redo it (clocks.md section 4).

The steps come from a walk over the calendar's days one by one, not from the arrays that found the result, so an
explanation that does not add up shows a fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yukuaiban.core.calendarspec import DayEnd
from yukuaiban.core.counting import Reckoning
from yukuaiban.core.explaindays import date_steps, workday_steps
from yukuaiban.core.explaintime import natural_steps, service_steps
from yukuaiban.core.grid import Tables
from yukuaiban.core.limits import Unit
from yukuaiban.core.moments import local, moment_of
from yukuaiban.core.scene import Scene, Terms, step
from yukuaiban.core.steps import Place, Step
from yukuaiban.core.workcalendar import WorkCalendar

_COUNTS = {
    Unit.HOUR: ("start_natural", natural_steps),
    Unit.MINUTE: ("start_natural", natural_steps),
    Unit.SERVICE_HOUR: ("start_service", service_steps),
    Unit.SERVICE_MINUTE: ("start_service", service_steps),
    Unit.WORKDAY: ("start_workdays", workday_steps),
    Unit.NATURAL_DAY: ("start_dates", date_steps),
    Unit.MONTH: ("start_dates", date_steps),
    Unit.YEAR: ("start_dates", date_steps),
}


def explain(
    terms: Terms, calendar: WorkCalendar, tables: Tables, reckoning: Reckoning, years: Sequence[int]
) -> tuple[Step, ...]:
    """All steps from start to due. `years` are the unpublished years that the result rests on."""
    scene = Scene(terms, calendar, tables, reckoning)
    steps = [*_opening(terms, calendar), *_COUNTS[scene.unit][1](scene), *_ending(scene)]
    due = scene.at(reckoning.reached.at)
    if years:
        named = "、".join(str(year) for year in years)
        steps.append(step("provisional", "provisional", due, due, facts={"years": named}))
    return (*steps, step("final", _final(scene, steps), due, due, unit=scene.unit))


def unreachable(terms: Terms, calendar: WorkCalendar) -> tuple[Step, ...]:
    """The steps where no due moment can be computed: what was asked, and why there is no answer."""
    start = local(moment_of(terms.start), calendar.zone)
    unit = terms.whole.unit
    return (*_opening(terms, calendar), step("final", "no_open_time", start, start, unit=unit))


def _opening(terms: Terms, calendar: WorkCalendar) -> Iterator[Step]:
    """The start, then each extension."""
    unit = terms.whole.unit
    same_day = unit is Unit.WORKDAY and not terms.limit.amount
    start = local(moment_of(terms.start), calendar.zone)
    said = "start_same_day" if same_day else _COUNTS[unit][0]
    yield step("start", said, start, start, unit=unit, facts={"limit": terms.limit})
    before = terms.limit
    for added in terms.extensions:
        facts = {"added": added, "before": before, "after": before + added}
        yield step("extension", "extension", start, start, amount=added.amount, unit=unit, facts=facts)
        before += added


def _ending(scene: Scene) -> Iterator[Step]:
    """How the last day of a limit in days ends."""
    if scene.unit.timed:
        return
    day: Place = scene.date(scene.due_day)
    at = scene.at(scene.reckoning.reached.at)
    midnight = scene.terms.day_end == DayEnd.MIDNIGHT or not scene.works(scene.due_day) or at.date() != day
    said = "midnight" if midnight else "closing"
    yield step("closing", said, day, day, facts={"time": f"{at:%H:%M}"})


def _final(scene: Scene, steps: Sequence[Step]) -> str:
    if any(shift.span.expected for shift in scene.reckoning.shifts):
        return "final_expected"
    last = next(
        (each for each in reversed(steps) if each.code in ("count", "make_up", "day_one", "pause")), None
    )
    broken = scene.unit is Unit.WORKDAY and last is not None and last.code == "pause" and last.amount
    return "final_in_pause" if broken else "final"
