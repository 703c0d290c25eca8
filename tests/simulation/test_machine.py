"""Many short runs of the bare state machine against the oracle (R7): no door, no database, only stages and clocks."""

from __future__ import annotations

import pytest

from tests.simulation.checks import Broken
from tests.simulation.machine import Machine
from tests.simulation.minutes import moment
from tests.simulation.plan import Measure, Plan
from tests.simulation.world import Step, World
from tests.sizes import sizes
from yukuaiban.site.commands.bench import commit


def walk(seed: int, most: int) -> int:
    """One run of so many steps at most; how many of them both took."""
    machine, world, taken = Machine(), World(), 0
    busy = Measure(days=90, cases=0.15, mischief=0.1, notices=6, most=most)
    for place, each in enumerate(Plan(seed, busy).draw()):
        try:
            taken += _taken(each, machine, world)
        except Broken as broken:
            at = moment(each["at"])
            pytest.fail(f"--seed {seed}, commit {commit()}, step {place} at {at} {each}: {broken}")
    return taken


def _taken(each: Step, machine: Machine, world: World) -> bool:
    outcome = world.apply(each)
    if outcome == "stage" and not machine.refuses(each):
        raise Broken("the machine does not refuse what its stage does not know")
    if outcome == "done" and each["do"] != "restart":
        machine.take(each, world)
        for k in [each["case"]] if each["do"] == "act" else world.cases:
            machine.compare(k, world.cases[k], each["at"])
    return outcome == "done"


@pytest.mark.parametrize("size", sizes("R7"))
def test_runs_of_the_state_machine_agree_with_the_oracle(size, seed, record_property) -> None:
    taken = sum(walk(seed + run, size["steps"]) for run in range(size["runs"]))
    record_property("steps", taken)
    # Most steps are lawful ones; a generator that draws only refusals would prove little.
    assert taken > size["runs"] * size["steps"] // 3
