"""The power goes at a random change of the disk (R2): acknowledged events and papers stay, each deed is old or new."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.installation import Installation
from tests.reliability.disk import missing, mounted
from tests.reliability.forgetful import forget_names
from tests.sizes import sizes
from yukuaiban.evidence import store
from yukuaiban.notices.adapters.file import to_file
from yukuaiban.notices.models import Message
from yukuaiban.site import home

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
HARSH = ("torn", "names")


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Installation:
    """A district without cases, on an ordinary disk."""
    found = Installation(tmp_path_factory.mktemp("power") / "home")
    done = found.run("-m", "tests.reliability.scene", "prepare", "0")
    assert done.returncode == 0, done.stderr[-3000:]
    return found


def cuts(installation: Installation, count: int, seed: int, *words: str) -> list[dict]:
    """So many rounds; what was acknowledged in each, and what was found after the cut."""
    done = installation.run("-m", "tests.reliability.cuts", str(count), str(seed), *words)
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
