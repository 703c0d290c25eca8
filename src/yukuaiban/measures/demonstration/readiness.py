"""How ready an application is, gathered for the board; every figure comes from the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from yukuaiban.cases import versions
from yukuaiban.core.backward import backward
from yukuaiban.measures.demonstration import queries, rules
from yukuaiban.people.district import installed, local_day

if TYPE_CHECKING:
    from yukuaiban.core.workcalendar import WorkCalendar
    from yukuaiban.measures.demonstration.models import Gap, IndexEdition, SiteVisit, Survey
    from yukuaiban.measures.demonstration.queries import LeafView

MOCK_CHECK = "demonstration_mock_check"


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A place on the list; a real one shows until when it should have been looked at in a mock visit."""

    visit: SiteVisit
    mock_until: datetime | None
    mocked: bool


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A survey with its rates; too few answers are shown, marked, and not used."""

    survey: Survey
    sufficient: bool


@dataclass(frozen=True, slots=True)
class Step:
    """An outer step in its order: entered with its day, or still to come."""

    title: str
    on: date | None
    answer: str
    here: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """Everything on the board."""

    views: Sequence[LeafView]
    coverage: rules.Share
    assessed: rules.Share
    score: str
    closure: rules.Share
    gaps: Sequence[Gap]
    open_items: Sequence[rules.OpenItem]
    stale: Sequence[LeafView]
    lower: Sequence[LeafView]
    difference: str
    compared: int
    surveys: Sequence[SurveyRow]
    visits: Sequence[VisitRow]
    steps: Sequence[Step]
    stage: str

    @property
    def open_by_reason(self) -> dict[str, list[str]]:
        """What stands in the way, the codes of each reason together."""
        found: dict[str, list[str]] = {}
        for each in self.open_items:
            found.setdefault(each.why, []).append(each.code)
        return found


def gather(edition: IndexEdition, now: datetime) -> Readiness:
    """Read and count once; the number of queries does not grow with the leaves."""
    day = local_day(now)
    views, found = queries.leaves(edition, day), queries.gaps(edition)
    figures, pairs = [view.figure for view in views], _pairs(views)
    return Readiness(
        views=views,
        coverage=rules.coverage(figures),
        assessed=rules.Share(sum(view.leaf.own_share is not None for view in views), len(views)),
        score=queries.score_text(rules.score(figures)),
        closure=queries.closure(found),
        gaps=found,
        open_items=rules.open_items(queries.standings(edition)),
        stale=[view for view in views if view.fresh in (rules.Fresh.STALE, rules.Fresh.SOON)],
        lower=[view for view in views if _is_lower(view)],
        difference=_difference(pairs),
        compared=len(pairs),
        surveys=[_survey(each, day) for each in edition.surveys.all()],
        visits=_visits(edition, day, versions.current_calendar()),
        steps=_steps(edition),
        stage=_stage_title(edition.case.stage),
    )


def _is_lower(view: LeafView) -> bool:
    outside = view.leaf.outside_share
    return outside is not None and rules.lower(outside, view.leaf.own_share)


def _pairs(views: Sequence[LeafView]) -> list[tuple[Fraction, Fraction]]:
    """Self and review of every leaf that has both."""
    pairs: list[tuple[Fraction, Fraction]] = []
    for view in views:
        own, review = view.leaf.own_share, view.leaf.review_share
        if own is not None and review is not None:
            pairs.append((own, review))
    return pairs


def _difference(pairs: Sequence[tuple[Fraction, Fraction]]) -> str:
    """The mean of self minus review in points of a hundred."""
    mean = rules.mean_difference(pairs)
    if mean is None:
        return "无数据"
    sign = "-" if mean < 0 else ""
    return f"{sign}{rules.percent(abs(mean)).removesuffix('%')}"


def _survey(survey: Survey, day: date) -> SurveyRow:
    return SurveyRow(survey, survey.figures.sufficient(queries.threshold(queries.SURVEY_VALID, day)))


def _visits(edition: IndexEdition, day: date, calendar: WorkCalendar) -> list[VisitRow]:
    rows = list(edition.visits.all())
    mocked = {visit.place for visit in rows if not visit.real and visit.passed is not None}
    limit = queries.threshold(MOCK_CHECK, day)
    return [
        VisitRow(
            visit,
            backward(calendar.closing(visit.on), limit, calendar) if visit.real else None,
            visit.place in mocked,
        )
        for visit in rows
    ]


def _steps(edition: IndexEdition) -> list[Step]:
    entered = {step.stage: step for step in edition.steps.all()}
    named = "not_named" if edition.case.stage == "not_named" else "named"
    found = []
    for stage in (*rules.STEPS[1:-1], named):
        step = entered.get(stage)
        on, answer = (step.on, step.answer) if step is not None else (None, "")
        found.append(Step(_stage_title(stage), on, answer, here=edition.case.stage == stage))
    return found


def _stage_title(code: str) -> str:
    return installed().procedures["demonstration_application"].stage(code).title
