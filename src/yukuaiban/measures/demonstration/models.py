"""Rows beside the cases: editions of the index with their nodes, leaves, gaps, and what an application gathers."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yukuaiban.cases.models import Case
from yukuaiban.measures.demonstration.rules import PASSING_GRADE, Method, SurveyFigures

GRADES = [("full", _("全部符合")), ("most", _("大部分符合")), ("half", _("部分符合")), ("none", _("不符合"))]


class IndexEdition(models.Model):
    """An edition of the index: one a batch, with the case of its application. Never changed after the import."""

    class Kind(models.TextChoices):
        """What is applied for."""

        COMPREHENSIVE = "comprehensive", _("综合示范区")
        SINGLE = "single", _("单项")

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="edition")
    batch = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    source = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField()
    period_since = models.DateField()
    period_until = models.DateField()

    def __str__(self) -> str:
        return self.name


class IndexNode(models.Model):
    """One node of an edition. A weight may be missing: most are not published."""

    edition = models.ForeignKey(IndexEdition, models.PROTECT, related_name="nodes")
    place = models.PositiveIntegerField()
    code = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    parent = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=500)
    weight = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    method = models.CharField(max_length=16)
    veto = models.BooleanField(default=False)
    kinds = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        """In the order of the table; a code once in an edition."""

        ordering: ClassVar[list[str]] = ["place"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edition", "code"], name="index_node_code")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def method_title(self) -> str:
        """The method in words."""
        return str(METHOD_TITLES[Method(self.method)])


METHOD_TITLES = {
    Method.PAPER: _("书面"),
    Method.ON_SITE: _("实地"),
    Method.SURVEY: _("测评"),
    Method.THIRD_PARTY: _("第三方"),
}


class Survey(models.Model):
    """A survey of awareness and satisfaction, with its numbers as they were brought."""

    edition = models.ForeignKey(IndexEdition, models.PROTECT, related_name="surveys")
    number = models.PositiveIntegerField()
    on = models.DateField()
    asked = models.PositiveIntegerField()
    know = models.PositiveIntegerField()
    valid = models.PositiveIntegerField()
    satisfied = models.PositiveIntegerField()
    frame = models.CharField(max_length=300)

    class Meta:
        """Numbered in an edition."""

        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edition", "number"], name="survey_number")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.on}"

    @property
    def figures(self) -> SurveyFigures:
        """The numbers, from which rates come."""
        return SurveyFigures(self.asked, self.know, self.valid, self.satisfied)


class Leaf(models.Model):
    """What is known of a leaf beside its case: who helps, and what it was given by whom."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="leaf")
    node = models.OneToOneField(IndexNode, models.PROTECT, related_name="leaf")
    supporting = models.JSONField(default=list)
    self_grade = models.CharField(max_length=8, blank=True, choices=GRADES)
    self_reason = models.TextField(blank=True)
    review_grade = models.CharField(max_length=8, blank=True, choices=GRADES)
    review_opinion = models.TextField(blank=True)
    outside_grade = models.CharField(max_length=8, blank=True, choices=GRADES)
    outside_finding = models.TextField(blank=True)
    survey = models.ForeignKey(Survey, models.PROTECT, null=True, related_name="leaves")

    def __str__(self) -> str:
        return str(self.node)

    @property
    def own_share(self) -> Fraction | None:
        """What the district itself says was reached: the survey's rate where a survey decides, else the self score."""
        if self.survey is not None:
            return self.survey.figures.satisfaction.rate
        return PASSING_GRADE.get(self.self_grade)

    @property
    def review_share(self) -> Fraction | None:
        """What the internal reviewer says."""
        return PASSING_GRADE.get(self.review_grade)

    @property
    def outside_share(self) -> Fraction | None:
        """What the evaluator from outside says."""
        return PASSING_GRADE.get(self.outside_grade)


class Gap(models.Model):
    """Something found wanting at a leaf. A gap that opens again keeps its earlier closings."""

    class Origin(models.TextChoices):
        """Who found it."""

        REVIEW = "review", _("内部复核")
        OUTSIDE = "outside", _("第三方评估")
        MOCK = "mock", _("模拟查看")
        LOOK_BACK = "look_back", _("回头看")

    leaf = models.ForeignKey(Leaf, models.PROTECT, related_name="gaps")
    number = models.PositiveIntegerField()
    finding = models.TextField()
    origin = models.CharField(max_length=16, choices=Origin.choices)
    found_at = models.DateTimeField()
    measure = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closings = models.JSONField(default=list)
    reopened = models.PositiveIntegerField(default=0)

    class Meta:
        """Numbered at a leaf."""

        ordering: ClassVar[list[str]] = ["leaf__node__place", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["leaf", "number"], name="gap_number")
        ]

    def __str__(self) -> str:
        return self.finding


class ApplicationStep(models.Model):
    """An outer step of an application, entered with its document."""

    edition = models.ForeignKey(IndexEdition, models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=32)
    on = models.DateField()
    answer = models.CharField(max_length=500, blank=True)
    document = models.CharField(max_length=64)

    class Meta:
        """In the order of the days."""

        ordering: ClassVar[list[str]] = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.stage} {self.on}"


class LiaisonNote(models.Model):
    """A contact with city or province: what was said. It moves no stage."""

    class Level(models.TextChoices):
        """With whom."""

        CITY = "city", _("市级")
        PROVINCE = "province", _("省级")

    edition = models.ForeignKey(IndexEdition, models.PROTECT, related_name="notes")
    level = models.CharField(max_length=16, choices=Level.choices)
    on = models.DateField()
    office = models.CharField(max_length=100)
    topic = models.CharField(max_length=200)
    said = models.TextField()
    next_on = models.DateField(null=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-on", "-pk"]

    def __str__(self) -> str:
        return self.topic


class SiteVisit(models.Model):
    """A place that is looked at, mock or real: which leaves, what was found."""

    edition = models.ForeignKey(IndexEdition, models.PROTECT, related_name="visits")
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=100)
    on = models.DateField()
    real = models.BooleanField(default=False)
    points = models.JSONField(default=list)
    leaves = models.JSONField(default=list)
    passed = models.BooleanField(null=True)
    findings = models.TextField(blank=True)

    class Meta:
        """Numbered in an edition."""

        ordering: ClassVar[list[str]] = ["on", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edition", "number"], name="site_visit_number")
        ]

    def __str__(self) -> str:
        return self.place


class ExternalReview(models.Model):
    """An evaluator from outside: reads the named leaves and scores them through a link that ends on a day.

    Only the hash of the link's token is kept, so nobody can read a working link out of the database.
    """

    edition = models.ForeignKey(IndexEdition, models.PROTECT, related_name="reviews")
    evaluator = models.CharField(max_length=100)
    letter = models.CharField(max_length=100)
    method = models.CharField(max_length=200, blank=True)
    until = models.DateField()
    leaves = models.JSONField(default=list)
    token_sha256 = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.evaluator
