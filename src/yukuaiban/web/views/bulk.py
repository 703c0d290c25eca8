"""One action on many cases: the choice, the form, and the trial that goes to the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid5

from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yukuaiban.cases.shaping import shape
from yukuaiban.core.errors import InputInvalid, Refused
from yukuaiban.jobs.asking import ask
from yukuaiban.web import bulk, caselists, lists
from yukuaiban.web.actionforms import form_of, raw_data, show_problems
from yukuaiban.web.views.jobs import own_job
from yukuaiban.web.views.lists import view_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.cases.models import Case

_LISTS = {spec.code: spec for spec in (caselists.QUEUE, caselists.CASES)}


def choose(request: HttpRequest) -> HttpResponse:
    """Which action, on what was ticked or on everything that is filtered."""
    cases = bulk.chosen(_numbers(request), view_of(request))
    if not cases:
        raise Refused(_("还没有选中办件。请回到清单，勾选后再选“批量办理”。"))
    shown = {"cases": cases, "offers": bulk.offers(cases, view_of(request)), "numbers": _joined(cases)}
    return render(request, "web/bulk_choose.html", shown)


def fill(request: HttpRequest, measure: str, action: str) -> HttpResponse:
    """The form of the action, once for all; sent off, it becomes a trial."""
    cases = [case for case in bulk.chosen(_numbers(request), view_of(request)) if case.measure == measure]
    offer = next(
        (each for each in bulk.offers(cases, view_of(request)) if each.code == action and not each.why_not),
        None,
    )
    if offer is None:
        raise Refused(_("选中的办件现在都不能这样批量办理。请回到清单重新选择。"))
    asked = bulk.asking(cases[0], action, request.subject)  # type: ignore[attr-defined]
    sent = request.POST.get("go") == "1"
    form = form_of(asked, request.POST if sent else None)
    problems: list[str] = []
    if sent:
        data = raw_data(asked, form, {})
        try:
            shape(asked.spec, data)
        except InputInvalid as wrong:
            problems = show_problems(form, wrong.problems)
        else:
            return _sent_off(request, cases, offer, data)
    shown = {
        "cases": cases,
        "offer": offer,
        "form": form,
        "problems": problems,
        "numbers": _joined(cases),
        "key": request.POST.get("key") or request.pen.uid(),  # type: ignore[attr-defined]
    }
    return render(request, "web/bulk_fill.html", shown, status=422 if sent else 200)


def _sent_off(
    request: HttpRequest, cases: list[Case], offer: bulk.Offer, data: dict[str, Any]
) -> HttpResponse:
    job = ask(
        bulk.TRIAL,
        _("试算：%(what)s %(n)d 件") % {"what": offer.title, "n": len(cases)},
        subject=request.subject,  # type: ignore[attr-defined]
        args={
            "numbers": [case.number for case in cases],
            "measure": offer.measure,
            "action": offer.code,
            "title": offer.title,
            "data": data,
        },
        total=len(cases),
        at=request.pen.moment(),  # type: ignore[attr-defined]
        uid=_uid(request.POST.get("key", "")),
    )
    return redirect("job", job.uid)


def confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Do what the trial let pass; above fifty the number has to be typed."""
    trial = own_job(request, uid)
    if trial.kind != bulk.TRIAL or trial.state != trial.State.DONE or trial.forgotten_at is not None:
        raise Refused(_("试算还没有完成或已失效，请重新选择办件。"))
    args = bulk.confirmed_args(trial)
    n = len(args["numbers"])
    if not n:
        raise Refused(_("试算中没有一件可以办理，没有可以确认的内容。"))
    if n > bulk.TYPED_ABOVE and request.POST.get("typed", "").strip() != str(n):
        raise Refused(_("请输入将要办理的件数 %(n)d，再确认；现在什么也没有办。") % {"n": n})
    job = ask(
        bulk.REAL,
        _("批量办理：%(what)s %(n)d 件") % {"what": trial.args["title"], "n": n},
        subject=request.subject,  # type: ignore[attr-defined]
        args=args,
        total=n,
        at=request.pen.moment(),  # type: ignore[attr-defined]
        uid=uuid5(trial.uid, "confirmed"),
    )
    return redirect("job", job.uid)


def _numbers(request: HttpRequest) -> list[str]:
    """What was ticked, what an earlier page carried on, or everything that a list filters."""
    spec = _LISTS.get(request.POST.get("all", ""))
    if spec is not None:
        given = QueryDict(mutable=True)
        given.update(dict(parse_qsl(request.POST.get("query", "").removeprefix("?"))))
        view = view_of(request)
        return bulk.numbers(spec, lists.read(spec, given, view), view, most=bulk.MOST)
    carried = request.POST.get("numbers", "")
    return carried.split(",") if carried else request.POST.getlist("pick")


def _joined(cases: list[Case]) -> str:
    return ",".join(case.number for case in cases)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused(_("表单不完整，请回到清单重新选择办件。")) from error
