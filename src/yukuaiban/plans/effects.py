"""The plan's own writes, in the transaction of the action: rows beside the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from yukuaiban.plans.models import LedgerEntry, Milestone, Task

if TYPE_CHECKING:
    from yukuaiban.cases.catalogue import Attempt
    from yukuaiban.cases.models import Case


def _case(attempt: Attempt) -> Case:
    assert attempt.case is not None  # noqa: S101 - effects run after the row is written
    return attempt.case


def opened(attempt: Attempt) -> None:
    """The row beside the case: milestone and checkpoints."""
    points = attempt.data["points"]
    Task.objects.create(
        case=_case(attempt),
        milestone=Milestone.objects.get(key=attempt.data["milestone"]),
        order=attempt.data["turn"],
        label=points[-1]["label"],
        points=points,
    )


def amended(attempt: Attempt) -> None:
    """The days of the amended plan take the place of those of the task."""
    task = Task.objects.get(case=_case(attempt))
    task.points = attempt.data["points"]
    task.label = task.points[-1]["label"]
    task.passed = min(task.passed, len(task.points) - 1)
    task.accepted_at = task.accepted_at[: task.passed]
    task.save(update_fields=["points", "label", "passed", "accepted_at"])


def reported(attempt: Attempt) -> None:
    """A line of the ledger."""
    LedgerEntry.objects.create(
        task=Task.objects.get(case=_case(attempt)),
        on=attempt.data["on"],
        text=attempt.data["text"],
        by=attempt.subject.ref,
        at=attempt.at,
    )


def passed(attempt: Attempt) -> None:
    """One checkpoint more."""
    task = Task.objects.get(case=_case(attempt))
    task.accepted_at = [*task.accepted_at, attempt.at.isoformat()]
    task.passed = F("passed") + 1
    task.save(update_fields=["passed", "accepted_at"])


def looked_back(attempt: Attempt) -> None:
    """Visited, and it holds."""
    Task.objects.filter(case=_case(attempt)).update(looked_back_at=attempt.at)


def reopened(attempt: Attempt) -> None:
    """The last checkpoint is open again, with the day that the visit set."""
    task = Task.objects.get(case=_case(attempt))
    task.passed = len(task.points) - 1
    task.accepted_at, task.looked_back_at = task.accepted_at[: task.passed], attempt.at
    task.save(update_fields=["passed", "accepted_at", "looked_back_at"])
