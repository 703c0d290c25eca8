"""A confirmed version comes into force: rows of undertakings, milestones and targets, and a case for every task.

Keys that both versions know keep their rows and cases. What is the same is left alone, what changed is adjusted by
the task's own action, what is gone is cancelled with the version as its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from yukuaiban.cases.acting import act
from yukuaiban.cases.models import Case
from yukuaiban.people.access import SYSTEM_IMPORT
from yukuaiban.plans import calendars, duedates, indicators, questions, sheet
from yukuaiban.plans.models import (
    Direction,
    Milestone,
    Plan,
    PlanGoal,
    PlanVersion,
    Responsibility,
    Target,
    Task,
    Undertaking,
)
from yukuaiban.plans.tasks import points_of, schedule_of, title_of

if TYPE_CHECKING:
    from yukuaiban.evidence.documents import Hand
    from yukuaiban.people.subject import Subject
    from yukuaiban.plans.sheet import Entry, Thing

PROCEDURE = "plans"
_ADJUSTABLE = ("not_started", "under_way", "returned", "reopened")
_OPEN = (*_ADJUSTABLE, "submitted", "accepted")


@dataclass(frozen=True, slots=True)
class Coming:
    """The version that comes into force, who does it."""

    plan: Plan
    version: PlanVersion
    hand: Hand

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.hand.pen.moment()


def bring(coming: Coming) -> None:
    """All rows and cases of the version, in the transaction of the caller; the plan is in force already."""
    items = coming.version.sheet["items"]
    for order, entry in enumerate(items):
        undertaking = _undertaking(coming, order, entry)
        _responsibilities(undertaking, entry)
        for place, each in enumerate(_milestones(entry)):
            _tasks(coming, _milestone(undertaking, place, each))
        for place, each in enumerate(entry[sheet.TARGETS]):
            _target(undertaking, place, each)
        for each in entry[sheet.DIRECTIONS]:
            _direction(coming, each)
    for each in coming.version.sheet["goals"]:
        kept = {name: each[name] for name in ("text", "kind", "figure", "figure_source")}
        PlanGoal.objects.update_or_create(
            key=each["key"], defaults={"plan": coming.plan, "gone_in": None} | kept
        )
    _leave_out(coming)


def _undertaking(coming: Coming, order: int, entry: Entry) -> Undertaking:
    start, end = entry["span"]
    row, _new = Undertaking.objects.update_or_create(
        plan=coming.plan,
        key=entry["key"],
        defaults={
            "order": order,
            "no": entry["no"],
            "title": entry["title"] or entry["text"][:40],
            "text": entry["text"],
            "start": start,
            "end": end,
            "safeguard": entry["kind"] == sheet.SAFEGUARD,
            "lead_agency": questions.lead_of(entry),
            "leader": entry["leader"],
            "gone_in": None,
        },
    )
    return row


def _responsibilities(undertaking: Undertaking, entry: Entry) -> None:
    """The agencies of the version take the place of those before; the one that leads does so in its row."""
    undertaking.responsibilities.all().delete()
    rows: dict[tuple[str, str], Responsibility] = {}
    for each in entry[sheet.AGENCIES]:
        for code in each["codes"]:
            role = "lead" if code == undertaking.lead_agency else each["role"].replace("lead", "responsible")
            rows.setdefault(
                (code, role),
                Responsibility(
                    undertaking=undertaking,
                    order=len(rows),
                    name=each["name"],
                    agency=code,
                    role=role,
                    source=each["source"],
                ),
            )
    Responsibility.objects.bulk_create(rows.values())


def _milestones(entry: Entry) -> list[Thing]:
    """The milestones of an item; one with none is due at the end of the year, with the item's own key and title."""
    if entry[sheet.MILESTONES] or not questions.worked(entry):
        return list(entry[sheet.MILESTONES])
    return [sheet.milestone(entry["key"], duedates.UNSTATED, entry["title"] or entry["text"][:40], None)]


def _milestone(undertaking: Undertaking, order: int, each: Thing) -> Milestone:
    found = questions.schedule_of(each, undertaking.plan.year, calendars.office())
    start, end = each["span"] or (None, None)
    row, _new = Milestone.objects.update_or_create(
        key=each["key"],
        defaults={
            "undertaking": undertaking,
            "order": order,
            "period": each["period"],
            "kind": found.kind,
            "text": each["text"],
            "start": start,
            "end": end,
            "fixed": date.fromisoformat(each["due"]) if each["due"] else None,
            "due_on": found.last,
            "weight": each["weight"],
            "deliverable": each["deliverable"],
            "gone_in": None,
        },
    )
    return row


