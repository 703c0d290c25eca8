"""Canonical text and verification against the floor that no reader of the journal can avoid (performance.md 8).

The floor is SHA-256 and `json.loads` of every text. The events are those of the simulator's cases, copied by the real
encoder until there are enough (`_ledger`): chains, leaves, checkpoints, sealed payloads and rows are all there.
"""

from __future__ import annotations

import hashlib
import json
import resource
from functools import partial
from typing import Any

from benchmarks._installation import database
from benchmarks._ledger import SEED, ready
from benchmarks._ledgerfile import LEAVES_A_CHECKPOINT
from benchmarks._timing import in_turn, median

EVENTS = {"small": 20_000, "full": 1_000_000}
ROUNDS = {"small": 2, "full": 1}
SAMPLE = 20_000
DAY = 30_000


def run(size: str) -> list[dict[str, Any]]:
    """All rows of the area."""
    events = EVENTS[size]
    print(f"seed {SEED}; at least {events} events, a checkpoint for every {LEAVES_A_CHECKPOINT}")
    with database(ready(events)):
        texts = _texts()
        return [*_encoding(texts), *_verifying(texts, ROUNDS[size])]


def _texts() -> list[bytes]:
    """Some texts from everywhere in the journal."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by `database`

    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM journal_event")
        every = max(1, cursor.fetchone()[0] // SAMPLE)
        cursor.execute("SELECT text FROM journal_event WHERE id %% %s = 0 ORDER BY id", [every])
        return [bytes(text) for (text,) in cursor.fetchall()]


def _encoding(texts: list[bytes]) -> list[dict[str, Any]]:
    from yukuaiban.core.canonical import canonical, parse, parse_by_encoding  # noqa: PLC0415 - as above

    events = [json.loads(text) for text in texts]
    assert [canonical(event) for event in events] == texts, "texts are not canonical"
    assert [parse(text) for text in texts] == events, "texts are read otherwise"
    times = in_turn(
        {
            "canonical": lambda: [canonical(event) for event in events],
            "dumps": lambda: [_plain(event) for event in events],
            "parse": lambda: [parse(text) for text in texts],
            "long": lambda: [parse_by_encoding(text) for text in texts],
        },
        ROUNDS["small"],
    )
    rows = (
        ("canonical text", "canonical", "dumps", "of the standard encoder with sorted keys"),
        ("reading a canonical text", "parse", "long", "of encoding it again"),
    )
    return [_row(case, len(texts), times[name], median(times[other]), of) for case, name, other, of in rows]


def _verifying(texts: list[bytes], rounds: int) -> list[dict[str, Any]]:
    """Whole runs, per event of the floor; and the run from a checkpoint that has a day behind it."""
    from yukuaiban.cases.rebuilding import case_streams, fold_differences  # noqa: PLC0415 - as above

    since, later = _yesterday()
    whole = {"folds": {"case:": fold_differences}, "streams": {"case:": case_streams}}
    jobs = {
        "floor": partial(_floor, texts),
        "plain": partial(_verified, folds={}),
        "folds": partial(_verified, **whole),
        "since": partial(_verified, folds=whole["folds"], since=since),
    }
    count = _verified(**whole).events
    times = in_turn(jobs, rounds)
    floor = median(times["floor"]) / len(texts)
    of_floor = "of SHA-256 and json.loads"
    million = "s of CPU for 1,000,000 events"
    return [
        _row("verify without folds", count, times["plain"], floor * count, of_floor, goal="<= 1.6"),
        _row("verify with folds", count, times["folds"], floor * count, of_floor, goal="<= 2.5"),
        _row("verify without folds, a million", count, times["plain"], count / 1e6, million, goal="<= 15"),
        _row("verify with folds, a million", count, times["folds"], count / 1e6, million, goal="<= 15"),
        _row(f"verify --since, {later} leaves later", count, times["since"], 1.0, "s of CPU", goal="<= 5"),
        {
            "case": "verify, peak memory of the process",
            "n": count,
            "against": "MB",
            "ratio": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "goal": "<= 300",
        },
    ]


def _verified(**given: Any) -> Any:
    from yukuaiban.journal import verifying  # noqa: PLC0415 - Django is set up by `database`

    report = verifying.verify(**given)
    assert report.ok, (report.faults, report.first)
    return report


def _yesterday() -> tuple[Any, int]:
    """The note of the last checkpoint with a day's leaves behind it (of the first where there are fewer)."""
    from yukuaiban.journal import tree  # noqa: PLC0415 - Django is set up by `database`
    from yukuaiban.journal.models import JournalCheckpoint  # noqa: PLC0415
    from yukuaiban.journal.notes import read_note  # noqa: PLC0415

    held, size = JournalCheckpoint.objects.order_by("-size"), tree.size()
    row = held.filter(size__lte=size - DAY).first() or held.last()
    assert row is not None
    return read_note(row.note_sha256), size - row.size


def _row(
    case: str, n: int, seconds: list[float], floor: float, against: str, *, goal: str | None = None
) -> dict[str, Any]:
    ratio = median(seconds) / floor
    return {"case": case, "n": n, "seconds": seconds, "against": against, "ratio": ratio, "goal": goal}


def _floor(texts: list[bytes]) -> int:
    return sum(len(hashlib.sha256(text).digest()) + len(json.loads(text)) for text in texts)


def _plain(event: dict[str, Any]) -> bytes:
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
