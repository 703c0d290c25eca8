"""The rules of working the plan on plain values: progress, expected progress, lag, lights, targets (section 6).

All shares are exact fractions. A page may round; a comparison never does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from yukuaiban.core.lights import Light, worst

NOTHING, WHOLE = Fraction(0), Fraction(1)
_DAY = timedelta(days=1)
OPEN_STAGES = ("not_started", "under_way", "submitted", "returned", "reopened")
DONE_STAGES = ("accepted", "closed_out")
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Point:
    """A checkpoint as progress sees it: the first day of its period, its due day, whether it was accepted."""

    begins: date
    due_on: date
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone as progress sees it: its checkpoints over all its tasks, and its weight in the undertaking.

    One without checkpoints (continuing, or all cancelled) counts neither as progress nor as expected.
    """

    points: tuple[Point, ...]
    weight: Fraction = WHOLE


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an undertaking is. `lag` is in percentage points: expected minus reached, below zero if ahead."""

    progress: Fraction
    expected: Fraction

    @property
    def lag(self) -> Fraction:
        """Percentage points behind."""
        return (self.expected - self.progress) * 100

    def lags(self, points: int) -> bool:
        """滞后序时: behind by at least so many points."""
        return self.lag >= points


def progress(steps: Sequence[Step]) -> Fraction:
    """The weighted share of accepted milestones; of a joined one 1/k for each of its k checkpoints."""
    return _weighted(steps, lambda point: WHOLE if point.accepted else NOTHING)


def expected_progress(steps: Sequence[Step], today: date) -> Fraction:
    """序时进度: what is due so far, and of what is running the part of its natural days that has passed."""
    return _weighted(steps, lambda point: _passed(point, today))


def standing(steps: Sequence[Step], today: date) -> Standing:
    """Both."""
    return Standing(progress(steps), expected_progress(steps, today))


def _weighted(steps: Sequence[Step], share: Callable[[Point], Fraction]) -> Fraction:
    counted = [step for step in steps if step.points]
    whole = sum((step.weight for step in counted), NOTHING)
    if not whole:
        return NOTHING
    done = sum(
        (step.weight * sum(map(share, step.points), NOTHING) / len(step.points) for step in counted), NOTHING
    )
    return done / whole


def _passed(point: Point, today: date) -> Fraction:
    if today >= point.due_on:
        return WHOLE
    if today < point.begins:
        return NOTHING
    before = point.begins - _DAY
    return Fraction((today - before).days, (point.due_on - before).days)


# ------------------------------------------------------------------------------------------------ lights


@dataclass(frozen=True, slots=True)
class Promise:
    """A task as its light sees it: the clock that runs or ran last, and the wait for acceptance."""

    stage: str
    due: datetime | None
    warns: datetime | None
    begins: date
    submitted: datetime | None = None
    accept_by: datetime | None = None


def task_light(task: Promise, now: datetime, today: date, *, lagging: bool = False) -> Light:
    """GREEN; YELLOW from the warning on, or while the undertaking lags and this task's period runs; RED once late.

    What was handed in late stays red until it is accepted; what was not accepted in time is yellow.
    """
    if task.stage not in OPEN_STAGES or task.due is None:
        return Light.GREEN
    if task.stage == "submitted":
        if task.submitted is not None and task.submitted > task.due:
            return Light.RED
        return Light.YELLOW if task.accept_by is not None and now > task.accept_by else Light.GREEN
    if now > task.due:
        return Light.RED
    warned = task.warns is not None and now >= task.warns
    return Light.YELLOW if warned or (lagging and today >= task.begins) else Light.GREEN


def undertaking_light(lights: Iterable[Light]) -> Light:
    """The worst of its open tasks."""
    return worst(lights)


# ----------------------------------------------------------------------------------------------- targets


@dataclass(frozen=True, slots=True)
class Aim:
    """A promised number. `unit` is `%`, a unit of the clock, a frequency (`次/季度`) or a measure word."""

    value: Decimal
    unit: str
    comparison: str
    soft: bool = False

    @property
    def share(self) -> bool:
        """Whether it is reached as n of m."""
        return self.unit == "%"

    @property
    def frequency(self) -> bool:
        """Whether it is so many times in a stretch of time."""
        return "/" in self.unit

    @property
    def limit(self) -> bool:
        """Whether it is a limit of the clock: every case of m has to keep it."""
        return self.unit in ("h", "m", "wd", "d", "mo", "y", "sh", "sm")


def met(aim: Aim, part: int, whole: int | None) -> bool | None:
    """Whether a target is reached by `part` of `whole` (or by the count `part`); None where nothing can be said.

    Compared on integers, so 16 of 23 is not 70 %. 左右 has no verdict, and nothing of nothing has none.
    """
    if aim.comparison == "about":
        return None
    if aim.share:
        return (
            None if not whole else _compared(Fraction(part, whole), aim.comparison, Fraction(aim.value) / 100)
        )
    if aim.limit or aim.frequency:
        return None if not whole else part >= whole
    return _compared(Fraction(part), aim.comparison, Fraction(aim.value))


def _compared(have: Fraction, comparison: str, want: Fraction) -> bool:
    return {">=": have >= want, "<=": have <= want, "=": have == want}[comparison]


def points_moved(base: tuple[int, int], now: tuple[int, int]) -> Fraction | None:
    """The change of a share in percentage points since its base; None without data on either day."""
    if not base[1] or not now[1]:
        return None
    return (Fraction(*now) - Fraction(*base)) * 100
