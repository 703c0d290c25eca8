"""Whether a checkpoint counts as witnessed: by whom, when, and how many the district asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from yukuaiban.journal.witnesses import Cosigned, cosigned_all
from yukuaiban.packs.values import WITNESS_QUORUM
from yukuaiban.people.district import installed
from yukuaiban.web import scope

if TYPE_CHECKING:
    from yukuaiban.journal.event import Event
    from yukuaiban.journal.tree import Checkpoint


@dataclass(frozen=True, slots=True)
class Standing:
    """Who has cosigned a checkpoint, and how many (`needed`) make it witnessed."""

    by: Sequence[Cosigned]
    needed: int

    @property
    def witnessed(self) -> bool:
        """Whether enough have."""
        return len(self.by) >= self.needed


def standings(
    checkpoints: Sequence[Checkpoint], register: Sequence[Event] | None = None
) -> Mapping[int, Standing]:
    """The standing of each checkpoint by its size, by the number in force when it was signed.

    One query, and one more where the stream of the register has not been read yet.
    """
    found = cosigned_all(checkpoints, register)
    return {each.size: Standing(found[each.size], _needed(each)) for each in checkpoints}


def _needed(checkpoint: Checkpoint) -> int:
    day = checkpoint.made_at.astimezone(scope.zone()).date()
    return cast("int", installed().value(WITNESS_QUORUM, day))
