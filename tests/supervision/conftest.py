"""The office of the cast with those who supervise: 督查员, a second one, a third, their head, a coordinator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import pens
from tests.cast import Office
from tests.journeys.hall import Hall
from tests.settled import installed_office
from tests.supervision.ordering import Supervising

__all__ = ["installed_office"]


@pytest.fixture
def works(installed_office: Office, db: None) -> Iterator[Supervising]:
    """The office on Monday 2026-03-02 at 09:00, with a case that is in review."""
    held = dict(installed_office.people)
    yield Supervising(installed_office.at("2026-03-02T09:00"))
    installed_office.people = held


@pytest.fixture
def hall(works: Supervising, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Hall:
    """People use pages; `works.office.at` moves the one moment of all."""
    settings.YKB_PEN = pens.HELD
    monkeypatch.setattr(pens.HeldPen, "clock", lambda: works.office.now)
    return Hall(works.office)
