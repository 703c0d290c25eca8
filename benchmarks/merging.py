"""From commit to leaf: 100 events a second against the worker as it ships (journal.md section 7).

The worker is a process of its own on the same SQLite file; this process writes and looks which events have a leaf. The
delay of an event is over when it is first seen with one, so looking adds up to `_LOOK` to each.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

from benchmarks._installation import folder
from benchmarks._timing import median, percentile

SECONDS = {"small": 20, "full": 120}
PER_SECOND = 100
_LOOK = 0.05
_SETTLE = 30.0
_STREAMS = 997


def run(size: str) -> list[dict[str, Any]]:
    """All rows of the area."""
    print(f"{PER_SECOND} events a second for {SECONDS[size]} s, synchronous=FULL")
    home = folder()
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by `folder`

    call_command("migrate", verbosity=0)
    _prepare()
    worker = subprocess.Popen(
        [sys.executable, "-m", "yukuaiban.site", "worker"], env=os.environ | {"YKB_HOME": str(home)}
    )
    try:
        delays, rate = _delays(SECONDS[size])
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait()
    n = len(delays)
    return [
        {
            "case": "events written a second",
            "n": n,
            "against": "of 100",
            "ratio": rate / PER_SECOND,
            "goal": ">= 0.95",
        },
        {"case": "commit to leaf, median", "n": n, "against": "s", "ratio": median(delays), "goal": None},
        {
            "case": "commit to leaf, p99",
            "n": n,
            "against": "s",
            "ratio": percentile(delays, 99),
            "goal": "<= 5",
        },
        {"case": "commit to leaf, longest", "n": n, "against": "s", "ratio": max(delays), "goal": None},
    ]


def _prepare() -> None:
    """The district's rules, without which no worker starts."""
    from yukuaiban.people.district import installed  # noqa: PLC0415 - Django is set up by `folder`
    from yukuaiban.site.installation import prepare  # noqa: PLC0415
    from yukuaiban.site.livepen import LivePen  # noqa: PLC0415

    prepare(installed(), LivePen())


def _delays(seconds: int) -> tuple[list[float], float]:
    """The delay of every event, and how many were written in a second."""
    waiting: dict[str, float] = {}
    delays: list[float] = []
    _write(0, waiting)
    _settle(waiting)  # until the worker has started
    began, looked, count = time.monotonic(), 0.0, seconds * PER_SECOND
    for number in range(count):
        time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
        _write(number, waiting)
        if time.monotonic() - looked >= _LOOK:
            looked = time.monotonic()
            delays += _seen(waiting)
    rate = count / (time.monotonic() - began)
    return delays + _settle(waiting), rate


def _write(number: int, waiting: dict[str, float]) -> None:
    from yukuaiban.journal.event import Actor  # noqa: PLC0415 - Django is set up by `folder`
    from yukuaiban.journal.writing import append  # noqa: PLC0415
    from yukuaiban.site.livepen import LivePen  # noqa: PLC0415

    event = append(
        stream=f"bench:{number % _STREAMS}",
        type="bench.written",
        body={"n": number + 1},
        actor=Actor("system:worker"),
        pen=LivePen(),
        source="worker",
    )
    waiting[event.uid.hex] = time.monotonic()


def _settle(waiting: dict[str, float]) -> list[float]:
    """The delays of all that still wait."""
    delays: list[float] = []
    end = time.monotonic() + _SETTLE
    while waiting:
        assert time.monotonic() < end, f"{len(waiting)} events have no leaf after {_SETTLE} s"
        time.sleep(_LOOK)
        delays += _seen(waiting)
    return delays


def _seen(waiting: dict[str, float]) -> list[float]:
    """The delays of those that have a leaf by now, in the order of writing; they wait no longer."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by `folder`

    found: list[float] = []
    with connection.cursor() as cursor:
        for uid in list(waiting):
            cursor.execute(
                "SELECT 1 FROM journal_event e JOIN journal_leaf l ON l.event_id = e.id WHERE e.uid = %s",
                [uid],
            )
            if cursor.fetchone() is None:
                break
            found.append(time.monotonic() - waiting.pop(uid))
    return found
