"""Plays steps on the engine and on the oracle at once, and says at which step they part."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from tests.simulation.checks import Broken, Checks
from tests.simulation.engine import Engine, Town
from tests.simulation.minutes import moment
from tests.simulation.world import Step, World
from yukuaiban.cases import versions

QUIET = ("done", "replayed", "skipped", "nothing new")


@dataclass
class Played:
    """What a run came to."""

    engine: Engine
    world: World
    steps: int


@dataclass
class Failure:
    """Where engine and oracle part."""

    place: int
    step: Step
    why: str

    def __str__(self) -> str:
        return f"step {self.place} at {moment(self.step['at'])} {self.step}: {self.why}"


def play(steps: list[Step], town: Town, seed: int | str) -> Played | Failure:
    """Both take every step; after each the invariants are held."""
    engine, world = Engine(town, seed), World()
    checks = Checks(engine, world)
    for place, step in enumerate(steps):
        try:
            take(step, engine, world, checks)
        except Broken as broken:
            return Failure(place, step, str(broken))
        except Exception as error:  # noqa: BLE001 - whatever the engine raises is a finding of this step
            return Failure(place, step, f"{type(error).__name__}: {error}")
    try:
        checks.whole()
    except Broken as broken:
        return Failure(len(steps) - 1, steps[-1], str(broken))
    return Played(engine, world, len(steps))


def trial(steps: list[Step], town: Town, seed: int | str) -> Failure | None:
    """Play and put the town back as it was; the failure, if there was one."""
    with transaction.atomic():
        played = play(steps, town, seed)
        transaction.set_rollback(True)
    versions.forget()
    return played if isinstance(played, Failure) else None


def take(step: Step, engine: Engine, world: World, checks: Checks) -> None:
    """One step on both sides."""
    wanted, found = world.apply(step), engine.apply(step)
    if (found if found in QUIET else "refused") != (wanted if wanted in QUIET else "refused"):
        raise Broken(f"the engine says {found}, the oracle {wanted}")
    if step["do"] == "act":
        checks.after(step["case"], step["at"], written=found == "done")
    checks.everything(step["at"], written=step["do"] == "tick")
