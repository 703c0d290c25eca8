"""Rows of the docket. Every row here is a cached fold of the journal, or a copy for indexes; nothing decides."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Case(models.Model):
    """One row for each case of every measure: where it stands and when its light changes."""

    class Kind(models.TextChoices):
        """办件类型."""

        ON_THE_SPOT = "on_the_spot", _("即办件")
        COMMITTED = "committed", _("承诺件")

    class Channel(models.TextChoices):
        """How the case came in."""

        DESK = "desk", _("窗口")
        ONLINE = "online", _("网上")
        IMPORT = "import", _("导入")

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=16)
    number = models.CharField(max_length=50, unique=True)
    measure = models.CharField(max_length=32)
    procedure = models.CharField(max_length=64)
    procedure_version = models.CharField(max_length=16)
    stage = models.CharField(max_length=32)
    subject = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.COMMITTED)
    channel = models.CharField(max_length=16, choices=Channel, default=Channel.DESK)
    agency = models.CharField(max_length=32)
    receiving_agency = models.CharField(max_length=32)
    desk = models.CharField(max_length=32, blank=True)
    handler = models.CharField(max_length=64, blank=True)
    enterprise = models.CharField(max_length=18, blank=True)
    applicant_shown = models.CharField(max_length=120, blank=True)
    query_code = models.CharField(max_length=6)
    external_source = models.CharField(max_length=32, blank=True)
    external_no = models.CharField(max_length=100, blank=True)
    outcome = models.CharField(max_length=32, blank=True)
    imported = models.BooleanField(default=False)
    late_entered = models.BooleanField(default=False)
    deemed_admitted = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    warns_at = models.DateTimeField(null=True)
    red_at = models.DateTimeField(null=True)
    breach_at = models.DateTimeField(null=True)
    paused_from = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    next_change_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    seq = models.PositiveIntegerField()
    head = models.BinaryField(max_length=32)
    recorded_at = models.DateTimeField()
    poisoned = models.PositiveSmallIntegerField(default=0)
    poison_error = models.TextField(blank=True)

    class Meta:
        """Partial indexes over open cases keep lists and the tick as cheap at a million cases as at a thousand."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["external_source", "external_no"],
                condition=~Q(external_no=""),
                name="case_external_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["agency", "due_at", "id"], condition=Q(closed_at=None), name="case_agency_due"
            ),
            models.Index(fields=["due_at", "id"], condition=Q(closed_at=None), name="case_due"),
            models.Index(
                fields=["receiving_agency", "due_at", "id"], condition=Q(closed_at=None), name="case_desk_due"
            ),
            models.Index(fields=["warns_at"], condition=Q(closed_at=None), name="case_warns"),
            models.Index(fields=["red_at"], condition=Q(closed_at=None), name="case_red"),
            models.Index(fields=["breach_at"], condition=Q(closed_at=None), name="case_breach"),
            models.Index(fields=["paused_from"], condition=Q(closed_at=None), name="case_paused_from"),
            models.Index(fields=["paused_until"], condition=Q(closed_at=None), name="case_paused_until"),
            models.Index(fields=["agency", "-opened_at", "id"], name="case_agency_opened"),
            models.Index(fields=["-opened_at", "id"], name="case_opened"),
            # Without the open ones: else SQLite would take this index, of all, for `closed_at IS NULL`.
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="case_closed"),
            models.Index(fields=["subject", "-opened_at"], name="case_subject"),
            models.Index(
                fields=["enterprise", "-opened_at"], condition=~Q(enterprise=""), name="case_enterprise"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Clock(models.Model):
    """A promise of a case: moments only, never a light."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    code = models.CharField(max_length=32)
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16)
    owner = models.CharField(max_length=32)
    limit = models.CharField(max_length=16)
    limit_version = models.CharField(max_length=64)
    calendars = models.CharField(max_length=100)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    original_due_at = models.DateTimeField(null=True)
    warns_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    paused_since = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    version = models.PositiveIntegerField()
    step = models.CharField(max_length=64, blank=True)
    next_change_at = models.DateTimeField(null=True)

    class Meta:
        """The worker wakes by `next_change_at`; the rest are drill-downs of the boards."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "code", "ordinal"], name="clock_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_change_at"], condition=Q(next_change_at__isnull=False), name="clock_wake"
            ),
            models.Index(
                fields=["owner", "due_at", "id"], condition=Q(stopped_at=None), name="clock_owner_due"
            ),
            models.Index(fields=["code", "stopped_at"], name="clock_code_stopped"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"


class ClockEffect(models.Model):
    """Proof that a step of a clock was told: the constraint is what makes it happen once."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="effects")
    step = models.CharField(max_length=64)
    clock_version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        """Once per clock, step and version."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["clock", "step", "clock_version"], name="clock_effect_once")
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.step}"