def _target(undertaking: Undertaking, order: int, each: Thing) -> None:
    start, end = each["span"] or (None, None)
    kept = {name: each[name] for name in ("text", "unit", "comparison", "soft", "indicator")}
    place = {"undertaking": undertaking, "order": order, "start": start, "end": end, "gone_in": None}
    Target.objects.update_or_create(
        key=each["key"], defaults=place | kept | {"value": Decimal(each["value"])}
    )


def _direction(coming: Coming, each: Thing) -> None:
    """A direction with its base frozen on the first day of the plan's year, where the indicator has data by then."""
    row = Direction.objects.filter(key=each["key"]).first()
    if row is not None and row.indicator == each["indicator"]:
        Direction.objects.filter(pk=row.pk).update(text=each["text"], up=each["up"], gone_in=None)
        return
    begin = calendars.start_of_year(coming.plan.year)
    base = indicators.bound(each["indicator"], calendars.start_of_year(coming.plan.year - 1), begin)
    Direction.objects.update_or_create(
        key=each["key"],
        defaults={
            "plan": coming.plan,
            "text": each["text"],
            "indicator": each["indicator"],
            "up": each["up"],
            "base_on": date(coming.plan.year, 1, 1),
            "base_part": base.part,
            "base_whole": base.whole,
            "gone_in": None,
        },
    )


# --------------------------------------------------------------------------------------------------- tasks


def _tasks(coming: Coming, milestone: Milestone) -> None:
    """A case for every task that is not there yet; those that are there follow the milestone."""
    points = points_of(schedule_of(milestone))
    held = {task.order: task for task in milestone.tasks.select_related("case")}
    for turn, mine in enumerate(points):
        if turn not in held:
            data = {"milestone": milestone.key, "turn": turn}
            _act(coming, None, "open", data, key=f"{milestone.key}:{turn}")
        else:
            _follow(coming, held[turn], milestone, mine)
    for turn in sorted(set(held) - set(range(len(points)))):
        _cancel(coming, held[turn].case)


def _follow(coming: Coming, task: Task, milestone: Milestone, points: list[dict[str, Any]]) -> None:
    case, lead = task.case, milestone.undertaking.lead_agency
    title = title_of(milestone, points[-1]["label"])
    moved = [each["due"] for each in task.points] != [each["due"] for each in points]
    if case.stage not in _ADJUSTABLE or not (moved or case.title != title or case.agency != lead):
        return
    data: dict[str, Any] = {"title": title, "points": points, "dues": [each["due"] for each in points]}
    data |= {"handling_agency": lead, "version": coming.version.number}
    _act(coming, case, "amend", data, subject=SYSTEM_IMPORT)  # who did it stands on the stream of the plan


def _leave_out(coming: Coming) -> None:
    """Rows that the version does not hold are marked with its number, their open tasks cancelled."""
    number, told = coming.version.number, coming.version.sheet
    items = {each["key"] for each in told["items"]}
    steps = {each["key"] for entry in told["items"] for each in _milestones(entry)}
    gone = Milestone.objects.filter(undertaking__plan=coming.plan, gone_in=None).exclude(key__in=steps)
    for task in Task.objects.filter(milestone__in=gone).select_related("case"):
        _cancel(coming, task.case)
    gone.update(gone_in=number)
    coming.plan.undertakings.filter(gone_in=None).exclude(key__in=items).update(gone_in=number)
    for part, model in ((sheet.TARGETS, Target), (sheet.DIRECTIONS, Direction)):
        kept = {each["key"] for entry in told["items"] for each in entry[part]}
        mine = {"undertaking__plan": coming.plan} if model is Target else {"plan": coming.plan}
        model.objects.filter(**mine, gone_in=None).exclude(key__in=kept).update(gone_in=number)
    goals = {each["key"] for each in told["goals"]}
    coming.plan.goals.filter(gone_in=None).exclude(key__in=goals).update(gone_in=number)


def _cancel(coming: Coming, case: Case) -> None:
    if case.stage in _OPEN:
        reason = f"方案第 {coming.version.number} 版不再包含这项任务"
        _act(coming, case, "cancel", {"reason": reason})


def _act(
    coming: Coming,
    case: Case | None,
    action: str,
    data: dict[str, Any],
    *,
    key: str | None = None,
    subject: Subject | None = None,
) -> None:
    act(
        case,
        action,
        procedure=PROCEDURE if case is None else None,
        subject=subject or coming.hand.subject,
        data=data,
        key=key,
        pen=coming.hand.pen,
        source=coming.hand.source,
    )


def open_tasks(plan: Plan) -> int:
    """How many tasks of the plan are neither closed out nor cancelled."""
    return Task.objects.filter(milestone__undertaking__plan=plan, case__closed_at=None).count()
