"""An office in the fictional district, and messages of its outbox."""

from __future__ import annotations

import pytest

from tests.cast import Office


@pytest.fixture
def office(db: None) -> Office:
    return Office()
