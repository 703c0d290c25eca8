"""The board as pages, sheets and files show it: lanes of cells over the quarters, shares as exact words, chips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from yukuaiban.core.lights import Light
from yukuaiban.people.district import local_day
from yukuaiban.plans import duedates
from yukuaiban.plans.queries import QUARTERS, Board, BoardRow
from yukuaiban.plans.rules import CANCELLED, Point, Standing

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from yukuaiban.plans.rows import TaskRow

BAR = 200
QUARTER_WORDS: Mapping[int, str | _StrPromise] = {
    1: gettext_lazy("一季度"),
    2: gettext_lazy("二季度"),
    3: gettext_lazy("三季度"),
    4: gettext_lazy("四季度"),
}
JOINED_WORDS: Mapping[tuple[int, int], str | _StrPromise] = {
    (1, 2): gettext_lazy("一、二季度"),
    (2, 3): gettext_lazy("二、三季度"),
    (3, 4): gettext_lazy("三、四季度"),
    (1, 3): gettext_lazy("一至三季度"),
    (2, 4): gettext_lazy("二、三、四季度"),
    (1, 4): gettext_lazy("全年各季度"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one or several quarters of a lane; without tasks it is a gap."""

    first: int
    last: int
    tasks: tuple[TaskRow, ...] = ()

    @property
    def span(self) -> int:
        """How many columns."""
        return self.last - self.first + 1

    @property
    def word(self) -> str:
        """The quarters in words, as the narrow page puts them before the cell."""
        return str(JOINED_WORDS.get((self.first, self.last)) or QUARTER_WORDS[self.first])

    @property
    def joined(self) -> str:
        """The quarters of a joined milestone; empty for a single quarter."""
        return self.word if self.span > 1 else ""


def lanes(rows: Iterable[TaskRow]) -> list[list[Cell]]:
    """Cells that never overlap, lane by lane, each lane filled up to four quarters; at least one lane."""
    groups: dict[tuple[int, int], list[TaskRow]] = {}
    for row in rows:
        groups.setdefault(row.quarters, []).append(row)
    held: list[list[Cell]] = []
    for (first, last), mine in sorted(groups.items(), key=lambda each: (each[0][0], -each[0][1])):
        cell = Cell(first, last, tuple(mine))
        lane = next((each for each in held if each[-1].last < first), None)
        if lane is None:
            held.append([cell])
        else:
            lane.append(cell)
    return [_filled(lane) for lane in held] or [_filled([])]


def _filled(lane: Sequence[Cell]) -> list[Cell]:
    found: list[Cell] = []
    after = QUARTERS[0]
    for cell in lane:
        found += [Cell(n, n) for n in range(after, cell.first)]
        found.append(cell)
        after = cell.last + 1
    return found + [Cell(n, n) for n in range(after, QUARTERS[-1] + 1)]


# ------------------------------------------------------------------------------------------ shares in words


def tenths(value: Fraction) -> str:
    """A number with one decimal, rounded half up once; only shown, never compared."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP):f}"


def share(value: Fraction) -> str:
    """`75.0 %`."""
    return f"{tenths(value * 100)} %"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an undertaking is, as the bar and the words beside it say."""

    standing: Standing
    steps: int

    @property
    def counted(self) -> str:
        """`3/4`: accepted of all milestones, or the reduced fraction where checkpoints make parts of one."""
        done = self.standing.progress * self.steps
        if done.denominator == 1:
            return f"{done.numerator}/{self.steps}"
        return f"{self.standing.progress.numerator}/{self.standing.progress.denominator}"

    @property
    def percent(self) -> str:
        """The same as a share."""
        return share(self.standing.progress)

    @property
    def expected(self) -> str:
        """序时进度."""
        return share(self.standing.expected)

    @property
    def lag(self) -> str:
        """Points behind (or ahead), without sign."""
        return tenths(abs(self.standing.lag))

    @property
    def ahead(self) -> bool:
        """Whether it is further than its time asks."""
        return self.standing.lag < 0

    @property
    def done_width(self) -> str:
        """Width of the done part of the bar."""
        return tenths(self.standing.progress * BAR)

    @property
    def mark_at(self) -> str:
        """Where the bar has the mark of the expected progress; it stays inside."""
        return tenths(min(self.standing.expected * BAR, Fraction(BAR - 2)))


