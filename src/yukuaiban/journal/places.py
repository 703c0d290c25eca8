"""What outsiders are told of the tree: where an event stands in it, and the last checkpoint of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yukuaiban.journal import tree
from yukuaiban.journal.models import JournalCheckpoint, JournalEvent, JournalLeaf
from yukuaiban.journal.witnesses import Cosigned, cosigned


@dataclass(frozen=True, slots=True)
class Place:
    """The leaf of an event (None: not yet in the tree), the first checkpoint over it (None: not yet), its witnesses."""

    index: int | None = None
    checkpoint: tree.Checkpoint | None = None
    witnesses: Sequence[Cosigned] = ()

    @property
    def root(self) -> str:
        """The root that the checkpoint signs, in hex."""
        return self.checkpoint.roots["sha256"].hex() if self.checkpoint else ""


def place(stream: str, seq: int) -> Place:
    """The place of one event; at most four queries."""
    event = JournalEvent.objects.filter(stream=stream, seq=seq).values("id")[:1]
    index = JournalLeaf.objects.filter(event_id__in=event).values_list("idx", flat=True).first()
    found = None if index is None else tree.covering(index)
    return Place(index, found, cosigned(found) if found else ())


def last_between(since: datetime | None, until: datetime) -> tree.Checkpoint | None:
    """The last checkpoint signed in `[since, until)`; from the beginning where there is no `since`."""
    found = JournalCheckpoint.objects.filter(made_at__lt=until).order_by("-made_at", "-size")
    row = (found if since is None else found.filter(made_at__gte=since)).first()
    return None if row is None else tree.read(row)
