"""The list of plans, and a text taken in as one: a file or pasted words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.core.errors import InputInvalid, Problem, Refused
from yukuaiban.evidence.documents import Hand
from yukuaiban.people.district import local_day
from yukuaiban.people.queries import names
from yukuaiban.plans import book
from yukuaiban.plans.models import Plan
from yukuaiban.plans.reading import has_tracked_changes, refuse_large, words_of
from yukuaiban.web import gate, scope
from yukuaiban.web.actionforms import show_problems

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.plans.models import PlanVersion

_LONGEST = 600_000


class TakeInForm(forms.Form):
    """The year, and the text in one of two ways."""

    year = forms.IntegerField(
        label=gettext_lazy("年度"),
        min_value=book.FIRST_YEAR,
        max_value=book.LAST_YEAR,
        widget=forms.NumberInput({"class": "form-control"}),
    )
    document_no = forms.CharField(
        label=gettext_lazy("文号"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"class": "form-control"}),
    )
    file = forms.FileField(
        label=gettext_lazy("方案文件"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"class": "form-control", "accept": ".txt,.docx,.pdf,.html,.htm"}),
        help_text=gettext_lazy("txt、docx、pdf、html，不超过 20 MB；扫描件请先做文字识别"),
    )
    text = forms.CharField(
        label=gettext_lazy("或粘贴全文"),
        required=False,
        strip=False,
        max_length=_LONGEST,
        widget=forms.Textarea({"class": "form-control", "rows": "8"}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two, not both."""
        given = super().clean() or {}
        if "file" in self.errors or "text" in self.errors:
            return given
        pasted, file = given.get("text", "").strip(), given.get("file")
        if not pasted and file is None:
            self.add_error("file", _("没有选择文件，也没有粘贴全文。"))
        elif pasted and file is not None:
            self.add_error("text", _("文件和全文只用一种；请清空其中一个。"))
        return given


def plans(request: HttpRequest) -> HttpResponse:
    """All years with their versions: what is in force, what is being read, what was."""
    found = list(Plan.objects.order_by("-year").prefetch_related("versions"))
    rows = [(plan, sorted(plan.versions.all(), key=lambda each: -each.number)) for plan in found]
    people = {
        ref for _plan, versions in rows for each in versions for ref in (each.read_by, each.confirmed_by)
    }
    told = {
        "rows": rows,
        "people": names(people),
        "may_read": gate.may_open(request.subject, "plans:reading"),  # type: ignore[attr-defined]
    }
    return render(request, "plans/plans.html", told)


def take_in(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: read the text as a new version of the plan of that year."""
    if request.method != "POST":
        form = TakeInForm(initial={"year": local_day(scope.now()).year}, auto_id="f-%s")
        return render(request, "plans/take_in.html", {"form": form})
    form = TakeInForm(request.POST, request.FILES, auto_id="f-%s")
    problems: list[str] = []
    if form.is_valid():
        try:
            version = _read(request, form.cleaned_data)
        except InputInvalid as refusal:
            problems = show_problems(form, [_at_its_field(each, form) for each in refusal.problems])
        except Refused as refusal:
            problems = [refusal.message]
        else:
            return redirect("plans:reading", version.plan.year)
    told = {"form": form, "problems": problems, "again": bool(request.FILES)}
    return render(request, "plans/take_in.html", told, status=422)


def _read(request: HttpRequest, given: dict[str, Any]) -> PlanVersion:
    upload, tracked, name = given["file"], False, ""
    if upload is not None:
        name = upload.name
        refuse_large(upload.size, name)
        content = upload.read()
        text, tracked = words_of(content, name), has_tracked_changes(content)
    else:
        text = given["text"].replace("\r\n", "\n")  # a form sends every line end as two
    hand = Hand(request.subject, request.pen)  # type: ignore[attr-defined]
    return book.take_in(
        text,
        year=given["year"],
        hand=hand,
        file=name,
        document_no=given["document_no"].strip(),
        tracked=tracked,
    )


def _at_its_field(problem: Problem, form: TakeInForm) -> Problem:
    """What is wrong with a text stands at the way by which it came."""
    if problem.field == "year":
        return problem
    return Problem(problem.why, problem.remedy, "file" if form.cleaned_data["file"] is not None else "text")
