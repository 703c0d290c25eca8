"""The generated matrix: every route × every method × every role × 7 relations (security.md section 4).

The decision of the policy is tested for every cell against a second, plain reading of the permission files. Over
HTTP every allowed cell that can be played is played, and a fixed sample of the denied ones.
"""

from __future__ import annotations

import importlib
import itertools
import json
import random
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from tests.security.played import HTTP_RELATIONS, play
from tests.security.routes import routes
from yukuaiban.people import access
from yukuaiban.people.access import PostRef, Subject, decide
from yukuaiban.people.policy import METHODS, Relation
from yukuaiban.people.roles import ROLES, Duty, Sight
from yukuaiban.registry import measures

ANSWERS = {access.OK, access.SIGN_IN, access.FORBIDDEN, access.MISSING, access.WRONG_METHOD}
DENIED_SAMPLE = 5_000
# A page for a watchdog: 503 is its answer where no worker runs.
TELLS_OF_TROUBLE = {"readyz"}


def subject_of(role):
    """Somebody in this role; relations are given from outside."""
    if ROLES[role].duty is Duty.OUTSIDE:
        return Subject(role, role)
    return Subject("staff", "staff:1", "1", PostRef("a", role))


def entries():
    """The entries of all permission files, read plainly."""
    rooms = [Path(importlib.import_module(room).__file__).parent for room in settings.YKB_POLICY_ROOMS]
    files = [room / "permissions.toml" for room in rooms] + [each.permissions for each in measures()]
    read = [tomllib.loads(path.read_text(encoding="utf-8")) for path in files]
    return {each["name"]: each for table in read for each in table.get("operation", [])}


def listed(value):
    return value if isinstance(value, list) else [value]


def by_nature(role, relation):
    """Whether a role may see a case in that relation, by the sentence of rules/common.md section 4."""
    sight = ROLES[role].sight
    if relation in {"accused", "deleted"} or sight is Sight.NOTHING:
        return False
    if relation in {"other_agency", "other_town"}:
        return sight is Sight.ALL
    return relation != "agency" or sight is not Sight.OWN


def expected(entry, method, role, relation):
    """The answer that the files give, worked out another way than the policy does."""
    methods = set(entry["methods"]) | ({"HEAD"} if "GET" in entry["methods"] else set())
    if method not in methods:
        return False
    allow = entry["allow"]
    if isinstance(allow, str):
        insider = ROLES[role].duty is not Duty.OUTSIDE
        return {"public": True, "staff": insider, "procedure": by_nature(role, relation)}[allow]
    return any(role in listed(grant["role"]) and relation in listed(grant["relation"]) for grant in allow)


CELLS = list(itertools.product(METHODS, ROLES, Relation))


def test_every_route_has_an_entry_and_every_entry_a_route():
    found = routes()
    assert len(found) >= 30
    assert [each.pattern for each in found if not each.name] == []
    problems = access.policy().problems_with({each.name for each in found})
    assert [str(problem) for problem in problems] == []


def test_every_cell_is_decided_and_as_the_files_say():
    written, names = entries(), sorted({each.name for each in routes()})
    decided, undecided, mismatches = 0, [], []
    for name in names:
        for method, role, relation in CELLS:
            verdict = decide(subject_of(role), name, method, relation)
            if (
                not verdict.reason
                or verdict.answer not in ANSWERS
                or verdict.allowed != (verdict.answer == 200)
            ):
                undecided.append((name, method, role, relation))
            if verdict.allowed is not expected(written[name], method, role, relation):
                mismatches.append((name, method, role, relation))
            decided += 1
    assert undecided == []
    assert mismatches == []
    assert decided == len(names) * len(METHODS) * len(ROLES) * len(Relation)
    assert decided >= 50_000


def test_the_three_administrators_reach_no_case():
    with_object = [name for name, entry in access.policy().operations.items() if entry.object == "case"]
    assert with_object
    for name in with_object:
        for method, relation in itertools.product(METHODS, Relation):
            for role in ("system_admin", "security_admin", "auditor"):
                if access.policy().operations[name].word != "public":
                    assert not decide(subject_of(role), name, method, relation).allowed


def test_the_interface_offers_no_method_that_the_policy_does_not_know(client):
    answer = client.get("/api/v1/openapi.json")
    offered = json.loads(answer.content)["paths"]
    by_path = {f"/{each.pattern}": each.name for each in routes()}
    plain = {path.replace("<", "{").replace(">", "}"): name for path, name in by_path.items()}
    unknown = []
    for path, methods in offered.items():
        name = plain.get(path, path)
        entry = access.policy().operations.get(name)
        unknown += [(path, each) for each in methods if entry is None or each.upper() not in entry.methods]
    assert offered
    assert unknown == []


# ------------------------------------------------------------------------------------------- over HTTP


def playable():
    """Cells that a browser can bring about: roles that can sign in, relations that a case can have today."""
    roles = ["visitor", *(code for code, role in ROLES.items() if role.duty is not Duty.OUTSIDE)]
    for route in routes():
        entry = access.policy().operations[route.name]
        for method, role in itertools.product(METHODS, roles):
            for relation in HTTP_RELATIONS if entry.object else ("none",):
                yield route, method, role, relation


@pytest.mark.django_db
def test_every_allowed_cell_is_reached_and_every_denied_one_refused(district_at_work):
    allowed, denied = [], []
    for cell in playable():
        route, method, role, relation = cell
        verdict = decide(subject_of(role), route.name, method, relation)
        (allowed if verdict.allowed else denied).append((cell, verdict.answer))
    sample = random.Random(20_260_302).sample(denied, min(DENIED_SAMPLE, len(denied)))
    wrong = []
    for (route, method, role, relation), answer in [*allowed, *sample]:
        said, status = play(district_at_work, route, method, role, relation)
        fault = status >= 500 and route.name not in TELLS_OF_TROUBLE
        if said != answer or fault or (answer != 200 and status not in {answer, 302}):
            wrong.append((route.name, method, role, str(relation), answer, said, status))
    assert wrong == []
    assert len(allowed) > 500
    assert len(sample) > 1_000
