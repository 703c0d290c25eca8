"""The evidence of a plan as a book: an index with hashes, and folders of undertakings and tasks with the files.

A document with personal data goes out as its masked copy; while one has none, the folders are refused, by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from yukuaiban.core.errors import InputInvalid, Problem, Refused
from yukuaiban.evidence.queries import serving
from yukuaiban.evidence.store import content_of
from yukuaiban.evidence.tables_out import About, Column, to_xlsx
from yukuaiban.journal.writing import append
from yukuaiban.papers import folders
from yukuaiban.people.district import installed
from yukuaiban.plans import queries, stating

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yukuaiban.evidence.documents import Hand
    from yukuaiban.evidence.models import EvidenceFile
    from yukuaiban.evidence.queries import Card
    from yukuaiban.plans.models import Plan
    from yukuaiban.plans.queries import BoardRow

MOST_BYTES = 200 * 1024 * 1024
_TARGETS = "目标"
_COLUMNS = (
    Column("undertaking", "举措", 30),
    Column("step", "任务", 40),
    Column("case", "办件编号", 26),
    Column("title", "材料", 40),
    Column("kind", "种类", 14),
    Column("document_no", "文号", 20),
    Column("issued_on", "成文日期", 12),
    Column("version", "版本", 8),
    Column("personal", "含个人信息", 12),
    Column("name", "文件名", 30),
    Column("size", "字节", 12),
    Column("sha256", "SHA-256", 66),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A document where it serves: an undertaking, and in it a task (or a target, then without a case)."""

    undertaking: str
    step: str
    case: str
    folder: str
    card: Card

    @property
    def going_out(self) -> EvidenceFile | None:
        """The file that may leave the house; None while a document with personal data has no masked copy."""
        return self.card.masked if self.card.personal else self.card.file


def entries(plan: Plan, hand: Hand) -> list[Entry]:
    """Every document of the plan in the order of the plan; one that serves several tasks stands at each."""
    found: list[Entry] = []
    for place, row in enumerate(queries.board(plan, hand.pen.moment()).rows, 1):
        found += _of_row(row, f"{place:02} {folders.name_of(row.undertaking.title)}")
    return found


def _of_row(row: BoardRow, folder: str) -> Iterator[Entry]:
    title = row.undertaking.title
    for place, task in enumerate(row.tasks, 1):
        inner = f"{folder}/{place:02} {folders.name_of(task.case.title)}"
        for card in task.cards:
            yield Entry(title, task.case.title, task.case.number, inner, card)
    stated = serving(stating.ANCHOR, [each.target.key for each in row.targets])
    for each in row.targets:
        for card in stated[each.target.key]:
            yield Entry(title, each.target.text, "", f"{folder}/{_TARGETS}", card)


def index_xlsx(plan: Plan, hand: Hand) -> bytes:
    """The index as a workbook; taking it out is an event of the journal."""
    rows = [_row(each) for each in entries(plan, hand)]
    about = About(
        f"{plan.year}年方案佐证目录", hand.subject.name, hand.pen.moment(), ZoneInfo(installed().zone)
    )
    content = to_xlsx(_COLUMNS, rows, about)
    _tell(plan, "佐证目录", len(rows), hand)
    return content


def _row(entry: Entry) -> Mapping[str, object]:
    card = entry.card
    return {
        "undertaking": entry.undertaking,
        "step": entry.step,
        "case": entry.case,
        "title": card.title,
        "kind": card.kind_title,
        "document_no": card.document_no,
        "issued_on": card.issued_on.isoformat() if card.issued_on else "",
        "version": card.version,
        "personal": "是" if card.personal else "否",
        "name": card.file.name,
        "size": card.file.size,
        "sha256": card.file.sha256,
    }


def folders_zip(plan: Plan, hand: Hand) -> bytes:
    """The files as folders; taking them out is an event of the journal.

    InputInvalid names every document with personal data that has no masked copy, Refused if all is more than 200 MB.
    """
    found = entries(plan, hand)
    _refuse_unmasked(found)
    if sum(each.going_out.size for each in found if each.going_out) > MOST_BYTES:
        raise Refused("佐证材料超过 200 MB，不能一次打包；请下载佐证目录，按举措分别取用。")
    made = hand.pen.moment().astimezone(ZoneInfo(installed().zone))
    content = folders.archive(
        _leaves(found), ("举措", "任务", "材料", "文号", "脱敏"), f"{made:%Y-%m-%d %H:%M:%S}"
    )
    _tell(plan, "佐证材料", len(found), hand)
    return content


def _refuse_unmasked(found: Sequence[Entry]) -> None:
    lacking = dict.fromkeys((each.card.title, each.undertaking) for each in found if each.going_out is None)
    if lacking:
        raise InputInvalid(
            [
                Problem(f"“{undertaking}”的材料“{title}”含个人信息", "请先上传脱敏副本", field="documents")
                for title, undertaking in lacking
            ]
        )


def _leaves(found: Sequence[Entry]) -> Iterator[folders.Leaf]:
    places: dict[str, int] = {}
    for each in found:
        file = each.going_out
        assert file is not None  # noqa: S101 - refused before
        places[each.folder] = places.get(each.folder, 0) + 1
        ending = PurePosixPath(file.name).suffix.lower()
        path = f"{each.folder}/{places[each.folder]:02} {folders.name_of(each.card.title)}{ending}"
        masked = "脱敏副本" if each.card.personal else ""
        line = (each.undertaking, each.step, each.card.title, each.card.document_no, masked)
        yield folders.Leaf(path, content_of(file), line)


def _tell(plan: Plan, name: str, rows: int, hand: Hand) -> None:
    append(
        stream="export:plans",
        type="paper.exported",
        body={"year": plan.year, "name": name, "rows": rows},
        actor=hand.subject.actor(),
        pen=hand.pen,
        source=hand.source,
    )
