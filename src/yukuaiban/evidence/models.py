"""Files that prove something. The bytes lie in a folder under their own hash; the row says whose they are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class EvidenceFile(models.Model):
    """One file of one case, unchanged since it was stored."""

    uid = models.UUIDField(unique=True)
    case_number = models.CharField(max_length=50)
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
