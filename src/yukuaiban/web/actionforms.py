"""The form of an action, drawn from the shape of its data: one page serves every action of every measure.

The pydantic model of an `ActionSpec` says titles, hints, what is needed and by which widget a value is asked for;
the same model checks what comes back, so form, interface and import never differ.

| widget | asks by |
| --- | --- |
| `text`, `tel`, `limit`, `textarea`, `date` | one value as text |
| `moment` | a local date and time, completed by the district's zone |
| `lines` | one entry a line |
| `choice` | the words in `choices` |
| `category` | the procedure's pause categories |
| `agency`, `agencies` | the agencies of the district |
| `staff`, `staff_many` | handlers, or all staff, of the handling agency |
| `files` | uploads, stored as evidence and named by their digests |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.people.masks import mask
from yukuaiban.people.models import Post
from yukuaiban.people.queries import agency_names
from yukuaiban.web import scope

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.utils.datastructures import MultiValueDict
    from pydantic.fields import FieldInfo

    from yukuaiban.cases.catalogue import ActionData, ActionSpec
    from yukuaiban.core.timeline import CaseState

LATE = "late_"


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; an empty choice is an empty list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file by itself, so that the error names the right one."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given if each or self.required]


@dataclass(frozen=True, slots=True)
class Asking:
    """What a form needs to know to offer choices."""

    spec: ActionSpec
    state: CaseState
    late_entry: bool = False
    own_ref: str = ""


def form_of(
    asking: Asking, data: Any = None, files: MultiValueDict[str, UploadedFile] | None = None
) -> forms.Form:
    """The form of an action, empty or filled with what came. It checks nothing that the model checks."""
    fields = {name: _worded(_field(info, asking), info) for name, info in _asked(asking.spec.data).items()}
    if asking.late_entry:
        fields |= _late_fields(asking)
    return type("ActionForm", (forms.Form,), fields)(data, files, auto_id="f-%s")


def _asked(model: type[ActionData]) -> Mapping[str, FieldInfo]:
    return {name: info for name, info in model.model_fields.items() if _extra(info).get("widget") != "hidden"}


def widgets_of(model: type[ActionData]) -> set[str]:
    """The widgets by which the values of a model are asked for."""
    return {str(_extra(info).get("widget", "text")) for info in _asked(model).values()}


def _extra(info: FieldInfo) -> dict[str, Any]:
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}


def _worded(field: forms.Field, info: FieldInfo) -> forms.Field:
    """The field with the word on when it must be filled in, where that depends on another one."""
    field.needed = _(needed) if (needed := _extra(info).get("needed")) else ""  # type: ignore[attr-defined]
    return field


def _field(info: FieldInfo, asking: Asking) -> forms.Field:
    extra = _extra(info)
    common: dict[str, Any] = {
        "label": _(info.title) if info.title else "",
        "help_text": _(info.description) if info.description else "",
        "required": info.is_required(),
    }
    if not info.is_required() and isinstance(info.default, str):
        common["initial"] = info.default
    widget = extra.get("widget", "text")
    if widget == "files":
        attrs = {"class": "form-control", "accept": ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.ofd,.txt"}
        return FilesField(widget=FilesInput(attrs=attrs), **common)
    if widget in ("choice", "category", "staff", "staff_any", "agency"):
        choices = _choices(widget, extra, asking)
        if not info.is_required() and not common.get("initial"):
            choices = [("", _("不填")), *choices]
        return forms.ChoiceField(
            choices=choices, widget=forms.Select(attrs={"class": "form-select"}), **common
        )
    if widget == "agencies":
        return forms.MultipleChoiceField(
            choices=agency_choices(),
            widget=forms.SelectMultiple(attrs={"class": "form-select", "size": 6}),
            **common,
        )
    if widget == "staff_many":
        return forms.MultipleChoiceField(
            choices=_choices(widget, extra, asking), widget=forms.CheckboxSelectMultiple, **common
        )
    return forms.CharField(widget=_text_widget(widget), strip=True, **common)


def _text_widget(widget: str) -> forms.Widget:
    attrs = {"class": "form-control"}
    if widget in ("textarea", "lines"):
        return forms.Textarea(attrs=attrs | {"rows": 4})
    kinds = {"date": "date", "moment": "datetime-local", "tel": "tel"}
    return forms.TextInput(attrs=attrs | {"type": kinds.get(widget, "text")})


def _choices(widget: str, extra: Mapping[str, Any], asking: Asking) -> list[tuple[str, str]]:
    if widget == "choice":
        return [(value, _(word)) for value, word in extra["choices"].items()]
    if widget == "category":
        return [(each.code, each.title) for each in asking.state.procedure.pause_categories]
    if widget == "agency":
        return agency_choices()
    agency = str(asking.state.facts.get("handling_agency", ""))
    return staff_choices(agency, role="handler" if widget == "staff" else None)


def agency_choices() -> list[tuple[str, str]]:
    """Every agency by its code, as choices."""
    return sorted(agency_names().items())


def staff_choices(agency: str, *, role: str | None = None, without: str = "") -> list[tuple[str, str]]:
    """The staff of an agency as choices: each person once, names as pages may show them."""
    posts = Post.objects.filter(agency_id=agency, until=None, staff__is_active=True).select_related("staff")
    if role is not None:
        posts = posts.filter(role=role)
    found = {post.staff.ref: mask("name", post.staff.name, "partial") for post in posts.order_by("staff_id")}
    twice = {name for name in found.values() if list(found.values()).count(name) > 1}
    return [
        (ref, f"{name}（{ref[-4:]}）" if name in twice else name)
        for ref, name in found.items()
        if ref != without
    ]


def _late_fields(asking: Asking) -> dict[str, forms.Field]:
    """An earlier moment (补录) with its reason and the second person; left empty, now counts."""
    control = {"class": "form-control"}
    agency = str(asking.state.facts.get("handling_agency", ""))
    receiving = str(asking.state.facts.get("receiving_agency", ""))
    people = dict(
        staff_choices(agency, without=asking.own_ref) + staff_choices(receiving, without=asking.own_ref)
    )
    return {
        f"{LATE}at": forms.CharField(
            label=_("实际发生时间（补录）"),
            help_text=_("现在办理的不填；补录须写理由并由第二人确认"),
            required=False,
            widget=forms.TextInput(attrs=control | {"type": "datetime-local"}),
        ),
        f"{LATE}reason": forms.CharField(
            label=_("补录理由"), required=False, max_length=300, widget=forms.TextInput(attrs=control)
        ),
        f"{LATE}second": forms.ChoiceField(
            label=_("第二人"),
            required=False,
            choices=[("", _("不填")), *people.items()],
            widget=forms.Select(attrs={"class": "form-select"}),
        ),
        f"{LATE}password": forms.CharField(
            label=_("第二人的登录密码"),
            help_text=_("请第二人核对以上内容后，本人在此输入"),
            required=False,
            strip=False,
            widget=forms.PasswordInput(attrs=control | {"autocomplete": "off"}),
        ),
    }


def raw_data(asking: Asking, form: forms.Form, digests: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the person gave, as the model wants it: empty fields left out, lines split, moments with their zone."""
    found: dict[str, Any] = {}
    for name, info in _asked(asking.spec.data).items():
        widget = _extra(info).get("widget", "text")
        if widget == "files":
            value: Any = list(digests.get(name, ()))
        elif widget in ("staff_many", "agencies"):
            value = form.data.getlist(name)  # type: ignore[attr-defined]
        else:
            value = str(form.data.get(name, "")).strip()
            if widget == "lines":
                value = [line.strip() for line in value.splitlines() if line.strip()]
            elif widget == "moment" and value:
                value = local_moment(value, name).isoformat()
        if value:
            found[name] = value
    return found


def local_moment(text: str, name: str) -> datetime:
    """A date and time as a form writes it, in the district's zone; InputInvalid if it is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=scope.zone())
    except ValueError as error:
        raise InputInvalid(
            Problem(_("不是时间"), _("请按 2026-03-02T09:30 的样子填写"), field=name)
        ) from error


def show_problems(form: forms.Form, problems: Sequence[Problem]) -> list[str]:
    """Each problem at its field; those without one come back, to stand above the form."""
    form.is_valid()
    form.errors.clear()
    above = []
    for problem in problems:
        field = problem.field.split(".")[0]
        words = "；".join(part for part in (problem.why, problem.remedy) if part)
        if field == "occurred_at":
            field = f"{LATE}at"
        if field in form.fields:
            form.add_error(field, words)
        else:
            above.append(words)
    return above
