"""Mail through the site's own server; the key stands in a header, so that the receiver can drop a double."""

from __future__ import annotations

import smtplib
from datetime import datetime

from django.core.mail import EmailMessage

from yukuaiban.notices.adapters.undeliverable import Undeliverable
from yukuaiban.notices.models import Message


def to_mail(message: Message, now: datetime) -> None:  # noqa: ARG001 - every channel takes the moment
    """Send one mail to the recipient's address."""
    mail = EmailMessage(
        message.subject, message.text, to=[message.recipient], headers={"X-Idempotency-Key": message.key}
    )
    try:
        mail.send()
    except smtplib.SMTPException as error:
        raise Undeliverable(str(error)) from error
