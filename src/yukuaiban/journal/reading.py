"""Reading the journal: streams, single events, personal payloads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from yukuaiban.core.canonical import parse
from yukuaiban.journal.event import Event
from yukuaiban.journal.models import JournalEvent, JournalSecret
from yukuaiban.journal.sealing import unseal


def events(stream: str, *, after: int = 0) -> Iterator[Event]:
    """The events of a stream in order, from the one behind `after` on. One query."""
    found = JournalEvent.objects.filter(stream=stream, seq__gt=after).order_by("seq")
    for text in found.values_list("text", flat=True):
        yield Event.from_text(bytes(text))


def streams(names: Sequence[str]) -> dict[str, list[Event]]:
    """The events of some streams, each in its order; a stream without events has an empty list. One query."""
    found: dict[str, list[Event]] = {name: [] for name in names}
    rows = JournalEvent.objects.filter(stream__in=names).order_by("stream", "seq")
    for name, text in rows.values_list("stream", "text"):
        found[name].append(Event.from_text(bytes(text)))
    return found


def event(uid: UUID) -> Event | None:
    """The event with that identifier."""
    return _one(uid=uid)


def by_key(source: str, idem: str) -> Event | None:
    """The event that a request with that idempotency key wrote."""
    return _one(source=source, idem_key=idem)


def secret(event_uid: UUID) -> dict[str, Any] | None:
    """The personal payload of an event; None if it never had one, or it was erased. Raises SealBroken."""
    sealed = JournalSecret.objects.filter(event_uid=event_uid).values_list("payload", flat=True).first()
    if sealed is None:
        return None
    found = parse(unseal(bytes(sealed), bound_to=event_uid.bytes))
    assert isinstance(found, dict)  # noqa: S101 - the writer takes nothing else
    return found


def _one(**wanted: Any) -> Event | None:
    text = JournalEvent.objects.filter(**wanted).values_list("text", flat=True).first()
    return Event.from_text(bytes(text)) if text is not None else None
