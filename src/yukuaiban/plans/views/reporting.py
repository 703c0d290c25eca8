"""One form for a report on a task: a line of the ledger, a document, and handing in, all of them or none."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.cases import evidencing, facts
from yukuaiban.cases.acting import act
from yukuaiban.core.errors import InputInvalid, NotPermitted, Refused
from yukuaiban.evidence import documents
from yukuaiban.evidence.documents import Hand
from yukuaiban.evidence.inspecting import inspect
from yukuaiban.people.access import may_act
from yukuaiban.people.district import local_day
from yukuaiban.plans.models import Task
from yukuaiban.web import scope
from yukuaiban.web.actionforms import show_problems
from yukuaiban.web.documentforms import AddForm

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from yukuaiban.cases.models import Case
    from yukuaiban.core.timeline import CaseState
    from yukuaiban.evidence.inspecting import Inspected

_ORDER = ("on", "text", "file", "title", "kind", "document_no", "issued_on", "personal", "submit")
_REPORT, _SUBMIT = "report", "submit"


class ReportForm(AddForm):
    """A report with at most one new document; without a file nothing is asked about it."""

    on = forms.DateField(
        label=gettext_lazy("日期"),
        widget=forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.CharField(
        label=gettext_lazy("进展"),
        max_length=2000,
        widget=forms.Textarea({"class": "form-control", "rows": 4}),
        help_text=gettext_lazy("做了什么、结果多少；不写个人信息"),
    )
    submit = forms.BooleanField(label=gettext_lazy("同时提交验收"), required=False)

    def __init__(self, *args: object, day: date, **kwargs: object) -> None:
        super().__init__(*args, day=day, **kwargs)
        self.order_fields(_ORDER)
        for name in ("period_since", "period_until"):
            del self.fields[name]
        self.fields["file"].required = self.fields["title"].required = False
        self.fields["file"].label = _("佐证材料")
        self.fields["title"].help_text = _("不填则用文件名")
        self.fields["issued_on"].help_text = _("提交验收时，每份材料要有种类和成文日期")

    def said(self) -> documents.Said:
        """What is said of the document."""
        given = self.cleaned_data
        kept = {name: given[name] for name in ("kind", "document_no", "issued_on", "personal")}
        return documents.Said(given["title"] or PurePath(given["file"].name).stem[:200], **kept)


def report(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - the gate has loaded the case
    """GET: the form. POST: report, attach, hand in; then the own list."""
    case: Case = request.case  # type: ignore[attr-defined]
    task = Task.objects.select_related("milestone__undertaking__plan").filter(pk=case.pk).first()
    if task is None:
        raise Http404
    state = facts.state_of(case)
    today = local_day(scope.now())
    if request.method != "POST":
        _open_or_refused(request, case, state)
        return _page(request, task, ReportForm(day=today, initial={"on": today}), state)
    form = ReportForm(request.POST, request.FILES, day=today)
    if not form.is_valid():
        return _page(request, task, form, state, status=422)
    try:
        _done(request, case, form)
    except Refused as refusal:
        return _page(request, task, form, state, refusal=refusal)
    return redirect("plans:mine")


def _open_or_refused(request: HttpRequest, case: Case, state: CaseState) -> None:
    """The refusal that the report would meet now, before anybody fills in a form."""
    state.procedure.after(state.stage, _REPORT)
    action = state.procedure.action(_REPORT)
    by = action.by if action is not None else ()
    verdict = may_act(request.subject, by, state.facts, handler=case.handler)  # type: ignore[attr-defined]
    if not verdict.allowed:
        raise NotPermitted(verdict.reason)


def _done(request: HttpRequest, case: Case, form: ReportForm) -> None:
    file = _inspected(request, form)
    key, given = request.POST.get("key", ""), form.cleaned_data
    with transaction.atomic():
        data = {"on": given["on"].isoformat(), "text": given["text"]}
        if _act(request, case, _REPORT, data, key):
            return
        if file is not None:
            made = documents.add(file, form.said(), Hand(request.subject, request.pen))  # type: ignore[attr-defined]
            _act(request, case, evidencing.ATTACH.code, {"documents": [str(made.uid)]}, key)
        if given["submit"]:
            _act(request, case, _SUBMIT, {}, key)


def _act(request: HttpRequest, case: Case, action: str, data: dict[str, Any], key: str) -> bool:
    """Do it; whether it had been done before with this form."""
    acted = act(
        case,
        action,
        subject=request.subject,  # type: ignore[attr-defined]
        data=data,
        key=f"{key}:{action}" if key else None,
        pen=request.pen,  # type: ignore[attr-defined]
    )
    return acted.replayed


def _inspected(request: HttpRequest, form: ReportForm) -> Inspected | None:
    """The upload, judged before the transaction: what the scanner said of it outlives a refusal."""
    upload = form.cleaned_data["file"]
    if upload is None:
        return None
    actor = request.subject.actor()  # type: ignore[attr-defined]
    return inspect(upload, actor=actor, pen=request.pen, source="web")  # type: ignore[attr-defined]


def _page(
    request: HttpRequest,
    task: Task,
    form: ReportForm,
    state: CaseState,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    above = [refusal.message] if refusal is not None else []
    if isinstance(refusal, InputInvalid):
        above = show_problems(form, refusal.problems)
    told = {
        "task": task,
        "case": task.case,
        "form": form,
        "problems": above,
        "cards": evidencing.cards_of(task.case),
        "key": request.POST.get("key") or request.pen.uid(),  # type: ignore[attr-defined]
        "seq": state.seq,
    }
    answer = 403 if isinstance(refusal, NotPermitted) else 422
    return render(request, "plans/report.html", told, status=status if refusal is None else answer)
