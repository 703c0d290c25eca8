"""Forms of the frame. Errors stand at their field, and the answer is 422."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from yukuaiban.core.errors import Problem

MOST_NOTICE = 20_000
MOST_YEAR_FILE = 200_000


def _text(**attributes: Any) -> forms.TextInput:
    return forms.TextInput({"class": "form-control", "autocomplete": "off", **attributes})


def _password(kind: str) -> forms.PasswordInput:
    return forms.PasswordInput({"class": "form-control", "autocomplete": kind})


class SignInForm(forms.Form):
    """Name and password; what was wrong is never said apart."""

    username = forms.CharField(
        label=_("账号"), max_length=40, widget=_text(autocomplete="username", autofocus=True)
    )
    password = forms.CharField(
        label=_("密码"), max_length=200, strip=False, widget=_password("current-password")
    )


class PasswordForm(forms.Form):
    """A new password, twice."""

    current = forms.CharField(label=_("现在的密码"), strip=False, widget=_password("current-password"))
    password = forms.CharField(
        label=_("新密码"),
        strip=False,
        widget=_password("new-password"),
        help_text=_("至少 12 位，不能是常见密码，不能与账号、姓名相近。"),
    )
    again = forms.CharField(label=_("再输一次新密码"), strip=False, widget=_password("new-password"))

    def clean(self) -> dict[str, Any]:
        """Both times the same."""
        found = super().clean() or {}
        if "again" in found and found.get("password") != found["again"]:
            self.add_error("again", _("两次输入的新密码不一样，请重新输入。"))
        return found


class ClockForm(forms.Form):
    """What the deadline calculator computes from. All values are plain text, checked by the core."""

    start = forms.CharField(
        label=_("起算时间"),
        max_length=40,
        widget=_text(placeholder="2026-09-30 16:00"),
        help_text=_("例如 2026-09-30 16:00，按北京时间。"),
    )
    limit = forms.CharField(
        label=_("期限"),
        max_length=20,
        widget=_text(placeholder="10wd"),
        help_text=_("数字加单位：wd 工作日，d 自然日，h 小时，sh 工作小时，mo 月，y 年。例如 10wd。"),
    )
    pauses = forms.CharField(
        label=_("暂停"),
        required=False,
        max_length=2000,
        widget=_text(placeholder="2026-05-06 09:00/2026-05-12 16:00"),
        help_text=_("起/止，多段用分号隔开。"),
    )


class YearFileForm(forms.Form):
    """A year of days off as a file."""

    file = forms.FileField(
        label=_("年度文件（JSON）"),
        help_text=_(
            "一年的放假与调休安排：年份、文号、逐日列出日期、节日名称、是否放假。UTF-8，不超过 200 KB。"
        ),
    )


class NoticeForm(forms.Form):
    """The words of a holiday notice."""

    year = forms.IntegerField(
        label=_("年份"),
        min_value=2007,
        max_value=2100,
        widget=forms.NumberInput({"class": "form-control num"}),
    )
    paper = forms.CharField(label=_("文号"), required=False, max_length=100, widget=_text())
    text = forms.CharField(
        label=_("通知全文"),
        max_length=MOST_NOTICE,
        widget=forms.Textarea({"class": "form-control", "rows": 6}),
        help_text=_("粘贴国务院办公厅放假通知的文字，调休上班的日子会一并读出。"),
    )


_TYPED = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*(?:周[一二三四五六日])?[\sT]*(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)


def typed_moment(text: str) -> str:
    """A date and time as people and our own pages write it, in ISO 8601; anything else comes back as it is.

    `2026/9/30 17:00`, `2026年9月30日 17：00` and `2026-09-30 周三 17:00` are all `2026-09-30T17:00:00`.
    """
    found = _TYPED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return text
    year, *rest = (int(part or 0) for part in found.groups())
    return "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(year, *rest)


def take_over(form: forms.Form, problems: Sequence[Problem]) -> None:
    """Show the problems of a refusal at their fields; what has no field stands above the form."""
    for problem in problems:
        words = "；".join(part for part in (problem.why, problem.remedy) if part)
        form.add_error(problem.field if problem.field in form.fields else None, words)
