"""The process ends before each statement of one deed in turn (R5): afterwards all is old or all is new."""

from __future__ import annotations

import json

import pytest

from tests.installation import Installation

SCRIPT = ("-m", "tests.reliability.crashpoints")


@pytest.fixture
def installation(tmp_path) -> Installation:
    found = Installation(tmp_path / "crash")
    done = found.run("-m", "tests.reliability.scene", "prepare", "1")
    assert done.returncode == 0, done.stderr
    return found


def points(installation: Installation, deed: str) -> list[dict]:
    done = installation.run(*SCRIPT, deed)
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_act_that_ends_anywhere_leaves_nothing_and_can_be_asked_again(installation):
    *crashes, last = points(installation, "act")
    assert len(crashes) > 10
    for crash in crashes:
        assert crash["killed"], crash
        assert crash["state"] == "old", crash
        assert crash["whole"], crash
        assert crash["again"], crash
    # Not killed any more: everything is there, and the same request once more changes nothing.
    assert last == {"point": last["point"], "killed": False, "state": "new", "whole": True, "again": True}


def test_a_pass_that_ends_anywhere_leaves_a_whole_journal_and_the_next_one_finishes_it(installation):
    """A pass is a few transactions: the counts and the heartbeat, then the cases; each of them is whole."""
    *crashes, last = points(installation, "pass")
    assert len(crashes) > 30
    for crash in crashes:
        assert crash["killed"], crash
        assert crash["whole"], crash
        assert crash["again"], crash
    assert {crash["state"] for crash in crashes} <= {"old", "between", "new"}
    assert crashes[0]["state"] == "old"
    assert last["state"] == "new"
