"""Reads of the measure: the tree with owners and colours, figures, gaps; the number of queries never grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from yukuaiban.cases import evidencing
from yukuaiban.evidence import queries as evidence
from yukuaiban.measures.demonstration import rules
from yukuaiban.measures.demonstration.models import Gap, IndexEdition, IndexNode, Leaf
from yukuaiban.people.district import installed

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case
    from yukuaiban.evidence.queries import Card

SURVEY_VALID = "demonstration_survey_valid"
STALE_WARNING = "demonstration_stale_warning"
Marked = list[tuple["Card", str]]


@dataclass(frozen=True, slots=True)
class LeafView:
    """A leaf as pages and papers show it: node, case, documents with the word why one does not count."""

    node: IndexNode
    leaf: Leaf
    case: Case
    marked: Marked
    fresh: rules.Fresh | None
    survey_counts: bool

    @property
    def covered(self) -> bool:
        """Whether at least one document counts."""
        return any(not why for _card, why in self.marked)

    @property
    def counted(self) -> list[Card]:
        """The documents that count."""
        return [card for card, why in self.marked if not why]

    @property
    def share(self) -> Fraction | None:
        """What goes into a total: the reviewer's score, before it the own one; a survey only with enough answers."""
        if self.leaf.survey is not None and not self.survey_counts:
            return None
        review = self.leaf.review_share
        return self.leaf.own_share if review is None else review

    @property
    def figure(self) -> rules.LeafFigure:
        """What the figures need of it."""
        weight = None if self.node.weight is None else Fraction(self.node.weight)
        return rules.LeafFigure(self.node.code, weight, self.share, self.covered)


def edition(batch: str = "") -> IndexEdition | None:
    """The edition of a batch; without one the newest."""
    rows = IndexEdition.objects.select_related("case").order_by("-imported_at", "-batch")
    return (rows.filter(batch=batch) if batch else rows).first()


def threshold(code: str, day: date) -> Any:
    """A value of the pack for this measure on a day."""
    return installed().value(code, day)


def proof_of(card: Card) -> rules.Proof:
    """What counts of a document."""
    return rules.Proof(card.kind, card.issued_on, card.period_since, card.period_until)


def marked(node: IndexNode, of: IndexEdition, cards: Iterable[Card]) -> Marked:
    """The documents of a leaf, each with the word why it does not count (empty: it does)."""
    period = rules.Period(of.period_since, of.period_until)
    return [(card, rules.not_counted(proof_of(card), node.kinds, period)) for card in cards]


def leaves(of: IndexEdition, day: date, *, only: Sequence[str] = ()) -> list[LeafView]:
    """The leaves of an edition in the order of the index, with their cases and documents: six queries at most."""
    rows = Leaf.objects.filter(node__edition=of).select_related("node", "case", "survey")
    if only:
        rows = rows.filter(node__code__in=only)
    found = list(rows.order_by("node__place"))
    cards = evidence.serving(evidencing.CASE, [leaf.case.number for leaf in found])
    least, warn_days = threshold(SURVEY_VALID, day), int(threshold(STALE_WARNING, day).amount)
    return [
        _view(of, leaf, cards[leaf.case.number], day=day, least=least, warn_days=warn_days) for leaf in found
    ]


def _view(
    of: IndexEdition, leaf: Leaf, cards: Sequence[Card], *, day: date, least: int, warn_days: int
) -> LeafView:
    found = marked(leaf.node, of, cards)
    proofs = [proof_of(card) for card, why in found if not why]
    enough = leaf.survey is not None and leaf.survey.figures.sufficient(least)
    return LeafView(leaf.node, leaf, leaf.case, found, rules.freshness(proofs, day, warn_days), enough)


def standings(of: IndexEdition) -> list[rules.LeafStanding]:
    """What submitting asks of each leaf."""
    rows = Leaf.objects.filter(node__edition=of).exclude(case__stage="superseded").order_by("node__place")
    values = rows.values_list("node__code", "case__stage", "node__veto")
    return [rules.LeafStanding(code, stage, veto) for code, stage, veto in values]


