"""Mail through the site's own server; the key stands in a header, so that the receiver can drop a double."""

from __future__ import annotations

import smtplib
from datetime import datetime

from django.core.mail import EmailMessage

from yukuaiban.notices.adapters.undeliverable import Undeliverable
from yukuaiban.notices.models import Message
from yukuaiban.people.models import Staff
from yukuaiban.people.queries import STAFF


def to_mail(message: Message, now: datetime) -> None:  # noqa: ARG001 - every channel takes the moment
    """Send one mail to the address of the person. Raises Undeliverable if there is none, or the server refuses."""
    mail = EmailMessage(
        message.subject,
        message.text,
        to=[_address(message.recipient)],
        headers={"X-Idempotency-Key": message.key},
    )
    try:
        mail.send()
    except smtplib.SMTPException as error:
        raise Undeliverable(str(error)) from error


def _address(recipient: str) -> str:
    """Looked up when the mail leaves, so that a message that waited goes to the newest address."""
    uid = recipient.removeprefix(STAFF)
    found = Staff.objects.filter(uid=uid).values_list("email", flat=True).first()
    if not found:
        raise Undeliverable("这个人没有登记邮箱")
    return found
