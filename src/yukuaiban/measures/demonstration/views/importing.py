"""Importing an edition on a page: the empty table, a dry run that names every wrong row, then the import."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.core.errors import InputInvalid, Refused
from yukuaiban.evidence import tables_out
from yukuaiban.evidence.inspecting import inspect
from yukuaiban.measures.demonstration import editions
from yukuaiban.measures.demonstration.models import IndexEdition
from yukuaiban.measures.demonstration.tree import HEADINGS
from yukuaiban.people.district import installed
from yukuaiban.web import scope
from yukuaiban.web.actionforms import show_problems

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.measures.demonstration.editions import Draft

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = {"内容": 60, "材料种类": 24, "备注": 24}
_CONTROL = {"class": "form-control"}


class EditionForm(forms.Form):
    """What is said of an edition, and its table."""

    file = forms.FileField(
        label=gettext_lazy("指标表"), help_text=gettext_lazy(".xlsx 或 .csv，第一行为列名")
    )
    batch = forms.SlugField(
        label=gettext_lazy("批次"),
        max_length=32,
        widget=forms.TextInput(_CONTROL),
        help_text=gettext_lazy("字母、数字和连字符，例如 2026"),
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=200, widget=forms.TextInput(_CONTROL))
    kind = forms.ChoiceField(
        label=gettext_lazy("申报类型"),
        choices=IndexEdition.Kind.choices,
        widget=forms.Select({"class": "form-select"}),
    )
    source = forms.CharField(label=gettext_lazy("依据"), max_length=200, widget=forms.TextInput(_CONTROL))
    period_since = forms.DateField(
        label=gettext_lazy("所涉期间起"), widget=forms.DateInput(_CONTROL | {"type": "date"})
    )
    period_until = forms.DateField(
        label=gettext_lazy("所涉期间止"), widget=forms.DateInput(_CONTROL | {"type": "date"})
    )

    def heading(self) -> editions.Heading:
        """The values of a valid form beside the file."""
        names = ("batch", "name", "kind", "source", "period_since", "period_until")
        return editions.Heading(**{name: self.cleaned_data[name] for name in names})

    def clean(self) -> dict[str, object]:
        """The period does not end before it begins."""
        found = super().clean() or {}
        since, until = found.get("period_since"), found.get("period_until")
        if since and until and since > until:
            self.add_error("period_until", _("止日早于起日，请核对。"))
        return found


def import_(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: look at the table; with `store` and nothing wrong, import it."""
    if request.method != "POST":
        return render(request, "demonstration/import.html", {"form": EditionForm()})
    form = EditionForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "demonstration/import.html", {"form": form}, status=422)
    try:
        draft = _read(request, form)
        done = _store(request, form, draft) if "store" in request.POST else _tried(request, form, draft)
    except Refused as refusal:
        above = (
            show_problems(form, refusal.problems) if isinstance(refusal, InputInvalid) else [refusal.message]
        )
        told = {"form": form, "problems": above}
        return render(request, "demonstration/import.html", told, status=422)
    return done


def template(request: HttpRequest) -> HttpResponse:
    """The empty table with its columns and an example of each level."""
    columns = [tables_out.Column(name, name, _WIDTHS.get(name, 12)) for name in HEADINGS]
    about = tables_out.About(
        title="指标表",
        person=request.subject.name,  # type: ignore[attr-defined]
        at=scope.now(),
        zone=ZoneInfo(str(installed().zone)),
    )
    content = tables_out.to_xlsx(columns, _EXAMPLES, about, about_first=False)
    headers = {
        "Content-Disposition": str(content_disposition_header(as_attachment=True, filename="指标表.xlsx"))
    }
    return HttpResponse(content, content_type=_XLSX, headers=headers)


_EXAMPLES = (
    {"编号": "1", "级别": "1", "内容": "（一级指标名称）", "权重": "", "否决项": "否"},
    {"编号": "1.1", "级别": "2", "上级编号": "1", "内容": "（二级指标名称）", "否决项": "否"},
    {
        "编号": "1.1.1",
        "级别": "3",
        "上级编号": "1.1",
        "内容": "（三级指标内容）",
        "方式": "书面",
        "否决项": "否",
        "材料种类": "报告或总结",
    },
)


def _read(request: HttpRequest, form: EditionForm) -> Draft:
    """The upload as a table: judged like any upload, read from a file of its own."""
    actor = request.subject.actor()  # type: ignore[attr-defined]
    file = inspect(form.cleaned_data["file"], actor=actor, pen=request.pen, source="web")  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"index{Path(file.name or '').suffix.lower()}"
        path.write_bytes(file.content)
        return editions.read_draft(path)


def _tried(request: HttpRequest, form: EditionForm, draft: Draft) -> HttpResponse:
    """What the import would do; the file must be chosen again, because no browser keeps it."""
    with transaction.atomic():
        if not draft.problems:
            editions.store(draft, form.heading(), subject=request.subject, pen=request.pen)  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    told = {"form": form, "draft": draft, "vetoes": sum(node.veto for node in draft.leaves)}
    return render(request, "demonstration/import.html", told, status=422 if draft.problems else 200)


def _store(request: HttpRequest, form: EditionForm, draft: Draft) -> HttpResponse:
    if draft.problems:
        return _tried(request, form, draft)
    editions.store(draft, form.heading(), subject=request.subject, pen=request.pen)  # type: ignore[attr-defined]
    return redirect("demonstration:tree")
