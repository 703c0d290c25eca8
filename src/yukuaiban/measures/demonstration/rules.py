"""The rules of the measure on plain values: figures as exact fractions, what counts, what is refused. No Django."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

PASSING_GRADE = {"full": Fraction(1), "most": Fraction(3, 4), "half": Fraction(1, 2), "none": Fraction(0)}
"""What a grade is worth as a share of the weight (our definition, shown on the pages)."""


class Method(StrEnum):
    """How a leaf is looked at."""

    PAPER = "paper"
    ON_SITE = "on_site"
    SURVEY = "survey"
    THIRD_PARTY = "third_party"


class Fresh(StrEnum):
    """Whether what proves a leaf still covers the present."""

    FRESH = "fresh"
    SOON = "soon"
    STALE = "stale"


# ------------------------------------------------------------------------------------------------- evidence


@dataclass(frozen=True, slots=True)
class Proof:
    """What counts of a document: kind, day, the period it speaks of, whether it holds personal data uncovered."""

    kind: str
    issued_on: date | None
    since: date | None = None
    until: date | None = None

    @property
    def span(self) -> tuple[date, date] | None:
        """The days it speaks of: its period, or the day on which it was written."""
        if self.since is None and self.until is None:
            return None if self.issued_on is None else (self.issued_on, self.issued_on)
        first = self.since or self.until
        last = self.until or self.since
        return None if first is None or last is None else (first, last)


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a leaf asks about, both included."""

    since: date
    until: date


def not_counted(proof: Proof, kinds: Collection[str], period: Period) -> str:
    """Why a document does not count for a leaf with these kinds (none: any) and that period; empty if it does."""
    if not proof.kind or proof.issued_on is None:
        return "缺种类或成文日期"
    if kinds and proof.kind not in kinds:
        return "不是这一项要的种类"
    span = proof.span
    if span is None or span[1] < period.since or span[0] > period.until:
        return "不在所涉期间内"
    return ""


def freshness(proofs: Iterable[Proof], today: date, warn_days: int) -> Fresh | None:
    """Whether what counts still covers today; None where nothing counts.

    Only documents that name a period can grow old: a written rule without one does not.
    """
    ends = [proof.until for proof in proofs]
    if not ends:
        return None
    dated = [end for end in ends if end is not None]
    if len(dated) < len(ends):
        return Fresh.FRESH
    left = (max(dated) - today).days
    if left < 0:
        return Fresh.STALE
    return Fresh.SOON if left <= warn_days else Fresh.FRESH


# -------------------------------------------------------------------------------------------------- figures


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; nothing to count gives no rate, never 0 or 100."""

    part: int
    whole: int

    @property
    def rate(self) -> Fraction | None:
        """The exact share."""
        return Fraction(self.part, self.whole) if self.whole else None

    @property
    def text(self) -> str:
        """As pages show it: two digits behind the point, half up."""
        return "无数据" if self.rate is None else percent(self.rate)


def percent(rate: Fraction) -> str:
    """A share in percent with two digits, half up: 88/104 is 84.62%."""
    hundredths = (rate * 20_000 + 1) // 2
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}%"


@dataclass(frozen=True, slots=True)
class LeafFigure:
    """What the figures need of a leaf. `share` is what was reached of the weight, None while nobody has scored it."""

    code: str
    weight: Fraction | None
    share: Fraction | None
    covered: bool


@dataclass(frozen=True, slots=True)
class Score:
    """A sum over leaves with weight: reached, of how much, and how much of it nobody has scored yet."""

    reached: Fraction
    whole: Fraction
    unscored: Fraction


class NoScore(StrEnum):
    """Why there is no sum; shown instead of a figure."""

    WITHOUT = "无权重，不计总分"
    PARTLY = "部分无权重，不计分"


def coverage(leaves: Sequence[LeafFigure]) -> Share:
    """Leaves with valid evidence of all leaves."""
    return Share(sum(leaf.covered for leaf in leaves), len(leaves))


def score(leaves: Sequence[LeafFigure]) -> Score | NoScore:
    """The sum of weight times share. No sum is invented: without weights, or with some of them, the word says so."""
    weights = [leaf.weight for leaf in leaves if leaf.weight is not None]
    if not weights:
        return NoScore.WITHOUT
    if len(weights) < len(leaves):
        return NoScore.PARTLY
    whole = sum(weights, Fraction(0))
    known = [leaf for leaf in leaves if leaf.share is not None]
    reached = sum((_weighted(leaf) for leaf in known), Fraction(0))
    scored = sum((leaf.weight or Fraction(0) for leaf in known), Fraction(0))
    return Score(reached, whole, whole - scored)


def _weighted(leaf: LeafFigure) -> Fraction:
    return (leaf.weight or Fraction(0)) * (leaf.share or Fraction(0))


def mean_difference(pairs: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The mean of self minus review over leaves that have both; None where none has."""
    if not pairs:
        return None
    return sum((own - review for own, review in pairs), Fraction(0)) / len(pairs)


