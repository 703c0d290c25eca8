"""Rows of the plan. What a text says lies in its versions; undertakings, milestones and targets are those in force.

A row that a newer version leaves out stays, with the number of that version in `gone_in`: tasks keep their history.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yukuaiban.cases.models import Case
from yukuaiban.evidence.models import EvidenceFile

_KEY = 32


class Plan(models.Model):
    """The plan of a year; its life is told by the stream `plan:YEAR`."""

    class Status(models.TextChoices):
        """Where the plan stands. A newer version being read leaves the one in force as it is."""

        DRAFT = "draft", _("已录入")
        READING = "reading", _("校核中")
        CONFIRMED = "confirmed", _("已确认")
        IN_FORCE = "in_force", _("执行中")
        CLOSED = "closed", _("已收官")

    year = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=200)
    document_no = models.CharField(max_length=100, blank=True)
    theme = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.year} {self.title}"


class PlanVersion(models.Model):
    """A text of the plan and what was read of it. `sheet` is that of `plans.sheet`; `revision` counts corrections.

    Once confirmed nothing of it changes any more; a dropped one was never in force.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    sheet = models.JSONField()
    revision = models.PositiveIntegerField(default=0)
    read_by = models.CharField(max_length=64)
    read_at = models.DateTimeField()
    corrected_by = models.CharField(max_length=64)
    confirmed_by = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        """Numbered within the plan; the same text is taken in once, unless it was dropped."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number"),
            models.UniqueConstraint(
                fields=["sha256"], condition=models.Q(dropped_at=None), name="plan_version_text_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"


class Undertaking(models.Model):
    """具体举措, or a safeguard. `key` stays the same through all versions of the plan."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="undertakings")
    key = models.CharField(max_length=_KEY)
    order = models.PositiveSmallIntegerField()
    no = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    safeguard = models.BooleanField(default=False)
    lead_agency = models.CharField(max_length=32, blank=True)
    leader = models.CharField(max_length=60, blank=True)
    gone_in = models.PositiveIntegerField(null=True)

    class Meta:
        """One row for each item of a plan."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "key"], name="undertaking_once")
        ]

    def __str__(self) -> str:
        return self.title


class Responsibility(models.Model):
    """An agency of an undertaking: its role, the name that the text gives it, and where that comes from."""

    class Role(models.TextChoices):
        """牵头、责任、配合."""

        LEAD = "lead", _("牵头单位")
        RESPONSIBLE = "responsible", _("责任单位")
        SUPPORTING = "supporting", _("配合单位")
        ALL = "all", _("各有关单位")

    class Source(models.TextChoices):
        """Whether the text names it, or a person entered it."""

        TEXT = "text", _("原文")
        ENTERED = "entered", _("录入")

    undertaking = models.ForeignKey(Undertaking, models.PROTECT, related_name="responsibilities")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    agency = models.CharField(max_length=32)
    role = models.CharField(max_length=12, choices=Role)
    source = models.CharField(max_length=8, choices=Source)

    class Meta:
        """Each agency once in each role."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["undertaking", "agency", "role"], name="responsibility_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["agency"], name="responsibility_agency")
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.role}"


class Milestone(models.Model):
    """A step of an undertaking. `kind` is that of `duedates.Kind`, `due_on` the last day, `fixed` one set by hand."""

    undertaking = models.ForeignKey(Undertaking, models.PROTECT, related_name="milestones")
    key = models.CharField(max_length=_KEY, unique=True)
    order = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=12)
    text = models.TextField()
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    fixed = models.DateField(null=True)
    due_on = models.DateField(null=True)
    weight = models.PositiveSmallIntegerField(default=1)
    deliverable = models.CharField(max_length=40, blank=True)
    gone_in = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.text[:40]


