"""Requests of a program to the interface, as the tests of full disks and lost databases send them."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.test import Client

from tests.cast import PERMIT
from yukuaiban.people.models import Staff
from yukuaiban.web import session

OPEN = "/api/v1/cases"


def signed_in(staff: Staff) -> Client:
    """A client in that person's name, to whom failures are answers."""
    found = Client(raise_request_exception=False)
    found.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    session.keep_key(staff, found.session.session_key)
    answer = found.get("/api/v1/cases?limit=5")
    assert answer.status_code == 200, answer.content
    return found


def receive(client: Client, key: str, name: str = "王海") -> HttpResponse:
    """Take in a case with that idempotency key."""
    data = {"matter": PERMIT, "desk": "main-01", "applicant": name, "phone": "19900001234"}
    return client.post(
        OPEN,
        json.dumps({"procedure": "desks", "action": "receive", "data": data}),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def refused(answer: HttpResponse) -> None:
    """Away for now, with the moment to come again, and nothing about what is behind it."""
    assert answer.status_code == 503, answer.content
    assert answer["Retry-After"] == "60"
    body = answer.json()["error"]
    assert body["code"] == "away"
    assert body["request_id"] == answer["X-Request-ID"]
    assert "sqlite" not in str(body).lower()
