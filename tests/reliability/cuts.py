"""Power cuts under clients of the real product, on the file system that forgets.

`python -m tests.reliability.cuts ROUNDS SEED [off] [torn] [names]`, with the environment of an installation in the
backing folder that `scene prepare` made. Prints a JSON line a round: what was acknowledged, what was found afterwards.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402 - after set-up
from django.db import connection  # noqa: E402

from tests.reliability import clients  # noqa: E402
from tests.reliability.disk import Disk, mounted  # noqa: E402
from tests.reliability.forgetful import forget_names  # noqa: E402
from tests.reliability.forks import Say, fork  # noqa: E402
from yukuaiban.journal import sequencing, tree  # noqa: E402
from yukuaiban.site import home  # noqa: E402
from yukuaiban.site.livepen import LivePen  # noqa: E402

CLIENTS = 2
DEEDS = 12
EVERY = 50  # rounds after which a fresh copy is taken, so that the judge need not read an ever longer journal
YEAR = timedelta(days=365)  # ahead, so that a checkpoint is always due
MOST_CHANGES = 1500  # of the disk, in one round; the deeds of all clients together make more


def at_home(home: Path, *, durable: bool = True) -> None:
    """The connection and the uploads of this process lie there."""
    connection.settings_dict["NAME"] = str(home / "yukuaiban.sqlite3")
    settings.MEDIA_ROOT = home / "uploads"
    if not durable:
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


class Rounds:
    """Rounds on one folder, each with a cut at a change of the disk drawn from the seed."""

    def __init__(self, seed: int, words: set[str]) -> None:
        self.dice = random.Random(seed)
        self.durable = "off" not in words
        self.modes = sorted(words - {"off"})
        self.origin = settings.HOME
        self.place = Path(tempfile.mkdtemp(dir=self.origin.parent, prefix="disk-"))
        self.told: list[dict] = []
        self.signed = 0

    def run(self, count: int) -> None:
        for number in range(count):
            if number % EVERY == 0:
                shutil.rmtree(self.place / "backing", ignore_errors=True)
                shutil.copytree(self.origin, self.place / "backing")
                self.told, self.signed = [], 0
            sys.stdout.write(json.dumps(self.round(number)) + "\n")
            sys.stdout.flush()

    def round(self, number: int) -> dict:
        """Clients at work, the cut, what is found."""
        backing, mount = self.place / "backing", self.place / "mount"
        names = [f"r{number}c{n}" for n in range(CLIENTS)]
        cut, seed = self.dice.randrange(1, MOST_CHANGES), self.dice.randrange(10**9)
        with mounted(backing, mount, f"cut={cut}", f"seed={seed}", *self.modes) as disk:
            by_itself, said = self.work(disk, names)
        self.told += said
        forgotten = forget_names(backing)
        with mounted(backing, mount):
            found = fork(lambda say: self.judge(mount, names, say)).lines()
        nothing = {"lost": [each["key"] for each in self.told], "corrupt": True}
        judged = json.loads(found[0]) if found else nothing
        return {"cut": cut, "by_itself": by_itself, "said": len(said), "forgotten": forgotten} | judged

    def work(self, disk: Disk, names: list[str]) -> tuple[bool, list[dict]]:
        """Until the power has gone or all deeds are done: whether it went by itself, and what clients were told."""
        forks = [
            fork(lambda say, name=name: self.client(disk.mount, name, say), cut_off=True) for name in names
        ]
        keeper = fork(lambda say: self.keeper(disk.mount, say), cut_off=True)
        # Who waits for a lock on a disk that is gone would wait out its patience of five seconds.
        while any(each.busy() for each in forks) and not disk.gone():
            threading.Event().wait(0.005)
        by_itself = disk.gone()
        said = [json.loads(line) for each in forks for line in each.end()]
        self.signed = max([self.signed, *map(int, keeper.end())])
        return by_itself, said

    def client(self, mount: Path, name: str, say: Say) -> None:
        """Deeds until the power goes; each told as soon as `act` has returned."""
        at_home(mount, durable=self.durable)
        for place in range(DEEDS):
            say(clients.deed(name, place, papers=place % 5 == 0))

    def keeper(self, mount: Path, say: Say) -> None:
        """The sequencer: signs the tree whenever it has grown; each size told once it is signed."""
        at_home(mount, durable=self.durable)
        while True:
            found = sequencing.advance(LivePen().moment() + YEAR, memory=home.signed_note(mount))
            if found.checkpoint is not None:
                say(str(found.checkpoint))

    def judge(self, mount: Path, names: list[str], say: Say) -> None:
        """Old or new, nothing else."""
        at_home(mount)
        with sqlite3.connect(mount / "yukuaiban.sqlite3") as reader:
            sound = reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        lost = clients.lost(self.told)
        unsigned = self.signed - (newest.size if (newest := tree.newest()) else 0)
        stopped = sequencing.obstacle(LivePen().moment(), memory=home.signed_note(mount))
        before = clients.verdict()
        again = [key for key, alike in clients.asked_again(names, self.told) if not alike] if not lost else []
        found = {
            "corrupt": not sound,
            "lost": lost,
            "again": again,
            "unsigned": max(unsigned, 0),
            "stopped": stopped,
        }
        say(json.dumps(found | {"before": before, "after": clients.verdict()}))


if __name__ == "__main__":
    Rounds(int(sys.argv[2]), set(sys.argv[3:])).run(int(sys.argv[1]))