class Task(models.Model):
    """One deliverable of a milestone: a case with its clocks. `points` are its checkpoints, `passed` so many of them.

    A point is `{"label", "begins", "due_on", "due", "provisional"}`.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="plan_task")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="tasks")
    order = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=40)
    points = models.JSONField()
    passed = models.PositiveSmallIntegerField(default=0)
    accepted_at = models.JSONField(default=list)
    looked_back_at = models.DateTimeField(null=True)

    class Meta:
        """One task for each turn of a milestone."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["milestone", "order"], name="plan_task_once")
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id} {self.label}"


class LedgerEntry(models.Model):
    """台账: what was done on a task, by a report of its agency."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="ledger")
    on = models.DateField()
    text = models.TextField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """Read by task, newest first."""

        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["task", "-at"], name="plan_ledger")]

    def __str__(self) -> str:
        return self.text[:40]


class Target(models.Model):
    """A promised number of an undertaking. Bound to an indicator (`measure.code`), or stated by hand with evidence."""

    undertaking = models.ForeignKey(Undertaking, models.PROTECT, related_name="targets")
    key = models.CharField(max_length=_KEY, unique=True)
    order = models.PositiveSmallIntegerField()
    text = models.TextField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    unit = models.CharField(max_length=20)
    comparison = models.CharField(max_length=8)
    soft = models.BooleanField(default=False)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    indicator = models.CharField(max_length=80, blank=True)
    part = models.BigIntegerField(null=True)
    whole = models.BigIntegerField(null=True)
    stated_on = models.DateField(null=True)
    gone_in = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.text[:40]


class Direction(models.Model):
    """A movement that the text orders without a number, bound to an indicator; its base is frozen with n."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="directions")
    key = models.CharField(max_length=_KEY, unique=True)
    text = models.TextField()
    indicator = models.CharField(max_length=80)
    up = models.BooleanField(default=True)
    base_on = models.DateField()
    base_part = models.BigIntegerField(null=True)
    base_whole = models.BigIntegerField(null=True)
    gone_in = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.text[:40]


class PlanGoal(models.Model):
    """A goal of the whole plan (全省第一方阵): shown with its published figure and its source, never computed."""

    class Kind(models.TextChoices):
        """A rank that is entered from a published result, or a figure for context."""

        RANK = "rank", _("位次目标")
        CONTEXT = "context", _("发展目标")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="goals")
    key = models.CharField(max_length=_KEY, unique=True)
    text = models.TextField()
    kind = models.CharField(max_length=8, choices=Kind)
    figure = models.CharField(max_length=100, blank=True)
    figure_source = models.CharField(max_length=200, blank=True)
    gone_in = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.text[:40]


class Lineage(models.Model):
    """Where a number of a report comes from: formula, n of m, the cases and documents that were counted.

    `uid` is made of all that but the day, so the same state gives the same row; `cases` and `files` hold the first of
    so many. It is never changed.
    """

    uid = models.CharField(max_length=_KEY, unique=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="lineages")
    title = models.CharField(max_length=300)
    formula = models.CharField(max_length=80)
    formula_text = models.TextField()
    version = models.CharField(max_length=200)
    text = models.CharField(max_length=100)
    share = models.CharField(max_length=200)
    as_of = models.DateField()
    cases = models.JSONField()
    case_count = models.PositiveIntegerField()
    files = models.JSONField()
    file_count = models.PositiveIntegerField()
    first_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.title} {self.text}"


class ProgressReport(models.Model):
    """A finished report of a quarter, or of the year (`quarter` 0), with the list of what a person has to fill in."""

    uid = models.UUIDField(unique=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reports")
    quarter = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    as_of = models.DateField()
    docx = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="+")
    pdf = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    blanks = models.JSONField()
    numbers = models.JSONField()
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        """Read by plan, newest first."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["plan", "-made_at"], name="plan_reports")
        ]

    def __str__(self) -> str:
        return self.title


class InterimResult(models.Model):
    """阶段成效: what an undertaking has brought in a quarter. Public while its case stands at `published`."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="interim_result")
    undertaking = models.ForeignKey(Undertaking, models.PROTECT, related_name="results")
    quarter = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    text = models.TextField()
    written_by = models.CharField(max_length=64)
    published_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title
