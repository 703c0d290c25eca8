"""Is the journal whole? Every text, copy, hash, chain, leaf, root, signature, payload and fold is read again.

(journal.md section 10.) What this finds alone: any change to what the tree holds, up to whoever also holds the
signing key. Against that one, and against an older copy of everything, stands a checkpoint kept outside (`since`).
Events of the last minute, not in the tree yet, are covered where rows are a fold of them (cases).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby, islice

from django.db import connection

from yukuaiban.journal import treechecking, waiting
from yukuaiban.journal.checking import Fault, Finding
from yukuaiban.journal.event import SYSTEM
from yukuaiban.journal.models import JournalEvent
from yukuaiban.journal.notes import Note
from yukuaiban.journal.report import Report
from yukuaiban.journal.rows import rows, snapshot, source_of
from yukuaiban.journal.triggers import missing_triggers
from yukuaiban.journal.walking import AnyFold, Fold, Waiting, Walk

__all__ = ["Fold", "Report", "first_fault", "verify"]
_BATCH = 500
_TOUCHED = (
    "SELECT DISTINCT e.stream FROM journal_event e JOIN journal_leaf l ON l.event_id = e.id WHERE l.idx >= %s"
    " UNION SELECT e.stream FROM journal_event e WHERE e.id > %s"
    " AND NOT EXISTS (SELECT 1 FROM journal_leaf l WHERE l.event_id = e.id)"
)


def verify(
    *,
    folds: Mapping[str, AnyFold],
    streams: Mapping[str, Callable[[], Iterable[str]]] | None = None,
    progress: Callable[[int], None] | None = None,
    since: Note | None = None,
) -> Report:
    """Read the journal again and report every fault.

    `folds` gives for a prefix of streams (`case:`) the function that compares the fold of a stream's events with its
    rows and says the differences; it may only read. `streams` gives for such a prefix the names of the streams
    that rows say exist, so that a stream that has vanished altogether is missed. With `since`, a checkpoint of this
    journal, consistency with it is proved, and only later leaves and the streams they touch are read. Database errors
    are the caller's; NoteError if the note is not one of this journal.
    """
    with snapshot(connection):
        walk = _walk(folds, progress)
        base = treechecking.base(since, walk.report) if since else treechecking.nothing()
        for each in (None,) if since is None else _touched(base.size):
            _read(walk, each)
        if since is None:
            for prefix, names in (streams or {}).items():
                for name in _vanished(names()):
                    walk.fold_of(Waiting(folds[prefix], name, [], None))
        walk.finish_folds()
        walk.report.erased = len(walk.erased)
        treechecking.check(base, walk.report)
        walk.report_secrets(whole=since is None)
        for line in missing_triggers(connection):
            walk.report.add(Finding(Fault.TRIGGER, line))
        _locate(walk.report)
    return walk.report


def first_fault(stream: str) -> Finding | None:
    """The first fault in the rows of one stream itself; None if its chain is whole. Folds are not asked."""
    with snapshot(connection):
        walk = _walk({}, None)
        _read(walk, stream)
    return walk.report.first


def _walk(folds: Mapping[str, AnyFold], progress: Callable[[int], None] | None) -> Walk:
    quiet: Callable[[int], None] = lambda _count: None  # noqa: E731 - nobody listens
    return Walk(source_of(connection), folds, progress or quiet, waiting.search_from())


def _read(walk: Walk, only: str | None) -> None:
    """All streams, or one."""
    for stream, found in groupby(rows(connection, walk.source, only), key=lambda row: row.stream):
        walk.stream(stream, found)


def _touched(size: int) -> list[str]:
    """The streams of which something came after that leaf, and the one that tells of erasures."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [size, waiting.search_from()])
        return sorted({SYSTEM, *(stream for (stream,) in cursor.fetchall())})


def _vanished(names: Iterable[str]) -> Iterator[str]:
    """Those of the streams that have no event at all, asked for in batches."""
    left = iter(names)
    while batch := list(islice(left, _BATCH)):
        first = JournalEvent.objects.filter(stream__in=batch, seq=1)
        doubtful = set(batch) - set(first.values_list("stream", flat=True))
        for name in sorted(doubtful):
            if not JournalEvent.objects.filter(stream=name).exists():
                yield name


def _locate(report: Report) -> None:
    """The place of the first fault: its leaf, or how many events were written before it."""
    first = report.first
    if first is None or first.index is not None or first.id is None:
        report.index = first.index if first else None
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(idx) FROM journal_leaf WHERE event_id = %s", [first.id])
        report.index = cursor.fetchone()[0]
        if report.index is None:
            cursor.execute("SELECT count(*) FROM journal_event WHERE id < %s", [first.id])
            report.index = int(cursor.fetchone()[0])
