"""Mounts the file system that forgets, and cuts its power."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.installation import PATIENCE, PROJECT

LACKS = "no FUSE here: the power cut test needs /dev/fuse and Debian's packages fuse and libfuse2"


def missing() -> str:
    """Why nothing can be mounted here; empty if it can."""
    if not Path("/dev/fuse").exists():
        return LACKS
    try:
        import mfusepy  # noqa: F401, PLC0415 - looks for the library as it is imported
    except OSError:
        return LACKS
    return ""


class Disk:
    """A mounted backing folder."""

    def __init__(self, backing: Path, mount: Path, *options: str) -> None:
        self.mount = mount
        mount.mkdir(exist_ok=True)
        words = [sys.executable, "-m", "tests.reliability.forgetful", str(backing), str(mount), *options]
        self.server = subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        assert self.server.stdout is not None
        assert self.server.stdout.readline() == "ready\n", "the file system did not start"

    def cut(self) -> None:
        """The power goes, if it has not gone yet; the name of the mount is given up."""
        self.server.kill()
        self.server.wait(timeout=PATIENCE)
        assert self.server.stdout is not None
        self.server.stdout.close()
        subprocess.run(["fusermount", "-u", "-z", str(self.mount)], check=True, timeout=PATIENCE)

    def gone(self) -> bool:
        """Whether the power has gone by itself."""
        return self.server.poll() is not None


@contextmanager
def mounted(backing: Path, mount: Path, *options: str) -> Iterator[Disk]:
    """The folder on the file system; afterwards the power is cut."""
    disk = Disk(backing, mount, *options)
    try:
        yield disk
    finally:
        disk.cut()
