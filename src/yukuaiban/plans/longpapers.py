"""Reports and evidence folders as long work: asked for on a page, made by the worker as the person who asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.urls import reverse

from yukuaiban.core.errors import NotPermitted, Refused
from yukuaiban.evidence.documents import Hand
from yukuaiban.evidence.store import content_of
from yukuaiban.jobs.working import Result, Step
from yukuaiban.people.access import decide
from yukuaiban.plans import evidencebook, queries, reports
from yukuaiban.web import acting_as

if TYPE_CHECKING:
    from yukuaiban.jobs.models import Job
    from yukuaiban.journal.pen import Pen
    from yukuaiban.plans.models import Plan

REPORT, EVIDENCE = "plan_report", "plan_evidence"
ASK = "plans:report_ask"
DOCX, PDF, ZIP = "docx", "pdf", "zip"
_ZIP_MIME = "application/zip"


def report(job: Job, pen: Pen) -> Step:
    """The report of `quarter` as `format`; the message tells what a person has to fill in."""
    hand, plan = _hand(job, pen), _plan(job)
    wants_pdf = job.args["format"] == PDF
    address = address_under(job.args["base"])
    made = reports.make(plan, int(job.args["quarter"]), hand=hand, address=address, pdf=wants_pdf)
    file = made.pdf if wants_pdf and made.pdf is not None else made.docx
    told = f"还有 {len(made.blanks)} 处待填：{'、'.join(made.blanks)}" if made.blanks else ""
    return Step(1, file=Result(file.name, file.mime, content_of(file)), message=told)


def evidence(job: Job, pen: Pen) -> Step:
    """The evidence of the plan as folders."""
    hand, plan = _hand(job, pen), _plan(job)
    content = evidencebook.folders_zip(plan, hand)
    return Step(1, file=Result(f"{plan.year}年方案佐证材料.zip", _ZIP_MIME, content))


def address_under(base: str) -> Callable[[str], str]:
    """Gives the page of a number under `https://host` from its id."""
    return lambda uid: base.rstrip("/") + reverse("plans:lineage", args=[uid])


def _hand(job: Job, pen: Pen) -> Hand:
    """The person as they count now; NotPermitted if they may not have papers any more."""
    subject = acting_as.subject_of_job(job, pen.moment())
    verdict = decide(subject, ASK, "POST")
    if not verdict.allowed:
        raise NotPermitted(verdict.reason)
    return Hand(subject, pen)


def _plan(job: Job) -> Plan:
    found = queries.plan_of(int(job.args["plan"]))
    if found is None:
        raise Refused(f"没有 {job.args['plan']} 年的方案。")
    return found
