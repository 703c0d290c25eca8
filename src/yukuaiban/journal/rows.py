"""The journal's rows as bytes, in the order of streams, from one snapshot and with flat memory."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import starmap
from typing import TYPE_CHECKING

from django.db import transaction

from yukuaiban.journal.checking import Row

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

_CHUNK = 2000
_FROM = (
    " FROM journal_event e LEFT JOIN journal_secret s ON s.event_uid = e.uid"
    " LEFT JOIN journal_leaf l ON l.event_id = e.id"
)
_ONE = " WHERE e.stream = %s"
_ORDER = " ORDER BY e.stream, e.seq, e.id"
# Whether each column is of its kind: SQLite takes any anywhere, and a stream that is a blob is found by no query.
_TEXTS = ("uid", "stream", "type", "source", "idem_key", "recorded_at", "occurred_at")
_AS_TEXT = " AND ".join(f"typeof(ifnull(e.{name}, '')) = 'text'" for name in _TEXTS)
_KINDS = (
    f"CASE WHEN {_AS_TEXT} AND typeof(e.text) = 'blob' AND typeof(e.hash) = 'blob' THEN x'' ELSE x'00' END"
)
# As bytes, so that text that is no UTF-8 any more is read too.
_SQLITE = (
    f"SELECT e.id, {_KINDS}, CAST(e.uid AS BLOB), CAST(e.stream AS BLOB),"
    " CASE typeof(e.seq) WHEN 'integer' THEN e.seq ELSE CAST(e.seq AS BLOB) END,"
    " CAST(e.type AS BLOB), CAST(e.source AS BLOB), CAST(e.idem_key AS BLOB),"
    " CAST(e.recorded_at AS BLOB), CAST(e.occurred_at AS BLOB),"
    " ifnull(CAST(e.text AS BLOB), x''), ifnull(CAST(e.hash AS BLOB), x''),"
    " s.event_uid IS NOT NULL, CAST(s.salt AS BLOB), CAST(s.payload AS BLOB),"
    " l.idx, CAST(l.leaf_sha256 AS BLOB), CAST(l.leaf_sm3 AS BLOB)"
)
_MOMENT = "convert_to(to_char(e.{} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), 'UTF8')"
_POSTGRESQL = (
    "SELECT e.id, ''::bytea, convert_to(replace(e.uid::text, '-', ''), 'UTF8'), convert_to(e.stream, 'UTF8'), e.seq,"
    " convert_to(e.type, 'UTF8'), convert_to(e.source, 'UTF8'), convert_to(e.idem_key, 'UTF8'),"
    f" {_MOMENT.format('recorded_at')}, {_MOMENT.format('occurred_at')}, e.text, e.hash,"
    " s.event_uid IS NOT NULL, s.salt, s.payload, l.idx, l.leaf_sha256, l.leaf_sm3"
)


@dataclass(frozen=True, slots=True)
class Source:
    """How one database gives its rows, and how it stores a moment."""

    select: str
    moment_column: Callable[[str], bytes]


def source_of(connection: BaseDatabaseWrapper) -> Source:
    """The source for the vendor of `connection`."""
    if connection.vendor == "sqlite":
        return Source(_SQLITE + _FROM, _sqlite_moment)
    return Source(_POSTGRESQL + _FROM, str.encode)


def _sqlite_moment(text: str) -> bytes:
    """`2026-09-30T09:00:00.000000Z` as Django stores it: no zone, no fraction where it is zero."""
    fraction = text[19:26]
    return f"{text[:10]} {text[11:19]}{'' if fraction == '.000000' else fraction}".encode()


def rows(connection: BaseDatabaseWrapper, source: Source, stream: str | None = None) -> Iterator[Row]:
    """Every row, streams in the order of their names, each by `seq`; or those of one stream."""
    which, given = ("", []) if stream is None else (_ONE, [stream])
    with contextlib.closing(connection.chunked_cursor()) as cursor:
        cursor.execute(source.select + which + _ORDER, given)
        while chunk := cursor.fetchmany(_CHUNK):
            yield from starmap(Row, chunk)


@contextlib.contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """One consistent view for reading while others write; on SQLite without taking the write lock.

    Inside a running transaction this is that transaction's own view.
    """
    if connection.in_atomic_block:
        yield
        return
    mode = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined] # of the SQLite wrapper
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode  # type: ignore[attr-defined] # of the SQLite wrapper
