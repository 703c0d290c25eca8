"""Ends a process at every statement of one deed, one after the other, on a copy of the same database.

`python -m tests.reliability.crashpoints act|pass`, with the environment of one installation that `scene prepare` made.
Prints a line for each crash point: what was found afterwards, and whether doing it again gives what an undisturbed
deed gives.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - after set-up
from django.db import connection  # noqa: E402

from tests.cast import at  # noqa: E402
from tests.reliability.scene import clerk, say  # noqa: E402
from yukuaiban.cases.acting import act  # noqa: E402
from yukuaiban.cases.models import Case  # noqa: E402
from yukuaiban.cases.rebuilding import case_streams, fold_differences  # noqa: E402
from yukuaiban.cases.worker import run_until_quiet  # noqa: E402
from yukuaiban.journal.pen import SeededPen  # noqa: E402
from yukuaiban.journal.verifying import verify  # noqa: E402

KILLED = 9
DATABASE = Path(settings.DATABASES["default"]["NAME"])
NOON, LATER = at("2026-03-02T12:00"), at("2026-03-20T09:00")


def one_act() -> None:
    """A case is taken in, with a key."""
    data = {"matter": "S-0007", "desk": "main-01", "applicant": "王海", "phone": "19900001234"}
    pen = SeededPen("act", lambda: NOON)
    act(None, "receive", procedure="desks", subject=clerk(), data=data, key="k-1", pen=pen)


def one_pass() -> None:
    """A worker finds a case whose clocks have run out."""
    run_until_quiet(LATER, pen=SeededPen("pass", lambda: LATER))


class CrashPoint:
    """Counts statements and ends the process before the given one, without any farewell."""

    def __init__(self, point: int) -> None:
        self.left = point

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            os._exit(KILLED)
        return execute(*statement)


def in_a_process_of_its_own(deed: Callable[[], None], point: int = 0) -> int:
    """Do the deed in a fork that ends before statement `point`; gives its exit code."""
    connection.close()
    child = os.fork()
    if child == 0:
        with connection.execute_wrapper(CrashPoint(point)):
            deed()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def content() -> str:
    """A fingerprint of everything that stands in the database."""
    with sqlite3.connect(DATABASE) as reader:
        lines = "\n".join(reader.iterdump())
    reader.close()
    return hashlib.sha256(lines.encode(errors="surrogateescape")).hexdigest()


def whole() -> bool:
    """Journal and rows agree."""
    found = verify(folds={"case:": fold_differences}, streams={"case:": case_streams}).ok
    connection.close()
    return found


def restore(copy: bytes) -> None:
    for path in DATABASE.parent.glob(f"{DATABASE.name}*"):
        path.unlink()
    DATABASE.write_bytes(copy)


def main(deed: Callable[[], None]) -> None:
    Case.objects.count()
    connection.close()
    with sqlite3.connect(DATABASE) as writer:
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    writer.close()
    copy, old = DATABASE.read_bytes(), content()
    assert in_a_process_of_its_own(deed) == 0
    new = content()
    assert new != old
    point, code = 0, KILLED
    while code == KILLED:
        point += 1
        restore(copy)
        code = in_a_process_of_its_own(deed, point)
        found, sound = content(), whole()
        again = in_a_process_of_its_own(deed)
        say(
            json.dumps(
                {
                    "point": point,
                    "killed": code == KILLED,
                    "state": {old: "old", new: "new"}.get(found, "between"),
                    "whole": sound,
                    "again": again == 0 and content() == new,
                }
            )
        )


if __name__ == "__main__":
    main({"act": one_act, "pass": one_pass}[sys.argv[1]])
