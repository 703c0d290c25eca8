"""Messages on their way out, and notices that people see inside the application."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One message to one recipient by one channel. The key lets a receiver drop a second delivery."""

    class State(models.TextChoices):
        """Where the message stands."""

        QUEUED = "queued", _("待发")
        SENT = "sent", _("已发")
        DEAD = "dead", _("发送失败")

    key = models.CharField(max_length=160, unique=True)
    channel = models.CharField(max_length=16)
    recipient = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    case_number = models.CharField(max_length=50, blank=True)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    lease_owner = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """Only what waits is looked through."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="queued"), name="message_waiting"),
            models.Index(fields=["-created_at"], condition=Q(state="dead"), name="message_dead"),
        ]

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """What a person finds under 通知."""

    key = models.CharField(max_length=160, unique=True)
    recipient = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    case_number = models.CharField(max_length=50, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first for one person; the unread are counted on every page."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["recipient", "-at", "id"], name="notice_of_person"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.subject
