"""培训: one list and one form for all measures that ask for trained people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from yukuaiban.core.errors import InputInvalid
from yukuaiban.people.models import Attendance, Post, Training
from yukuaiban.people.queries import agency_names
from yukuaiban.people.roles import role_title
from yukuaiban.people.trainings import TrainingDraft, record
from yukuaiban.web import gate, lists, scope
from yukuaiban.web.actionforms import show_problems
from yukuaiban.web.templatetags import ykb
from yukuaiban.web.views.lists import page, write

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

_TRAINED = ("desk_clerk", "desk_head", "handler", "officer", "town_officer")
"""The roles whose people the form offers."""


@dataclass(frozen=True, slots=True)
class Row:
    """A training as the list shows it; the numbers are people."""

    training: Training
    trainer: str
    passed: int
    failed: int


def _query(_view: lists.View) -> QuerySet[Training]:
    return Training.objects.all()


def _dress(rows: Sequence[Training], _view: lists.View) -> list[Row]:
    agencies = agency_names()
    counts = Attendance.objects.filter(training__in=rows).values_list("training", "result")
    numbers = {(pk, result): n for pk, result, n in counts.annotate(n=Count("pk")).order_by()}
    return [
        Row(
            each,
            agencies.get(each.trainer, each.trainer),
            numbers.get((each.pk, Attendance.Result.PASSED.value), 0),
            numbers.get((each.pk, Attendance.Result.FAILED.value), 0),
        )
        for each in rows
    ]


def _by_person(rows: QuerySet[Training], value: str, _view: lists.View) -> QuerySet[Training]:
    who = Attendance.objects.filter(Q(staff__name__contains=value) | Q(staff__login=value))
    return rows.filter(pk__in=who.values("training_id"))


def _subjects(_view: lists.View) -> list[tuple[str, str]]:
    return [(code, str(title)) for code, title in Training.Subject.choices]


TRAININGS = lists.ListSpec(
    code="trainings",
    title=gettext_lazy("培训"),
    unit=gettext_lazy("次"),
    whole=True,
    query=_query,
    columns=(
        lists.Column("title", gettext_lazy("培训名称"), lambda row: row.training.title),
        lists.Column(
            "held_on",
            gettext_lazy("日期"),
            lambda row: ykb.day(row.training.held_on),
            order="held_on",
            css="nowrap num",
        ),
        lists.Column("subject", gettext_lazy("内容"), lambda row: str(row.training.get_subject_display())),
        lists.Column("hours", gettext_lazy("学时"), lambda row: str(row.training.hours), css="n"),
        lists.Column("trainer", gettext_lazy("培训单位"), lambda row: row.trainer),
        lists.Column("passed", gettext_lazy("合格人数"), lambda row: str(row.passed), css="n"),
        lists.Column("failed", gettext_lazy("不合格人数"), lambda row: str(row.failed), css="n"),
        lists.Column("material", gettext_lazy("培训材料"), lambda row: row.training.material or "—"),
    ),
    orders=(
        lists.Order("held_on", gettext_lazy("日期，新的在前"), "held_on", descending=True),
        lists.Order("oldest", gettext_lazy("日期，早的在前"), "held_on"),
    ),
    filters=(
        lists.Filter(
            "text",
            gettext_lazy("培训名称"),
            lambda rows, value, _view: rows.filter(title__contains=value),
        ),
        lists.Filter(
            "subject",
            gettext_lazy("内容"),
            lambda rows, value, _view: rows.filter(subject=value),
            choices=_subjects,
        ),
        lists.Filter("person", gettext_lazy("参加人姓名或账号"), _by_person),
        lists.Filter(
            "since",
            gettext_lazy("自"),
            lambda rows, value, _view: rows.filter(held_on__gte=scope.midnight(value).date()),
            day=True,
        ),
        lists.Filter(
            "until",
            gettext_lazy("至"),
            lambda rows, value, _view: rows.filter(
                held_on__lt=(scope.midnight(value) + timedelta(days=1)).date()
            ),
            day=True,
        ),
    ),
    dress=_dress,
    nothing_yet=gettext_lazy("还没有登记培训。办过培训后在“登记培训”里记下日期、内容和每个人的结果。"),
)


def _people(at: datetime) -> list[tuple[str, str]]:
    """Whoever works at desks, in offices or in the field, by name, with agency and role."""
    agencies = agency_names()
    lasts = Q(until=None) | Q(until__gt=at)
    posts = Post.objects.filter(lasts, since__lte=at, role__in=_TRAINED, staff__is_active=True)
    found: dict[str, str] = {}
    for post in posts.select_related("staff").order_by("agency_id", "staff__name", "pk"):
        told = (
            f"{post.staff.name}（{agencies.get(post.agency_id, post.agency_id)} · {role_title(post.role)}）"
        )
        found.setdefault(str(post.staff.uid), told)
    return list(found.items())


class TrainingForm(forms.Form):
    """A training that was held, with the result of each person."""

    title = forms.CharField(
        label=gettext_lazy("培训名称"), max_length=200, widget=forms.TextInput({"class": "form-control"})
    )
    held_on = forms.DateField(
        label=gettext_lazy("日期"),
        widget=forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    hours = forms.IntegerField(
        label=gettext_lazy("学时"), widget=forms.NumberInput({"class": "form-control", "min": 1})
    )
    trainer = forms.ChoiceField(label=gettext_lazy("培训单位"), widget=forms.Select({"class": "form-select"}))
    subject = forms.ChoiceField(
        label=gettext_lazy("内容"),
        choices=Training.Subject.choices,
        help_text=gettext_lazy("预警系统正式运行看“系统操作”是否合格"),
        widget=forms.Select({"class": "form-select"}),
    )
    material = forms.CharField(
        label=gettext_lazy("培训材料"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("材料名称或存放处"),
        widget=forms.TextInput({"class": "form-control"}),
    )
    passed = forms.MultipleChoiceField(
        label=gettext_lazy("合格的人"), required=False, widget=forms.CheckboxSelectMultiple
    )
    failed = forms.MultipleChoiceField(
        label=gettext_lazy("不合格的人"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, at: datetime) -> None:
        super().__init__(data, auto_id="f-%s")
        people = _people(at)
        agencies = sorted(agency_names().items(), key=lambda pair: pair[1])
        choices = {"trainer": agencies, "passed": people, "failed": people}
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]


def trainings(request: HttpRequest) -> HttpResponse:
    """All trainings, newest first."""
    may = gate.may_open(request.subject, "training_new")  # type: ignore[attr-defined]
    return page(request, TRAININGS, export="trainings_export", template="web/trainings.html", may_record=may)


def export(request: HttpRequest) -> HttpResponse:
    """The filtered trainings as a file."""
    return write(request, TRAININGS)


def new(request: HttpRequest) -> HttpResponse:
    """Write a training down."""
    if request.method != "POST":
        return render(request, "web/training_new.html", {"form": TrainingForm(at=scope.now())})
    form = TrainingForm(request.POST, at=scope.now())
    above: list[str] = []
    if form.is_valid():
        try:
            record(TrainingDraft(**form.cleaned_data), request.subject, request.pen)  # type: ignore[attr-defined]
        except InputInvalid as refusal:
            above = show_problems(form, refusal.problems)
        else:
            return redirect("trainings")
    return render(request, "web/training_new.html", {"form": form, "problems": above}, status=422)
