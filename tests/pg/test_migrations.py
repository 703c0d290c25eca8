"""The schema forward, back and forward again, with data in it, on both databases."""

from __future__ import annotations

import json

import pytest

from tests.installation import Installation

pytestmark = pytest.mark.pg
# One process for many steps; the rooms in an order in which each can leave before what it stands on.
_MIGRATE = """
import sys, django
django.setup()
from django.core.management import call_command
for step in sys.argv[1:]:
    call_command("migrate", *filter(None, step.split("=")), interactive=False, verbosity=0)
"""
FACTS = ("ok", "events", "streams", "first_bad", "faults")
BACK = [f"{room}=zero" for room in ("desks", "cases", "evidence", "notices", "people", "journal")]


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request, tmp_path) -> Installation:
    """A small demo: real cases, events, sealed payloads."""
    found = Installation(tmp_path / f"migrations-{request.param}", request.param, district="ganyu")
    made = found.ykb("demo", "--no-serve", "--cases", "5", "--until", "2026-06-30T08:00:00")
    assert made.returncode == 0, made.stderr
    return found


def verified(installation: Installation) -> dict:
    done = installation.ykb("journal", "verify", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def migrate(installation: Installation, *steps: str) -> None:
    done = installation.run("-c", _MIGRATE, *steps)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_every_migration_has_a_way_back_and_forward_again_with_data_in_the_database(installation):
    before = verified(installation)
    assert before["events"] > 100
    migrate(installation, "journal=0001")
    bare = installation.ykb("journal", "verify")
    assert bare.returncode == 2
    assert "./ykb migrate" in bare.stderr
    migrate(installation, "journal")
    after = verified(installation)
    # The tree went with its tables; the worker builds it anew from the events.
    assert (after["size"], after["unsequenced"]) == (0, before["events"])
    assert {name: after[name] for name in FACTS} == {name: before[name] for name in FACTS}
    migrate(installation, *BACK, "journal", "")
    assert verified(installation)["events"] == 0


_VISITS = """
import django, json
django.setup()
from yukuaiban.measures.desks.models import MatterSheet
names = ("matter", "number", "visit_count", "visit_reason", "online", "online_only", "courier")
print(json.dumps(list(MatterSheet.objects.order_by("matter", "number").values_list(*names))))
"""


def test_what_sheets_say_of_visits_comes_back_by_way_of_their_matters(installation):
    before = json.loads(installation.run("-c", _VISITS).stdout)
    assert {row[2] for row in before} >= {0, 1}
    migrate(installation, "desks=0001", "desks")
    assert json.loads(installation.run("-c", _VISITS).stdout) == before
