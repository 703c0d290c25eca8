"""What a copy of the database says about itself: schema, counts, head of the journal, files it points to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

Query = Callable[[str], Sequence[Sequence[Any]]]


def of(query: Query) -> dict[str, Any]:
    """The part of the manifest that comes from the copy, through any function that runs a SELECT on it."""
    return {
        "migrations": _migrations(query),
        "counts": {"cases": _number(query, "cases_case"), "files": len(files(query))},
        "journal": _journal(query),
    }


def files(query: Query) -> list[str]:
    """The hashes of all evidence that rows point to."""
    return [row[0] for row in query("SELECT DISTINCT sha256 FROM evidence_evidencefile ORDER BY sha256")]


def _migrations(query: Query) -> list[list[str]]:
    return [[app, name] for app, name in query("SELECT app, name FROM django_migrations ORDER BY id")]


def _journal(query: Query) -> dict[str, Any]:
    first = query("SELECT hash FROM journal_event ORDER BY id LIMIT 1")
    newest = query("SELECT uid, stream, seq, hash FROM journal_event ORDER BY id DESC LIMIT 1")
    signed = query("SELECT note_sha256 FROM journal_checkpoint ORDER BY size DESC LIMIT 1")
    return {
        "events": _number(query, "journal_event"),
        "size": _number(query, "journal_leaf"),
        "first": bytes(first[0][0]).hex() if first else None,
        "newest": [_told(row) for row in newest],
        "checkpoint": signed[0][0] if signed else None,
    }


def _told(row: Sequence[Any]) -> dict[str, Any]:
    uid, stream, seq, digest = row
    return {"uid": str(UUID(str(uid))), "stream": stream, "seq": seq, "hash": bytes(digest).hex()}


def _number(query: Query, table: str) -> int:
    return int(query(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - constants of this module
