"""One action on many cases (ui.md section 3.4): choose, try it out in the same code path, confirm, read each answer.

A trial does each action for real and takes it back; what it says is what would happen now. The real run goes through
the one door case by case, each with a key of its own, so that a run that was killed goes on without doing anything
twice. What is refused changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from yukuaiban.cases import facts, versions
from yukuaiban.cases.acting import act
from yukuaiban.cases.catalogue import spec_of
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import Refused
from yukuaiban.jobs.working import Line, Step
from yukuaiban.people.access import may_act
from yukuaiban.people.queries import agency_names
from yukuaiban.web import acting_as, caselists, lists
from yukuaiban.web.actionforms import Asking, widgets_of
from yukuaiban.web.lists import View

if TYPE_CHECKING:
    from yukuaiban.core.procedures import Action
    from yukuaiban.jobs.models import Job
    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.subject import Subject

MOST = 2_000
TYPED_ABOVE = 50
TRIAL, REAL = "bulk_trial", "bulk"
_STEP = 10
_ONE_BY_ONE = {"files": "须逐件附材料", "staff": "须逐件指定人员", "staff_many": "须逐件指定人员"}


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that may be open on some of the chosen cases; `why_not` says why it is done one by one."""

    measure: str
    code: str
    title: str
    count: int
    why_not: str = ""


def chosen(numbers: Sequence[str], view: View) -> list[Case]:
    """The cases of these numbers that the person may see, in the order given, each once."""
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > MOST:
        raise Refused(_("一次最多办理 %(most)d 件，请先加条件缩小范围。") % {"most": MOST})
    found = {case.number: case for case in caselists.visible(view).filter(number__in=wanted)}
    return [found[number] for number in wanted if number in found]


def numbers(spec: lists.ListSpec, asked: lists.Asked, view: View, *, most: int) -> list[str]:
    """The numbers of everything that is filtered, in its order; at most `most` + 1."""
    rows = lists.ordered(lists.filtered(spec, asked, view), asked.order)
    return list(rows.values_list("number", flat=True)[: most + 1])


def offers(cases: Sequence[Case], view: View) -> list[Offer]:
    """What this person could do on them, with the number of cases on which it is open; most cases first."""
    names = agency_names()
    counted: Counter[tuple[str, str]] = Counter()
    titles: dict[tuple[str, str], str] = {}
    for case in cases:
        for action in _open(case, view.subject, names):
            counted[case.measure, action.code] += 1
            titles.setdefault((case.measure, action.code), action.title)
    return [Offer(*key, titles[key], n, _why_one_by_one(*key)) for key, n in counted.most_common()]


def _open(case: Case, subject: Subject, names: Mapping[str, str]) -> Iterator[Action]:
    """Actions that the procedure lets this person do on the case as it stands."""
    parties = {"handling_agency": case.agency, "receiving_agency": case.receiving_agency}
    rule = versions.procedure(case.procedure, case.procedure_version)
    for action in rule.open_actions(case.stage):
        if action.system or action.start:
            continue
        if may_act(subject, action.by, parties, handler=case.handler, names=names).allowed:
            yield action


def _why_one_by_one(measure: str, code: str) -> str:
    """Why an action cannot be done on many at once, or an empty text."""
    asked = widgets_of(spec_of(measure, code).data)
    return next((_(why) for widget, why in _ONE_BY_ONE.items() if widget in asked), "")


def asking(case: Case, code: str, subject: Subject) -> Asking:
    """The form of the action, drawn for the first of the cases."""
    return Asking(spec_of(case.measure, code), facts.state_of(case), own_ref=subject.ref)


def try_out(job: Job, pen: Pen) -> Step:
    """Do the next ten and take each back."""
    return _step(job, pen, real=False)


def carry_out(job: Job, pen: Pen) -> Step:
    """Do the next ten."""
    return _step(job, pen, real=True)


def _step(job: Job, pen: Pen, *, real: bool) -> Step:
    numbers: Sequence[str] = job.args["numbers"]
    here = numbers[job.done : job.done + _STEP]
    view = View(acting_as.subject_of_job(job, pen.moment()), pen.moment())
    found = {case.number: case for case in caselists.visible(view).filter(number__in=here)}
    lines = [_line(job, found.get(number), number, view.subject, pen, real=real) for number in here]
    done = job.done + len(here)
    return Step(done, cursor=None if done >= len(numbers) else done, lines=lines)


def _line(job: Job, case: Case | None, number: str, subject: Subject, pen: Pen, *, real: bool) -> Line:
    """What happened to one case; a refusal leaves nothing behind."""
    if case is None or case.measure != job.args["measure"]:
        return Line(number, ok=False, text=_("没有这个办件，或不属于同一类事项。"))
    try:
        with transaction.atomic():
            key = f"bulk:{job.uid}:{number}" if real else None
            act(case, job.args["action"], subject=subject, data=job.args["data"], key=key, pen=pen)
            if not real:
                transaction.set_rollback(True)
    except Refused as refusal:
        return Line(number, ok=False, text=refusal.message)
    return Line(number, ok=True)


def accepted(job: Job) -> list[str]:
    """The numbers that a trial would do."""
    return list(job.lines.filter(ok=True).order_by("n").values_list("key", flat=True))


def confirmed_args(trial: Job) -> dict[str, Any]:
    """What the real run does: the same on those that the trial let pass."""
    return {**trial.args, "numbers": accepted(trial), "trial": str(trial.uid)}
