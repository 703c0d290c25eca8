"""The file system of the power cut test forgets what it says it forgets, and nothing else."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import PATIENCE
from tests.reliability.disk import missing, mounted
from tests.reliability.forgetful import PAGE, forget_names

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture
def folders(tmp_path) -> Iterator[tuple[Path, Path]]:
    (tmp_path / "backing").mkdir()
    return tmp_path / "backing", tmp_path / "mount"


def put(path: Path, content: bytes, *, sync: bool = True, folder: bool = False) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        if sync:
            os.fsync(file.fileno())
    if folder:
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def test_what_was_synced_stays_and_what_was_not_is_gone(folders):
    backing, mount = folders
    with mounted(backing, mount):
        put(mount / "kept", b"old")
        with (mount / "kept").open("ab") as file:
            file.write(b" and new")
        put(mount / "lost", b"never synced", sync=False)
        assert (mount / "kept").read_bytes() == b"old and new"
    assert (backing / "kept").read_bytes() == b"old"
    assert (backing / "lost").read_bytes() == b""


def test_the_power_goes_at_the_change_that_was_asked_for(folders):
    """Made, written, page one, page two, size: what comes after the cut is an error for whoever waits."""
    backing, mount = folders
    with mounted(backing, mount, "cut=4") as disk:
        with pytest.raises(OSError, match="connect"):
            put(mount / "whole", b"1" * 2 * PAGE)
        assert disk.server.wait(PATIENCE) == -signal.SIGKILL
    assert (backing / "whole").read_bytes() == b"1" * PAGE


def test_names_count_once_their_folder_was_synced(folders):
    backing, mount = folders
    with mounted(backing, mount, "names"):
        put(mount / "first", b"1", folder=True)
        put(mount / "draft", b"2")
        (mount / "draft").replace(mount / "second")
        (mount / "first").unlink()
        assert sorted(path.name for path in mount.iterdir()) == ["second"]
    assert forget_names(backing) == 3
    assert {path.name: path.read_bytes() for path in backing.iterdir()} == {"first": b"1"}


def test_a_file_in_a_folder_that_was_not_synced_itself_is_gone_with_it(folders):
    backing, mount = folders
    with mounted(backing, mount, "names"):
        (mount / "ab").mkdir()
        put(mount / "ab" / "paper", b"1", folder=True)
    assert forget_names(backing) == 1
    assert list(backing.iterdir()) == []


def test_unsynced_pages_may_reach_the_disk_early_and_in_part(folders):
    backing, mount = folders
    with mounted(backing, mount, "torn", "seed=5"):
        put(mount / "file", bytes(16 * PAGE))
        with (mount / "file").open("r+b", buffering=0) as file:
            for _ in range(20):
                file.seek(0)
                file.write(b"x" * 16 * PAGE)
    content = (backing / "file").read_bytes()
    pages = [content[place : place + PAGE] for place in range(0, len(content), PAGE)]
    kinds = {(page.count(b"x") == PAGE, b"x" in page) for page in pages}
    assert kinds == {(True, True), (False, True), (False, False)}, "whole, torn and old pages side by side"


@pytest.mark.parametrize(("state", "number"), [("full", errno.ENOSPC), ("readonly", errno.EROFS)])
def test_a_full_or_read_only_disk_says_so_and_recovers(folders, state, number):
    backing, mount = folders
    with mounted(backing, mount):
        (backing.parent / state).touch()
        with pytest.raises(OSError, match=r"\[Errno") as refused:
            put(mount / "more", b"x" * PAGE)
        assert refused.value.errno == number
        (backing.parent / state).unlink()
        put(mount / "more", b"x" * PAGE)
    assert (backing / "more").read_bytes() == b"x" * PAGE
