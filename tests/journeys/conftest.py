"""The fictional district on Monday 2026-03-02 at 09:00, and its people in front of their browsers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import pens
from tests.cast import Office
from tests.journeys.hall import Hall
from tests.settled import installed_office, office

__all__ = ["installed_office", "office"]


@pytest.fixture
def hall(office: Office, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    """People use pages; `hall.at` moves the one moment of all."""
    settings.YKB_PEN = pens.HELD
    monkeypatch.setattr(pens.HeldPen, "clock", lambda: office.now)
    return Hall(office)
