"""Where a backup is to be put back, and whether it fits; asked before Django is set up, which would make new keys."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.site import home as homes
from yukuaiban.site.backup import keyfiles


@dataclass(frozen=True, slots=True)
class Place:
    """Folder, kind of database and its file, name of the district pack."""

    home: Path
    vendor: str
    database: Path
    district: str


def refuse_unfit(manifest: Mapping[str, Any], place: Place, *, keys_lost: bool) -> None:
    """Raise InputInvalid with every reason why this archive cannot be put back here; touches nothing."""
    problems = [*_strange(manifest, place), *_not_empty(place)]
    if not keys_lost:
        way = "请先把密钥的副本放回（权限 600）；确实丢失的，加 --keys-lost，其中的个人信息将无法读出"
        problems += [Problem(why, way) for why in keyfiles.differing(place.home, manifest["keys"])]
    if problems:
        raise InputInvalid(problems)


def _strange(manifest: Mapping[str, Any], place: Place) -> Iterable[Problem]:
    if manifest["vendor"] != place.vendor:
        wanted = "不设 YKB_DATABASE_URL" if manifest["vendor"] == "sqlite" else "设好 YKB_DATABASE_URL"
        yield Problem(f"这份备份来自 {manifest['vendor']}，这里是 {place.vendor}", f"请{wanted}再恢复")
    if manifest["district"] != place.district:
        why = f"这份备份属于区县 {manifest['district']}，这里是 {place.district}"
        yield Problem(why, f"请设 YKB_DISTRICT={manifest['district']}")


def _not_empty(place: Place) -> Iterable[Problem]:
    way = "恢复只写入空的安装；请换一个 YKB_HOME，或先把原有内容移走另存"
    if place.vendor == "sqlite" and place.database.exists():
        yield Problem(f"{place.database} 已经存在", way)
    uploads = place.home / "uploads"
    if uploads.is_dir() and any(uploads.iterdir()):
        yield Problem(f"{uploads} 不是空的", way)


def here() -> Place:
    """The place that the environment names."""
    home = homes.folder()
    vendor = "postgresql" if os.environ.get("YKB_DATABASE_URL") else "sqlite"
    return Place(home, vendor, home / "yukuaiban.sqlite3", homes.district_path().name)
