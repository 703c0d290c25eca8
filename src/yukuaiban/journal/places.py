"""What outsiders are told of the tree: where an event stands in it, and the last checkpoint of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Subquery

from yukuaiban.journal import tree
from yukuaiban.journal.models import JournalCheckpoint, JournalEvent, JournalLeaf


@dataclass(frozen=True, slots=True)
class Place:
    """The leaf of an event (None: not yet in the tree) and the first checkpoint over it (None: not yet signed)."""

    index: int | None = None
    checkpoint: tree.Checkpoint | None = None

    @property
    def root(self) -> str:
        """The root that the checkpoint signs, in hex."""
        return self.checkpoint.roots["sha256"].hex() if self.checkpoint else ""


def place(stream: str, seq: int) -> Place:
    """The place of one event; one query, or two where there is no checkpoint yet."""
    event = JournalEvent.objects.filter(stream=stream, seq=seq).values("id")[:1]
    leaf = JournalLeaf.objects.filter(event_id__in=event).values("idx")[:1]
    over = JournalCheckpoint.objects.annotate(index=Subquery(leaf)).filter(size__gt=F("index"))
    row: Any = over.order_by("size").first()
    if row is None:
        return Place(next(iter(leaf.values_list("idx", flat=True)), None))
    return Place(row.index, tree.read(row))


def last_between(since: datetime | None, until: datetime) -> tree.Checkpoint | None:
    """The last checkpoint signed in `[since, until)`; from the beginning where there is no `since`."""
    found = JournalCheckpoint.objects.filter(made_at__lt=until).order_by("-made_at", "-size")
    row = (found if since is None else found.filter(made_at__gte=since)).first()
    return None if row is None else tree.read(row)
