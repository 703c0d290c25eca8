"""The control: one fault planted, the fewest steps that show it. An oracle that misses one is blind."""

from __future__ import annotations

import pytest

from tests.simulation.engine import Town
from tests.simulation.faults import FAULTS, planted
from tests.simulation.keeping import FOLDER, kept, steps_of
from tests.simulation.play import trial


@pytest.mark.parametrize("path", kept(), ids=lambda path: path.stem)
def test_a_run_that_once_failed_agrees_by_now(town: Town, path) -> None:
    failure = trial(steps_of(path), town, path.stem)
    assert failure is None, str(failure)


@pytest.mark.parametrize("name", FAULTS)
def test_the_oracle_finds_a_planted_fault_and_nothing_without_it(town: Town, name: str) -> None:
    steps = steps_of(FOLDER / "planted" / f"{name}.json")
    sound = trial(steps, town, name)
    with planted(name):
        failure = trial(steps, town, name)
    assert sound is None, str(sound)
    assert failure is not None, f"{name} was not found"
