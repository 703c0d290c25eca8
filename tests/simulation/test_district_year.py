"""A district over some weeks or a year, engine and oracle side by side (R8)."""

from __future__ import annotations

import pytest

from tests.simulation.engine import Town
from tests.simulation.keeping import kept_text
from tests.simulation.plan import Measure, Plan
from tests.simulation.play import trial
from tests.simulation.shrink import shrink
from tests.sizes import sizes
from yukuaiban.site.commands.bench import commit

PARTS = 2  # run side by side where there are two processes


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("size", sizes("R8"))
def test_engine_and_oracle_agree_after_every_step(town: Town, size, part, seed, record_property) -> None:
    measure, taken = Measure(days=size["days"], cases=size["cases"]), 0
    for each in range(seed + part, seed + size["seeds"], PARTS):
        steps = Plan(each, measure).draw()
        taken += len(steps)
        failure = trial(steps, town, each)
        if failure is not None:
            fewest = shrink(steps, failure, lambda fewer, each=each: trial(fewer, town, each), most=60)
            told = kept_text(each, failure.why, fewest)
            pytest.fail(f"--seed {each}, commit {commit()}: {failure}\nfewest steps, to be kept:\n{told}")
    record_property("steps", taken)
