"""One installed office for all tests of a file: each test finds it as it was, and what it does is rolled back.

Installing the district costs more than most tests; a `conftest.py` takes the fixtures over by importing them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.cast import Office, at
from yukuaiban.cases import versions

START = "2026-03-02T09:00"


@pytest.fixture(scope="module")
def installed_office(django_db_setup: None, django_db_blocker: Any) -> Iterator[Office]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Office(START)
        transaction.set_rollback(True)
    versions.forget()


@pytest.fixture
def office(installed_office: Office, db: None) -> Office:
    """The office on Monday 2026-03-02 at 09:00."""
    installed_office.now = at(START)
    return installed_office
