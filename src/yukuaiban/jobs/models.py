"""Long work and what it said about each object it touched."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of long work, asked for by a person in one of their posts.

    `cursor` says where the next step begins, `done` of `total` how far it is. A result that is a file lies on disk
    under its hash until it is forgotten; then only name and hash are left.
    """

    class State(models.TextChoices):
        """Where the work stands."""

        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")
        CANCELLED = "cancelled", _("已取消")

    uid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=64)
    post = models.BigIntegerField(null=True)
    args = models.JSONField(default=dict)
    cursor = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=400, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_mime = models.CharField(max_length=100, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        """Read by person, newest first; the worker looks through open work alone."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "-asked_at"], name="job_of_person"),
            models.Index(fields=["asked_at"], condition=Q(state__in=["queued", "running"]), name="job_open"),
            models.Index(fields=["ended_at"], condition=Q(forgotten_at=None), name="job_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    @property
    def open(self) -> bool:
        """Whether there is still something to do."""
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def percent(self) -> int:
        """How far it is, in whole percent; 0 while the size is not known."""
        return 100 * self.done // self.total if self.total else 0


class JobLine(models.Model):
    """What long work said about one object: done or refused, and why."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="lines")
    n = models.PositiveIntegerField()
    key = models.CharField(max_length=64)
    ok = models.BooleanField()
    text = models.CharField(max_length=400, blank=True)

    class Meta:
        """Each object once, in its order."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["job", "n"], name="job_line_once"),
        ]

    def __str__(self) -> str:
        return self.key
