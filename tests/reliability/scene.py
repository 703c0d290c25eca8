"""What the processes of a kill test run: prepare a district, write with keys, tell what stands in the database.

`python -m tests.reliability.scene prepare|write|work|told …`, with the environment of one installation.
"""

from __future__ import annotations

import json
import os
import sys
import threading

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - after set-up

from tests.cast import PEOPLE, PERMIT, Office  # noqa: E402
from yukuaiban.cases import counters  # noqa: E402
from yukuaiban.cases.acting import act  # noqa: E402
from yukuaiban.cases.models import Case, ClockEffect  # noqa: E402
from yukuaiban.cases.rebuilding import case_streams, fold_differences  # noqa: E402
from yukuaiban.cases.worker import run_until_quiet, tick  # noqa: E402
from yukuaiban.journal.models import JournalEvent  # noqa: E402
from yukuaiban.journal.verifying import verify  # noqa: E402
from yukuaiban.people.models import Staff  # noqa: E402
from yukuaiban.people.subject import PostRef, Subject  # noqa: E402
from yukuaiban.site import django as site  # noqa: E402


def prepare(cases: str) -> None:
    """The cast, and so many cases of a long past spring that nobody has touched since."""
    site.migrate()
    with transaction.atomic():
        office = Office()
        for _ in range(int(cases)):
            office.in_review()


def clerk() -> Subject:
    """小榆, as the gate would make her from her session."""
    staff = Staff.objects.get(login="xiaoyu")
    name, role, agency = PEOPLE["xiaoyu"]
    place = PostRef(agency, role, staff.posts.get().pk)
    return Subject("staff", staff.ref, str(staff.uid), place, (place,), name=name)


def deeds(name: str, count: int):
    """The same wishes at every start, each with its key: take a case in, admit it, the next one."""
    number = ""
    for n in range(count):
        key = f"{name}-{n}"
        if n % 2 == 0:
            data = {"matter": PERMIT, "desk": "main-01", "applicant": "王海", "phone": "19900001234"}
            done = yield key, None, "receive", data
            number = done.number
        else:
            yield key, number, "admit", {}


def write(name: str, count: str, *options: str) -> None:
    """Act, then say so: a line `key number seq` once `act` has returned.

    Before each deed a line is read from standard input, but for the first `free=N` that only ask again. `no-keys` sends
    no key, as no client may. `die-after=N` ends the process between the commit of deed N and saying so.
    """
    pen, who, given = site.ready(), clerk(), dict(word.partition("=")[::2] for word in options)
    wishes, done = deeds(name, int(count)), None
    for place in range(int(count)):
        key, number, action, data = wishes.send(done)
        if place >= int(given.get("free", 0)) and not sys.stdin.readline():
            return
        case = Case.objects.get(number=number) if number else None
        sent = None if "no-keys" in given else key
        opens = None if case else "desks"
        done = act(case, action, subject=who, data=data, key=sent, pen=pen, procedure=opens)
        if str(place) == given.get("die-after"):
            os._exit(9)
        say(key, done.number, done.seq)


def work(batch: str) -> None:
    """A worker like the real one in small steps, so that a kill falls into the middle: says what each pass moved."""
    pen = site.ready()
    while True:
        report = tick(pen.moment(), pen=pen, batch=int(batch))
        say("moved", report.moved)
        if not report.moved:
            threading.Event().wait(0.1)


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def told() -> None:
    """Do what is still due; then one JSON document about the database, with every invariant looked at."""
    pen = site.ready()
    run_until_quiet(pen.moment(), pen=pen)
    report = verify(folds={"case:": fold_differences}, streams={"case:": case_streams})
    now = pen.moment()
    effects = [
        [effect.clock.case.number, effect.clock.code, effect.clock.ordinal, effect.step, effect.clock_version]
        for effect in ClockEffect.objects.select_related("clock__case")
    ]
    found = {
        "ok": report.ok,
        "first": str(report.first),
        "keys": {
            row[0]: [row[1], row[2]]
            for row in JournalEvent.objects.exclude(idem_key=None).values_list("idem_key", "stream", "seq")
        },
        "cases": Case.objects.count(),
        "effects": sorted(effects),
        "counts_right": counters.counts(now) == counters.recount(now),
        "vendor": connection.vendor,
    }
    say(json.dumps(found))


if __name__ == "__main__":
    {"prepare": prepare, "write": write, "work": work, "told": told}[sys.argv[1]](*sys.argv[2:])
