"""A restore that dies at any of its steps on the disk leaves nothing, everything, or a folder that says what it is."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.reliability.disk import missing, mounted
from tests.reliability.forgetful import forget_names
from yukuaiban.site.backup import archive, marker
from yukuaiban.site.backup.place import Place, refuse_unfit
from yukuaiban.site.backup.restoring import put_back

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CONTENT = [random.Random(n).randbytes(3_000_000) for n in range(3)]


class Died(BaseException):
    """The process ends here; nobody catches it."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An archive of a database and two uploads, each larger than what is read in one go."""
    folder = tmp_path_factory.mktemp("made")
    with (folder / "a.tar.gz").open("wb") as file, archive.Writer(file) as writer:
        for content in CONTENT:
            digest = hashlib.sha256(content).hexdigest()
            (folder / "member").write_bytes(content)
            name = archive.DATABASE if content is CONTENT[0] else f"uploads/{digest[:2]}/{digest}"
            writer.add(name, folder / "member")
        writer.finish({"vendor": "sqlite", "district": "sample", "keys": {}})
    return folder / "a.tar.gz"


def dying(monkeypatch, at: int) -> list[str]:
    """Let the process end at step `at` of what touches the disk; returns the steps that were begun."""
    begun: list[str] = []

    def step(name, whole):
        def taken(*args, **more):
            begun.append(name)
            if len(begun) > at:
                raise Died(name)
            return whole(*args, **more)

        return taken

    for home, name in ((os, "open"), (os, "fsync"), (Path, "open"), (Path, "mkdir"), (Path, "unlink")):
        monkeypatch.setattr(home, name, step(name, getattr(home, name)))
    monkeypatch.setattr(archive.Hashing, "read", step("read", archive.Hashing.read))
    return begun


def written(home: Path) -> list[bytes]:
    """The content of everything that was put back."""
    found = [home / "yukuaiban.sqlite3", *(home / "uploads").glob("??/*")]
    return sorted(path.read_bytes() for path in found if path.exists())


def test_at_every_step_the_folder_is_empty_marked_or_whole(made, tmp_path):
    manifest, at, states = archive.checked(made), 0, []
    while not states or states[-1] != "done":
        home = tmp_path / str(at)
        home.mkdir()
        place = Place(home, "sqlite", home / "yukuaiban.sqlite3", "sample")
        states.append(_state_after(made, manifest, place, at))
        at += 1
        assert at < 200
    order = ["empty", "marked", "whole", "done"]
    assert set(order) == set(states)
    assert states == sorted(states, key=order.index)
    assert len(states) > 20


def _state_after(made, manifest, place: Place, at: int) -> str:
    with pytest.MonkeyPatch.context() as patch:
        dying(patch, at)
        try:
            put_back(made, manifest, place, at=NOW, told=lambda _line: None)
        except Died:
            died = True
        else:
            died = False
    said = marker.explained(place.home)
    if not died:
        assert said is None
        assert written(place.home) == sorted(CONTENT)
        return "done"
    if said is None and written(place.home) == sorted(CONTENT):
        return "whole"
    if said is None:
        assert written(place.home) == []
        refuse_unfit(manifest, place, keys_lost=False)
        return "empty"
    assert "没有完成" in said
    return "marked"


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_whenever_the_power_goes_the_folder_is_empty_marked_or_whole(made, tmp_path):
    """On a disk that forgets contents and names which were not synced."""
    manifest, cut, states = archive.checked(made), 1, []
    while not states or states[-1] != "done":
        states.append(_state_after_cut(made, manifest, tmp_path / str(cut), cut))
        cut = cut * 3 // 2 + 1
        assert cut < 10_000
    assert {"empty", "marked"} <= set(states)


def _state_after_cut(made, manifest, folder: Path, cut: int) -> str:
    """What the disk holds if the power goes before that change, or after the end where there are fewer."""
    (folder / "backing").mkdir(parents=True)
    with mounted(folder / "backing", folder / "home", "names", f"cut={cut}") as disk:
        home = disk.mount
        place = Place(home, "sqlite", home / "yukuaiban.sqlite3", "sample")
        done = False
        with contextlib.suppress(OSError):
            put_back(made, manifest, place, at=NOW, told=lambda _line: None)
            done = True
    forget_names(folder / "backing")
    found, marked = written(folder / "backing"), marker.explained(folder / "backing") is not None
    if done:
        assert (found, marked) == (sorted(CONTENT), False)
        return "done"
    assert marked or found in ([], sorted(CONTENT))
    return "marked" if marked else "whole" if found else "empty"


def test_a_second_restore_into_the_same_folder_at_once_is_refused(made, tmp_path):
    manifest = archive.checked(made)
    place = Place(tmp_path, "sqlite", tmp_path / "yukuaiban.sqlite3", "sample")
    with (
        marker.marked(tmp_path, at=NOW, file=made),
        pytest.raises(archive.InputInvalid, match="另一个恢复正在这里进行"),
    ):
        put_back(made, manifest, place, at=NOW, told=lambda _line: None)
    assert written(tmp_path) == []
