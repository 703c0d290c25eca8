"""Appending events, inside the business transaction (journal.md section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import IntegrityError, transaction

from yukuaiban.core.canonical import canonical
from yukuaiban.core.errors import CaseMoved, InputInvalid, KeyReused, Problem
from yukuaiban.journal.event import (
    CLOCK_ANOMALY,
    CLOCK_CONFIRMED,
    SYSTEM,
    Actor,
    Event,
    compose,
    moment_text,
)
from yukuaiban.journal.models import SOURCE_IDEM, STREAM_SEQ, JournalEvent, JournalSecret
from yukuaiban.journal.sealing import commitment, seal

if TYPE_CHECKING:
    from yukuaiban.journal.pen import Pen

TOLERANCE = timedelta(seconds=2)
WORKER = Actor("system:worker")
# Each try loses against one writer that won, so this many only fails where something else is wrong.
_TRIES = 50
_KEY_LENGTH = 128


class KeyTaken(KeyReused):
    """An event with the same source and idempotency key exists; nothing was written.

    Either the same request came twice at once (the first answer is there by now), or the key was used for another.
    """


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a stream: what the next one is chained to."""

    seq: int
    hash: bytes | None
    recorded_at: datetime | None

    @classmethod
    def empty(cls) -> Self:
        """The head of a stream without events."""
        return cls(0, None, None)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An event before it has its place."""

    stream: str
    type: str
    body: dict[str, Any]
    actor: Actor
    source: str
    idem: str | None = None
    occurred_at: datetime | None = None
    second_actor: str | None = None
    on_behalf_of: str | None = None
    personal: dict[str, Any] | None = None
    schema: int = 1


def append(
    *,
    stream: str,
    type: str,
    body: dict[str, Any],
    actor: Actor,
    pen: Pen,
    source: str,
    idem: str | None = None,
    occurred_at: datetime | None = None,
    second_actor: str | None = None,
    on_behalf_of: str | None = None,
    personal: dict[str, Any] | None = None,
    head: Head | None = None,
    schema: int = 1,
) -> Event:
    """Append one event to `stream` and return it as it stands in the journal.

    `recorded_at` is the pen's moment or the stream's last one, whichever is later. `personal` goes to the sealed
    payload and only its commitment into the event. Give `head` if you hold the stream's row locked; without it the
    last event is read, and a lost race for the next number is tried again.

    Raises CanonicalError (a value that has no canonical form), KeyTaken (the idempotency key is in the journal
    already), CaseMoved (the given head is no longer the last event).
    """
    if idem is not None and not 0 < len(idem) <= _KEY_LENGTH:
        raise InputInvalid(Problem("提交凭据太长或为空", f"请用 1 至 {_KEY_LENGTH} 个字符", field="idem"))
    entry = _Entry(
        stream,
        type,
        body,
        actor,
        source,
        idem,
        occurred_at,
        second_actor,
        on_behalf_of,
        personal or None,
        schema,
    )
    with transaction.atomic(savepoint=False):
        now = pen.moment()
        _watch_clock(pen, now)
        if head is None:
            return _append_at_end(entry, pen, now)
        try:
            return _write(entry, pen, head, now)
        except IntegrityError as error:
            raise _meaning(error) from error


def head_of(stream: str) -> Head:
    """The last event of a stream, or the empty head."""
    columns = ("seq", "hash", "recorded_at")
    last = JournalEvent.objects.filter(stream=stream).order_by("-seq").values_list(*columns).first()
    return Head(last[0], bytes(last[1]), last[2]) if last else Head.empty()


def confirm_clock(*, actor: Actor, pen: Pen, source: str = "web", reason: str) -> Event:
    """An administrator's word that the clock is right as it stands now; ends the doubt of `clock.anomaly`.

    `recorded_at` of single streams may stay ahead of the clock for a while; from here on the clock is only in doubt
    if it falls behind this confirmation.
    """
    entry = _Entry(SYSTEM, CLOCK_CONFIRMED, {}, actor, source)
    with transaction.atomic():
        now, newest = pen.moment(), _newest()
        body = {
            "moment": moment_text(now),
            "newest": moment_text(newest) if newest else None,
            "reason": reason,
        }
        return _append_at_end(_with_body(entry, body), pen, now)


def clock_in_doubt() -> bool:
    """True from a `clock.anomaly` until an administrator confirms; the worker then changes no light."""
    last = _last_clock_word()
    return last is not None and last.type == CLOCK_ANOMALY


def _append_at_end(entry: _Entry, pen: Pen, now: datetime) -> Event:
    """Read the head, write behind it; start again if somebody else took the place meanwhile."""
    for attempt in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                return _write(entry, pen, head_of(entry.stream), now)
        except IntegrityError as error:
            meaning = _meaning(error)
            if attempt == _TRIES or not isinstance(meaning, CaseMoved):
                raise meaning from error
    raise AssertionError  # pragma: no cover - the last attempt returns or raises


def _write(entry: _Entry, pen: Pen, head: Head, now: datetime) -> Event:
    uid = pen.uid()
    payload = salt = None
    if entry.personal is not None:
        payload, salt = canonical(entry.personal), pen.salt()
    event = compose(
        uid=uid,
        stream=entry.stream,
        seq=head.seq + 1,
        type=entry.type,
        schema=entry.schema,
        actor=entry.actor,
        source=entry.source,
        idem=entry.idem,
        recorded_at=max(now, head.recorded_at) if head.recorded_at else now,
        occurred_at=entry.occurred_at,
        body=entry.body,
        on_behalf_of=entry.on_behalf_of,
        second_actor=entry.second_actor,
        secret=commitment(salt, payload) if salt is not None and payload is not None else None,
        prev=head.hash or None,
    )
    JournalEvent(
        uid=event.uid,
        stream=event.stream,
        seq=event.seq,
        type=event.type,
        source=event.source,
        idem_key=event.idem,
        recorded_at=event.recorded_at,
        occurred_at=event.occurred_at,
        text=event.text,
        hash=event.hash,
    ).save()
    if salt is not None and payload is not None:
        sealed = seal(payload, salt=salt, bound_to=event.uid.bytes)
        JournalSecret(event_uid=event.uid, salt=salt, payload=sealed).save()
    return event


def _meaning(error: IntegrityError) -> Exception:
    """The refusal behind a broken constraint; the constraint's name stands in the message of both databases."""
    said = str(error)
    if SOURCE_IDEM in said or "journal_event.source" in said:
        return KeyTaken("同一提交凭据已经用过，没有重复写入；请刷新页面查看结果。")
    if STREAM_SEQ in said or "journal_event.stream" in said:
        return CaseMoved("刚刚被别人办理过，您看到的已不是最新情况；请刷新后再办。")
    return error


