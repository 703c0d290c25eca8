"""The outbox (reliability.md section 1): written with the event, sent by lease, retried, never silently lost.

Exactly once inside the database, at least once outside, with a key by which a receiver drops doubles. A sender
that dies leaves a lease behind; when it runs out another takes the message over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Min, Q

from yukuaiban.notices.adapters import ADAPTERS, Adapter, Undeliverable
from yukuaiban.notices.models import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

LEASE = timedelta(seconds=60)
BATCH = 20  # few enough that a slow channel is done with them before the lease runs out
_MINUTES = (1, 5, 30, 120, 360)
RETRIES = tuple(timedelta(minutes=minutes) for minutes in _MINUTES)
GIVE_UP = timedelta(days=7)
_ERROR_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be said to whom, by which channel."""

    channel: str
    recipient: str
    subject: str
    text: str
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a pass of the sender did."""

    sent: int = 0
    failed: int = 0
    dead: int = 0


def enqueue(letter: Letter, *, cause: UUID, created_at: datetime, not_before: datetime) -> None:
    """Put a letter into the outbox, in the caller's transaction: it leaves only if that is committed.

    `cause` is the event that the letter is about; the same cause, channel and recipient never make two messages.
    """
    Message.objects.get_or_create(
        key=f"{cause}/{letter.channel}/{letter.recipient}",
        defaults={
            "channel": letter.channel,
            "recipient": letter.recipient,
            "subject": letter.subject,
            "text": letter.text,
            "case_number": letter.case_number,
            "created_at": created_at,
            "next_try_at": not_before,
        },
    )


def deliver(
    now: datetime, *, owner: str, adapters: Mapping[str, Adapter] = ADAPTERS, limit: int = BATCH
) -> Delivered:
    """Send what is due, at most `limit` messages; each outcome is its own transaction."""
    sent = failed = dead = 0
    for message in _leased(now, owner, limit):
        outcome = _send(message, now, owner, adapters)
        sent += outcome == Message.State.SENT
        failed += outcome == Message.State.QUEUED
        dead += outcome == Message.State.DEAD
    return Delivered(sent, failed, dead)


def deliver_all(now: datetime, *, owner: str, adapters: Mapping[str, Adapter] = ADAPTERS) -> Delivered:
    """Passes until nothing is due any more."""
    total = Delivered()
    while (done := deliver(now, owner=owner, adapters=adapters)) != Delivered():
        total = Delivered(total.sent + done.sent, total.failed + done.failed, total.dead + done.dead)
    return total


def _leased(now: datetime, owner: str, limit: int) -> Sequence[Message]:
    """Take due messages that nobody holds; others' locks are passed over."""
    skip = connection.features.has_select_for_update_skip_locked
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    with transaction.atomic():
        due = Message.objects.filter(free, state=Message.State.QUEUED, next_try_at__lte=now)
        taken = list(due.select_for_update(skip_locked=skip).order_by("next_try_at", "id")[:limit])
        ids = [message.pk for message in taken]
        Message.objects.filter(pk__in=ids).update(lease_owner=owner, lease_until=now + LEASE)
    return taken


def _send(message: Message, now: datetime, owner: str, adapters: Mapping[str, Adapter]) -> str:
    try:
        adapter = adapters.get(message.channel, _nowhere)
        # In no transaction: a slow channel must not hold the database. Killed before the next line, it is sent again.
        adapter(message, now)
        _close(message, owner, state=Message.State.SENT, sent_at=now, last_error="")
    except OperationalError:
        # Our own database, not the channel: the lease runs out, and the message is taken again.
        raise
    except Exception as error:  # noqa: BLE001 - whatever a channel raises must not hold up the messages behind it
        return _put_back(message, owner, now, str(error) or type(error).__name__)
    return Message.State.SENT


def _nowhere(message: Message, _now: datetime) -> None:
    raise Undeliverable(f"no adapter for channel {message.channel}")


def _put_back(message: Message, owner: str, now: datetime, error: str) -> str:
    """Try again later; after seven days set it aside where people see it."""
    attempts = message.attempts + 1
    state = Message.State.DEAD if now - message.created_at >= GIVE_UP else Message.State.QUEUED
    wait = RETRIES[min(attempts, len(RETRIES)) - 1]
    _close(
        message,
        owner,
        state=state,
        attempts=attempts,
        next_try_at=now + wait,
        last_error=error[:_ERROR_LENGTH],
    )
    return state


def _close(message: Message, owner: str, **values: object) -> None:
    """Write the outcome, unless the lease has meanwhile gone to somebody else."""
    mine = Message.objects.filter(pk=message.pk, lease_owner=owner, state=Message.State.QUEUED)
    mine.update(lease_owner="", lease_until=None, **values)


def dead() -> QuerySet[Message]:
    """The messages that were set aside after seven days, the oldest first."""
    return Message.objects.filter(state=Message.State.DEAD).order_by("created_at", "id")


def resend(message: Message, now: datetime) -> None:
    """Give a message that was set aside another seven days."""
    dead = Message.objects.filter(pk=message.pk, state=Message.State.DEAD)
    dead.update(state=Message.State.QUEUED, created_at=now, next_try_at=now, attempts=0)


def unsent_age(now: datetime) -> timedelta:
    """How long the oldest message that could have gone has been waiting: an alarm from ten minutes on."""
    waiting = Message.objects.filter(state=Message.State.QUEUED, next_try_at__lte=now)
    oldest = waiting.aggregate(first=Min("next_try_at"))["first"]
    return now - oldest if oldest else timedelta()
