"""Tables of the measure: the register of matters, halls and desks, and what a window case has of its own.

Register rows and the rows beside a case are written together with a journal event and hold nothing that the event
does not hold; nothing here decides.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yukuaiban.cases.models import Case


class Matter(models.Model):
    """A government service matter (政务服务事项). Its code is opaque, up to 64 characters."""

    class Kind(models.TextChoices):
        """事项类型; the standard's own numbers stand in STANDARD_KINDS."""

        PERMIT = "permit", _("行政许可")
        PAYMENT = "payment", _("行政给付")
        CONFIRMATION = "confirmation", _("行政确认")
        REWARD = "reward", _("行政奖励")
        RULING = "ruling", _("行政裁决")
        COLLECTION = "collection", _("行政征收")
        PENALTY = "penalty", _("行政处罚")
        COERCION = "coercion", _("行政强制")
        INSPECTION = "inspection", _("行政检查")
        OTHER = "other", _("其他行政权力")
        PUBLIC_SERVICE = "public_service", _("公共服务")

    class CaseKind(models.TextChoices):
        """办件类型."""

        ON_THE_SPOT = "on_the_spot", _("即办件")
        COMMITTED = "committed", _("承诺件")

    code = models.CharField(_("事项编码"), max_length=64, primary_key=True)
    name = models.CharField(_("事项名称"), max_length=200)
    initials = models.CharField(max_length=120, blank=True)
    agency = models.CharField(_("实施单位"), max_length=32)
    kind = models.CharField(_("事项类型"), max_length=16, choices=Kind, default=Kind.OTHER)
    level = models.CharField(_("行使层级"), max_length=16, blank=True)
    case_kind = models.CharField(_("办件类型"), max_length=16, choices=CaseKind, default=CaseKind.COMMITTED)
    fee = models.BooleanField(_("收费"), default=False)
    result_name = models.CharField(_("办理结果"), max_length=200, blank=True)
    desk_group = models.CharField(_("窗口分组"), max_length=64, blank=True)
    since = models.DateField(_("施行日期"))
    until = models.DateField(_("停止日期"), null=True, blank=True)
    published = models.BooleanField(_("已公布"), default=False)
    findings = models.JSONField(default=list)
    origin = models.CharField(max_length=16, default="pack")

    class Meta:
        """Lists go by agency, desks look up by words or initials."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["agency", "name", "code"], name="matter_agency"),
            models.Index(fields=["initials"], name="matter_initials"),
            models.Index(fields=["name", "code"], name="matter_name"),
        ]

    def __str__(self) -> str:
        return self.name


STANDARD_KINDS = {
    "permit": "01",
    "penalty": "02",
    "coercion": "03",
    "collection": "04",
    "payment": "05",
    "inspection": "06",
    "confirmation": "07",
    "reward": "08",
    "ruling": "09",
    "other": "10",
    "public_service": "20",
}
"""Kind -> code of GB/T 39046 annex A."""


class MatterSheet(models.Model):
    """A version of a matter's implementation list (实施清单): proposed by one person, approved by another."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveSmallIntegerField()
    case_kind = models.CharField(max_length=16, choices=Matter.CaseKind, default=Matter.CaseKind.COMMITTED)
    statutory_limit = models.CharField(max_length=16, blank=True)
    statutory_source = models.CharField(max_length=200, blank=True)
    statutory_authority = models.CharField(max_length=16, default="ours")
    statutory_confirmed = models.BooleanField(default=False)
    committed_limit = models.CharField(max_length=16, blank=True)
    committed_source = models.CharField(max_length=200, blank=True)
    committed_authority = models.CharField(max_length=16, default="ours")
    committed_confirmed = models.BooleanField(default=False)
    materials = models.JSONField(default=list)
    conditions = models.TextField(blank=True)
    pausable = models.JSONField(default=list)
    legal_basis = models.CharField(max_length=300, blank=True)
    site_check = models.BooleanField(default=False)
    visit_count = models.SmallIntegerField(null=True, blank=True)
    visit_reason = models.CharField(max_length=200, blank=True, default="")
    online = models.BooleanField(default=False)
    online_only = models.BooleanField(default=False)
    courier = models.BooleanField(default=False)
    since = models.DateField()
    proposed_by = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    turned_down_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    findings = models.JSONField(default=list)

    class Meta:
        """Numbered by matter; at most one proposal waits."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["matter", "number"], name="matter_sheet_number"),
            models.UniqueConstraint(
                fields=["matter"],
                condition=Q(approved_at=None, turned_down_at=None),
                name="matter_sheet_one_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.number}"


class Hall(models.Model):
    """A government service hall (政务大厅)."""

    code = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=100)
    agency = models.CharField(max_length=32)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Desk(models.Model):
    """A desk (窗口): general desks take every matter, special ones the matters they are skilled in."""

    class Kind(models.TextChoices):
        """窗口类型."""

        GENERAL = "general", _("综合窗口")
        SPECIAL = "special", _("专业窗口")
        DELIVERY = "delivery", _("出件窗口")

    code = models.CharField(max_length=32, primary_key=True)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="desks")
    number = models.CharField(max_length=16)
    name = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.GENERAL)
    agency = models.CharField(max_length=32)
    skills = models.JSONField(default=list)
    since = models.DateField()
    until = models.DateField(null=True)
    merged_into = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name or self.number


class DeskCase(models.Model):
    """What a window case has beside its docket row: the matter and the sheet under which it was taken in."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="desk_case")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="cases")
    sheet = models.ForeignKey(MatterSheet, on_delete=models.PROTECT, related_name="cases")
    materials = models.JSONField(default=list)
    gaps = models.JSONField(default=list)
    repeat_notice = models.BooleanField(default=False)
    # How the hall warned when the case was opened: it keeps this mode for the score.
    warning_mode = models.CharField(max_length=8, default="live")

    def __str__(self) -> str:
        return str(self.case_id)


