"""What was erased by order, in a small file beside each backup: an older backup still holds it, and must lose it again.

It names events, orders and grounds, no person. `backup` writes one; `restore` reads all that lie beside the archive.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.journal import disk, erasing
from yukuaiban.journal.event import moment_text

SUFFIX = ".erasures"
_FORM = "yukuaiban/erasures/1"
_TEXTS = ("event", "stream", "ground", "uid")


def write(archive: Path, *, at: datetime, first: str | None) -> Path:
    """Put the list beside an archive, with every erasure that the journal knows now. Returns the file.

    `first` is the hash of the journal's first event: two installations of one district bear the same name.
    """
    path = archive.with_name(archive.name + SUFFIX)
    told = [dict(each.body) | {"uid": str(each.uid)} for each in erasing.erasures()]
    found = {
        "form": _FORM,
        "origin": settings.YKB_JOURNAL_ORIGIN,
        "first": first,
        "made_at": moment_text(at),
        "erasures": told,
    }
    disk.write_whole(path, json.dumps(found, ensure_ascii=False, indent=1).encode())
    return path


def beside(archive: Path) -> list[Path]:
    """The lists in the folder of an archive."""
    return sorted(archive.parent.glob(f"*{SUFFIX}"))


def read(paths: Iterable[Path], *, first: str | None) -> list[dict[str, Any]]:
    """The erasures of all lists, each event once. InputInvalid for a file that is no list, or another journal's.

    `first` as for `write`; None where the archive was made before that was noted.
    """
    found: dict[str, dict[str, Any]] = {}
    for path in paths:
        for each in _read(path, first):
            found.setdefault(each["event"], each)
    return list(found.values())


def _read(path: Path, first: str | None) -> list[dict[str, Any]]:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["form"] != _FORM:
            raise ValueError(_FORM)  # noqa: TRY301 - one way for everything that is no list
        told = [_erasure(each) for each in held["erasures"]]
        origin, begins = held["origin"], held["first"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputInvalid(
            Problem(f"{path.name} 不是删除清单", "请用 ./ykb backup 写在备份旁边的那一份")
        ) from error
    if origin != settings.YKB_JOURNAL_ORIGIN:
        raise InputInvalid(
            Problem(f"{path.name} 属于 {origin}，不是本账本 {settings.YKB_JOURNAL_ORIGIN}", "请把它移到别处")
        )
    if first is not None and begins != first:
        why = f"{path.name} 属于另一套安装：两本账本的第一条留痕不同"
        raise InputInvalid(Problem(why, "请把它移到别处，改用这套安装的删除清单"))
    return told


def _erasure(given: Any) -> dict[str, Any]:
    """One entry; ValueError, KeyError, TypeError or AttributeError if it is none."""
    if not all(isinstance(given[name], str) and given[name].strip() for name in _TEXTS):
        raise ValueError(given)
    UUID(given["event"])
    found: dict[str, Any] = {name: given[name] for name in _TEXTS}
    return found | {"order": str(given.get("order", ""))}
