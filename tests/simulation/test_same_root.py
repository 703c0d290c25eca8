"""One seed gives one journal: the roots of its tree, over SHA-256 and over SM3, on every run and either database."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from tests.installation import Installation

SEED, DAYS = 5, 8


def roots(folder: Path, vendor: str, seed: int = SEED) -> dict:
    """What one process prints that played the seed into an empty installation."""
    done = Installation(folder, vendor).run("-m", "tests.simulation.run", "roots", str(seed), str(DAYS))
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found.pop("vendor") == vendor
    assert found["failure"] is None, found["failure"]
    return found


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory):
    """Played once, asked by each test."""
    return cache(lambda: roots(tmp_path_factory.mktemp("roots") / "first", "sqlite"))


def test_the_same_seed_gives_the_same_roots_again(on_sqlite, tmp_path) -> None:
    assert roots(tmp_path / "second", "sqlite") == on_sqlite()


def test_another_seed_gives_other_roots(on_sqlite, tmp_path) -> None:
    other, first = roots(tmp_path / "other", "sqlite", SEED + 1), on_sqlite()
    assert other["sha256"] != first["sha256"]
    assert other["sm3"] != first["sm3"]


@pytest.mark.pg
def test_the_same_seed_gives_the_same_roots_on_postgresql(on_sqlite, tmp_path) -> None:
    assert roots(tmp_path / "roots-pg", "postgresql") == on_sqlite()
