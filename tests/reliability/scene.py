"""A district for the tests that kill, and what is told about it afterwards.

`python -m tests.reliability.scene prepare CASES`, with the environment of one installation.
"""

from __future__ import annotations

import sys
from datetime import timedelta

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - after set-up

from tests.cast import PEOPLE, Office  # noqa: E402
from yukuaiban.cases import counters  # noqa: E402
from yukuaiban.cases.models import Case, ClockEffect  # noqa: E402
from yukuaiban.cases.rebuilding import case_streams, fold_differences  # noqa: E402
from yukuaiban.cases.worker import run_until_quiet  # noqa: E402
from yukuaiban.journal.verifying import verify  # noqa: E402
from yukuaiban.people.models import Staff  # noqa: E402
from yukuaiban.people.subject import PostRef, Subject  # noqa: E402
from yukuaiban.site import django as site  # noqa: E402

YEAR = timedelta(days=365)


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


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def found() -> dict:
    """What stands in the database once whatever was still due is done, with every invariant looked at."""
    pen = site.ready()
    run_until_quiet(pen.moment(), pen=pen)
    report = verify(folds={"case:": fold_differences}, streams={"case:": case_streams})
    now = pen.moment()
    effects = [
        [effect.clock.case.number, effect.clock.code, effect.clock.ordinal, effect.step, effect.clock_version]
        for effect in ClockEffect.objects.select_related("clock__case")
    ]
    return {
        "whole": report.ok,
        "first": str(report.first),
        "cases": Case.objects.count(),
        "effects": sorted(effects),
        "counts_right": counters.counts(now) == counters.recount(now),
        "vendor": connection.vendor,
    }


if __name__ == "__main__":
    {"prepare": prepare}[sys.argv[1]](*sys.argv[2:])
