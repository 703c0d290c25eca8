"""Power cuts under PostgreSQL: its data folder lies on the file system that forgets, clients are at work.

`python -m tests.reliability.pgcuts ROUNDS SEED FOLDER [off] [torn]`, with the environment of an installation whose
database is the server that was stopped in FOLDER. Prints a JSON line a round, as `cuts` does.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402 - after set-up

from tests.pgcluster import Server, end  # noqa: E402
from tests.reliability import clients  # noqa: E402
from tests.reliability.disk import mounted  # noqa: E402
from tests.reliability.forks import Say, fork  # noqa: E402

CLIENTS = 4
DEEDS = 40  # of each client, had it the time
MOST_HEARD = 30  # acknowledgements after which the power goes at the latest


class Rounds:
    """Rounds on one data folder, each with a cut after a number of acknowledgements drawn from the seed."""

    def __init__(self, seed: int, backing: Path, words: set[str]) -> None:
        self.dice = random.Random(seed)
        self.backing, self.mount = backing, backing.with_name("mount")
        self.torn = [f"seed={seed}", "torn"] if "torn" in words else []
        self.settings = "-c fsync=off" if "off" in words else ""
        self.told: list[dict] = []

    def run(self, count: int) -> None:
        for number in range(count):
            sys.stdout.write(json.dumps(self.round(number)) + "\n")
            sys.stdout.flush()

    def round(self, number: int) -> dict:
        """Clients at work, the cut, what the server finds when it is started again."""
        names = [f"p{number}c{n}" for n in range(CLIENTS)]
        said = self.work(names)
        self.told += said
        with mounted(self.backing, self.mount):
            server = Server(self.mount)
            try:
                server.start()
            except AssertionError:
                return {"said": len(said), "lost": [each["key"] for each in self.told], "corrupt": True}
            (found,) = fork(lambda say: self.judge(server, names, say)).lines()
            server.stop()
        return {"said": len(said), "corrupt": False} | json.loads(found)

    def work(self, names: list[str]) -> list[dict]:
        """What clients were told until the power went."""
        ears, mouth = os.pipe()
        with mounted(self.backing, self.mount, *self.torn) as disk:
            server = Server(self.mount)
            server.start(self.settings)
            forks = [
                fork(lambda say, name=name: self.client(server, name, mouth, say), cut_off=True)
                for name in names
            ]
            os.read(ears, 1)
            for _ in range(self.dice.randrange(MOST_HEARD)):
                os.read(ears, 1)
            threading.Event().wait(self.dice.uniform(0, 0.05))
            family = server.family()
            disk.server.kill()
            disk.server.wait()
        end(family)
        said = [json.loads(line) for each in forks for line in each.end()]
        os.close(ears)
        os.close(mouth)
        return said

    def client(self, server: Server, name: str, mouth: int, say: Say) -> None:
        """Deeds until the power goes."""
        connection.settings_dict["HOST"] = str(server.sockets)
        for place in range(DEEDS):
            say(clients.deed(name, place))
            os.write(mouth, b".")

    def judge(self, server: Server, names: list[str], say: Say) -> None:
        """Old or new, nothing else."""
        connection.settings_dict["HOST"] = str(server.sockets)
        lost = clients.lost(self.told)
        before = clients.verdict()
        again = [key for key, alike in clients.asked_again(names, self.told) if not alike] if not lost else []
        say(json.dumps({"lost": lost, "again": again, "before": before, "after": clients.verdict()}))


if __name__ == "__main__":
    Rounds(int(sys.argv[2]), Path(sys.argv[3]), set(sys.argv[4:])).run(int(sys.argv[1]))
