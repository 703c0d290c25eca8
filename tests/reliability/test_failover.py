"""The primary is killed under eight clients and its standby promoted (R3): nothing acknowledged is lost or doubled."""

from __future__ import annotations

import json
import shutil
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.installation import PATIENCE, Installation, Process
from tests.pgcluster import Server, new_folder
from tests.sizes import sizes

pytestmark = pytest.mark.pg


@dataclass
class Line:
    """An installation whose database moves from server to server, always to the one promoted last."""

    installation: Installation
    primary: Server

    def failovers(self, count: int, seed: int, kind: str) -> list[dict]:
        """So many rounds; what was acknowledged, and what the promoted server held."""
        self.installation.url = self.primary.url
        words = (str(count), str(seed), str(self.primary.folder), kind)
        done = self.installation.run("-m", "tests.reliability.failover", *words, patience=6 * 3600)
        rounds = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == 0, done.stderr[-3000:]
        assert len(rounds) == count
        self.primary = Server(Path(rounds[-1]["primary"]))
        return rounds


@pytest.fixture(scope="module")
def line(tmp_path_factory) -> Iterator[Line]:
    """A district without cases on a server of its own."""
    place = new_folder()
    found = Line(Installation(tmp_path_factory.mktemp("failover") / "home"), Server(place / "first"))
    try:
        found.primary.create()
        found.installation.url = found.primary.url
        done = found.installation.run("-m", "tests.reliability.scene", "prepare", "0")
        assert done.returncode == 0, done.stderr[-3000:]
        yield found
    finally:
        for folder in [each.parent for each in place.glob("*/PG_VERSION")]:
            Server(folder).drop()
        shutil.rmtree(place)


@pytest.mark.parametrize("size", sizes("R3"))
def test_a_synchronous_standby_has_everything_that_was_acknowledged(line, size, seed, record_property):
    rounds = line.failovers(size["rounds"], seed, "synchronous")
    whole = {"green": True, "first": "", "doubled": 0}
    for found in rounds:
        assert found == found | {"lost": [], "again": [], "before": whole, "after": whole}
        assert found["said"] > 16 + 8
    record_property("acknowledged", sum(found["said"] for found in rounds))
    record_property("lost", sum(len(found["lost"]) for found in rounds))
    record_property("writable after at most, s", max(found["seconds"] for found in rounds))


@pytest.mark.parametrize("size", sizes("R3"))
def test_an_asynchronous_one_whose_receiver_died_has_not(line, size, seed, record_property):
    """The control: without waiting for the standby, acknowledged deeds die with the primary."""
    rounds = line.failovers(size["control"], seed, "asynchronous")
    assert all(found["lost"] for found in rounds), "the control lost nothing: the failover proves nothing"
    assert all(found["before"]["green"] for found in rounds), "what is left is a whole, older journal"
    record_property("lost by the control", len(rounds[-1]["lost"]))


def test_a_database_that_comes_back_finds_clients_and_worker(line):
    """R16: 503 while it is away; then the same key is answered, and the worker goes on by itself."""
    line.installation.url = line.primary.url
    # As in a demo: the cast was hired long ago, and the worker would lock accounts that nobody has used since.
    (line.installation.home / "demo.json").touch()
    asker = line.installation.start("-m", "tests.reliability.asker")
    worker = line.installation.start("-m", "yukuaiban.site", "worker")
    try:
        assert asker.line() == "ready\n"
        comes_back(line.primary, asker)
        assert worker.popen.poll() is None
    finally:
        for process in (worker, asker):
            process.end(signal.SIGTERM)


def comes_back(server: Server, asker: Process) -> None:
    """Killed and started again while a program asks and a worker passes."""
    first = asked(asker, "first")
    assert first.startswith("201 ")
    passes(server)
    server.kill()
    assert [asked(asker, "second") for _ in range(2)] == ["503 -\n"] * 2
    server.start()
    assert [asked(asker, "second") for _ in range(2)][-1].startswith("201 ")
    assert asked(asker, "first") == first
    passes(server)


def asked(asker: Process, key: str) -> str:
    """Status and number of the answer to a request with that key."""
    asker.tell(key)
    return asker.line()


def passes(server: Server) -> None:
    """Until the worker has made one more pass; fails if none comes."""
    before = server.ask("SELECT last_tick_at FROM cases_tick")
    for _ in range(PATIENCE * 20):
        if server.ask("SELECT last_tick_at FROM cases_tick") != before:
            return
        threading.Event().wait(0.05)
    raise AssertionError("the worker makes no passes any more")