@dataclass(frozen=True, slots=True)
class SurveyFigures:
    """A satisfaction survey: asked and know it, valid answers and satisfied."""

    asked: int
    know: int
    valid: int
    satisfied: int

    def problems(self) -> list[str]:
        """What cannot be: more satisfied than valid, more valid than asked, less than nothing."""
        found = []
        if min(self.asked, self.know, self.valid, self.satisfied) < 0:
            found.append("人数不能是负数")
        if self.know > self.asked or self.valid > self.asked:
            found.append("知晓人数、有效人数不能多于调查人数")
        if self.satisfied > self.valid:
            found.append("满意人数不能多于有效人数")
        return found

    @property
    def awareness(self) -> Share:
        """Know it of those asked."""
        return Share(self.know, self.asked)

    @property
    def satisfaction(self) -> Share:
        """Satisfied of the valid answers."""
        return Share(self.satisfied, self.valid)

    def sufficient(self, least: int) -> bool:
        """Whether the answers are enough to be used in a total."""
        return self.valid >= least


# --------------------------------------------------------------------------------------------- application


STEPS = (
    "preparing",
    "submitted",
    "recommended_city",
    "recommended_province",
    "evaluated",
    "site_checked",
    "named",
)
"""The stages of an application in their order; `not_named` may end it after any outer step."""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A leaf that stands in the way of submitting, and why."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class LeafStanding:
    """What submitting asks of a leaf."""

    code: str
    stage: str
    veto: bool


def open_items(leaves: Iterable[LeafStanding]) -> list[OpenItem]:
    """What stands in the way: leaves without an owner, and veto leaves that are not sound, whatever the coverage is."""
    found = []
    for leaf in leaves:
        if leaf.stage == "unassigned":
            found.append(OpenItem(leaf.code, "还没有责任单位"))
        elif leaf.veto and leaf.stage != "sound":
            found.append(OpenItem(leaf.code, "否决项还没有达标"))
    return found


def step_problem(on: date, today: date, last: date | None, document: str) -> str:
    """Why an outer step cannot be entered: without its document, in the future, or before the step before it."""
    if not document:
        return "没有附这一步的文件；听说的、电话里说的请记在联络记录里"
    if on > today:
        return "日期在今天以后"
    if last is not None and on < last:
        return f"早于上一步的日期 {last.isoformat()}"
    return ""


def lower(external: Fraction, own: Fraction | None) -> bool:
    """Whether an outside score is below the own one; without an own one nothing is lower."""
    return own is not None and external < own


# -------------------------------------------------------------------------------------------------- editions


def differences(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, list[str]]:
    """Codes that are `new`, `removed` or `changed` from one edition to the other, each in the order of its edition."""
    return {
        "new": [code for code in new if code not in old],
        "removed": [code for code in old if code not in new],
        "changed": [code for code in new if code in old and old[code] != new[code]],
        "same": [code for code in new if code in old and old[code] == new[code]],
    }
