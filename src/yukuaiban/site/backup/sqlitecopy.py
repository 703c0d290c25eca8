"""The embedded database: a consistent copy while others write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from yukuaiban.site.backup.facts import Query

_PATIENCE = 60  # seconds to wait for a lock


def copy(source: Path, target: Path) -> None:
    """One state of the database, written anew: pages that were freed, with what was erased in them, stay behind.

    Sessions are left out: whoever holds a backup must not be signed in.
    """
    with closing(sqlite3.connect(source, timeout=_PATIENCE)) as database:
        database.execute("VACUUM INTO ?", [str(target)])
    with closing(sqlite3.connect(target)) as database, database:
        database.execute("PRAGMA secure_delete = ON")
        database.execute("DELETE FROM django_session")


@contextmanager
def asking(path: Path) -> Iterator[Query]:
    """A function that runs a SELECT on the copy."""
    with closing(sqlite3.connect(path)) as database:
        yield lambda text: database.execute(text).fetchall()