def _watch_clock(pen: Pen, now: datetime) -> None:
    """Append `clock.anomaly` if the pen's moment, `now`, lies more than 2 s behind the newest `recorded_at`.

    Once for each doubt: until it is confirmed, further events add nothing.
    """
    newest = _newest()
    if newest is None or now + TOLERANCE >= newest:
        return
    word = _last_clock_word()
    if word is not None and word.type == CLOCK_ANOMALY:
        return
    if word is not None and not _behind_confirmation(word, now, newest):
        return
    body = {
        "moment": moment_text(now),
        "newest": moment_text(newest),
        "behind_ms": (newest - now) // timedelta(milliseconds=1),
    }
    _append_at_end(_Entry(SYSTEM, CLOCK_ANOMALY, body, WORKER, "worker"), pen, now)


def _behind_confirmation(word: Event, now: datetime, newest: datetime) -> bool:
    """Whether the clock fell back again after an administrator confirmed it.

    Events up to the `newest` of that moment were known to lie ahead and prove nothing any more.
    """
    known = word.body["newest"]
    if known is None or newest > datetime.fromisoformat(known):
        return True
    return now + TOLERANCE < datetime.fromisoformat(word.body["moment"])


def _newest() -> datetime | None:
    """`recorded_at` of the event written last; by the primary key, whatever the size of the table."""
    return JournalEvent.objects.order_by("-id").values_list("recorded_at", flat=True).first()


def _last_clock_word() -> Event | None:
    words = JournalEvent.objects.filter(stream=SYSTEM, type__in=(CLOCK_ANOMALY, CLOCK_CONFIRMED))
    text = words.order_by("-seq").values_list("text", flat=True).first()
    return Event.from_text(bytes(text)) if text is not None else None


def _with_body(entry: _Entry, body: dict[str, Any]) -> _Entry:
    return _Entry(entry.stream, entry.type, body, entry.actor, entry.source)
