"""The power goes at a random change of the disk (R2): acknowledged events and papers stay, each deed is old or new."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.installation import Installation
from tests.pgcluster import Server, new_folder
from tests.reliability.disk import missing, mounted
from tests.reliability.forgetful import forget_names
from tests.sizes import TABLE, sizes
from yukuaiban.evidence import store
from yukuaiban.notices.adapters.file import to_file
from yukuaiban.notices.models import Message
from yukuaiban.site import home

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
HARSH = ("torn", "names")
LONG = 6 * 3600  # seconds in which a long form is surely done


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Installation:
    """A district without cases, on an ordinary disk."""
    found = Installation(tmp_path_factory.mktemp("power") / "home")
    done = found.run("-m", "tests.reliability.scene", "prepare", "0")
    assert done.returncode == 0, done.stderr[-3000:]
    return found


def cuts(installation: Installation, count: int, seed: int, *words: str) -> list[dict]:
    """So many rounds; what was acknowledged in each, and what was found after the cut."""
    done = installation.run("-m", "tests.reliability.cuts", str(count), str(seed), *words, patience=LONG)
    assert done.returncode == 0, done.stderr[-3000:]
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rounds) == count
    return rounds


def held(rounds: list[dict]) -> None:
    """Old or new, nothing else; what was acknowledged is new."""
    whole = {"green": True, "first": "", "doubled": 0}
    for found in rounds:
        right = {"corrupt": False, "lost": [], "again": [], "unsigned": 0, "stopped": None}
        assert found == found | right | {"before": whole, "after": whole}
    assert sum(found["said"] for found in rounds) > len(rounds), "hardly anything was acknowledged"
    assert any(found["by_itself"] for found in rounds), "no cut fell into the work"


@pytest.mark.parametrize("size", sizes("R2"))
def test_what_was_acknowledged_outlives_the_cut(installation, size, seed, record_property):
    plain = cuts(installation, size["cuts"], seed)
    harsh = cuts(installation, size["harsh"], seed + 1, *HARSH)
    held(plain)
    held(harsh)
    record_property("cuts", len(plain) + len(harsh))
    record_property("acknowledged", sum(found["said"] for found in plain + harsh))
    record_property("lost", sum(len(found["lost"]) for found in plain + harsh))


@pytest.mark.parametrize("size", sizes("R2"))
def test_without_syncing_it_is_lost(installation, size, seed, record_property):
    """The control: the same rounds with `synchronous=OFF`. A file system that forgets nothing would not show."""
    rounds = cuts(installation, size["control"], seed, "off")
    lost = max(len(found["lost"]) for found in rounds)
    assert sum(found["said"] for found in rounds) > 0
    assert lost, "the control lost nothing: this file system proves nothing"
    record_property("lost by the control", lost)


@pytest.fixture
def stopped(tmp_path) -> Iterator[tuple[Installation, Path]]:
    """A district without cases on a PostgreSQL server that was stopped; its data folder."""
    place = new_folder()
    server = Server(place / "backing")
    installation = Installation(tmp_path / "home")
    try:
        server.create()
        installation.url = server.url
        done = installation.run("-m", "tests.reliability.scene", "prepare", "0")
        assert done.returncode == 0, done.stderr[-3000:]
        server.stop()
        yield installation, server.folder
    finally:
        shutil.rmtree(place)


@pytest.mark.slow
@pytest.mark.pg
def test_postgresql_on_a_disk_that_forgets(stopped, seed, record_property):
    """Torn pages; then the control, `fsync=off`, which leaves an older state or none."""
    installation, folder = stopped
    size = TABLE["R2"]["long"]
    words = ("-m", "tests.reliability.pgcuts")
    done = installation.run(*words, str(size["postgresql"]), str(seed), str(folder), "torn", patience=LONG)
    assert done.returncode == 0, done.stderr[-3000:]
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    whole = {"green": True, "first": "", "doubled": 0}
    for found in rounds:
        assert found == found | {"corrupt": False, "lost": [], "again": [], "before": whole, "after": whole}
    record_property("acknowledged on PostgreSQL", sum(found["said"] for found in rounds))
    control = installation.run(*words, "1", str(seed), str(folder), "off", patience=LONG)
    assert json.loads(control.stdout)["lost"], "the control lost nothing: this file system proves nothing"


def a_paper(folder: Path) -> Path:
    path = folder / "uploads" / "ab" / "abcd"
    store._write(path, b"%PDF-1.4")
    return path


def a_key(folder: Path) -> Path:
    home.kept_secret(folder / "seal-key")
    return folder / "seal-key"


def a_message(folder: Path) -> Path:
    to_file(Message(key="k", recipient="staff:1", subject="提醒", text="到期", case_number="1"), NOON)
    (path,) = (folder / "outbox").iterdir()
    return path


@pytest.mark.parametrize("make", [a_paper, a_key, a_message])
def test_what_lies_beside_the_database_is_there_under_its_name(
    tmp_path, settings, make: Callable[[Path], Path]
):
    """A row or a receipt may point to it as soon as the call has returned."""
    backing, mount = tmp_path / "backing", tmp_path / "mount"
    backing.mkdir()
    settings.HOME = mount
    with mounted(backing, mount, "names"):
        made = make(mount)
        content = made.read_bytes()
        assert content
    forget_names(backing)
    assert (backing / made.relative_to(mount)).read_bytes() == content
