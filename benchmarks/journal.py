"""Canonical text and verification against the floor that no reader of the journal can avoid (performance.md 8).

The floor is SHA-256 and `json.loads` of every text. The events are those of real cases, made through the one door.
"""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

from benchmarks._desk import open_desk
from benchmarks._installation import database
from benchmarks._timing import in_turn, median

SEED = 20260606
CASES = {"small": 300, "full": 3000}
ROUNDS = 5


def run(size: str) -> list[dict[str, Any]]:
    """All rows of the area."""
    print(f"seed {SEED}; {CASES[size]} cases")
    with database("journal"):
        _live(CASES[size])
        return _rows(_texts())


def _live(cases: int) -> None:
    """Real cases, in one transaction: what is measured here is reading."""
    from django.db import transaction  # noqa: PLC0415 - Django is set up by `database`

    with transaction.atomic():
        desk = open_desk(SEED)
        for _ in range(cases):
            desk.receive()


def _texts() -> list[bytes]:
    from django.db import connection  # noqa: PLC0415 - Django is set up by `database`

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM journal_event ORDER BY stream, seq")
        return [bytes(text) for (text,) in cursor.fetchall()]


def _rows(texts: list[bytes]) -> list[dict[str, Any]]:
    from yukuaiban.cases.rebuilding import fold_differences  # noqa: PLC0415 - Django is set up by `database`
    from yukuaiban.core.canonical import canonical  # noqa: PLC0415
    from yukuaiban.journal import verifying  # noqa: PLC0415

    events = [json.loads(text) for text in texts]
    assert [canonical(event) for event in events] == texts, "texts are not canonical"
    folds = {"case:": fold_differences}
    report = verifying.verify(folds=folds)
    assert report.ok, report.faults
    assert report.events == len(texts), f"{report.events} of {len(texts)} events read"
    times = in_turn(
        {
            "floor": partial(_floor, texts),
            "canonical": lambda: [canonical(event) for event in events],
            "dumps": lambda: [_plain(event) for event in events],
            "verify": lambda: verifying.verify(folds={}),
            "folds": lambda: verifying.verify(folds=folds),
        },
        ROUNDS,
    )
    of_floor = "of SHA-256 and json.loads"
    rows = (
        ("canonical text", "canonical", "dumps", "of the standard encoder with sorted keys", None),
        ("verify without folds", "verify", "floor", of_floor, "<= 1.6"),
        ("verify with folds", "folds", "floor", of_floor, "<= 2.5"),
    )
    return [
        {
            "case": case,
            "n": len(texts),
            "seconds": times[name],
            "against": against,
            "ratio": median(times[name]) / median(times[other]),
            "goal": goal,
        }
        for case, name, other, against, goal in rows
    ]


def _floor(texts: list[bytes]) -> int:
    return sum(len(hashlib.sha256(text).digest()) + len(json.loads(text)) for text in texts)


def _plain(event: dict[str, Any]) -> bytes:
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
