"""Clients on two hosts whose clocks differ, at work at the same time; prints what stands there afterwards as JSON.

`python -m tests.reliability.skewed SECONDS DEEDS`, with the environment of an empty installation. The second host's
clock is off by so many seconds from the first's, which is that of the database too.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from datetime import datetime, timedelta

import django

django.setup()

from django.db import connection  # noqa: E402 - after set-up
from django.test.utils import CaptureQueriesContext  # noqa: E402

from tests.cast import PERMIT  # noqa: E402
from tests.reliability import clients, scene  # noqa: E402
from tests.reliability.forks import Say, fork  # noqa: E402
from tests.reliability.packcalendar import office  # noqa: E402
from yukuaiban.cases.models import Case, Clock  # noqa: E402
from yukuaiban.cases.worker import run_until_quiet  # noqa: E402
from yukuaiban.journal.models import JournalEvent  # noqa: E402
from yukuaiban.journal.writing import confirm_clock  # noqa: E402
from yukuaiban.people.access import CONSOLE  # noqa: E402
from yukuaiban.site.livepen import LivePen  # noqa: E402

LONG = timedelta(days=90)


class SkewedPen(LivePen):
    """The pen of a host whose clock is off."""

    def __init__(self, skew: timedelta) -> None:
        self.skew = skew

    def host_moment(self) -> datetime:
        return super().host_moment() + self.skew


class LaterPen(LivePen):
    """The same clock long afterwards."""

    def moment(self) -> datetime:
        return super().moment() + LONG


def client(name: str, skew: timedelta, deeds: int, say: Say) -> None:
    for place in range(deeds):
        say(clients.deed(name, place, pen=SkewedPen(skew)))


def found(told: list[dict]) -> dict:
    """The state after all is done; then a worker far in the future, before and after somebody has confirmed."""
    asked, later = questions(), LaterPen()
    before = run_until_quiet(later.moment(), pen=later)
    words = JournalEvent.objects.filter(stream="system").order_by("seq").values_list("type", flat=True)
    state = {"asked": asked, "words": list(words), "moved_in_doubt": before, "lost": clients.lost(told)}
    confirm_clock(actor=CONSOLE.actor(), pen=later, source="console", reason="与授时服务器核对")
    state["moved_afterwards"] = run_until_quiet(later.moment(), pen=later)
    return state | {
        "cases": Case.objects.count(),
        "never_falling": never_falling(),
        "verdict": clients.verdict(),
        "deadlines_wrong": [
            str(clock.pk) for clock in Clock.objects.filter(code="committed") if not right(clock)
        ],
    }


def questions() -> int:
    """How often one deed asks the database for the time."""
    with CaptureQueriesContext(connection) as kept:
        clients.deed("one", 0)
    return sum("clock_timestamp" in each["sql"] for each in kept)


def never_falling() -> bool:
    streams: dict[str, list[datetime]] = defaultdict(list)
    for stream, moment in JournalEvent.objects.order_by("stream", "seq").values_list("stream", "recorded_at"):
        streams[stream].append(moment)
    return all(moments == sorted(moments) for moments in streams.values())


def right(clock: Clock) -> bool:
    """Ten working days after the moment that the journal holds."""
    assert clock.case.subject == PERMIT
    return clock.due_at == office().due_workdays(clock.started_at, 10, [])[1]


def main(seconds: int, deeds: int) -> None:
    fork(lambda _say: scene.prepare("0")).lines()
    skews = {"a": timedelta(), "b": timedelta(), "c": timedelta(seconds=seconds)}
    forks = [
        fork(lambda say, name=name, skew=skew: client(name, skew, deeds, say)) for name, skew in skews.items()
    ]
    told = [json.loads(line) for each in forks for line in each.lines()]
    assert len(told) == deeds * len(skews), "a client was refused"
    sys.stdout.write(json.dumps(found(told)))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