class Applicant(models.Model):
    """Personal data of the person or enterprise behind a case; identity numbers are stored sealed."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="applicant")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    contact = models.CharField(max_length=60, blank=True)
    document_sealed = models.BinaryField(default=b"")
    document_tail = models.CharField(max_length=4, blank=True)
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        """Search by name goes through the index."""

        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["name"], name="applicant_name")]

    def __str__(self) -> str:
        return str(self.case_id)


class Answer(models.Model):
    """The first answer to a client's key, given again byte for byte to a retry; kept 35 days."""

    source = models.CharField(max_length=64)
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        """One answer a key."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "key"], name="answer_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="answer_at")]

    def __str__(self) -> str:
        return self.key


class NumberSequence(models.Model):
    """The last running number of an agency on a day; gaps are allowed, a number is never used again."""

    agency = models.CharField(max_length=32)
    on = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        """One row for each agency and day."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["agency", "on"], name="number_sequence_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.on}"


class CaseCount(models.Model):
    """Open cases by agency, measure, matter and light, as of the last tick; `mark` counts the paused again."""

    measure = models.CharField(max_length=32)
    agency = models.CharField(max_length=32)
    subject = models.CharField(max_length=64)
    mark = models.CharField(max_length=8)
    n = models.BigIntegerField()

    class Meta:
        """One row for each combination."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["agency", "measure", "subject", "mark"], name="case_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.mark} {self.n}"


class CaseCountDelta(models.Model):
    """A change of a count since the last tick; inserted, never updated, so that cases do not wait for each other."""

    measure = models.CharField(max_length=32)
    agency = models.CharField(max_length=32)
    subject = models.CharField(max_length=64)
    mark = models.CharField(max_length=8)
    n = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.agency} {self.mark} {self.n:+d}"


class Tick(models.Model):
    """The worker's heartbeat: one row. Counts are true as of `counted_at`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counted_at = models.DateTimeField()
    last_tick_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.counted_at)


class StoredProcedure(models.Model):
    """The text of a procedure as it was in force: a case keeps the version under which it was opened."""

    code = models.CharField(max_length=64)
    version = models.CharField(max_length=16)
    text = models.TextField()
    installed_at = models.DateTimeField()

    class Meta:
        """One text a version."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "version"], name="stored_procedure_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class StoredCalendar(models.Model):
    """An immutable version of a calendar; the newest confirmed one is in force."""

    code = models.CharField(max_length=32)
    version = models.CharField(max_length=16)
    number = models.PositiveIntegerField()
    text = models.TextField()
    papers = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=64, blank=True)

    class Meta:
        """Numbered by calendar; the same content may come back as a later version."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "number"], name="stored_calendar_number"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["code", "version"], name="stored_calendar_version"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class WarningModeChange(models.Model):
    """A step of a hall's warning system (off, trial, live): proposed by one person, approved by another.

    `begins_at` is set by the approval; `gate` keeps the figures that were looked at then.
    """

    hall = models.CharField(max_length=32)
    mode = models.CharField(max_length=8)
    since = models.DateField()
    paper = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True)
    proposed_by = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    begins_at = models.DateTimeField(null=True)
    turned_down_by = models.CharField(max_length=64, blank=True)
    turned_down_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    gate = models.JSONField(default=list)

    class Meta:
        """At most one step of a hall waits."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["hall"],
                condition=Q(approved_at=None, turned_down_at=None),
                name="warning_mode_one_waits",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["hall", "begins_at"], name="warning_mode_begins")
        ]

    def __str__(self) -> str:
        return f"{self.hall} {self.mode}"
