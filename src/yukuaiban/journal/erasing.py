"""Erasure of personal payloads (个人信息保护法 art. 47): salt and payload go, the event and its hash stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from yukuaiban.core.errors import InputInvalid, Problem, Refused
from yukuaiban.journal import reading
from yukuaiban.journal.event import PAYLOAD_ERASED, SYSTEM, Actor, Event
from yukuaiban.journal.models import JournalEvent, JournalSecret
from yukuaiban.journal.writing import append

if TYPE_CHECKING:
    from yukuaiban.journal.pen import Pen

_BATCH = 500


def erase(
    event_uid: UUID,
    *,
    ground: str,
    actor: Actor,
    pen: Pen,
    source: str = "web",
    order: str = "",
    second_actor: str | None = None,
    again: str = "",
) -> Event:
    """Delete the payload of one event for good and append `payload.erased` with the ground.

    It goes to stream `system`: it changes no case, so no case has to be locked for it. `ground` is a legal basis and
    `order` the number of the paper that orders it; neither may name a person. `again` is the event of an erasure that
    an older copy did not know yet. Raises Refused if there is no payload (any more), InputInvalid without a ground.
    """
    if not ground.strip():
        raise InputInvalid(Problem("没有写明删除依据", "请写明依据的条款或申请", field="ground"))
    with transaction.atomic():
        overwrite_what_is_deleted()
        erased = reading.event(event_uid)
        gone, _ = JournalSecret.objects.filter(event_uid=event_uid).delete()
        if erased is None or not gone:
            raise Refused("这条留痕没有个人信息，或者已经删除。")
        return append(
            stream=SYSTEM,
            type=PAYLOAD_ERASED,
            body=_told(erased, ground, order) | ({"again": again} if again else {}),
            actor=actor,
            pen=pen,
            source=source,
            second_actor=second_actor,
        )


def _told(erased: Event, ground: str, order: str) -> dict[str, object]:
    body = {"event": str(erased.uid), "stream": erased.stream, "seq": erased.seq, "ground": ground}
    return body | ({"order": order} if order else {})


def overwrite_what_is_deleted() -> None:
    """On SQLite: zeros where something was, from now on in this connection. PostgreSQL leaves that to its VACUUM."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def with_payload(stream: str) -> list[UUID]:
    """The events of a stream whose payload is still there, in order."""
    held = JournalSecret.objects.values("event_uid")
    events = JournalEvent.objects.filter(stream=stream, uid__in=held).order_by("seq")
    return list(events.values_list("uid", flat=True))


def erasures() -> Iterator[Event]:
    """Every erasure that the journal knows, oldest first."""
    texts = JournalEvent.objects.filter(stream=SYSTEM, type=PAYLOAD_ERASED).order_by("seq")
    for text in texts.values_list("text", flat=True).iterator():
        yield Event.from_text(bytes(text))


def held(uids: Iterable[UUID]) -> set[UUID]:
    """Those of the events whose payload is still there."""
    found: set[UUID] = set()
    left = iter(uids)
    while batch := list(islice(left, _BATCH)):
        found |= set(JournalSecret.objects.filter(event_uid__in=batch).values_list("event_uid", flat=True))
    return found


def orders() -> list[tuple[str, int]]:
    """By which order (or, without one, on which ground) payloads were erased, and how many, oldest first."""
    counts: dict[str, int] = {}
    for each in erasures():
        name = str(each.body.get("order") or each.body["ground"])
        counts[name] = counts.get(name, 0) + 1
    return list(counts.items())
