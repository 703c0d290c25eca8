"""Ends a process at every statement of one deed, one after the other, on a copy of the same database.

`python -m tests.reliability.crashpoints DEED [TIMES]`, with the environment of one installation that `scene prepare`
made; the deeds stand at the end of this file. A statement is one to the database, or a step that puts a file on the
disk. Prints a line for each crash point: what was found afterwards, and whether doing it again gives what an
undisturbed deed gives.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
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
from yukuaiban.journal import sequencing  # noqa: E402
from yukuaiban.journal.pen import SeededPen  # noqa: E402
from yukuaiban.journal.verifying import verify  # noqa: E402
from yukuaiban.measures.desks.importing import import_file  # noqa: E402
from yukuaiban.notices.models import Message, Notice  # noqa: E402
from yukuaiban.notices.outbox import Letter, deliver_all, enqueue  # noqa: E402
from yukuaiban.site import home  # noqa: E402

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


def one_sequencing() -> None:
    """The sequencer gives all events their leaf and signs the tree."""
    sequencing.advance(NOON, memory=home.signed_note(settings.HOME))


def one_import() -> None:
    """A list of matters, one of them refused."""
    import_file(settings.HOME / "list.csv", pen=SeededPen("import", lambda: NOON))


def one_delivery() -> None:
    """A sender finds messages for the inbox and for a gateway that takes files."""
    deliver_all(NOON, owner="first")


def later_delivery() -> None:
    """Another sender, once the lease of the first has run out."""
    deliver_all(NOON + timedelta(minutes=2), owner="second")


def with_a_list() -> None:
    lines = (
        "code,name,agency,kind,promised",
        "T-1,甲,榆城区市场监管局,permit,5wd",
        "T-2,,榆城区市场监管局,permit,5wd",
    )
    (settings.HOME / "list.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def with_messages() -> None:
    pen = SeededPen("letters", lambda: NOON)
    for channel in ("inbox", "file", "inbox"):
        letter = Letter(channel, "staff:one", "预警", "请尽快办理。", "9901")
        enqueue(letter, cause=pen.uid(), created_at=NOON, not_before=NOON)


class CrashPoint:
    """Counts statements and ends the process before the given one, without any farewell."""

    def __init__(self, point: int) -> None:
        self.left = point
        for name in ("fsync", "replace"):
            setattr(os, name, self.counted(getattr(os, name)))

    def counted(self, step: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *words, **more: self(lambda: step(*words, **more))

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


def everything() -> str:
    """A fingerprint of all that stands in the database."""
    with sqlite3.connect(DATABASE) as reader:
        lines = "\n".join(reader.iterdump())
    reader.close()
    return hashlib.sha256(lines.encode(errors="surrogateescape")).hexdigest()


def messages() -> str:
    """What became of each message, by whichever sender, and what has arrived, once each under its key."""
    states = sorted(Message.objects.values_list("key", "state"))
    arrived = sorted(Notice.objects.values_list("key", flat=True))
    files = sorted(path.name for path in (settings.HOME / "outbox").glob("*.json"))
    connection.close()
    return json.dumps([states, arrived, files])


def whole() -> bool:
    """Journal and rows agree."""
    found = verify(folds={"case:": fold_differences}, streams={"case:": case_streams}).ok
    connection.close()
    return found


def restore(copy: bytes) -> None:
    for path in DATABASE.parent.glob(f"{DATABASE.name}*"):
        path.unlink()
    DATABASE.write_bytes(copy)
    home.signed_note(settings.HOME).unlink(missing_ok=True)
    shutil.rmtree(settings.HOME / "outbox", ignore_errors=True)


@dataclass(frozen=True)
class Deed:
    """What is done, what is done again after a crash, what it is judged by, and what must be there before."""

    do: Callable[[], None]
    again: Callable[[], None] | None = None
    content: Callable[[], str] = everything
    before: Callable[[], None] = lambda: None

    def walk(self) -> None:
        """End it at every point; the first point that it survives is the end."""
        self.before()
        connection.close()
        with sqlite3.connect(DATABASE) as writer:
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        writer.close()
        copy, old = DATABASE.read_bytes(), self.content()
        assert in_a_process_of_its_own(self.do) == 0
        new = self.content()
        assert new != old
        point, code = 0, KILLED
        while code == KILLED:
            point += 1
            restore(copy)
            code = in_a_process_of_its_own(self.do, point)
            state, sound = {old: "old", new: "new"}.get(self.content(), "between"), whole()
            again = in_a_process_of_its_own(self.again or self.do) == 0 and self.content() == new
            found = {"point": point, "killed": code == KILLED, "state": state, "whole": sound, "again": again}
            say(json.dumps(found))
        restore(copy)


DEEDS = {
    "act": Deed(one_act),
    "pass": Deed(one_pass),
    "sequence": Deed(one_sequencing),
    "import": Deed(one_import, before=with_a_list),
    "deliver": Deed(one_delivery, later_delivery, messages, with_messages),
}


if __name__ == "__main__":
    Case.objects.count()
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
        DEEDS[sys.argv[1]].walk()
