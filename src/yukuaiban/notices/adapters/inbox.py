"""Notices inside the application: same database, so exactly once by constraint."""

from __future__ import annotations

from datetime import datetime

from yukuaiban.notices.models import Message, Notice


def to_inbox(message: Message, now: datetime) -> None:
    """Put the message under the person's 通知; a second time changes nothing."""
    Notice.objects.get_or_create(
        key=message.key,
        defaults={
            "recipient": message.recipient,
            "subject": message.subject,
            "text": message.text,
            "case_number": message.case_number,
            "at": now,
        },
    )
