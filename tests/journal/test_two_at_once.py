"""Two processes at one stream; transactions that commit in another order than they began (journal.md 12.2, 12.3)."""

from __future__ import annotations

import json

import pytest

from tests.installation import Installation

COUNT = 40


def told(folder, vendor: str) -> dict:
    done = Installation(folder, vendor).run("-m", "tests.journal.atonce", str(COUNT))
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory) -> dict:
    return told(tmp_path_factory.mktemp("pg") / "at-once", "postgresql")


def side_by_side(found: dict) -> None:
    assert found["side by side"] == {
        "seqs": list(range(1, 2 * COUNT + 1)),
        "by": {"one": COUNT, "two": COUNT},
    }
    assert found["faults"] == {}


def test_two_processes_append_to_one_stream_without_gap_or_fork(tmp_path):
    side_by_side(told(tmp_path / "at-once", "sqlite"))


@pytest.mark.pg
def test_two_processes_append_to_one_stream_on_postgresql_too(on_postgresql):
    assert on_postgresql["vendor"] == "postgresql"
    side_by_side(on_postgresql)


@pytest.mark.pg
def test_of_two_that_read_the_same_last_event_one_gets_a_conflict_and_tries_again(on_postgresql):
    assert on_postgresql["race"] == {"seqs": [1, 2], "conflicts": 1}


@pytest.mark.pg
def test_events_that_commit_late_get_their_leaf_and_none_gets_two(on_postgresql):
    """Ids 0 and 1 stand in a transaction that is still open while the sequencer gives 2 and 3 their place."""
    late = on_postgresql["late"]
    assert late["before"] == ["prompt 0", "prompt 1"]
    assert late["after"] == ["prompt 2", "prompt 3", "late 0", "late 1"]
