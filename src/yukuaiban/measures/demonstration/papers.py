"""The evidence of an edition as folders in the order of the index, with a list of contents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.evidence.store import content_of
from yukuaiban.papers import folders
from yukuaiban.people.district import installed

if TYPE_CHECKING:
    from yukuaiban.evidence.models import EvidenceFile
    from yukuaiban.evidence.queries import Card
    from yukuaiban.measures.demonstration.queries import LeafView

_HEADS = ("指标编号", "标题", "文号", "成文日期", "是否计入", "不计入的原因")


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
    leaves = [folders.Leaf(entry.path, content_of(entry.file), _cells(entry)) for entry in entries]
    zone = ZoneInfo(installed().zone)
    return folders.archive(leaves, _HEADS, f"{made.astimezone(zone):%Y-%m-%d %H:%M:%S}")


def _entries(views: Sequence[LeafView]) -> Iterator[Entry]:
    for view in views:
        ordered = sorted(view.marked, key=lambda each: (each[0].issued_on or date.min, str(each[0].uid)))
        for number, (card, why) in enumerate(ordered, 1):
            file = card.masked if card.personal and card.masked is not None else card.file
            name = f"{number:02} {folders.name_of(card.title)}{PurePosixPath(file.name).suffix.lower()}"
            yield Entry(f"{folder(view.node.code)}/{name}", file, card, view.node.code, why)


def folder(code: str) -> str:
    """The folders of a dotted code: 1.2.3 lies in 1/1.2/1.2.3."""
    parts = code.split(".")
    return "/".join(".".join(parts[: place + 1]) for place in range(len(parts)))


def _cells(entry: Entry) -> tuple[str, ...]:
    card = entry.card
    day = card.issued_on.isoformat() if card.issued_on else ""
    counted = "否" if entry.why else "是"
    return (entry.code, card.title, card.document_no, day, counted, entry.why)
