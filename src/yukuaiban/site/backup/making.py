"""Making a backup while the installation goes on working."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.journal import disk
from yukuaiban.site.backup import age, archive, facts, keyfiles, pgcopy, sqlitecopy

_EVERY = 100
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup: its manifest, size in bytes, SHA-256, and what was wrong with the uploads."""

    manifest: Mapping[str, Any]
    size: int
    sha256: str
    faults: tuple[str, ...]


def make(target: Path, *, at: datetime, told: Told) -> Made:
    """Write the archive to `target`, whole or not at all.

    The database is copied first: a file lies on the disk before a row points to it, so the uploads hold all that the
    copy names. Raises InputInvalid if `target` exists or its folder does not.
    """
    if target.exists() or not target.parent.is_dir():
        why = "已经存在" if target.exists() else "所在的目录不存在"
        raise InputInvalid(Problem(f"{target} {why}", "请写一个新的文件名", field="FILE"))
    with _workshop(target.parent) as folder:
        draft = folder / "archive"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with archive.Writer(file) as writer:
                told("正在复制数据库")
                about, named = _database(writer, folder, told)
                faults = _uploads(writer, set(named), told)
                manifest = writer.finish(_head(at) | about)
            file.flush()
            os.fsync(file.fileno())
        digest, size = _digest(draft), draft.stat().st_size
        draft.replace(target)
        disk.sync_folder(target.parent)
    if not faults:
        age.note_backup(Path(settings.HOME), at=at, file=target, sha256=digest)
    return Made(manifest, size, digest, tuple(faults))


def _head(at: datetime) -> dict[str, Any]:
    return {
        "product": "yukuaiban",
        "version": version("yukuaiban"),
        "district": settings.DISTRICT_PATH.name,
        "made_at": at.isoformat(),
        "vendor": connection.vendor,
        "keys": keyfiles.fingerprints(Path(settings.HOME)),
    }


def _database(writer: archive.Writer, folder: Path, told: Told) -> tuple[dict[str, Any], list[str]]:
    """Take in the copy; what it says about itself, and the hashes of the files it points to."""
    if connection.vendor == "sqlite":
        copy = folder / archive.DATABASE
        sqlitecopy.copy(Path(connection.settings_dict["NAME"]), copy)
        with sqlitecopy.asking(copy) as query:
            about, named = facts.of(query), facts.files(query)
        writer.add(archive.DATABASE, copy)
        return about, named
    with pgcopy.held(connection) as query:
        about, named = facts.of(query), facts.files(query)
        columns = pgcopy.dump(connection, folder, lambda table: told(f"  {table}"))
    for table in columns:
        writer.add(f"{archive.TABLES}{table}.copy", folder / f"{table}.copy")
    return about | {"tables": columns}, named


def _uploads(writer: archive.Writer, named: set[str], told: Told) -> list[str]:
    """Take in every stored file; returns what is missing or no longer what was stored, one sentence each."""
    faults: list[str] = []
    for number, path in enumerate(_stored(), 1):
        digest = writer.add(f"{archive.UPLOADS}{path.parent.name}/{path.name}", path)
        if digest != path.name:
            faults.append(f"文件 {path.name[:16]} 与存入时不符")
        named.discard(path.name)
        if number % _EVERY == 0:
            told(f"已备份文件 {number} 份")
    return faults + [f"文件 {name[:16]} 缺失" for name in sorted(named)]


def _stored() -> Iterator[Path]:
    """Files under the name of their hash, in its order; drafts of uploads that are still coming are not meant."""
    for folder in sorted(Path(settings.MEDIA_ROOT).glob("[0-9a-f][0-9a-f]")):
        yield from (path for path in sorted(folder.glob(f"{folder.name}*")) if len(path.name) == _HASH)


_HASH = 2 * hashlib.sha256().digest_size


@contextmanager
def _workshop(parent: Path) -> Iterator[Path]:
    """A folder beside the target, for its owner alone, for what is not finished; it holds a copy of the database.

    Those that killed backups of this computer have left are removed first.
    """
    prefix = f".backup-{platform.node()}-"
    for left in parent.glob(f"{prefix}*"):
        if not Path("/proc", left.name.removeprefix(prefix).partition("-")[0]).exists():
            shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=parent, prefix=f"{prefix}{os.getpid()}-") as folder:
        yield Path(folder)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
