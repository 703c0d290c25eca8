"""Which committed events have no place in the tree yet. Never a full scan of the journal."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Min

from yukuaiban.journal.models import JournalEvent, JournalLeaf

# An event may commit after a later id, at most a transaction's length later; so the search goes back this far, by
# the journal's own times, and never less than so many leaves (a clock may jump), nor more (an import has one moment).
_LOOK_BACK = timedelta(minutes=10)
_LEAST, _MOST = 1000, 200_000
_WAITING = (
    "SELECT e.id, e.text, e.hash, e.stream, e.seq FROM journal_event e WHERE e.id > %s"
    " AND NOT EXISTS (SELECT 1 FROM journal_leaf l WHERE l.event_id = e.id) ORDER BY e.id LIMIT %s"
)


def rows(batch: int) -> list[tuple[int, bytes, bytes, str, int]]:
    """Id, text, hash, stream and number of the next events without a leaf, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [search_from(), batch])
        return cursor.fetchall()


def oldest() -> datetime | None:
    """`recorded_at` of the first event that has no leaf; None if each has one."""
    for event_id, *_ in rows(1):
        return JournalEvent.objects.values_list("recorded_at", flat=True).get(pk=event_id)
    return None


def search_from() -> int:
    """The id behind which events without a leaf are looked for."""
    newest = JournalLeaf.objects.order_by("-idx").values_list("idx", "event_id").first()
    if newest is None:
        return 0
    recorded = JournalEvent.objects.filter(id=newest[1]).values_list("recorded_at", flat=True).first()
    if recorded is None:
        return 0
    by_time = max(_id_before(recorded - _LOOK_BACK), _least_id(newest[0] - _MOST))
    return min(by_time, _least_id(newest[0] - _LEAST))


def _least_id(idx: int) -> int:
    """The smallest id among the leaves behind that index, less one; 0 if the tree is no longer than that."""
    if idx < 0:
        return 0
    found = JournalLeaf.objects.filter(idx__gt=idx).aggregate(least=Min("event_id"))["least"]
    return found - 1


def _id_before(moment: datetime) -> int:
    """The last id with a leaf that was recorded before that moment; 0 if there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.event_id FROM journal_leaf l JOIN journal_event e ON e.id = l.event_id"
            " WHERE e.recorded_at < %s ORDER BY l.idx DESC LIMIT 1",
            [connection.ops.adapt_datetimefield_value(moment)],
        )
        found = cursor.fetchone()
    return 0 if found is None else int(found[0])
