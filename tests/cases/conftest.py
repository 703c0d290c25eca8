"""An office in the fictional district on Monday 2026-03-02 at 09:00."""

from __future__ import annotations

import pytest

from tests.cast import Office


@pytest.fixture
def office(db: None) -> Office:
    return Office()
