"""Forms of the measure that are no action forms: receiving at the desk, and a new version of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.limits import Limit
from yukuaiban.measures.desks.data import Receive
from yukuaiban.measures.desks.drafts import MatterDraft, PromisedLimit, SheetDraft
from yukuaiban.measures.desks.models import Matter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from yukuaiban.measures.desks.models import Desk, MatterSheet

_ORDER = (
    "desk",
    "applicant",
    "uscc",
    "resident_id",
    "phone",
    "contact",
    "address",
    "agent",
    "materials",
    "external_no",
    "note",
)


def _control(**more: Any) -> dict[str, Any]:
    return {"class": "form-control", "autocomplete": "off", **more}


def receive_form(sheet: MatterSheet, desks: Iterable[Desk], data: Any = None) -> forms.Form:
    """The intake of one matter: who applies, and the list of documents to tick off. The model checks the values."""
    fields: dict[str, forms.Field] = {}
    for name in _ORDER:
        info = Receive.model_fields[name]
        words: dict[str, Any] = {
            "label": _(info.title or ""),
            "help_text": _(info.description) if info.description else "",
            "required": info.is_required(),
        }
        if name == "desk":
            choices = [(desk.code, f"{desk.number} {desk.name}") for desk in desks]
            fields[name] = forms.ChoiceField(
                choices=choices, widget=forms.Select({"class": "form-select"}), **words
            )
        elif name == "materials":
            fields[name] = forms.MultipleChoiceField(
                choices=[(each, each) for each in sheet.materials],
                widget=forms.CheckboxSelectMultiple,
                **words,
            )
        else:
            widget = forms.Textarea(_control(rows=2)) if name == "note" else forms.TextInput(_control())
            fields[name] = forms.CharField(widget=widget, **words)
    fields["late_at"] = forms.CharField(
        label=_("实际收件时间"),
        help_text=_("纸质或线下先收的才填；时限从这一刻起算"),
        required=False,
        widget=forms.TextInput(_control(type="datetime-local")),
    )
    return type("ReceiveForm", (forms.Form,), fields)(data, auto_id="f-%s")


def received(form: forms.Form, matter: Matter) -> dict[str, Any]:
    """What the clerk gave, as the action wants it; empty fields are left out."""
    found: dict[str, Any] = {"matter": matter.code}
    for name in _ORDER:
        if name == "materials":
            value: Any = form.data.getlist(name)  # type: ignore[attr-defined]
        else:
            value = str(form.data.get(name, "")).strip()
        if value:
            found[name] = value
    return found


class SheetForm(forms.Form):
    """A new version of a matter's implementation list. What is wrong with limits is said by the rules."""

    since = forms.DateField(
        label=gettext_lazy("施行日期"), widget=forms.DateInput(_control(type="date"), format="%Y-%m-%d")
    )
    case_kind = forms.ChoiceField(
        label=gettext_lazy("办件类型"),
        choices=Matter.CaseKind.choices,
        widget=forms.Select({"class": "form-select"}),
    )
    statutory_limit = forms.CharField(
        label=gettext_lazy("法定时限"),
        required=False,
        help_text=gettext_lazy(
            "数字加单位，例如 20wd（工作日）、30d（自然日）；没有的留空，行政许可留空的按一般规定计"
        ),
        widget=forms.TextInput(_control()),
    )
    statutory_source = forms.CharField(
        label=gettext_lazy("法定时限的依据"),
        required=False,
        max_length=200,
        widget=forms.TextInput(_control()),
    )
    committed_limit = forms.CharField(
        label=gettext_lazy("承诺时限"),
        required=False,
        help_text=gettext_lazy("不得长于法定时限；即办件写 0wd"),
        widget=forms.TextInput(_control()),
    )
    committed_source = forms.CharField(
        label=gettext_lazy("承诺时限的依据"),
        required=False,
        max_length=200,
        widget=forms.TextInput(_control()),
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("设定依据"), max_length=300, widget=forms.TextInput(_control())
    )
    visit_count = forms.IntegerField(
        label=gettext_lazy("到现场次数"),
        required=False,
        min_value=0,
        max_value=99,
        help_text=gettext_lazy("申请人要到现场几次；0 次须能网上办或寄递"),
        widget=forms.NumberInput(_control()),
    )
    visit_reason = forms.CharField(
        label=gettext_lazy("到现场理由"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("要到现场的，写明为什么"),
        widget=forms.TextInput(_control()),
    )
    online = forms.BooleanField(label=gettext_lazy("可网上办"), required=False)
    online_only = forms.BooleanField(label=gettext_lazy("不见面办理（全程网上办，不到现场）"), required=False)
    courier = forms.BooleanField(label=gettext_lazy("材料和结果可寄递"), required=False)
    materials = forms.CharField(
        label=gettext_lazy("申请材料"),
        required=False,
        help_text=gettext_lazy("每行一项"),
        widget=forms.Textarea(_control(rows=6)),
    )
    conditions = forms.CharField(
        label=gettext_lazy("受理条件"), required=False, widget=forms.Textarea(_control(rows=4))
    )
    pausable = forms.MultipleChoiceField(
        label=gettext_lazy("约定可以暂停承诺时限的事由"), required=False, widget=forms.CheckboxSelectMultiple
    )
    site_check = forms.BooleanField(label=gettext_lazy("须现场核查"), required=False)
    note = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("两个时限单位不同时，写明已核对的结论"),
        widget=forms.Textarea(_control(rows=2)),
    )

    def __init__(self, data: Any = None, *, categories: list[tuple[str, str]], initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="f-%s")
        pausable = self.fields["pausable"]
        assert isinstance(pausable, forms.MultipleChoiceField)  # noqa: S101 - declared above
        pausable.choices = categories


def sheet_values(sheet: MatterSheet | None, today: date) -> dict[str, Any]:
    """The form of a new version begins as the version in force; as the one with findings where there is no other."""
    if sheet is None:
        return {"since": today, "case_kind": Matter.CaseKind.COMMITTED}
    names = [name for name in SheetForm.base_fields if name not in ("since", "materials", "note")]
    values = {name: getattr(sheet, name) for name in names}
    return values | {"since": today, "materials": "\n".join(sheet.materials)}


def drafted(matter: Matter, form: SheetForm) -> MatterDraft:
    """The draft that a valid form describes; InputInvalid for a text that is no limit, at its field."""
    given = form.cleaned_data
    return MatterDraft(
        code=matter.code,
        name=matter.name,
        agency=matter.agency,
        since=matter.since,
        until=matter.until,
        kind=matter.kind,
        level=matter.level,
        sheet=SheetDraft(
            case_kind=given["case_kind"],
            since=given["since"],
            statutory=_promised(given, "statutory"),
            committed=_promised(given, "committed"),
            materials=tuple(line.strip() for line in given["materials"].splitlines() if line.strip()),
            pausable=tuple(given["pausable"]),
            legal_basis=given["legal_basis"],
            site_check=given["site_check"],
            conditions=given["conditions"],
            note=given["note"],
            visit_count=given["visit_count"],
            visit_reason=given["visit_reason"],
            online=given["online"],
            online_only=given["online_only"],
            courier=given["courier"],
        ),
    )


def _promised(given: dict[str, Any], name: str) -> PromisedLimit:
    text = given[f"{name}_limit"].strip()
    try:
        limit = Limit.parse(text) if text else None
    except InputInvalid as error:
        first = error.problems[0]
        raise InputInvalid(Problem(first.why, first.remedy, field=f"{name}_limit")) from error
    return PromisedLimit(limit, given[f"{name}_source"], "policy", confirmed=True)
