"""Failing runs that were shortened and kept: `kept/*.json`, replayed by the suite for ever."""

from __future__ import annotations

import json
from pathlib import Path

from tests.simulation.world import Step
from yukuaiban.site.commands.bench import commit

FOLDER = Path(__file__).with_name("kept")


def kept_text(seed: int | str, why: str, steps: list[Step]) -> str:
    """The file of a failing run: where it comes from, what was wrong, one step a line."""
    lines = ",\n  ".join(json.dumps(step, ensure_ascii=False) for step in steps)
    head = json.dumps({"seed": seed, "commit": commit(), "why": why}, ensure_ascii=False)[1:-1]
    return f'{{{head}, "steps": [\n  {lines}\n]}}\n'


def kept() -> list[Path]:
    """The files of all kept runs."""
    return sorted(FOLDER.glob("*.json"))


def steps_of(path: Path) -> list[Step]:
    """The steps of a kept run."""
    return json.loads(path.read_text(encoding="utf-8"))["steps"]
