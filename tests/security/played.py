"""Plays a cell of the matrix over HTTP: who signs in, which case is asked for, what the gate said."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.test import Client
from django.urls import reverse

from yukuaiban.cases.models import Case
from yukuaiban.people.models import Staff
from yukuaiban.web import gate

BACKEND = "django.contrib.auth.backends.ModelBackend"
# `accused` waits for confidential complaints: no case can have that relation before.
HTTP_RELATIONS = ("own", "agency", "other_agency", "other_town", "deleted")
MISSING = {
    "number": "000000000020200101000010",
    "key": "000000000020200101000010",
    "document": "00000000-0000-7000-8000-000000000000",
}


@dataclass(slots=True)
class AtWork:
    """A district with one case, an account for each role, and the arguments of addresses.

    `home` and `elsewhere` are agencies with and without part in the case, `town` a town that is neither.
    """

    case: Case
    staff: dict[str, Staff]
    arguments: dict[str, object]
    home: str
    elsewhere: str
    town: str
    said: list[int] = field(default_factory=list)
    clients: dict[str, Client] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)


def place(world: AtWork, role: str, relation: str) -> None:
    """Make the case stand in that relation to the role's account, in its row, which is what the gate reads."""
    staff = world.staff.get(role)
    at = {
        "own": {"handler": staff.ref if staff else "", "agency": world.elsewhere},
        "agency": {"agency": world.home},
        "other_agency": {"agency": world.elsewhere},
        "other_town": {"agency": world.town},
    }.get(relation, {})
    Case.objects.filter(pk=world.case.pk).update(
        **({"handler": "", "receiving_agency": world.elsewhere} | at)
    )


def play(world: AtWork, route, method: str, role: str, relation: str) -> tuple[int, int]:
    """What the gate said and the status of the answer. Whatever the request did is rolled back."""
    world.said.clear()
    with transaction.atomic():
        if relation in HTTP_RELATIONS:
            place(world, role, relation)
        response = client_of(world, role).generic(method, address(world, route, relation))
        transaction.set_rollback(True)
    return (world.said[-1] if world.said else 0), response.status_code


def client_of(world: AtWork, role: str) -> Client:
    """The role's browser, just signed in: what a cell did to the session was rolled back, its cookies are too."""
    client = world.clients[role]
    client.cookies.clear()
    client.cookies.load(world.cookies[role])
    return client


def sign_all_in(world: AtWork) -> None:
    """A browser for each role and one for the visitor. Once: a session for every cell would cost as much again."""
    for role in ("visitor", *world.staff):
        client = world.clients[role] = Client(raise_request_exception=False)
        if role in world.staff:
            sign_in(client, world.staff[role])
        world.cookies[role] = {name: each.value for name, each in client.cookies.items()}


def sign_in(client: Client, staff: Staff) -> None:
    """A session as the sign-in page would open it."""
    client.force_login(staff, backend=BACKEND)
    Staff.objects.filter(pk=staff.pk).update(session_key=client.session.session_key)


def address(world: AtWork, route, relation: str) -> str:
    """The address of a route with the arguments of this district; KeyError: teach `arguments` a new name."""
    values = {name: world.arguments[name] for name in route.arguments}
    if relation == "deleted":
        values |= {name: value for name, value in MISSING.items() if name in values}
    return reverse(route.name, kwargs=values)


def listen(world: AtWork, monkeypatch) -> None:
    """Note every judgement of the gate."""
    judge = gate.judge

    def noted(*args, **kwargs):
        found = judge(*args, **kwargs)
        world.said.append(found.status)
        return found

    monkeypatch.setattr(gate, "judge", noted)
