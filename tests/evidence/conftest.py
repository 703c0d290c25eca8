"""An office in the fictional district; evidence in a folder of its own."""

from __future__ import annotations

import pytest

from tests.cast import Office


@pytest.fixture
def office(db: None, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return Office()
