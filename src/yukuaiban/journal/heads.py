"""A quick look at the newest events: does each still have the hash of its text? `verify` asks this of all, and more."""

from __future__ import annotations

from dataclasses import dataclass

from yukuaiban.journal.event import hash_of
from yukuaiban.journal.models import JournalEvent

_NEWEST = 200


@dataclass(frozen=True, slots=True)
class Heads:
    """How many events were looked at, the hash of the newest in hex, and the stream and number of a changed one."""

    looked: int
    newest: str
    changed: str = ""


def look() -> Heads:
    """The newest events, newest first, up to the first that was changed."""
    looked, newest = 0, ""
    rows = JournalEvent.objects.order_by("-id").values_list("stream", "seq", "text", "hash")
    for stream, seq, text, digest in rows[:_NEWEST]:
        looked += 1
        newest = newest or bytes(digest).hex()
        if hash_of(bytes(text)) != bytes(digest):
            return Heads(looked, newest, f"{stream} 第 {seq} 条")
    return Heads(looked, newest)
