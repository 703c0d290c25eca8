"""A journal of any length in bulk: the cases that the simulator plays, copied with their moments moved.

Every text goes through the real encoder, is chained, hashed, given its leaf in both trees and signed over; the
payloads are sealed; rows are the real fold of what was written. So `verify` finds everything whole.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from benchmarks._installation import database, folder
from benchmarks._ledgerfile import UNTIL, Copy, Place, Secrets, triggers, write

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case, Clock
    from yukuaiban.journal.event import Event
    from yukuaiban.journal.pen import Pen

SEED = 20260606
PLAYED_CASES, PLAYED_DAYS = 300, 90
_TOGETHER = 10  # copies of all cases that are mixed by their moments
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")


@dataclass(frozen=True)
class Pattern:
    """A case that was played: its row, its events, and by number the personal payloads."""

    case: Case
    events: list[Event]
    payloads: dict[int, bytes]


def name_of(events: int) -> str:
    """The name of the database with that many events."""
    return f"ledger-{events}"


def ready(events: int) -> str:
    """A database whose journal holds at least that many events, made unless it is there; its name."""
    name = name_of(events)
    if not (folder() / f"{name}.sqlite3").exists():
        with database(name) as path:
            patterns, place = _played()
            connection = sqlite3.connect(path, isolation_level=None)
            grow(connection, patterns, place, events)
            connection.close()
    return name


def grow(connection: sqlite3.Connection, patterns: list[Pattern], place: Place, events: int) -> None:
    """Copy the patterns until the journal holds that many events."""
    triggers(install=False)
    while place.event < events:
        moved = [each for _ in range(_TOGETHER) for each in _copied(patterns, place)]
        write(connection, moved, place)
    triggers(install=True)


def _played() -> tuple[list[Pattern], Place]:
    """The patterns, from a district that the simulator plays into the database in use."""
    from yukuaiban.cases import facts  # noqa: PLC0415 - Django is set up by `database`
    from yukuaiban.cases.models import Case  # noqa: PLC0415
    from yukuaiban.core.merkle import BOTH  # noqa: PLC0415
    from yukuaiban.journal import sequencing, tree  # noqa: PLC0415
    from yukuaiban.journal.models import JournalEvent, JournalSecret  # noqa: PLC0415
    from yukuaiban.journal.sealing import unseal  # noqa: PLC0415
    from yukuaiban.people.district import installed  # noqa: PLC0415
    from yukuaiban.site.simulator.run import play  # noqa: PLC0415

    since = UNTIL - timedelta(days=PLAYED_DAYS)
    quiet = lambda _moment: None  # noqa: E731 - nobody watches
    play(installed(), seed=SEED, since=since, until=UNTIL, cases=PLAYED_CASES, progress=quiet)
    while sequencing.advance(UNTIL).more:
        pass
    sealed = {row.event_uid: bytes(row.payload) for row in JournalSecret.objects.all()}
    patterns = []
    for case in Case.objects.order_by("number"):
        events = list(facts.events(facts.stream_of(case.number)))
        payloads = {e.seq: unseal(sealed[e.uid], bound_to=e.uid.bytes) for e in events if e.secret}
        patterns.append(Pattern(case, events, payloads))
    last = JournalEvent.objects.order_by("-id").values_list("id", flat=True)[0]
    return patterns, Place(last, [tree.frontier(each, tree.size()) for each in BOTH])


def _copied(patterns: list[Pattern], place: Place) -> Iterator[Copy]:
    """Every case once more, on another day, under another number."""
    place.copies += 1
    shift = timedelta(days=place.copies % 365)
    for n, pattern in enumerate(patterns):
        yield _copy(pattern, f"{place.copies:06}{n:06}", shift)


def _copy(pattern: Pattern, number: str, shift: timedelta) -> Copy:
    """The case under another number, that much earlier, its rows folded anew."""
    from yukuaiban.journal.pen import SeededPen  # noqa: PLC0415 - Django is set up by `database`

    pen = SeededPen(number, lambda: UNTIL)
    events, secrets = _events(pattern, number, shift, pen)
    case, clocks = _rows(pattern.case, events, pen.uid())
    return Copy(case, clocks, events, secrets)


def _events(pattern: Pattern, number: str, shift: timedelta, pen: Pen) -> tuple[list[Event], Secrets]:
    from yukuaiban.cases import facts  # noqa: PLC0415 - Django is set up by `database`
    from yukuaiban.journal.event import Actor, compose  # noqa: PLC0415
    from yukuaiban.journal.sealing import commitment  # noqa: PLC0415

    events: list[Event] = []
    secrets: Secrets = {}
    for old in pattern.events:
        uid, payload, secret = pen.uid(), pattern.payloads.get(old.seq), None
        if payload is not None:
            salt = pen.salt()
            secret, secrets[uid] = commitment(salt, payload), (salt, payload)
        new = compose(
            uid=uid,
            stream=facts.stream_of(number),
            seq=old.seq,
            type=old.type,
            actor=Actor(old.actor, old.agency, old.role),
            source=old.source,
            recorded_at=old.recorded_at - shift,
            occurred_at=old.occurred_at - shift if old.occurred_at else None,
            body=_moved(old.body, shift),
            schema=old.schema,
            idem=f"{number}-{old.seq}" if old.idem else None,
            on_behalf_of=old.on_behalf_of,
            second_actor=old.second_actor,
            secret=secret,
            prev=events[-1].hash if events else None,
        )
        events.append(new)
    return events, secrets


def _rows(old: Case, events: list[Event], uid: UUID) -> tuple[Case, list[Clock]]:
    """The case row and its clock rows: the fold of the events."""
    from yukuaiban.cases import facts, storing  # noqa: PLC0415 - Django is set up by `database`
    from yukuaiban.cases.models import Case, Clock  # noqa: PLC0415

    number = events[0].stream.removeprefix(facts.STREAM)
    state = facts.state_from(old.procedure, old.procedure_version, events)
    given = {f.attname: getattr(old, f.attname) for f in Case._meta.concrete_fields}  # noqa: SLF001
    given |= storing.columns(state) | {"id": uid, "number": number, "external_no": number}
    case = Case(**given | {"head": events[-1].hash, "recorded_at": events[-1].recorded_at})
    clocks = [
        Clock(case=case, code=c.code, ordinal=c.ordinal, **storing.clock_columns(c)) for c in state.clocks
    ]
    return case, clocks


def _moved(body: dict[str, Any], shift: timedelta) -> dict[str, Any]:
    """The body with every moment in it moved."""

    def earlier(found: re.Match[str]) -> str:
        moment = datetime.fromisoformat(found[0]) - shift
        return moment.isoformat().replace("+00:00", "Z" if found[0].endswith("Z") else "+00:00")

    moved: dict[str, Any] = json.loads(_MOMENT.sub(earlier, json.dumps(body, ensure_ascii=False)))
    return moved
