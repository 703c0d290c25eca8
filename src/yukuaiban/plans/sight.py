"""Who sees what of the plan beside its board: an agency's own, and everything for those who see all agencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yukuaiban.people.access import visible_agencies
from yukuaiban.people.roles import ROLES, Sight
from yukuaiban.plans.models import Task

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case
    from yukuaiban.people.subject import Subject


def sees_all(subject: Subject) -> bool:
    """Whether the subject sees the cases of every agency."""
    return subject.role in ROLES and ROLES[subject.role].sight is Sight.ALL


def sees(subject: Subject, agency: str) -> bool:
    """Whether what concerns that agency alone may be shown to the subject."""
    sight = visible_agencies(subject)
    return sight is None or agency in sight


def works_on(subject: Subject, case: Case) -> bool:
    """An agency that the plan names beside the leading one sees the tasks of its undertaking."""
    task = Task.objects.filter(pk=case.pk)
    named = task.filter(milestone__undertaking__responsibilities__agency=subject.agency or "")
    return bool(subject.agency) and named.exists()
