"""Everybody killed by SIGKILL at random moments and started again: nothing lost, nothing doubled (R1, R6)."""

from __future__ import annotations

import json
from functools import cache

import pytest

from tests.installation import Installation
from tests.sizes import sizes

STORM = ("-m", "tests.reliability.storm")
VENDORS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)]


def stormed(folder, vendor: str, *words: object, patience: int = 120) -> dict:
    """What a storm over an installation of its own leaves."""
    found = Installation(folder, vendor)
    done = found.run(*STORM, *map(str, words), patience=patience)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("size", sizes("R1"))
@pytest.mark.parametrize("vendor", VENDORS)
def test_whoever_is_killed_nothing_acknowledged_is_lost_and_nothing_doubled(
    vendor, size, seed, tmp_path, record_property
):
    words = ("kills", seed, size["rounds"], size["web"][vendor])
    found = stormed(tmp_path / f"storm-{vendor}", vendor, *words, patience=120 + 15 * size["rounds"])
    for name in ("acknowledged", "doubled"):
        record_property(name, found[name])
    record_property("lost", len(found["lost"]))
    record_property("kills", sum(found["kills"].values()))
    assert found["vendor"] == vendor
    assert found["lost"] == []
    assert found["doubled"] == 0
    assert found["unlike"] == [], "a retry got another answer"
    assert found["whole"], found["first"]
    assert found["counts_right"]
    assert found["unsigned"] == [], "signed and then not there"
    assert found["same_tree"]
    once = {tuple(effect) for effect in found["effects"]}
    assert len(once) == len(found["effects"]) >= 4
    rounds, web = size["rounds"], size["web"][vendor]
    assert found["kills"] == {"writer": 2 * rounds, "worker": 2 * rounds, "keeper": rounds, "web": web}
    assert found["acknowledged"] > rounds + web
    assert found["signed"] > 0


def test_the_judge_of_the_storm_sees_what_is_lost_and_what_is_doubled(tmp_path):
    """The controls: an answer before its commit, and a client that asks twice without a key."""
    assert stormed(tmp_path / "controls", "sqlite", "controls") == {"lost": ["early-0"] * 2, "doubled": 2}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The effects that one worker leaves if nobody disturbs it: what must be there afterwards, once each."""

    def made(cases: int) -> list:
        calm = stormed(
            tmp_path_factory.mktemp("calm") / "calm", "sqlite", "undisturbed", cases, patience=3600
        )
        assert len(calm["effects"]) >= 2 * cases
        return calm["effects"]

    return cache(made)


@pytest.mark.parametrize("size", sizes("R6"))
@pytest.mark.parametrize("vendor", VENDORS)
def test_four_workers_of_whom_two_are_killed_do_everything_once(
    vendor, size, seed, tmp_path, undisturbed, record_property
):
    found = stormed(tmp_path / f"workers-{vendor}", vendor, "workers", seed, size["cases"], patience=3600)
    assert found["whole"], found["first"]
    assert found["counts_right"]
    assert found["left"] == 0
    assert len(found["shares"]) == 4
    expected = undisturbed(size["cases"])
    assert found["effects"] == expected
    record_property("effects", len(expected))
