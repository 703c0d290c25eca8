"""The forms about documents: what is said of one, with its file where a file comes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from yukuaiban.evidence.documents import Said
from yukuaiban.evidence.kinds import kinds_on

if TYPE_CHECKING:
    from datetime import date

_ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.ofd,.txt,.csv"


def _text() -> forms.TextInput:
    return forms.TextInput({"class": "form-control"})


def _day() -> forms.DateInput:
    return forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d")


def _file() -> forms.FileField:
    attrs = {"class": "form-control", "accept": _ACCEPT}
    return forms.FileField(
        label=_("文件"), widget=forms.FileInput(attrs), help_text=_("单个文件不超过 20 MB")
    )


class DescribeForm(forms.Form):
    """What is said of a document. Kind and day may wait; handing in asks for both."""

    title = forms.CharField(label=_("标题"), max_length=200, widget=_text())
    kind = forms.ChoiceField(label=_("种类"), required=False, widget=forms.Select({"class": "form-select"}))
    document_no = forms.CharField(label=_("文号"), required=False, max_length=100, widget=_text())
    issued_on = forms.DateField(label=_("成文日期"), required=False, widget=_day())
    period_since = forms.DateField(label=_("所涉期间起"), required=False, widget=_day())
    period_until = forms.DateField(label=_("所涉期间止"), required=False, widget=_day())
    personal = forms.BooleanField(label=_("含个人信息（对外只给脱敏副本）"), required=False)

    def __init__(self, *args: object, day: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        known = [(row.code, row.name) for row in kinds_on(day)]
        self.fields["kind"].choices = [("", _("以后再填")), *known]  # type: ignore[attr-defined]

    def said(self) -> Said:
        """The values of a valid form."""
        return Said(**{name: self.cleaned_data[name] for name in Said.__dataclass_fields__})


class AddForm(DescribeForm):
    """A new document with its file."""

    file = _file()
    field_order = ("file", "title", "kind", "document_no", "issued_on")


class ReplaceForm(AddForm):
    """A newer version, and why."""

    reason = forms.CharField(label=_("更换的理由"), max_length=200, widget=_text())


class MaskForm(forms.Form):
    """The copy in which personal data is covered."""

    file = _file()
