"""Reports of the plan: drafted from the board, put on paper, kept with their hash, told in the journal.

The same state on the same day gives the same file, and a file that is there already is not kept twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction

from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem
from yukuaiban.evidence.store import store
from yukuaiban.papers import printing, words
from yukuaiban.people.district import installed, local_day
from yukuaiban.plans import queries
from yukuaiban.plans.drafting import YEAR, Period, draft
from yukuaiban.plans.models import Lineage, Plan, ProgressReport
from yukuaiban.plans.specimens import QUARTERLY, YEARLY
from yukuaiban.plans.steps import COORDINATOR, tell

if TYPE_CHECKING:
    from yukuaiban.evidence.documents import Hand
    from yukuaiban.evidence.models import EvidenceFile
    from yukuaiban.plans.drafting import Draft
    from yukuaiban.plans.tracing import Number

_KIND = "plan_report"
_MOST_TOLD = 1_000


@dataclass(frozen=True, slots=True)
class _Made:
    """A report before it is kept."""

    period: Period
    drafted: Draft
    paper: words.Written
    pdf: bytes | None


def make(plan: Plan, quarter: int, *, hand: Hand, address: Callable[[str], str], pdf: bool) -> ProgressReport:
    """The report of a quarter, or of the year (`quarter` 0), as the plan stands now.

    `address` gives the page of a number by its id. Refused for others than the coordinating office; InputInvalid if
    the template of the district is wrong; with `pdf`, Refused where the fonts are missing.
    """
    _coordinator_only(hand)
    period = _period(plan, quarter, hand.pen.moment())
    drafted = drafted_now(plan, period, hand=hand, address=address)
    kind = QUARTERLY if period.quarter else YEARLY
    paper = words.written(kind.template(installed().root), drafted.values)
    printed = printing.printed(paper.content) if pdf or not printing.missing_fonts() else None
    made = _Made(period, drafted, paper, printed)
    with transaction.atomic():
        Plan.objects.select_for_update().get(pk=plan.pk)
        return _known(plan, made) or _keep(plan, made, hand)


def drafted_now(plan: Plan, period: Period, *, hand: Hand, address: Callable[[str], str]) -> Draft:
    """What the report would say at this moment; nothing is kept."""
    board = queries.board(plan, hand.pen.moment())
    agency = hand.subject.post.agency if hand.subject.post else ""
    return draft(board, period, issuer=board.names.get(agency, ""), address=address)


def _period(plan: Plan, quarter: int, now: datetime) -> Period:
    """The period that was asked for; InputInvalid for one that has not begun or a plan that is not in force."""
    if plan.status not in (Plan.Status.IN_FORCE, Plan.Status.CLOSED):
        raise InputInvalid(Problem("方案还没有生效", "生效以后才有任务可以报告", field="year"))
    if quarter not in (YEAR, *queries.QUARTERS):
        raise InputInvalid(Problem("季度不对", "请选一至四季度，或年度自评", field="quarter"))
    period = Period(plan.year, quarter)
    if local_day(now) < period.first:
        raise InputInvalid(Problem(f"{period.title}还没有开始", "请选已经开始的季度", field="quarter"))
    return period


def _coordinator_only(hand: Hand) -> None:
    if hand.subject.kind != "system" and hand.subject.role != COORDINATOR:
        raise NotPermitted("报告由营商办生成。")


def _known(plan: Plan, made: _Made) -> ProgressReport | None:
    """The same paper, if it was made before and lacks nothing."""
    digest = hashlib.sha256(made.paper.content).hexdigest()
    found = ProgressReport.objects.filter(plan=plan, quarter=made.period.quarter, docx__sha256=digest)
    return (found.exclude(pdf=None) if made.pdf is not None else found).first()


def _keep(plan: Plan, made: _Made, hand: Hand) -> ProgressReport:
    now, name = hand.pen.moment(), made.period.paper
    _trace(plan, made.drafted.traced.numbers, now)
    report = ProgressReport.objects.create(
        uid=hand.pen.uid(),
        plan=plan,
        quarter=made.period.quarter,
        title=name,
        as_of=local_day(now),
        docx=_stored(f"{name}.docx", made.paper.content, hand),
        pdf=None if made.pdf is None else _stored(f"{name}.pdf", made.pdf, hand),
        blanks=list(made.paper.blanks),
        numbers=[each.uid for each in made.drafted.traced.numbers],
        made_by=hand.subject.ref,
        made_at=now,
    )
    body = {"report": str(report.uid), "quarter": report.quarter, "numbers": report.numbers}
    hashes = {"docx": report.docx.sha256, "pdf": report.pdf.sha256 if report.pdf else ""}
    tell(plan, "plan.reported", body | hashes, hand)
    return report


def _stored(name: str, content: bytes, hand: Hand) -> EvidenceFile:
    return store(
        ContentFile(content, name=name),
        case_number="",
        kind=_KIND,
        stored_by=hand.subject.ref,
        stored_at=hand.pen.moment(),
        uid=hand.pen.uid(),
    )


def _trace(plan: Plan, numbers: list[Number], now: datetime) -> None:
    """The lineage of each number; what is there already stays as it is."""
    rows = [_lineage(plan, each, now) for each in numbers]
    Lineage.objects.bulk_create(rows, ignore_conflicts=True)


def _lineage(plan: Plan, number: Number, now: datetime) -> Lineage:
    return Lineage(
        uid=number.uid,
        plan=plan,
        title=number.title[:300],
        formula=number.formula.code,
        formula_text=number.formula.text,
        version=number.formula.version,
        text=number.text,
        share=number.share,
        as_of=number.as_of,
        cases=list(number.cases[:_MOST_TOLD]),
        case_count=len(number.cases),
        files=[list(pair) for pair in number.files[:_MOST_TOLD]],
        file_count=len(number.files),
        first_at=now,
    )


def of_plan(plan: Plan) -> list[ProgressReport]:
    """The reports of a plan, newest first."""
    return list(plan.reports.select_related("docx", "pdf").order_by("-made_at", "-pk"))
