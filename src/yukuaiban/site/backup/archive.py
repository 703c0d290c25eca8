"""The archive of a backup: one gzipped tar with fixed names, whose last member is the manifest.

The manifest names every member with size and SHA-256; an archive that was cut off has none, so it is never taken for
a whole one. Nothing in it depends on the computer or on file times.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self

from yukuaiban.core.errors import InputInvalid, Problem

FORMAT = 1
MANIFEST = "MANIFEST.json"
DATABASE = "database.sqlite3"
TABLES, UPLOADS = "tables/", "uploads/"
_PIECE = 1 << 20
_MODE = 0o600
_NAME = re.compile(r"database\.sqlite3|tables/[a-z0-9_]+\.copy|uploads/([0-9a-f]{2})/\1[0-9a-f]{62}")


class Hashing(io.RawIOBase):
    """A file that is read through; `size` and `digest` tell what has passed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._hash, self.size = file, hashlib.sha256(), 0

    def readable(self) -> bool:
        """Reading is all it does."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        found = self._file.read(size)
        self._hash.update(found)
        self.size += len(found)
        return found

    def pieces(self) -> Iterator[bytes]:
        """What is left, piece by piece."""
        while found := self.read(_PIECE):
            yield found

    @property
    def digest(self) -> str:
        """SHA-256 in hex of what has passed."""
        return self._hash.hexdigest()


class Writer:
    """An archive being written; `close` puts the manifest at its end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed below
        self._members: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._tar.close()
        self._gzip.close()

    def add(self, name: str, path: Path) -> str:
        """Take in a file under a name; returns the SHA-256 of what was read."""
        with path.open("rb") as file:
            reader = Hashing(file)
            self._tar.addfile(_info(name, path.stat().st_size), reader)
        self._members.append({"name": name, "size": reader.size, "sha256": reader.digest})
        return reader.digest

    def finish(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Write the manifest; returns it."""
        manifest = {"format": FORMAT} | dict(facts) | {"members": self._members}
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        self._tar.addfile(_info(MANIFEST, len(text)), io.BytesIO(text))
        return manifest


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, _MODE
    return info


def checked(path: Path) -> dict[str, Any]:
    """The manifest of an archive every byte of which was read and held against it. Raises InputInvalid."""
    found: list[dict[str, Any]] = []
    text = b""
    with readable(path):
        for name, reader in members(path):
            if name == MANIFEST:
                text = reader.read()
                continue
            for _piece in reader.pieces():
                pass
            found.append({"name": name, "size": reader.size, "sha256": reader.digest})
    manifest = _manifest(path, text)
    if manifest.get("members") != found:
        raise damaged(path, _first_difference(manifest.get("members"), found))
    return manifest


def _manifest(path: Path, text: bytes) -> dict[str, Any]:
    if not text:
        raise damaged(path, f"末尾没有 {MANIFEST}，可能没有写完")
    try:
        manifest = json.loads(text)
    except ValueError as error:
        raise damaged(path, f"{MANIFEST} 不是 JSON") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise damaged(path, f"{MANIFEST} 不是备份清单")
    if manifest["format"] > FORMAT:
        why = f"{path.name} 是更新的格式（{manifest['format']}），这一版只读到 {FORMAT}"
        raise InputInvalid(Problem(why, "请用做备份时的版本或更新的版本恢复"))
    return manifest


def _first_difference(wanted: Any, found: list[dict[str, Any]]) -> str:
    listed = {each["name"]: each for each in wanted or ()}
    for each in found:
        if listed.pop(each["name"], None) != each:
            return f"{each['name']} 与清单所记的大小或哈希不符"
    return f"缺少 {next(iter(listed))}" if listed else "文件的次序与清单不符"


def members(path: Path) -> Iterator[tuple[str, Hashing]]:
    """Name and content of every member, in order; each must be read before the next. To be used inside `readable`."""
    with gzip.open(path) as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
        for info in tar:
            file = tar.extractfile(info) if info.isreg() else None
            if file is None or not (_NAME.fullmatch(info.name) or info.name == MANIFEST):
                raise damaged(path, f"“{info.name}”不属于备份")
            yield info.name, Hashing(file)
        while plain.read(_PIECE):  # the padding behind the last member, then gzip's own sum over everything
            pass


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """What reading stumbles over becomes InputInvalid."""
    try:
        yield
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise damaged(path, f"不是完整的备份文件：{error}") from error


def damaged(path: Path, why: str) -> InputInvalid:
    """The refusal of an archive that cannot be used."""
    return InputInvalid(Problem(f"{path.name} 已损坏：{why}", "请换一份备份；什么也没有写入"))
