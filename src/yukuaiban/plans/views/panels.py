"""The own panel on the page of a task: the plan's words, checkpoints, the due before an extension, the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from yukuaiban.evidence.kinds import kind_titles
from yukuaiban.people.queries import names
from yukuaiban.plans.boardface import QUARTER_WORDS
from yukuaiban.plans.models import InterimResult, LedgerEntry, Task
from yukuaiban.plans.rows import points_of, rows_of
from yukuaiban.web import scope

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.cases.models import Case
    from yukuaiban.plans.rows import TaskRow

_LEDGER = 5
_REPORTERS = ("reporter", "handler", "agency_leader")
_REPORTED = ("not_started", "under_way", "returned", "reopened")


def case_panel(request: HttpRequest, case: Case) -> str:
    """What stands in the plan about this task, or the text of an interim result."""
    row = next(iter(rows_of(Task.objects.filter(pk=case.pk), scope.now())), None)
    return _result_panel(request, case) if row is None else _task_panel(request, case, row)


def _result_panel(request: HttpRequest, case: Case) -> str:
    result = InterimResult.objects.select_related("undertaking__plan", "case").filter(pk=case.pk).first()
    if result is None:
        return ""
    told = {"result": result, "word": QUARTER_WORDS[result.quarter]}
    return render_to_string("plans/result_panel.html", told, request=request)


def _task_panel(request: HttpRequest, case: Case, row: TaskRow) -> str:
    ledger = list(LedgerEntry.objects.filter(task=row.task).order_by("-at", "-pk")[:_LEDGER])
    subject = request.subject  # type: ignore[attr-defined]
    told = {
        "row": row,
        "plan": row.undertaking.plan,
        "undertaking": row.undertaking,
        "milestone": row.milestone,
        "points": [(point.due_on, point.accepted) for point in points_of(row.task)],
        "ledger": ledger,
        "people": names({each.by for each in ledger}),
        "kinds": kind_titles(),
        "reports": subject.agency == case.agency and subject.role in _REPORTERS and case.stage in _REPORTED,
    }
    return render_to_string("plans/task_panel.html", told, request=request)
