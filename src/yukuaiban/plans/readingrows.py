"""The rows of the reading page: what stands in its lists, and how it is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yukuaiban.plans.duedates import Checkpoint, Schedule
    from yukuaiban.plans.naming import Candidate
    from yukuaiban.plans.sheet import Thing

_PERIOD = re.compile(r"^[^,，。；;]{0,12}(?:季度|月|日|年|前|内)[^,，。；;]{0,3}[,，]")
_SIGNS = {">=": "≥", "<=": "≤", "=": "=", "about": "约"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list of items: its word and number, whether this person has looked, what blocks."""

    key: str
    safeguard: bool
    number: int
    title: str
    looked: bool
    blocks: int


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """A name of the text and the agencies that it means; candidates where it is not clear."""

    thing: Thing
    shown: tuple[str, ...]
    resolved: bool
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A step with its number, its period in words and when it is due."""

    thing: Thing
    label: str
    period: str
    schedule: Schedule

    @property
    def short(self) -> str:
        """The words without the period in front, which stands in a column of its own."""
        words = "".join(self.thing["text"].split())
        return _PERIOD.sub("", words) or words

    @property
    def points(self) -> list[Checkpoint]:
        """All checkpoints, in order."""
        return [point for task in self.schedule.tasks for point in task]

    @property
    def provisional(self) -> bool:
        """Whether the calendar of a due is not published."""
        return any(point.provisional for point in self.points)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target with its letter and what it says: `≥ 20 %`."""

    thing: Thing
    label: str
    says: str


def says(target: Thing) -> str:
    """A target in signs: `≥ 20 %`."""
    soft = "力争 " if target["soft"] else ""
    return f"{soft}{_SIGNS[target['comparison']]} {target['value']} {target['unit']}".rstrip()


def letter(n: int) -> str:
    """a, b, c …; the number behind the alphabet."""
    return chr(ord("a") + n) if n < 26 else str(n + 1)