def progress_of(row: BoardRow) -> Progress:
    """The progress of an undertaking with how many milestones count for it."""
    return Progress(row.standing, len({each.task.milestone_id for each in counted(row.tasks)}))


def counted(rows: Iterable[TaskRow]) -> list[TaskRow]:
    """The tasks that count for progress: not cancelled, not the statements of continuing milestones."""
    return [row for row in rows if row.stage != CANCELLED and row.milestone.kind != duedates.Kind.CONTINUING]


# ------------------------------------------------------------------------------------------------ rows, figures


@dataclass(frozen=True, slots=True)
class Shown:
    """An undertaking on the page."""

    row: BoardRow
    progress: Progress
    lanes: list[list[Cell]]
    lead: str
    others: int

    @property
    def height(self) -> int:
        """How many table rows its head spans."""
        return len(self.lanes)

    @property
    def overdue(self) -> bool:
        """Whether one of its open tasks is red."""
        return self.row.light is Light.RED


def shown(row: BoardRow, names: Mapping[str, str]) -> Shown:
    """The view of a row; agencies by their names."""
    lead = row.undertaking.lead_agency
    others = {each.agency for each in row.responsibilities} - {lead}
    return Shown(row, progress_of(row), lanes(row.tasks), names.get(lead, lead), len(others))


@dataclass(frozen=True, slots=True)
class Figures:
    """The row of figures above the board. `points` are checkpoints, `due` those whose day has come."""

    rows: Sequence[BoardRow]
    today: date
    now: datetime

    @property
    def lights(self) -> list[tuple[Light, int]]:
        """How many undertakings with tasks show each light; breach does not occur on plans."""
        held = [row.light for row in self.rows if row.tasks]
        return [(light, held.count(light)) for light in (Light.GREEN, Light.YELLOW, Light.RED)]

    @property
    def kinds(self) -> tuple[int, int]:
        """How many undertakings, and how many safeguards."""
        safeguards = sum(row.undertaking.safeguard for row in self.rows)
        return len(self.rows) - safeguards, safeguards

    @property
    def points(self) -> list[Point]:
        """All checkpoints that count."""
        return [point for row in self.rows for each in counted(row.tasks) for point in each.points]

    @property
    def accepted(self) -> tuple[int, int, int]:
        """Accepted checkpoints, all of them, and tasks that wait for acceptance."""
        points = self.points
        return sum(point.accepted for point in points), len(points), self.waiting

    @property
    def waiting(self) -> int:
        """Tasks that were handed in and wait."""
        return sum(each.stage == "submitted" for row in self.rows for each in row.tasks)

    @property
    def due(self) -> tuple[int, int, int]:
        """Of the checkpoints whose day has come: accepted, all; and red tasks."""
        due = [point for point in self.points if point.due_on <= self.today]
        red = sum(each.light is Light.RED for row in self.rows for each in row.tasks if each.open)
        return sum(point.accepted for point in due), len(due), red

    @property
    def targets(self) -> tuple[int, int, int]:
        """Targets met, all of them, not met."""
        verdicts = [each.met for row in self.rows for each in row.targets]
        return verdicts.count(True), len(verdicts), verdicts.count(False)

    @property
    def missing(self) -> tuple[int, int]:
        """Tasks without their evidence, and the undertakings they belong to."""
        held = [row.missing for row in self.rows]
        return sum(held), sum(n > 0 for n in held)

    @property
    def next_due(self) -> TaskRow | None:
        """The open task that is due first from now on."""
        found = [
            each
            for row in self.rows
            for each in row.tasks
            if each.open and each.due is not None and each.due >= self.now
        ]
        return min(found, key=lambda each: (each.due, each.case.number), default=None)


def figures(board: Board) -> Figures:
    """The figures of a board."""
    return Figures(board.rows, local_day(board.now), board.now)