def leaf_codes(of: IndexEdition) -> list[str]:
    """The codes of the leaves, in the order of the index."""
    return list(
        Leaf.objects.filter(node__edition=of).order_by("node__place").values_list("node__code", flat=True)
    )


def last_step(of: IndexEdition) -> date | None:
    """The day of the last outer step."""
    return of.steps.order_by("-on").values_list("on", flat=True).first()


def gaps(of: IndexEdition) -> list[Gap]:
    """Everything found wanting, in the order of the index."""
    rows = Gap.objects.filter(leaf__node__edition=of)
    return list(rows.select_related("leaf__node", "leaf__case"))


def closure(found: Sequence[Gap]) -> rules.Share:
    """Closed of found."""
    return rules.Share(sum(gap.closed_at is not None for gap in found), len(found))


# ------------------------------------------------------------------------------------------------------ tree


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of the tree as the page shows it; `view` only at a leaf."""

    node: IndexNode
    view: LeafView | None
    coverage: rules.Share
    score: rules.Score | rules.NoScore
    stages: Mapping[str, int]

    @property
    def score_text(self) -> str:
        """Reached of how much, or why there is no sum."""
        return score_text(self.score)


def score_text(found: rules.Score | rules.NoScore) -> str:
    """A score in words, with the part that nobody has scored yet."""
    if isinstance(found, rules.NoScore):
        return found.value
    if found.unscored == found.whole:
        return f"未评（{_number(found.whole)}）"
    text = f"{_number(found.reached)} / {_number(found.whole)}"
    return f"{text}（未评 {_number(found.unscored)}）" if found.unscored else text


def _number(value: Fraction) -> str:
    hundredths = (value * 200 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02}"


def tree(of: IndexEdition, views: Sequence[LeafView]) -> list[Branch]:
    """Every node of the edition in its order, with the figures of the leaves below it."""
    nodes = list(of.nodes.all())
    by_code = {view.node.code: view for view in views}
    below = _below(nodes, by_code)
    return [_branch(node, by_code.get(node.code), below[node.code]) for node in nodes]


def _below(nodes: Sequence[IndexNode], by_code: Mapping[str, LeafView]) -> dict[str, list[LeafView]]:
    """The leaves under each code; parents stand before children, so the table is read from its end."""
    found: dict[str, list[LeafView]] = {node.code: [] for node in nodes}
    parents = {node.code: node.parent for node in nodes}
    for code, view in by_code.items():
        place = code
        while place:
            found[place].append(view)
            place = parents[place]
    return found


def _branch(node: IndexNode, view: LeafView | None, below: Sequence[LeafView]) -> Branch:
    figures = [each.figure for each in below]
    stages: dict[str, int] = {}
    for each in below:
        stages[each.case.stage] = stages.get(each.case.stage, 0) + 1
    return Branch(node, view, rules.coverage(figures), rules.score(figures), stages)


# ------------------------------------------------------------------------------------------------- indicators


def _until(until: datetime, agency: str | None) -> list[LeafView]:
    of = edition()
    if of is None:
        return []
    found = leaves(of, until.date())
    return [view for view in found if agency is None or view.case.agency == agency]


def evidence_coverage(_since: datetime, until: datetime, agency: str | None) -> tuple[int, int]:
    """Leaves with valid evidence of all leaves of the newest edition, as they stand."""
    share = rules.coverage([view.figure for view in _until(until, agency)])
    return share.part, share.whole


def self_assessed(_since: datetime, until: datetime, agency: str | None) -> tuple[int, int]:
    """Leaves with an own score of all leaves."""
    found = _until(until, agency)
    return sum(view.leaf.own_share is not None for view in found), len(found)


def gap_closure(since: datetime, until: datetime, agency: str | None) -> tuple[int, int]:
    """Gaps found in the time that are closed, of those found."""
    rows = Gap.objects.filter(found_at__gte=since, found_at__lt=until)
    if agency is not None:
        rows = rows.filter(leaf__case__agency=agency)
    return rows.exclude(closed_at=None).count(), rows.count()
