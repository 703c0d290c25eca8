"""The evidence of an edition as folders in the order of the index, with a list of contents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.evidence.store import content_of
from yukuaiban.people.district import installed

if TYPE_CHECKING:
    from yukuaiban.evidence.models import EvidenceFile
    from yukuaiban.evidence.queries import Card
    from yukuaiban.measures.demonstration.queries import LeafView

CONTENTS = "目录.csv"
# Archives know no time before; one moment for all entries keeps the bytes the same.
_FIRST_TIME = (1980, 1, 1, 0, 0, 0)
_UNSAFE = '\\/:*?"<>|'


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the export: where it lies, and what the list of contents says of it."""

    path: str
    file: EvidenceFile
    card: Card
    code: str
    why: str


def evidence_zip(views: Sequence[LeafView], made: datetime) -> bytes:
    """Folders `1/1.2/1.2.3/` and a list of contents; the same state gives the same bytes but for the date line.

    InputInvalid names every document with personal data that has no masked copy: nothing else may go outside.
    """
    entries = list(_entries(views))
    lacking = [entry for entry in entries if entry.card.personal and entry.card.masked is None]
    if lacking:
        raise InputInvalid(
            [
                Problem(
                    f"{entry.code} 的“{entry.card.title}”含个人信息", "请先上传脱敏副本", field="documents"
                )
                for entry in lacking
            ]
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, CONTENTS, _contents(entries, made))
        for entry in entries:
            _add(archive, entry.path, content_of(entry.file))
    return out.getvalue()


def _entries(views: Sequence[LeafView]) -> Iterator[Entry]:
    for view in views:
        ordered = sorted(view.marked, key=lambda each: (each[0].issued_on or date.min, str(each[0].uid)))
        for number, (card, why) in enumerate(ordered, 1):
            file = card.masked if card.personal and card.masked is not None else card.file
            name = f"{number:02} {_plain(card.title)}{PurePosixPath(file.name).suffix.lower()}"
            yield Entry(f"{folder(view.node.code)}/{name}", file, card, view.node.code, why)


def folder(code: str) -> str:
    """The folders of a dotted code: 1.2.3 lies in 1/1.2/1.2.3."""
    parts = code.split(".")
    return "/".join(".".join(parts[: place + 1]) for place in range(len(parts)))


def _plain(title: str) -> str:
    """A title as every file system takes it."""
    return (
        "".join(char for char in title if char not in _UNSAFE and char.isprintable()).strip()[:60] or "材料"
    )


def _contents(entries: Sequence[Entry], made: datetime) -> bytes:
    """The list of contents; only its first line tells the time."""
    zone = ZoneInfo(installed().zone)
    lines = [f"导出时间,{made.astimezone(zone):%Y-%m-%d %H:%M:%S}"]
    lines.append("指标编号,文件,标题,文号,成文日期,是否计入,不计入的原因,SHA-256")
    lines += [",".join(_quoted(cell) for cell in _cells(entry)) for entry in entries]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _cells(entry: Entry) -> tuple[str, ...]:
    card = entry.card
    day = card.issued_on.isoformat() if card.issued_on else ""
    counted = "否" if entry.why else "是"
    return (entry.code, entry.path, card.title, card.document_no, day, counted, entry.why, entry.file.sha256)


def _quoted(cell: str) -> str:
    inner = cell.replace('"', '""')
    return f'"{inner}"'


def _add(archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(path, date_time=_FIRST_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)
