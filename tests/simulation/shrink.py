"""A failing run made short: the fewest steps that still fail in the same way (delta reduction over the list)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.simulation.play import Failure
from tests.simulation.world import Step

Trial = Callable[[list[Step]], Failure | None]
MOST_TRIALS = 400


def shrink(steps: list[Step], failure: Failure, trial: Trial, *, most: int = MOST_TRIALS) -> list[Step]:
    """A part of the steps, in the same order, that fails in the same way; at most so many trials."""
    kept, tries = steps[: failure.place + 1], 0
    for fewer in _of_one_case(kept):
        found = trial(fewer)
        if found is not None and like(found) == like(failure):
            kept = fewer[: found.place + 1]
    progress = True
    while progress and tries < most:
        progress = False
        for fewer in _smaller(kept):
            tries += 1
            found = trial(fewer)
            if found is not None and like(found) == like(failure):
                kept, progress = fewer[: found.place + 1], True
                break
            if tries >= most:
                break
    return kept


def like(failure: Failure) -> str:
    """What a failure is, without its numbers and moments."""
    return re.sub(r"\d+", "", failure.why.split(":")[0])


def _of_one_case(steps: list[Step]) -> list[list[Step]]:
    """The two boldest guesses: nothing but the last step's case, with and without the machinery around it."""
    last = steps[-1].get("case", -1)
    alone = [step for step in steps[:-1] if step.get("case", last) == last]
    deeds = [step for step in alone if "case" in step]
    return [[*alone, steps[-1]], [*deeds, steps[-1]]]


def _smaller(steps: list[Step]) -> Iterator[list[Step]]:
    """Shorter lists, the boldest first: without whole cases, without stretches, without single steps or crashes."""
    for k in sorted({step["case"] for step in steps if "case" in step}):
        yield [step for step in steps if step.get("case") != k]
    size = len(steps) // 2
    while size:
        for begin in range(0, len(steps), size):
            yield steps[:begin] + steps[begin + size :]
        size //= 2
    for place, step in enumerate(steps):
        if "crash" in step:
            calm = {name: value for name, value in step.items() if name != "crash"}
            yield [*steps[:place], calm, *steps[place + 1 :]]
