"""Writing the rows of a copied journal into a SQLite file: what `_ledger` has made, with leaves and checkpoints."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case, Clock
    from yukuaiban.journal.event import Event

UNTIL = datetime(2026, 11, 2, 1, tzinfo=UTC)
LEAVES_A_CHECKPOINT = 75  # a minute of ten million events a year
Secrets = dict[UUID, tuple[bytes, bytes]]


@dataclass(frozen=True)
class Copy:
    """A case that was copied: its rows, its events, salt and payload of those that have one."""

    case: Case
    clocks: list[Clock]
    events: list[Event]
    secrets: Secrets


@dataclass
class Place:
    """Where the journal stands: the last id and both trees."""

    event: int
    trees: list[Any]
    copies: int = 0


def write(connection: sqlite3.Connection, batch: list[Copy], place: Place) -> None:
    """Everything of these cases, the events in the order of their moments."""
    from yukuaiban.cases.models import Case, Clock  # noqa: PLC0415 - Django is set up by `database`
    from yukuaiban.journal import models  # noqa: PLC0415

    events = sorted(
        (e for each in batch for e in each.events), key=lambda e: (e.recorded_at, e.stream, e.seq)
    )
    rows, leaves, checkpoints = [], [], []
    for event in events:
        place.event += 1
        rows.append(_event(event, place.event))
        leaves.append(_leaf(event, place))
        if place.trees[0].size % LEAVES_A_CHECKPOINT == 0:
            checkpoints.append(_checkpoint(place))
    connection.execute("BEGIN")
    _insert(connection, Case, [each.case for each in batch])
    _insert(connection, Clock, [clock for each in batch for clock in each.clocks])
    _insert(connection, models.JournalEvent, rows)
    _insert(connection, models.JournalLeaf, leaves)
    _insert(connection, models.JournalCheckpoint, checkpoints)
    _insert(connection, models.JournalSecret, [row for each in batch for row in _secrets(each)])
    connection.execute("COMMIT")


def _secrets(copy: Copy) -> Iterator[Any]:
    from yukuaiban.journal.models import JournalSecret  # noqa: PLC0415 - Django is set up by `database`
    from yukuaiban.journal.sealing import seal  # noqa: PLC0415

    for uid, (salt, payload) in copy.secrets.items():
        sealed = seal(payload, salt=salt, bound_to=uid.bytes)
        yield JournalSecret(event_uid=uid, salt=salt, payload=sealed)


def _event(event: Event, number: int) -> Any:
    from yukuaiban.journal.models import JournalEvent  # noqa: PLC0415 - Django is set up by `database`

    copies = ("uid", "stream", "seq", "type", "source", "recorded_at", "occurred_at", "text", "hash")
    return JournalEvent(id=number, idem_key=event.idem, **{name: getattr(event, name) for name in copies})


def _leaf(event: Event, place: Place) -> Any:
    from yukuaiban.core.merkle import BOTH  # noqa: PLC0415 - Django is set up by `database`
    from yukuaiban.journal.models import JournalLeaf  # noqa: PLC0415

    hashes = [each.leaf(event.text) for each in BOTH]
    row = JournalLeaf(
        idx=place.trees[0].size, event_id=place.event, leaf_sha256=hashes[0], leaf_sm3=hashes[1]
    )
    for tree, leaf in zip(place.trees, hashes, strict=True):
        tree.add(leaf)
    return row


def _checkpoint(place: Place) -> Any:
    from yukuaiban.core.merkle import BOTH  # noqa: PLC0415 - Django is set up by `database`
    from yukuaiban.journal import keys  # noqa: PLC0415
    from yukuaiban.journal.models import JournalCheckpoint  # noqa: PLC0415
    from yukuaiban.journal.notes import checkpoint_text, signed  # noqa: PLC0415

    size, roots, signers = place.trees[0].size, [each.root() for each in place.trees], keys.signers()
    notes = [
        signed(checkpoint_text(keys.origin(each), size, root), signers[each.name])
        for each, root in zip(BOTH, roots, strict=True)
    ]
    return JournalCheckpoint(
        size=size,
        root_sha256=roots[0],
        root_sm3=roots[1],
        note_sha256=notes[0],
        note_sm3=notes[1],
        frontier=b"".join(each.packed() for each in place.trees),
        made_at=UNTIL,
    )


def _insert(connection: sqlite3.Connection, model: Any, rows: list[Any]) -> None:
    """By `executemany`, values as Django itself would write them."""
    from django.db import connection as ours  # noqa: PLC0415 - Django is set up by `database`

    fields = [f for f in model._meta.concrete_fields if f.name != "id" or model.__name__ != "Clock"]  # noqa: SLF001
    names, marks = ", ".join(f'"{f.column}"' for f in fields), ", ".join("?" for _ in fields)
    values = ([f.get_db_prep_save(getattr(row, f.attname), ours) for f in fields] for row in rows)
    connection.executemany(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})', values)  # noqa: SLF001


def triggers(*, install: bool) -> None:
    """Take the triggers away, or put them back."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by `database`

    from yukuaiban.journal import triggers  # noqa: PLC0415

    (triggers.install if install else triggers.remove)(connection)
