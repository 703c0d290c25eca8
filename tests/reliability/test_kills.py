"""Writers and workers killed by SIGKILL at random moments, started again: nothing lost, nothing doubled (R1, R6)."""

from __future__ import annotations

import json
import queue
import random
import signal
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.installation import Installation, Process
from tests.sizes import TABLE

SCENE = ("-m", "tests.reliability.scene")
WORKER = ("-m", "yukuaiban.site", "worker")
VENDORS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)]


def prepared(folder: Path, vendor: str, cases: int) -> Installation:
    """An installation with so many cases of long ago."""
    found = Installation(folder, vendor)
    done = found.run(*SCENE, "prepare", str(cases))
    assert done.returncode == 0, done.stderr[-3000:]
    return found


def told(installation: Installation) -> dict:
    """What stands there once a single undisturbed pass has done whatever was still due."""
    done = installation.run(*SCENE, "told")
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@dataclass
class Siege:
    """The processes of one installation, and what their clients have been told."""

    installation: Installation
    acts: int
    dice: random.Random
    running: dict[str, Process] = field(default_factory=dict)
    acknowledged: dict[str, tuple[str, int]] = field(default_factory=dict)
    kills: list[str] = field(default_factory=list)

    def start(self, name: str) -> None:
        """A worker, or a writer; a client that was cut off asks again with the keys of all its deeds."""
        if name == "service":
            words: tuple[str, ...] = WORKER
        elif name.startswith("worker"):
            words = (*SCENE, "work", "1")
        else:
            words = (*SCENE, "write", name, str(self.acts), f"free={self.done_by(name)}")
        self.running[name] = self.installation.start(*words)

    def done_by(self, name: str) -> int:
        return sum(key.startswith(f"{name}-") for key in self.acknowledged)

    def grant(self, name: str) -> None:
        """Let a writer do its next deed."""
        self.running[name].tell("go")

    def await_deed(self, name: str) -> None:
        """Until the writer says that one more deed is done; repeated answers are compared on the way."""
        wanted = self.done_by(name) + 1
        while self.done_by(name) < wanted:
            self.hear(self.line_of(name))

    def line_of(self, name: str) -> str:
        """The next line of a process; fails if it has ended or hangs."""
        try:
            return self.running[name].line()
        except queue.Empty:
            raise AssertionError(f"{name} says nothing any more: {self.errors()}") from None

    def hear(self, line: str) -> None:
        key, number, seq = line.split()
        said = (number, int(seq))
        assert self.acknowledged.setdefault(key, said) == said, "a retry got another answer"

    def errors(self) -> str:
        return (self.installation.home / "errors.txt").read_text(encoding="utf-8")[-3000:]

    def kill(self, name: str) -> None:
        """SIGKILL in the middle of a deed or of a pass, at a random moment; what it still had said counts."""
        if name.startswith("writer"):
            self.grant(name)
        elif name.startswith("worker"):
            self.line_of(name)
        threading.Event().wait(self.dice.uniform(0, 0.04))
        for line in self.running.pop(name).end(signal.SIGKILL):
            if name.startswith("writer"):
                self.hear(line)
        self.kills.append(name)

    def rage(self, names: list[str], kills: int) -> None:
        """Everybody works; one after the other is killed in the middle and started again; at last all is finished."""
        for name in names:
            self.start(name)
        writers = [name for name in names if name.startswith("writer")]
        victims = [names[n % len(names)] for n in range(kills)]
        self.dice.shuffle(victims)
        for victim in victims:
            for name in writers:
                if self.done_by(name) < self.acts - 1:
                    self.grant(name)
                    self.await_deed(name)
            self.kill(victim)
            self.start(victim)
        for name in writers:
            while self.done_by(name) < self.acts:
                self.grant(name)
                self.await_deed(name)

    def end(self) -> None:
        """All are asked to stop, as a service manager does."""
        for process in self.running.values():
            process.end(signal.SIGTERM)
            assert process.popen.returncode in {0, -signal.SIGTERM}, self.errors()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> dict:
    """The effects that one worker leaves if nobody disturbs it: what must be there afterwards, once each."""
    found = prepared(tmp_path_factory.mktemp("calm") / "calm", "sqlite", TABLE["R1"]["normal"]["cases"])
    return told(found)


def besieged(folder: Path, vendor: str, size: dict[str, int], seed: int) -> tuple[Siege, dict]:
    siege = Siege(prepared(folder, vendor, size["cases"]), size["acts"], random.Random(seed))
    siege.rage(["writer-1", "writer-2", "worker-1", "worker-2", "service"], size["kills"])
    siege.end()
    return siege, told(siege.installation)


def held(siege: Siege, found: dict, size: dict[str, int]) -> None:
    """The promises of reliability.md, but for the effects."""
    assert found["ok"], found["first"]
    assert found["counts_right"]
    assert len(siege.acknowledged) == 2 * size["acts"]
    for key, (number, seq) in siege.acknowledged.items():
        assert found["keys"].get(key) == [f"case:{number}", seq], f"acknowledged and lost: {key}"
    assert found["cases"] == size["cases"] + 2 * ((size["acts"] + 1) // 2)
    once = {tuple(effect) for effect in found["effects"]}
    assert len(once) == len(found["effects"])
    assert len(siege.kills) == size["kills"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_killed_writers_and_workers_lose_nothing_and_double_nothing(vendor, tmp_path, undisturbed):
    size = TABLE["R1"]["normal"]
    siege, found = besieged(tmp_path / f"siege-{vendor}", vendor, size, seed=20260302)
    assert found["vendor"] == vendor
    held(siege, found, size)
    assert len(undisturbed["effects"]) >= 2 * size["cases"]
    assert found["effects"] == undisturbed["effects"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("vendor", VENDORS)
def test_many_kills_lose_nothing_and_double_nothing(vendor, seed, tmp_path):
    size = TABLE["R1"]["long"]
    siege, found = besieged(tmp_path / f"long-{vendor}-{seed}", vendor, size, seed)
    held(siege, found, size)


def test_a_client_cut_off_before_the_answer_asks_again(tmp_path):
    """With its key it gets the first answer; the control, a client without keys, opens the case twice."""
    installation = prepared(tmp_path / "cut", "sqlite", 0)
    for name, options in (("with", ()), ("without", ("no-keys",))):
        deed = (*SCENE, "write", name, "1", "free=1", *options)
        cut = installation.run(*deed, "die-after=0")
        assert (cut.returncode, cut.stdout) == (9, "")
        again = installation.run(*deed)
        assert again.returncode == 0, again.stderr
    found = told(installation)
    assert found["ok"]
    assert found["keys"].keys() >= {"with-0"}
    assert found["cases"] == 1 + 2
