"""PostgreSQL: all tables from one snapshot as COPY text, and back; needs nothing of the server's own programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from yukuaiban.journal.rows import snapshot
from yukuaiban.journal.triggers import TABLES as JOURNAL
from yukuaiban.site.backup.facts import Query

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

# Whoever holds a backup must not be signed in.
_LEFT_OUT = frozenset({"django_session"})


@contextmanager
def held(connection: BaseDatabaseWrapper) -> Iterator[Query]:
    """One repeatable-read snapshot; gives a function that runs a SELECT in it."""

    def query(text: str) -> Sequence[Sequence[Any]]:
        with connection.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchall()

    with snapshot(connection):
        yield query


def dump(connection: BaseDatabaseWrapper, folder: Path, told: Callable[[str], None]) -> dict[str, list[str]]:
    """Write `TABLE.copy` for every table; returns the columns of each. To be called inside `held`."""
    found = {table: _columns(connection, table) for table in tables(connection)}
    for table, columns in found.items():
        told(table)
        text = f"COPY {_named(connection, table, columns)} TO STDOUT"
        path = folder / f"{table}.copy"
        with connection.cursor() as cursor, path.open("wb") as file, cursor.copy(text) as rows:
            for piece in rows:
                file.write(piece)
    return found


def tables(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables that a backup holds."""
    return sorted(set(connection.introspection.table_names()) - _LEFT_OUT)


def _columns(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [each.name for each in connection.introspection.get_table_description(cursor, table)]


def _named(connection: BaseDatabaseWrapper, table: str, columns: Iterable[str]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(table)} ({', '.join(map(quote, columns))})"


@contextmanager
def filling(
    connection: BaseDatabaseWrapper, columns: Mapping[str, list[str]]
) -> Iterator[Callable[[str, Iterable[bytes]], None]]:
    """One transaction that fills a freshly made schema; gives a function that takes in the rows of a table.

    What migrations have sown is taken out first. Counters of identity columns go on behind the rows.
    """

    def take(table: str, pieces: Iterable[bytes]) -> None:
        text = f"COPY {_named(connection, table, columns[table])} FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(text) as rows:
            for piece in pieces:
                rows.write(piece)

    with transaction.atomic(using=connection.alias):
        sown = [connection.ops.quote_name(name) for name in columns if name not in JOURNAL]
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(sown)}")
        yield take
        for table in columns:
            _count_on(connection, table)


def _count_on(connection: BaseDatabaseWrapper, table: str) -> None:
    """Let the next identity follow the highest."""
    with connection.cursor() as cursor:
        for found in connection.introspection.get_sequences(cursor, table):
            column = connection.ops.quote_name(found["column"])
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, %s), max({column})) "  # noqa: S608 - quoted above
                f"FROM {connection.ops.quote_name(table)} HAVING max({column}) IS NOT NULL",
                [table, found["column"]],
            )
