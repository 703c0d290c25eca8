"""The primary dies under load and its standby takes over, round after round.

`python -m tests.reliability.failover ROUNDS SEED FOLDER synchronous|asynchronous`, with the environment of an
installation whose database is the running server in FOLDER. Prints a JSON line a round.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from pathlib import Path

import django

django.setup()

from django.db import Error, connection  # noqa: E402 - after set-up

from tests.pgcluster import Server  # noqa: E402
from tests.reliability import clients  # noqa: E402
from tests.reliability.forks import Say, fork  # noqa: E402

CLIENTS = 8
MORE = 2  # deeds of each client after the failover
OLD, NEW = b"o", b"n"


class Rounds:
    """Rounds on one line of servers: each round's standby is the next round's primary."""

    def __init__(self, seed: int, primary: Server, kind: str) -> None:
        self.dice = random.Random(seed)
        self.primary = primary
        self.kind = kind
        self.synchronous = kind == "synchronous"
        self.told: list[dict] = []
        self.ears, self.mouth = os.pipe()

    def address(self, number: int) -> Path:
        """The file that says to clients where the database is now, as a moved address does in service."""
        return self.primary.folder.parent / f"address-{self.kind}-{number}"

    def run(self, count: int) -> None:
        for number in range(count):
            sys.stdout.write(json.dumps(self.round(number)) + "\n")
            sys.stdout.flush()

    def round(self, number: int) -> dict:
        """Load, death, promotion, the same clients again, judgement."""
        standby = self.primary.copy(self.primary.folder.parent / f"{self.kind}-{number}")
        self.pair(standby)
        names = [f"{self.kind[0]}{number}c{n}" for n in range(CLIENTS)]
        address = self.address(number)
        forks = [fork(lambda say, name=name: self.client(name, address, say), cut_off=True) for name in names]
        self.hear(OLD, self.dice.randrange(16, 48))
        if not self.synchronous:
            self.part(standby)
            self.hear(OLD, CLIENTS)
        self.primary.kill()
        since = time.monotonic()
        standby.promote()
        address.write_text(str(standby.sockets), encoding="utf-8")
        seconds = self.until_written(since) if self.synchronous else None
        said = [json.loads(line) for each in forks for line in each.lines()]
        self.told += said
        self.primary.drop()
        self.primary = standby
        (found,) = fork(lambda say: self.judge(names, say)).lines()
        return {"said": len(said), "seconds": seconds, "primary": str(standby.folder)} | json.loads(found)

    def pair(self, standby: Server) -> None:
        """Wait until the standby streams; from then on commits wait for it, where they are to."""
        if self.synchronous:
            self.primary.set("synchronous_standby_names", "*")
        wanted = "sync" if self.synchronous else "async"
        while self.primary.ask("SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'") != [
            (wanted,)
        ]:
            threading.Event().wait(0.02)
        assert standby.ask("SELECT pg_is_in_recovery()") == [(True,)]

    def part(self, standby: Server) -> None:
        """End the standby's receiver; pausing it would lose nothing, since what is buffered still arrives."""
        standby.set("primary_conninfo", "")
        while standby.ask("SELECT 1 FROM pg_stat_wal_receiver"):
            threading.Event().wait(0.02)

    def hear(self, kind: bytes, count: int) -> None:
        """Until so many deeds more of that kind have been acknowledged."""
        while count:
            count -= os.read(self.ears, 1) == kind

    def until_written(self, since: float) -> float:
        """Seconds from the death to the first deed that the new primary acknowledged."""
        self.hear(NEW, 1)
        return round(time.monotonic() - since, 2)

    def client(self, name: str, address: Path, say: Say) -> None:
        """Deeds until the primary dies; then the one that was under way again, with its key, and some more."""
        connection.settings_dict["HOST"] = str(self.primary.sockets)
        place, left, kind = 0, MORE, OLD
        while left:
            try:
                line = clients.deed(name, place)
            except Error:
                kind = NEW
                self.reconnect(address)
                continue
            say(line)
            os.write(self.mouth, kind)
            place += 1
            left -= kind == NEW

    def reconnect(self, address: Path) -> None:
        """To wherever the address points by now."""
        connection.close()
        while not address.exists():
            threading.Event().wait(0.01)
        connection.settings_dict["HOST"] = address.read_text(encoding="utf-8") or str(self.primary.sockets)

    def judge(self, names: list[str], say: Say) -> None:
        """What the new primary holds of all that was ever acknowledged."""
        connection.settings_dict["HOST"] = str(self.primary.sockets)
        lost = clients.lost(self.told)
        before = clients.verdict()
        again = [key for key, alike in clients.asked_again(names, self.told) if not alike] if not lost else []
        say(json.dumps({"lost": lost, "again": again, "before": before, "after": clients.verdict()}))


if __name__ == "__main__":
    first = Server(Path(sys.argv[3]))
    Rounds(int(sys.argv[2]), first, sys.argv[4]).run(int(sys.argv[1]))
