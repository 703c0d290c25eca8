"""One installed town for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.simulation.engine import Town
from yukuaiban.cases import versions


@pytest.fixture(scope="package")
def installed_town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Town()
        transaction.set_rollback(True)
    versions.forget()


@pytest.fixture
def town(installed_town: Town, db: None) -> Iterator[Town]:
    """The town as it was installed; what a test does is rolled back."""
    versions.forget()
    yield installed_town
    versions.forget()
