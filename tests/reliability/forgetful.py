"""A file system that forgets what was not synced: what a power cut leaves is what stands in the backing folder.

`python -m tests.reliability.forgetful BACKING MOUNT [cut=N] [seed=N] [torn] [names]` serves until it is killed. Writes
go to memory, per file; `fsync` copies the changed pages to the backing folder. A power cut is SIGKILL of this process:
by itself before its N-th change (a write, a synced page, a name), or from outside. Then the backing folder is mounted
afresh. A file `full` or `readonly` beside the backing folder makes the disk so while it is there.

Known gaps of the plain form: create, rename, link and unlink are durable at once, and a page is written whole or not.
`torn` closes the second: now and then some unsynced 4-KiB pages reach the disk early, a few of them in part. `names`
closes the first: a name counts only once its folder was synced; `forget_names` undoes the others before the next mount.
Sizes set by truncation of a synced file count as writes. Modes, owners and times are durable at once in every form.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mfusepy import FUSE, FuseOSError, Operations, fuse_get_context

PAGE = 4096
SECTOR = 512
READY = "ready"
UNDO = "undo"


@dataclass
class Content:
    """A file as its readers see it; `dirty` pages are not on the disk, nor is the size if `resized`."""

    data: bytearray
    dirty: set[int] = field(default_factory=set)
    resized: bool = False

    def write(self, data: bytes, offset: int) -> None:
        if offset > len(self.data):
            self.resize(offset)
        self.data[offset : offset + len(data)] = data
        self.dirty.update(range(offset // PAGE, (offset + max(len(data), 1) - 1) // PAGE + 1))

    def resize(self, size: int) -> None:
        self.dirty.update(range(min(size, len(self.data)) // PAGE, -(-size // PAGE)))
        del self.data[size:]
        self.data.extend(bytes(size - len(self.data)))
        self.resized = True

    def page(self, number: int) -> bytes:
        return bytes(self.data[number * PAGE : (number + 1) * PAGE])


class Forgetful(Operations):
    """The operations of the file system over one backing folder."""

    use_ns = True

    def __init__(self, backing: Path, options: dict[str, str]) -> None:
        self.backing = backing
        self.beside = backing.parent
        self.contents: dict[str, Content] = {}
        self.left = int(options.get("cut", 0))
        self.dice = random.Random(int(options.get("seed", 0)))
        self.torn = "torn" in options
        self.undo = (self.beside / UNDO).open("a", encoding="utf-8") if "names" in options else None
        self.trash = 0

    def place(self, path: str) -> Path:
        """Where a file lies on the disk."""
        return self.backing / path.lstrip("/")

    def change(self) -> None:
        """One more change; the power may go before it."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        if (self.beside / "readonly").exists():
            raise FuseOSError(errno.EROFS)

    def content(self, path: str) -> Content:
        """The file in memory, read from the disk the first time."""
        if path not in self.contents:
            self.contents[path] = Content(bytearray(self.place(path).read_bytes()))
        return self.contents[path]

    # ------------------------------------------------------------------------------------------ content
    def open(self, path: str, flags: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR) and (self.beside / "readonly").exists():
            raise FuseOSError(errno.EROFS)
        if flags & os.O_TRUNC:
            self.truncate(path, 0)
        elif not self.place(path).exists():
            raise FuseOSError(errno.ENOENT)
        return 0

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return bytes(self.content(path).data[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        self.change()
        content = self.content(path)
        if offset + len(data) > len(content.data) and (self.beside / "full").exists():
            raise FuseOSError(errno.ENOSPC)
        content.write(data, offset)
        if self.torn and self.dice.random() < 0.1:
            self.write_back_early(path, content)
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> None:
        self.change()
        self.content(path).resize(length)

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        content = self.contents.get(path)
        if content is None or not (content.dirty or content.resized):
            return 0
        with self.place(path).open("r+b") as disk:
            for number in sorted(content.dirty):
                self.change()
                disk.seek(number * PAGE)
                disk.write(content.page(number))
                disk.flush()
            self.change()
            disk.truncate(len(content.data))
        content.dirty.clear()
        content.resized = False
        return 0

    def write_back_early(self, path: str, content: Content) -> None:
        """What a kernel may do at any time: some changed pages reach the disk, in any order, one perhaps in part."""
        with self.place(path).open("r+b") as disk:
            for number in self.dice.sample(sorted(content.dirty), (len(content.dirty) + 1) // 2):
                whole = content.page(number)
                cut = self.dice.choice((PAGE, SECTOR * self.dice.randrange(1, PAGE // SECTOR)))
                disk.seek(number * PAGE)
                disk.write(whole[:cut])

    # -------------------------------------------------------------------------------------------- names
    def create(self, path: str, mode: int, fi: object = None) -> int:
        self.change()
        place = self.place(path)
        os.close(os.open(place, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode))
        self.owned(place)
        self.contents[path] = Content(bytearray())
        self.remember("made", path)
        return 0

    def mkdir(self, path: str, mode: int) -> int:
        self.change()
        self.place(path).mkdir(mode)
        self.owned(self.place(path))
        self.remember("made", path)
        return 0

    def link(self, target: str, source: str) -> int:
        self.change()
        os.link(self.place(source), self.place(target))
        if source in self.contents:
            self.contents[target] = self.contents[source]
        self.remember("made", target)
        return 0

    def rename(self, old: str, new: str) -> int:
        self.change()
        kept = self.put_by(new)
        self.place(old).replace(self.place(new))
        below = [name for name in self.contents if name == old or name.startswith(f"{old}/")]
        self.contents.pop(new, None)
        self.contents |= {new + name[len(old) :]: self.contents.pop(name) for name in below}
        self.remember("moved", new, old, kept)
        return 0

    def unlink(self, path: str) -> int:
        self.change()
        kept = self.put_by(path)
        self.place(path).unlink()
        self.contents.pop(path, None)
        self.remember("gone", path, kept)
        return 0

    def rmdir(self, path: str) -> int:
        self.change()
        self.place(path).rmdir()
        self.remember("folder gone", path)
        return 0

    def symlink(self, target: str, source: str) -> int:
        self.change()
        self.place(target).symlink_to(source)
        return 0

    def owned(self, place: Path) -> None:
        """What is made belongs to whoever made it."""
        uid, gid, _ = fuse_get_context()
        os.chown(place, uid, gid)

    def put_by(self, path: str) -> str:
        """Keep what a name stands for while its going may still be forgotten; where."""
        if self.undo is None or not self.place(path).exists():
            return ""
        self.trash += 1
        kept = self.beside / f"trash-{os.getpid()}-{self.trash}"
        os.link(self.place(path), kept)
        return str(kept)

    def remember(self, *words: str) -> None:
        """A name has changed, and its folder is not synced yet."""
        if self.undo is not None:
            self.undo.write(json.dumps(words) + "\n")
            self.undo.flush()

    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        self.change()
        if self.undo is not None:
            lines = (self.beside / UNDO).read_text(encoding="utf-8").splitlines(keepends=True)
            kept = "".join(line for line in lines if str(Path(json.loads(line)[1]).parent) != path)
            self.undo.truncate(0)
            self.undo.write(kept)
            self.undo.flush()
        return 0

    # ---------------------------------------------------------------------------------------- the rest
    def getattr(self, path: str, fh: int | None = None) -> dict[str, int]:
        try:
            found = self.place(path).lstat()
        except FileNotFoundError:
            raise FuseOSError(errno.ENOENT) from None
        told = {name: getattr(found, name) for name in ("st_mode", "st_nlink", "st_uid", "st_gid", "st_size")}
        told |= {f"st_{each}time": getattr(found, f"st_{each}time_ns") for each in "acm"}
        if path in self.contents and stat.S_ISREG(found.st_mode):
            told["st_size"] = len(self.contents[path].data)
        return told

    def readdir(self, path: str, fh: int) -> Iterator[str]:
        yield from (".", "..", *(each.name for each in self.place(path).iterdir()))

    def readlink(self, path: str) -> str:
        return str(self.place(path).readlink())

    def chmod(self, path: str, mode: int) -> int:
        self.place(path).chmod(mode)
        return 0

    def chown(self, path: str, uid: int, gid: int) -> int:
        os.chown(self.place(path), uid, gid, follow_symlinks=False)
        return 0

    def utimens(self, path: str, times: tuple[int, int] | None = None) -> int:
        os.utime(self.place(path), ns=times)
        return 0

    def statfs(self, path: str) -> dict[str, int]:
        found = os.statvfs(self.backing)
        return {
            name: getattr(found, name) for name in ("f_bsize", "f_frsize", "f_blocks", "f_bavail", "f_bfree")
        }

    def init(self, path: str) -> None:
        sys.stdout.write(f"{READY}\n")
        sys.stdout.flush()


def forget_names(backing: Path) -> int:
    """Undo, newest first, every change of a name whose folder had not been synced; how many there were."""
    log = backing.parent / UNDO
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    for line in reversed(lines):
        what, path, *more = json.loads(line)
        place = backing / path.lstrip("/")
        if what == "made":
            shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
        elif what == "folder gone":
            place.mkdir()
        elif what == "moved":
            place.rename(backing / more[0].lstrip("/"))
        if what in {"moved", "gone"} and more[-1]:
            Path(more[-1]).rename(place)
    log.unlink(missing_ok=True)
    for kept in backing.parent.glob("trash-*"):
        kept.unlink()
    return len(lines)


def main() -> None:
    backing, mount, *words = sys.argv[1:]
    options = dict(word.partition("=")[::2] for word in words)
    # Pages are kept between two openings, so that an index mapped by two processes is one; all changes come this way.
    settings = {
        "kernel_cache": True,
        "big_writes": True,
        "foreground": True,
        "nothreads": True,
        "allow_other": os.geteuid() == 0,
    }
    FUSE(Forgetful(Path(backing), options), mount, **settings)


if __name__ == "__main__":
    main()
