"""Erasure of personal payloads (个人信息保护法 art. 47): salt and payload go, the event and its hash stay."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from yukuaiban.core.errors import InputInvalid, Problem, Refused
from yukuaiban.journal import reading
from yukuaiban.journal.event import PAYLOAD_ERASED, SYSTEM, Actor, Event
from yukuaiban.journal.models import JournalSecret
from yukuaiban.journal.writing import append

if TYPE_CHECKING:
    from yukuaiban.journal.pen import Pen


def erase(event_uid: UUID, *, ground: str, actor: Actor, pen: Pen, source: str = "web") -> Event:
    """Delete the payload of one event for good and append `payload.erased` with the ground.

    It goes to stream `system`: it changes no case, so no case has to be locked for it. Raises Refused if there is no
    payload (any more), InputInvalid without a ground. `ground` is a legal basis and must name no person.
    """
    if not ground.strip():
        raise InputInvalid(Problem("没有写明删除依据", "请写明依据的条款或申请", field="ground"))
    with transaction.atomic():
        erased = reading.event(event_uid)
        gone, _ = JournalSecret.objects.filter(event_uid=event_uid).delete()
        if erased is None or not gone:
            raise Refused("这条留痕没有个人信息，或者已经删除。")
        return append(
            stream=SYSTEM,
            type=PAYLOAD_ERASED,
            body={"event": str(event_uid), "stream": erased.stream, "seq": erased.seq, "ground": ground},
            actor=actor,
            pen=pen,
            source=source,
        )
