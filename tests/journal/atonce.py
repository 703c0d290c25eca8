"""Real processes and real transactions at the journal at the same time.

`python -m tests.journal.atonce COUNT`, with the environment of one empty installation. Prints one JSON document.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - after set-up

from tests.reliability.forks import Say, fork  # noqa: E402
from yukuaiban.journal import sequencing, writing  # noqa: E402
from yukuaiban.journal.event import Actor  # noqa: E402
from yukuaiban.journal.models import JournalEvent, JournalLeaf  # noqa: E402
from yukuaiban.journal.verifying import verify  # noqa: E402
from yukuaiban.site import django as site  # noqa: E402
from yukuaiban.site.livepen import LivePen  # noqa: E402


def append(stream: str, by: str) -> int:
    event = writing.append(
        stream=stream,
        type="list.exported",
        body={"by": by},
        actor=Actor("staff:s-1"),
        pen=LivePen(),
        source="web",
    )
    return event.seq


def seqs(stream: str) -> list[int]:
    return list(JournalEvent.objects.filter(stream=stream).order_by("id").values_list("seq", flat=True))


def side_by_side(count: int) -> dict:
    """Two processes append to one stream as fast as they can."""
    stream = "register:shared"
    connection.close()

    def write(name: str):
        return lambda say: [say(str(append(stream, name))) for _ in range(count)]

    for each in [fork(write(name)) for name in ("one", "two")]:
        each.lines()
    bodies = JournalEvent.objects.filter(stream=stream).values_list("text", flat=True)
    by = Counter(json.loads(bytes(text))["body"]["by"] for text in bodies)
    return {"seqs": seqs(stream), "by": dict(by)}


class Gate:
    """Lets another process wait for a word from this one."""

    def __init__(self) -> None:
        self.ours, self.theirs = os.pipe()

    def wait(self) -> None:
        os.read(self.ours, 1)

    def open(self) -> None:
        os.write(self.theirs, b"x")


def race() -> dict:
    """Both read the same last event; one writes and commits before the other writes."""
    stream, gate, real = "register:raced", Gate(), writing.head_of
    connection.close()

    def slow(say: Say) -> None:
        looks = []

        def head_of(name: str):
            looks.append(real(name))
            if len(looks) == 1:
                say("read")
                gate.wait()
            return looks[-1]

        writing.head_of = head_of
        append(stream, "slow")
        say(str(len(looks)))

    loser = fork(slow)
    loser.pipe.readline()
    append(stream, "quick")
    gate.open()
    (looks,) = loser.lines()
    return {"seqs": seqs(stream), "conflicts": int(looks) - 1}


def late() -> dict:
    """A transaction with the lower ids commits after the sequencer has passed the higher ones."""
    gate = Gate()
    while sequencing.add_leaves():
        pass
    first = JournalLeaf.objects.count()
    connection.close()

    def slow(say: Say) -> None:
        with transaction.atomic():
            append("register:late", "slow")
            append("register:late", "slow")
            say("written")
            gate.wait()

    other = fork(slow)
    other.pipe.readline()
    for _ in range(2):
        append("register:prompt", "quick")
    sequencing.add_leaves()
    before = placed(first)
    gate.open()
    other.lines()
    sequencing.add_leaves()
    sequencing.make_checkpoint(LivePen().moment())
    return {"before": before, "after": placed(first)}


def placed(first: int) -> list[str]:
    """The events behind that leaf, in the order of the tree."""
    events = JournalLeaf.objects.filter(idx__gte=first).order_by("idx").values_list("event_id", flat=True)
    names = dict(JournalEvent.objects.filter(id__in=list(events)).values_list("id", "stream"))
    ids = sorted(JournalEvent.objects.filter(stream__in=set(names.values())).values_list("id", flat=True))
    return [f"{names[each].removeprefix('register:')} {ids.index(each)}" for each in events]


def main(count: int) -> dict:
    site.migrate()
    found = {"vendor": connection.vendor, "side by side": side_by_side(count)}
    if connection.vendor == "postgresql":
        found |= {"race": race(), "late": late()}
    sequencing.advance(LivePen().moment())
    return found | {"faults": verify(folds={}).faults}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))) + "\n")
