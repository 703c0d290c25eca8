"""Processes of one installation, killed by SIGKILL at random moments while others go on, and what is found then.

`python -m tests.reliability.storm kills SEED ROUNDS WEB | controls | workers SEED CASES | undisturbed CASES`, with the
environment of one empty installation. Prints one JSON document.

Writers, workers and sequencers are forks of this process, so that a kill costs no start of Python; what they run is the
product's own code. The web server is the real one, started and killed whole.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import django

django.setup()

from django.conf import settings  # noqa: E402 - after set-up
from django.db import connection, transaction  # noqa: E402
from pymerkle import InmemoryTree  # noqa: E402

from tests.cast import PERMIT  # noqa: E402
from tests.reliability import clients, scene, webs  # noqa: E402
from tests.reliability.forks import Fork, Say, fork  # noqa: E402
from yukuaiban.cases.acting import act  # noqa: E402
from yukuaiban.cases.models import Clock  # noqa: E402
from yukuaiban.cases.worker import tick  # noqa: E402
from yukuaiban.journal import sequencing, tree  # noqa: E402
from yukuaiban.journal.models import JournalEvent, JournalLeaf  # noqa: E402
from yukuaiban.site import home  # noqa: E402
from yukuaiban.site.commands.serving import one_pass  # noqa: E402
from yukuaiban.site.livepen import LivePen  # noqa: E402

PAUSE = threading.Event()  # never set: to wait on
LONGEST = 0.12  # seconds between two kills of one round
WORKERS = 4


def writer(name: str, done: int) -> Callable[[Say], None]:
    """A client that goes on where it was cut off: the deed that it was not told of it asks for again."""

    def write(say: Say) -> None:
        for place in count(done):
            say(clients.deed(name, place))

    return write


def worker(_say: Say) -> None:
    """Passes as those of `./ykb worker`."""
    while True:
        one_pass(LivePen().moment())


def keeper(say: Say) -> None:
    """A sequencer that signs whenever the tree has grown; each size is told once it is signed."""
    memory = home.signed_note(settings.HOME)
    for minute in count():
        ahead = scene.YEAR + timedelta(minutes=minute)  # so that a checkpoint is always due
        found = sequencing.advance(LivePen().moment() + ahead, memory=memory)
        if found.checkpoint is not None:
            say(str(found.checkpoint))


class Kills:
    """Rounds in which all are started and then killed one by one, in an order and after pauses drawn from the seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.told: list[dict] = []
        self.sizes: list[int] = []
        self.kills = {"writer": 0, "worker": 0, "keeper": 0, "web": 0}

    def done_by(self, name: str) -> int:
        return sum(each["key"].startswith(f"{name}-") for each in self.told)

    def rounds(self, number: int) -> None:
        for _ in range(number):
            running: dict[str, Fork] = {}
            for name in ("writer1", "writer2"):
                running[name] = fork(writer(name, self.done_by(name)))
            running |= {"worker1": fork(worker), "worker2": fork(worker), "keeper": fork(keeper)}
            self.hear_each({"writer1": running["writer1"]})
            for name in self.dice.sample(sorted(running), len(running)):
                PAUSE.wait(self.dice.uniform(0, LONGEST))
                self.heard(name, running[name].end())
                self.kills[name.rstrip("12")] += 1

    def heard(self, name: str, lines: list[str]) -> None:
        if name == "keeper":
            self.sizes += map(int, lines)
        elif name.startswith(("writer", "web")):
            self.told += map(json.loads, lines)

    def web(self, number: int) -> None:
        """Clients over HTTP; the server is killed whole and started again, the clients ask on with their keys."""
        cookies, port = webs.signed_in("xiaoyu"), webs.free_port()
        connection.close()
        with webs.served(port) as server:
            running = {name: fork(webs.writer(name, port, cookies)) for name in ("web1", "web2")}
            try:
                for _ in range(number):
                    self.hear_each(running)
                    PAUSE.wait(self.dice.uniform(0, LONGEST))
                    server.kill()
                    self.kills["web"] += 1
                    server.start()
                self.hear_each(running)
            finally:
                for name, each in running.items():
                    self.heard(name, each.end())

    def hear_each(self, running: dict[str, Fork]) -> None:
        """Until each client has had an answer."""
        for name, each in running.items():
            line = each.pipe.readline()
            assert line, f"{name} was refused"
            self.heard(name, [line])


