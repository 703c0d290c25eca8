"""An office at a fixed moment, and clients of the interface."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Office
from tests.pens import HELD, HeldPen
from yukuaiban.api import v1
from yukuaiban.web import scope, session


@pytest.fixture
def office(db: None, settings, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office's moment is that of every request."""
    office = Office()
    settings.YKB_PEN = HELD
    monkeypatch.setattr(HeldPen, "clock", staticmethod(lambda: office.now))
    monkeypatch.setattr(scope, "now", lambda: office.now)
    return office


@pytest.fixture
def enter(office: Office):
    """A client that is signed in as one of the cast, with a token against forged requests."""

    def signed_in(who: str) -> Client:
        client, staff = Client(), office.staff(who)
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        session.keep_key(staff, client.session.session_key)
        return client

    return signed_in


@pytest.fixture
def document() -> dict:
    return v1.document()
