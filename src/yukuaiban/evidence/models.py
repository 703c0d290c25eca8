"""Files that prove something. The bytes lie in a folder under their own hash; the row says whose they are.

A `Document` is what people call a piece of evidence: it has versions, each with its file and what is said of it, and
serves any number of subjects of the rooms above, which it knows only as a kind and a key.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class EvidenceFile(models.Model):
    """One file of one case, or of a document (then without a number), unchanged since it was stored."""

    uid = models.UUIDField(unique=True)
    case_number = models.CharField(max_length=50, blank=True)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    mime = models.CharField(max_length=100)
    kind = models.CharField(max_length=40, blank=True)
    stored_by = models.CharField(max_length=64)
    stored_at = models.DateTimeField()

    class Meta:
        """Read by case, in the order of storing."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case_number", "stored_at"], name="evidence_of_case")
        ]

    def __str__(self) -> str:
        return self.name


class Scan(models.Model):
    """What the scanner last said of some bytes, whoever brought them. No row: nobody has looked."""

    class State(models.TextChoices):
        """The words of the scanner. FAILED is no answer and never counts as clean."""

        CLEAN = "clean", _("未发现病毒")
        INFECTED = "infected", _("发现病毒")
        FAILED = "failed", _("查毒未完成")

    sha256 = models.CharField(max_length=64, primary_key=True)
    state = models.CharField(max_length=10, choices=State.choices)
    said = models.CharField(max_length=200, blank=True)
    scanner = models.CharField(max_length=40)
    scanned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sha256[:8]} {self.state}"


class Document(models.Model):
    """A piece of evidence through all its versions. `version` is the number of the newest one."""

    uid = models.UUIDField(unique=True)
    agency = models.CharField(max_length=32, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.uid)


class DocumentVersion(models.Model):
    """One version: the file and what is said of it. Kind and day may be missing until it is handed in.

    `masked` is the copy in which personal data is covered; a document with `personal` goes outside only as that copy.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file = models.OneToOneField(EvidenceFile, models.PROTECT, related_name="version")
    masked = models.OneToOneField(EvidenceFile, models.PROTECT, null=True, related_name="masks")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, blank=True)
    document_no = models.CharField(max_length=100, blank=True)
    issued_on = models.DateField(null=True)
    period_since = models.DateField(null=True)
    period_until = models.DateField(null=True)
    personal = models.BooleanField(default=False)

    class Meta:
        """Numbers of one document count up; a period does not end before it begins."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_number"),
            models.CheckConstraint(
                condition=models.Q(period_since=None)
                | models.Q(period_until=None)
                | models.Q(period_since__lte=models.F("period_until")),
                name="document_period_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DocumentLink(models.Model):
    """A document serves a subject. The row is there while it does; the journal keeps what was."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="links")
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=100)
    linked_by = models.CharField(max_length=64)
    linked_at = models.DateTimeField()

    class Meta:
        """Once for each subject; read by subject."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "key", "document"], name="document_link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"