def kills(seed: str, rounds: str, web: str) -> dict:
    """Everybody killed, many times; then every promise is looked at."""
    scene.prepare("2")
    webs.signed_in("xiaoyu")  # or the workers lock her account, which nobody has used since that spring
    before = clients.verdict()["doubled"]
    connection.close()
    storm = Kills(int(seed))
    storm.rounds(int(rounds))
    storm.web(int(web))
    alike = dict(clients.asked_again(["writer1", "writer2"], [each for each in storm.told if "hash" in each]))
    sequencing.advance(LivePen().moment(), memory=home.signed_note(settings.HOME))
    found, judged = scene.found(), clients.verdict()
    return found | {
        "acknowledged": len(storm.told),
        "lost": lost(storm.told),
        "doubled": judged["doubled"] - before,
        "unlike": [key for key, same in alike.items() if not same],
        "unsigned": sorted(set(storm.sizes) - {each.size for each in tree.latest(len(storm.sizes) + 10**4)}),
        "signed": len(storm.sizes),
        "kills": storm.kills,
        "same_tree": tree.newest().roots["sha256"] == oracle(),
    }


def lost(told: list[dict]) -> list[str]:
    """Of all that was acknowledged, by `act` itself or over HTTP, what is not there."""
    there = set(JournalEvent.objects.exclude(idem_key=None).values_list("idem_key", "stream", "seq"))
    web = [each["key"] for each in told if (each["key"], each["stream"], each["seq"]) not in there]
    return web + clients.lost([each for each in told if "hash" in each])


def oracle() -> bytes:
    """The root over the texts in the order of their leaves, by somebody else's tree."""
    texts, found = dict(JournalEvent.objects.values_list("id", "text")), InmemoryTree(algorithm="sha256")
    for event in JournalLeaf.objects.order_by("idx").values_list("event_id", flat=True):
        found.append_entry(bytes(texts[event]))
    return found.get_root()


def controls() -> dict:
    """What the judge above must not pass: an answer before the commit, and a client without keys that is cut off."""
    scene.prepare("0")
    connection.close()
    before = clients.verdict()["doubled"]
    connection.close()
    told = [json.loads(line) for line in fork(too_early, cut_off=True).lines()]
    for _ in range(2):
        fork(without_key).lines()
    return {"lost": lost(told), "doubled": clients.verdict()["doubled"] - before}


def too_early(say: Say) -> None:
    """Acknowledges inside the transaction, and dies before it is committed."""
    with transaction.atomic():
        say(clients.deed("early", 0))
        raise SystemExit


def without_key(_say: Say) -> None:
    """One wish to open a case, sent without its key."""
    data = {"matter": PERMIT, "desk": "main-01", "applicant": "王海", "phone": "19900001234"}
    act(None, "receive", procedure="desks", subject=scene.clerk(), data=data, key=None, pen=LivePen())


def undisturbed(cases: str) -> dict:
    """What one worker does whom nobody disturbs."""
    scene.prepare(cases)
    return scene.found()


def workers(seed: str, cases: str) -> dict:
    """Four workers at once; two are killed in the middle, two others start."""
    scene.prepare(cases)
    connection.close()
    dice = random.Random(int(seed))
    running = [fork(busy) for _ in range(WORKERS)]
    for _ in range(2):
        victim = running.pop(dice.randrange(len(running)))
        victim.pipe.readline()
        PAUSE.wait(dice.uniform(0, 0.02))
        victim.end()
        running.append(fork(busy))
    shares = [sum(map(int, each.lines())) for each in running]
    left = Clock.objects.filter(next_change_at__lte=LivePen().moment()).count()
    return scene.found() | {"shares": shares, "left": left}


def busy(say: Say) -> None:
    """Small passes until nothing is due any more: each is told, so that a kill falls between or into them."""
    pen = LivePen()
    while (report := tick(pen.moment(), pen=pen, batch=2)).moved or report.more:
        say(str(report.moved))


if __name__ == "__main__":
    modes = {"kills": kills, "controls": controls, "undisturbed": undisturbed, "workers": workers}
    sys.stdout.write(json.dumps(modes[sys.argv[1]](*sys.argv[2:])) + "\n")
