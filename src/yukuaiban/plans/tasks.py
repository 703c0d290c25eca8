"""Opening a task: which checkpoints a milestone gives it, and what the docket needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yukuaiban.cases.catalogue import ApplicantData, Opening
from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem, Refused
from yukuaiban.people.models import Agency
from yukuaiban.plans import calendars, duedates
from yukuaiban.plans.models import Milestone, Plan, Task

if TYPE_CHECKING:
    from yukuaiban.cases.catalogue import Attempt

_TITLE = 200


def points_of(found: duedates.Schedule) -> list[list[dict[str, Any]]]:
    """The checkpoints of every task of a schedule, as rows and events keep them."""
    return [[_point(each) for each in task] for task in found.tasks]


def _point(each: duedates.Checkpoint) -> dict[str, Any]:
    return {
        "label": each.label,
        "begins": each.begins.isoformat(),
        "due_on": each.due_on.isoformat(),
        "due": each.due.isoformat(),
        "provisional": each.provisional,
    }


def schedule_of(milestone: Milestone) -> duedates.Schedule:
    """When a milestone in force is due."""
    year = milestone.undertaking.plan.year
    return duedates.schedule(milestone.period, year, calendars.office(), fixed=milestone.fixed)


def title_of(milestone: Milestone, label: str) -> str:
    """What a list calls the task: the words of the plan; one of several names its period in front."""
    words = "".join(milestone.text.split())
    several = milestone.kind in (duedates.Kind.RECURRING, duedates.Kind.CONTINUING)
    return (f"{label} {words}" if several else words)[:_TITLE]


def subject_of(milestone: Milestone) -> str:
    """What lists count tasks by: the undertaking within its year."""
    return f"plan-{milestone.undertaking.plan.year}-{milestone.undertaking.order + 1:02d}"


def opening(attempt: Attempt) -> Opening:
    """What the docket needs. Refused unless the plan is in force; InputInvalid for a milestone that is not there."""
    milestone = _milestone(attempt.data["milestone"])
    turn, points = attempt.data["turn"], points_of(schedule_of(milestone))
    if turn >= len(points) or Task.objects.filter(milestone=milestone, order=turn).exists():
        raise InputInvalid(Problem("这项任务已经下达，或者没有这一项", "请刷新页面", field="turn"))
    mine = points[turn]
    agency = Agency.objects.filter(code=milestone.undertaking.lead_agency).first()
    if agency is None:
        raise Refused("这项举措没有牵头单位，不能下达任务；请先在方案里指定。")
    if attempt.subject.agency is None:
        raise NotPermitted("任务由营商办下达。")
    title = title_of(milestone, mine[-1]["label"])
    return Opening(
        number_agency=agency.number4 or "0000",
        title=title,
        facts={
            "subject": subject_of(milestone),
            "kind": "committed",
            "channel": "online",
            "receiving_agency": attempt.subject.agency,
            "handling_agency": agency.code,
            "dues": [each["due"] for each in mine],
            "points": mine,
        },
        limits={},
        applicant=ApplicantData(name=""),
        shown="",
    )


def _milestone(key: str) -> Milestone:
    rows = Milestone.objects.select_related("undertaking__plan").filter(key=key, gone_in=None)
    found = rows.first()
    if found is None or found.undertaking.plan.status != Plan.Status.IN_FORCE:
        raise Refused("没有这条推进计划，或方案没有在执行；请刷新页面。")
    return found