class OverrunExplanation(models.Model):
    """A public sentence why a promise was not kept in time (优化营商环境条例第三十六条)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="explanations")
    clock = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    agency = models.CharField(max_length=32)
    author = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    published_at = models.DateTimeField()
    public = models.BooleanField(default=True)

    class Meta:
        """The newest stand first on the public page."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "seq"], name="overrun_explanation_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-published_at", "id"], name="overrun_published")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock}"


class Paper(models.Model):
    """A document served on the applicant (文书): numbered by agency, kind and year; the number is never reused."""

    class Kind(models.TextChoices):
        """文书种类."""

        ADMISSION = "admission", _("受理通知书")
        CORRECTION = "correction", _("一次性补正告知书")
        REFUSAL = "refusal", _("不予受理通知书")
        REDIRECT = "redirect", _("转告通知书")
        NO_PERMIT = "no_permit", _("无须许可告知书")
        PAUSE = "pause", _("中止计时告知书")
        EXTENSION = "extension", _("延期告知书")
        DENIAL = "denial", _("不予许可决定书")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=16, choices=Kind)
    agency = models.CharField(max_length=32)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    seq = models.PositiveIntegerField()
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        """A number once; a paper once for an event."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["agency", "kind", "year", "number"], name="paper_number_once"),
            models.UniqueConstraint(fields=["case", "seq", "kind"], name="paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year} {self.number}"


class PaperSequence(models.Model):
    """The last running number of an agency's papers of a kind in a year; the row is locked while a number is drawn."""

    agency = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        """One row for each."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["agency", "kind", "year"], name="paper_sequence_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.kind} {self.year}"


class QueryTry(models.Model):
    """Tries of the public query: by address and minute, by case number and day. Keys are keyed hashes."""

    key = models.CharField(max_length=64)
    slot = models.CharField(max_length=24)
    count = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        """One row for each key and slot."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key", "slot"], name="query_try_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="query_try_at")]

    def __str__(self) -> str:
        return self.slot


class LightDispute(models.Model):
    """What an agency says of a light given in trial: right, or wrong and why; and what was found (灯的核对)."""

    class Stand(models.TextChoices):
        """单位意见."""

        CONFIRMED = "confirmed", _("灯是对的")
        DISPUTED = "disputed", _("有异议")

    class Outcome(models.TextChoices):
        """裁定: whose fault a disputed light is."""

        DATA_WRONG = "data_wrong", _("数据有误")
        RULE_WRONG = "rule_wrong", _("规则有误")
        LIGHT_RIGHT = "light_right", _("灯无误")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="light_disputes")
    hall = models.CharField(max_length=32)
    clock = models.CharField(max_length=32)
    ordinal = models.PositiveSmallIntegerField()
    light = models.CharField(max_length=8)
    agency = models.CharField(max_length=32)
    stand = models.CharField(max_length=16, choices=Stand)
    why = models.CharField(max_length=500, blank=True)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    finding = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    mended = models.CharField(max_length=500, blank=True)
    mended_by = models.CharField(max_length=64, blank=True)
    mended_at = models.DateTimeField(null=True)

    class Meta:
        """A light is judged by its agency once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "clock", "ordinal", "light"], name="light_dispute_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-made_at", "id"], name="light_dispute_made"),
            models.Index(fields=["hall", "outcome"], name="light_dispute_hall"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock} {self.light}"
