"""Papers of an edition: the evidence as folders in the order of the index, and the self-assessment report."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.evidence.store import content_of
from yukuaiban.measures.demonstration import queries, rules
from yukuaiban.people.district import installed
from yukuaiban.people.queries import agency_names

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from yukuaiban.evidence.models import EvidenceFile
    from yukuaiban.evidence.queries import Card
    from yukuaiban.measures.demonstration.models import IndexEdition
    from yukuaiban.measures.demonstration.queries import LeafView

CONTENTS = "目录.csv"
MISSING = "【待填】"
# Archives know no time before; one moment for all entries keeps the bytes the same.
_FIRST_TIME = (1980, 1, 1, 0, 0, 0)
_BODY, _HEAD = "仿宋_GB2312", "黑体"
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


# ---------------------------------------------------------------------------------------------------- report


def report_docx(edition: IndexEdition, views: Sequence[LeafView]) -> bytes:
    """The self-assessment report in the order of the index; each statement names its evidence, gaps read 【待填】."""
    paper = docx.Document()
    _fonts(paper)
    title = _line(paper, f"{installed().name}{edition.name}自评报告", size=22, font=_HEAD)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _summary(paper, edition, views)
    by_code, names = {view.node.code: view for view in views}, agency_names()
    for node in edition.nodes.all():
        heading = _line(paper, f"{node.code} {node.text}", size=16, font=_HEAD)
        heading.paragraph_format.keep_with_next = True
        if node.code in by_code:
            _statement(paper, by_code[node.code], names)
    _evidence_table(paper, views)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _summary(paper: Document, edition: IndexEdition, views: Sequence[LeafView]) -> None:
    figures = [view.figure for view in views]
    cover, total = rules.coverage(figures), queries.score_text(rules.score(figures))
    assessed = sum(view.leaf.own_share is not None for view in views)
    _line(paper, f"所涉期间：{edition.period_since.isoformat()} 至 {edition.period_until.isoformat()}。")
    _line(
        paper,
        f"末级指标 {len(views)} 项，已有有效材料 {cover.part} 项（{cover.text}），"
        f"已自评 {assessed} 项。得分：{total}。",
    )


def _statement(paper: Document, view: LeafView, names: dict[str, str]) -> None:
    leaf = view.leaf
    owner = MISSING if view.case.stage == "unassigned" else names.get(view.case.agency, view.case.agency)
    _line(paper, f"责任单位：{owner}")
    if leaf.survey is not None:
        found = leaf.survey.figures
        word = "" if view.survey_counts else "，样本不足，不计入合计"
        _line(paper, f"测评：满意率 {found.satisfaction.text}（n={found.valid}{word}）")
    else:
        grade = str(leaf.get_self_grade_display()) if leaf.self_grade else MISSING
        _line(paper, f"自评：{grade}")
        _line(paper, leaf.self_reason or MISSING)
    cited = "；".join(_cited(card) for card in view.counted)
    _line(paper, f"依据材料：{cited or MISSING}")


def _cited(card: Card) -> str:
    number = f"（{card.document_no}）" if card.document_no else ""
    return f"《{card.title}》{number}[{card.file.sha256[:8]}]"


def _evidence_table(paper: Document, views: Sequence[LeafView]) -> None:
    _line(paper, "附：材料目录", size=16, font=_HEAD)
    table = paper.add_table(rows=1, cols=4, style="Table Grid")
    _row(table.rows[0].cells, ("指标", "材料", "文号与日期", "SHA-256"))
    for view in views:
        for card in view.counted:
            day = card.issued_on.isoformat() if card.issued_on else ""
            cells = (view.node.code, card.title, f"{card.document_no} {day}".strip(), card.file.sha256)
            _row(table.add_row().cells, cells)


def _row(cells: Sequence[object], texts: Sequence[str]) -> None:
    for cell, text in zip(cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(text)  # type: ignore[attr-defined]
        _font(run, _BODY, 10)


def _line(paper: Document, text: str, *, size: int = 12, font: str = _BODY) -> Paragraph:
    paragraph = paper.add_paragraph()
    _font(paragraph.add_run(text), font, size)
    return paragraph


def _fonts(paper: Document) -> None:
    """Chinese text takes its font from w:eastAsia, which python-docx does not set."""
    style = paper.styles["Normal"]
    style.font.name = _BODY
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _BODY)


def _font(run: object, name: str, size: int) -> None:
    run.font.name, run.font.size = name, Pt(size)  # type: ignore[attr-defined]
    run._element.rPr.rFonts.set(qn("w:eastAsia"), name)  # type: ignore[attr-defined]  # noqa: SLF001 - no other way
