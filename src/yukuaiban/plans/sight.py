"""Who sees what of the plan beside its board: the sheet of an agency is for that agency and for those who see all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from yukuaiban.people.access import visible_agencies
from yukuaiban.people.models import Agency
from yukuaiban.people.policy import Relation
from yukuaiban.people.roles import ROLES, Sight
from yukuaiban.plans.models import Task

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case
    from yukuaiban.people.subject import Subject

AGENCY = "plan_agency"


def sees_all(subject: Subject) -> bool:
    """Whether the subject sees the cases of every agency."""
    return subject.role in ROLES and ROLES[subject.role].sight is Sight.ALL


def find_agency(arguments: Mapping[str, Any]) -> Agency | None:
    """The agency that an address names."""
    return Agency.objects.filter(code=arguments["agency"]).first()


def relate_agency(subject: Subject, agency: Agency) -> Relation:
    """The own agency (for a leader those below it too), or another."""
    sight = visible_agencies(subject)
    return Relation.AGENCY if sight is None or agency.code in sight else Relation.OTHER_AGENCY


def works_on(subject: Subject, case: Case) -> bool:
    """An agency that the plan names beside the leading one sees the tasks of its undertaking."""
    task = Task.objects.filter(pk=case.pk).values_list("milestone__undertaking", flat=True)
    return (
        bool(subject.agency)
        and task.filter(milestone__undertaking__responsibilities__agency=subject.agency).exists()
    )
