"""Putting a backup back: into an empty installation only, and only an archive that was read whole before."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.journal import disk
from yukuaiban.site.backup import archive, marker, pgcopy
from yukuaiban.site.backup.making import Told
from yukuaiban.site.backup.place import Place

_EVERY = 100
Key = tuple[str, str]


def refuse_unknown(manifest: Mapping[str, Any]) -> None:
    """Raise InputInvalid if the backup has a schema that this version does not know. Needs no database."""
    known = MigrationLoader(None).disk_migrations
    strange = [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]
    if strange:
        why = f"这份备份来自更新的版本 {manifest['version']}（例如 {strange[-1]}，这一版没有）"
        raise InputInvalid(Problem(why, "请用做备份时的版本或更新的版本恢复"))


def refuse_filled_server() -> None:
    """Raise InputInvalid if the database on the server holds any table."""
    there = connections[_owner()].introspection.table_names()
    if there:
        why = f"数据库不是空的（已有 {len(there)} 张表）"
        raise InputInvalid(Problem(why, "恢复只写入空的数据库；请新建一个，并改 YKB_DATABASE_URL"))


def put_back(file: Path, manifest: Mapping[str, Any], place: Place, *, at: datetime, told: Told) -> None:
    """Write database and uploads. Broken off anywhere, it leaves the folder marked. Raises InputInvalid."""
    try:
        with marker.marked(place.home, at=at, file=file):
            if place.vendor == "sqlite":
                _put(file, manifest, place, told)
                return
            _schema_of(manifest)
            with pgcopy.filling(connections[_owner()], manifest["tables"]) as take:
                _put(file, manifest, place, told, take)
    except FileExistsError as error:
        raise InputInvalid(Problem("另一个恢复正在这里进行", "请等它完成")) from error


def _put(file: Path, manifest: Mapping[str, Any], place: Place, told: Told, take: Any = None) -> None:
    """Every member to its place, held against the manifest once more as it passes."""
    wanted = {each["name"]: each["sha256"] for each in manifest["members"]}
    written: list[Path] = []
    with archive.readable(file):
        for number, (name, reader) in enumerate(archive.members(file), 1):
            if name == archive.MANIFEST:
                continue
            if name.startswith(archive.TABLES):
                take(Path(name).stem, reader.pieces())
            else:
                written.append(place.database if name == archive.DATABASE else place.home / name)
                _write(written[-1], reader)
            if reader.digest != wanted.get(name):
                raise InputInvalid(Problem(f"{file.name} 在恢复途中变了（{name}）", "请再恢复一次"))
            if number % _EVERY == 0:
                told(f"已恢复 {number} / {len(wanted)}")
    _sync_names(written, place.home)


def _sync_names(written: list[Path], home: Path) -> None:
    """The names of the files reach the disk, each folder's once, up to that of the installation itself."""
    for folder in {folder for path in written for folder in path.parents}:
        if folder.is_relative_to(home):
            disk.sync_folder(folder)


def _write(path: Path, reader: archive.Hashing) -> None:
    """Its content is on the disk before anything says that it is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for piece in reader.pieces():
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def _owner() -> str:
    """The role that may change tables, where it is another one (YKB_MIGRATE_URL)."""
    return "owner" if "owner" in settings.DATABASES else "default"


def _schema_of(manifest: Mapping[str, Any]) -> None:
    """Make the schema that the backup had; what is newer comes afterwards, over the data."""
    executor = MigrationExecutor(connections[_owner()])
    applied = {(app, name) for app, name in manifest["migrations"]}
    executor.migrate([key for key in sorted(applied) if _last(executor, key, applied)])


def _last(executor: MigrationExecutor, key: Key, applied: set[Key]) -> bool:
    """Whether no later migration of the same app was applied."""
    children = executor.loader.graph.node_map[key].children
    return not any(each.key in applied for each in children if each.key[0] == key[0])
