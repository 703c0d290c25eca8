"""The rows of the reading page: what stands in its lists, and how it is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yukuaiban.plans.duedates import Checkpoint, Schedule
    from yukuaiban.plans.marking import Piece
    from yukuaiban.plans.naming import Candidate
    from yukuaiban.plans.sheet import Entry, Thing

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


@dataclass(frozen=True, slots=True)
class Rest:
    """A paragraph that belongs to nothing, and the items before and behind it."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    before: Entry | None
    after: Entry | None


def says(target: Thing) -> str:
    """A target in signs: `≥ 20 %`."""
    soft = "力争 " if target["soft"] else ""
    return f"{soft}{_SIGNS[target['comparison']]} {target['value']} {target['unit']}".rstrip()


def letter(n: int) -> str:
    """a, b, c …; the number behind the alphabet."""
    return chr(ord("a") + n) if n < 26 else str(n + 1)


def paragraphs(raw: str, span: Sequence[int]) -> list[tuple[int, int]]:
    """The lines of a stretch that are not blank, without the blanks at their ends."""
    found = re.finditer(r"[^\r\n]+", raw[span[0] : span[1]])
    places = [(span[0] + each.start(), span[0] + each.end()) for each in found]
    return [_tight(raw, *place) for place in places if raw[slice(*place)].strip()]


def _tight(raw: str, start: int, end: int) -> tuple[int, int]:
    line = raw[start:end]
    return start + len(line) - len(line.lstrip()), end - len(line) + len(line.rstrip())
