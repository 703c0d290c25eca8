"""The simulation as a process: `python -m tests.simulation.run roots SEED DAYS` or `… seeds FIRST COUNT DAYS`.

With the environment of one empty installation. `roots` commits every step and prints the roots of the journal's tree;
`seeds` plays one seed after the other, each rolled back, and prints a failing one shortened, ready to be kept.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - after set-up

from tests.simulation.engine import Town  # noqa: E402
from tests.simulation.faults import FAULTS, planted  # noqa: E402
from tests.simulation.keeping import FOLDER, kept_text  # noqa: E402
from tests.simulation.plan import Measure, Plan  # noqa: E402
from tests.simulation.play import Failure, play, trial  # noqa: E402
from tests.simulation.shrink import shrink  # noqa: E402
from yukuaiban.core.merkle import BOTH  # noqa: E402
from yukuaiban.journal import tree  # noqa: E402
from yukuaiban.site import django as site  # noqa: E402


def roots(seed: str, days: str) -> None:
    """Both roots of the tree after that run."""
    town = _town()
    played = play(Plan(int(seed), Measure(days=int(days))).draw(), town, int(seed))
    found = {each.name: tree.frontier(each, tree.size()).root().hex() for each in BOTH}
    failure = str(played) if isinstance(played, Failure) else None
    _say(found | {"leaves": tree.size(), "vendor": connection.vendor, "failure": failure})


def seeds(first: str, count: str, days: str) -> None:
    """One line a seed; a failing one is written beside as JSON, shortened."""
    town = _town()
    measure = Measure(days=int(days))
    for seed in range(int(first), int(first) + int(count)):
        steps = Plan(seed, measure).draw()
        failure = trial(steps, town, seed)
        _say({"seed": seed, "steps": len(steps), "failure": str(failure) if failure else None})
        if failure:
            fewest = shrink(steps, failure, lambda fewer, seed=seed: trial(fewer, town, seed))
            Path(f"failing-{seed}.json").write_text(kept_text(seed, failure.why, fewest), encoding="utf-8")


def faults(*names: str) -> None:
    """Finds each planted fault by seeds and keeps the fewest steps that show it."""
    town = _town()
    for name in names or FAULTS:
        for seed in range(50):
            steps = Plan(seed, Measure()).draw()
            with planted(name):
                failure = trial(steps, town, seed)
                if failure is None:
                    continue
                fewest = shrink(steps, failure, lambda fewer, seed=seed: trial(fewer, town, seed))
            _say({"fault": name, "seed": seed, "steps": len(fewest), "why": failure.why})
            (FOLDER / "planted" / f"{name}.json").write_text(
                kept_text(seed, failure.why, fewest), encoding="utf-8"
            )
            break
        else:
            _say({"fault": name, "seed": None})


def _town() -> Town:
    site.migrate()
    with transaction.atomic():
        return Town()


def _say(found: dict) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    {"roots": roots, "seeds": seeds, "faults": faults}[sys.argv[1]](*sys.argv[2:])
