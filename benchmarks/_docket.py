"""Databases with many cases, written in bulk: a year of a district, one case in ten still open.

Rows are what lists and counts read; agencies and matters are those of the shipped pack, moments are spread over
the year, the due moments of open cases from ten days ago to three months ahead. One agency holds a sixth of all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._installation import database, folder

SEED = 20260202
NOW = datetime(2026, 11, 23, 2, 26, tzinfo=UTC)
OPEN_ONE_IN = 10
_DAY = 86_400
_COUNTED_AT_ONCE = 50_000
Column = Iterable[Any]


def name_of(size: int) -> str:
    """The name of the database with that many cases."""
    return f"docket-{size}"


def ready(size: int) -> str:
    """Fill the database of that size unless it is there; its name."""
    name = name_of(size)
    if not (folder() / f"{name}.sqlite3").exists():
        with database(name) as path:
            _fill(path, size)
    return name


def _fill(path: Path, size: int) -> None:
    from django.db import connection, transaction  # noqa: PLC0415 - Django is set up by `database`

    from yukuaiban.cases import counters  # noqa: PLC0415
    from yukuaiban.cases.models import Case, Tick  # noqa: PLC0415
    from yukuaiban.journal.models import JournalEvent  # noqa: PLC0415

    columns = _columns(size)
    insert(path, Case, columns, size)
    insert(path, JournalEvent, _events(columns, size), size)
    with transaction.atomic():
        Tick.objects.filter(id=1).update(counted_at=NOW)
        counters.repair(NOW)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def insert(path: Path, model: Any, columns: dict[str, Column], size: int) -> None:
    """Insert by `executemany` with the indexes built afterwards; columns that are not given take their default."""
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django's documented way to its fields
    fields = [field for field in fields if field.name in columns or not field.primary_key]
    values = [columns.get(field.name, repeat(_default(field), size)) for field in fields]
    table, names = model._meta.db_table, ", ".join(f'"{field.column}"' for field in fields)  # noqa: SLF001
    marks = ", ".join("?" for _ in fields)
    with sqlite3.connect(path) as connection:
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql NOT NULL",
            [table],
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        rows = zip(*values, strict=True)
        connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
        for _, sql in indexes:
            connection.execute(sql)
    connection.close()


def _default(field: Any) -> Any:
    return field.get_default() if field.has_default() or not field.null else None


def _columns(size: int) -> dict[str, Column]:
    """The columns of the case rows."""
    dice = np.random.default_rng(SEED)
    agencies, matters = _matters(dice, size)
    now = int(NOW.timestamp())
    opened = now - dice.integers(0, 365 * _DAY, size)
    alive = dice.integers(0, OPEN_ONE_IN, size) == 0
    due = np.where(alive, now + dice.integers(-10 * _DAY, 90 * _DAY, size), opened + 10 * _DAY)
    opened = np.where(alive, np.minimum(opened, due - 14 * _DAY), opened)
    paused = alive & (dice.integers(0, 20, size) == 0)
    since = now + dice.integers(-20 * _DAY, 5 * _DAY, size)
    return {
        "id": (f"{n:032x}" for n in dice.permutation(size).tolist()),
        "district": repeat("ganyu", size),
        "number": (f"320707-{n:012}" for n in range(size)),
        "measure": repeat("desks", size),
        "procedure": repeat("desks", size),
        "procedure_version": repeat("1", size),
        "stage": np.where(alive, "in_review", "completed").tolist(),
        "subject": matters,
        "title": (f"事项 {matter}" for matter in matters),
        "agency": agencies,
        "receiving_agency": repeat("gy-0012", size),
        "desk": repeat("main-01", size),
        "query_code": repeat("ABC234", size),
        "opened_at": _moments(opened),
        "closed_at": _moments(opened + 8 * _DAY, ~alive),
        "due_at": _moments(due, alive),
        "red_at": _moments(due, alive),
        "warns_at": _moments(due - 2 * _DAY, alive),
        "breach_at": _moments(due + 10 * _DAY, alive),
        "paused_from": _moments(since, paused),
        "paused_until": _moments(since + 20 * _DAY, paused),
        "next_change_at": _moments(due - 2 * _DAY, alive),
        "seq": repeat(3, size),
        "head": repeat(b"\0" * 32, size),
        "recorded_at": _moments(opened),
    }


def _matters(dice: Any, size: int) -> tuple[list[str], list[str]]:
    """An agency and one of its matters for every case."""
    from yukuaiban.people.district import installed  # noqa: PLC0415 - needs the settings

    pairs = sorted((matter.agency, matter.code) for matter in installed().matters)
    busiest = max((agency for agency, _ in pairs), key=[agency for agency, _ in pairs].count)
    mine = [at for at, (agency, _) in enumerate(pairs) if agency == busiest]
    chosen = np.where(
        dice.integers(0, 6, size) == 0, dice.choice(mine, size), dice.integers(0, len(pairs), size)
    )
    agencies, codes = np.array(pairs).T
    return agencies[chosen].tolist(), codes[chosen].tolist()


def _moments(seconds: Any, there: Any = None) -> Iterator[str | None]:
    """Moments as Django writes them into SQLite; None where there is none."""
    texts = np.datetime_as_string(seconds.astype("datetime64[s]")).tolist()
    known: Sequence[bool] = there.tolist() if there is not None else [True] * len(texts)
    return (text.replace("T", " ") if yes else None for text, yes in zip(texts, known, strict=True))


def _events(columns: dict[str, Column], size: int) -> dict[str, Column]:
    """One event a case, so that the journal is as large as the docket; nobody reads these."""
    del columns
    return {
        "uid": (f"{n:032x}" for n in range(size)),
        "stream": (f"case:320707-{n:012}" for n in range(size)),
        "seq": repeat(1, size),
        "type": repeat("desks.receive", size),
        "source": repeat("bench", size),
        "recorded_at": repeat("2026-01-05 01:00:00", size),
        "text": repeat(b"{}" * 150, size),
        "hash": repeat(b"\0" * 32, size),
    }
