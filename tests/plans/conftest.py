"""An office whose people work the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.cast import Office, at
from tests.plans.working import MORE_PEOPLE, PlanOffice
from yukuaiban.cases import versions
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.subject import PostRef, Subject

START = "2026-01-12T09:00"


@pytest.fixture(scope="module")
def settled(django_db_setup: None, django_db_blocker: Any) -> Iterator[PlanOffice]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield with_planners(Office(START))
        transaction.set_rollback(True)
    versions.forget()


@pytest.fixture
def plans(settled: PlanOffice, db: None, settings: Any, tmp_path: Any) -> PlanOffice:
    """The office on Monday 2026-01-12 at 09:00, without any plan."""
    settings.MEDIA_ROOT = tmp_path / "evidence"
    settled.office.now = at(START)
    return settled


def with_planners(office: Office) -> PlanOffice:
    """The office and whoever works the plan in it, each under a login of that name."""
    found = PlanOffice(office)
    for login, (name, role, agency) in MORE_PEOPLE.items():
        staff = create_staff(
            login=login.replace("_", "-"), name=name, by=CONSOLE, pen=office.pen, must_change_password=False
        )
        post = grant_post(staff, agency=agency, role=role, by=CONSOLE, reason="到岗", pen=office.pen)
        place = PostRef(agency, role, post.pk)
        found.people[login] = Subject("staff", staff.ref, str(staff.uid), place, (place,), name=name)
    return found
