"""Fixtures of the page tests: a settled town at a fixed moment."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.journeys.conftest import hall
from tests.settled import installed_office, office
from tests.web import town
from yukuaiban.people.models import Staff
from yukuaiban.web import scope, session

__all__ = ["hall", "installed_office", "office"]


@pytest.fixture
def settled(db, monkeypatch):
    """The fictional district, installed; every page believes that it is Monday 10:26."""
    monkeypatch.setattr(scope, "now", lambda: town.NOW)
    town.settle()


@pytest.fixture
def enter(settled, rf):
    """A client that is signed in as the person of that name in town.POSTS."""

    def signed_in(name):
        staff = Staff.objects.filter(login=name).first() or town.hire(name, *town.POSTS[name])
        client = Client()
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        session.keep_key(staff, client.session.session_key)
        return client

    return signed_in
