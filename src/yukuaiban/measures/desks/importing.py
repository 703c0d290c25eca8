"""Importing a list of matters: all or nothing for each row, never for the file; the same file twice stores nothing.

Departments that the register of agencies does not know are taken in as unconfirmed agencies, so that no matter is
lost; the administrator confirms or merges them later. What a row promises beyond the statute is stored with the
finding and not published.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.evidence.tables_in import read_map, read_table
from yukuaiban.evidence.tables_out import safe
from yukuaiban.journal.writing import append
from yukuaiban.measures.desks import queries
from yukuaiban.measures.desks.matterrows import HEADINGS, ReadRow, read_row
from yukuaiban.measures.desks.models import Matter
from yukuaiban.measures.desks.register import Hand, Stored, store
from yukuaiban.people.access import SYSTEM_IMPORT
from yukuaiban.people.district import installed
from yukuaiban.people.importing import AGENCIES
from yukuaiban.people.models import Agency

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from yukuaiban.evidence.tables_in import Row
    from yukuaiban.journal.pen import Pen
    from yukuaiban.measures.desks.drafts import MatterDraft

ORIGIN = "import"
_SHORT_NAME = 40


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not stored, with the column and the reason."""

    row: int
    column: str
    why: str


@dataclass(slots=True)
class Report:
    """What an import did. `held` were stored and not published, `new_agencies` taken in unconfirmed."""

    read: int = 0
    stored: int = 0
    duplicates: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    held: int = 0
    new_agencies: list[str] = field(default_factory=list)
    refused_file: str = ""

    def as_json(self) -> dict[str, Any]:
        """As `--json` prints it (cli.md)."""
        rows = [{"row": each.row, "column": each.column, "why": each.why} for each in self.refused]
        return {"read": self.read, "stored": self.stored, "duplicates": self.duplicates, "refused": rows}


class _NotStored(Exception):
    """Takes back what a dry run has written."""


def import_file(path: Path, *, pen: Pen, map_file: Path | None = None, dry_run: bool = False) -> Report:
    """Read a CSV file or a workbook and store its matters. InputInvalid if it cannot be read at all.

    Refused rows come back as `NAME.refused.csv` beside the input; a dry run writes nothing at all.
    """
    rows = list(read_table(path, mapping=read_map(map_file) if map_file else None))
    _check_columns(path, rows)
    hand = Hand(SYSTEM_IMPORT, pen, source=f"import:{_digest(path)[:12]}")
    work = _Import(hand, queries.day_of(pen.moment()), f"导入自 {path.name}", _agencies())
    try:
        with transaction.atomic():
            for row in rows:
                work.take(row)
            if dry_run:
                raise _NotStored
    except _NotStored:
        return work.report
    if work.report.refused:
        work.report.refused_file = str(_write_refused(path, rows, work.report.refused))
    return work.report


def _check_columns(path: Path, rows: list[Row]) -> None:
    cells = rows[0].cells if rows else {}
    missing = [
        name for name in ("code", "name", "agency") if not any(each in cells for each in HEADINGS[name])
    ]
    if missing:
        names = "、".join("/".join(HEADINGS[name]) for name in missing)
        why = f"没有找到列：{names}"
        raise InputInvalid(Problem(why, "请核对表头，或用 --map 指明各列", file=path.name, line=1))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _agencies() -> dict[str, str]:
    """Name and short name -> code."""
    found: dict[str, str] = {}
    for code, name, short in Agency.objects.values_list("code", "name", "short_name"):
        found |= {name: code, short or name: code}
    return found


class _Import:
    """One run: rows go in, the report grows."""

    def __init__(self, hand: Hand, day: date, source: str, agencies: dict[str, str]) -> None:
        self.hand = hand
        self.day = day
        self.source = source
        self.agencies = agencies
        self.report = Report()
        self.seen: dict[str, MatterDraft] = {}

    def take(self, row: Row) -> None:
        """One row: stored, a duplicate, or refused with all its reasons."""
        self.report.read += 1
        found = read_row(row, self.day, self.source)
        if isinstance(found, list):
            self._refuse(row, found)
            return
        before = self.seen.get(found.draft.code)
        if before is not None:
            if before == found.draft:
                self.report.duplicates += 1
            else:
                why = "同一文件中同一编码出现两次，内容不同"
                self._refuse(row, [Problem(why, "请只保留一行", field="code")])
            return
        self.seen[found.draft.code] = found.draft
        self._store(found)

    def _refuse(self, row: Row, problems: Iterable[Problem]) -> None:
        for each in problems:
            why = "；".join(part for part in (each.why, each.remedy) if part)
            self.report.refused.append(RefusedRow(row.number, each.field, why))

    def _store(self, found: ReadRow) -> None:
        draft = replace(found.draft, agency=self._agency(found.agency))
        done = store(draft if found.dated else _with_known_days(draft), self.hand, origin=ORIGIN)
        if done is Stored.SAME:
            self.report.duplicates += 1
            return
        self.report.stored += 1
        self.report.held += bool(draft.findings())

    def _agency(self, name: str) -> str:
        """The code of a department; one that is not known yet is taken in as unconfirmed."""
        if name in self.agencies:
            return self.agencies[name]
        code = f"im-{hashlib.sha256(name.encode()).hexdigest()[:10]}"
        self.agencies[name] = code
        self.report.new_agencies.append(name)
        district = installed().code
        Agency.objects.create(
            code=code,
            district=district,
            name=name[:100],
            short_name=name[:_SHORT_NAME],
            kind=Agency.Kind.DEPARTMENT,
            organ_kind=Agency.OrganKind.OTHER,
            source=self.source[:200],
            since=self.day,
            confirmed=False,
        )
        append(
            stream=AGENCIES,
            type="agencies.imported",
            body={"changes": [{"code": code, "change": "added"}], "district": district},
            actor=self.hand.subject.actor(),
            pen=self.hand.pen,
            source=self.hand.source,
        )
        return code


def _with_known_days(draft: MatterDraft) -> MatterDraft:
    """A list without days says nothing new about the days of a matter that is there already.

    The sheet keeps its day if nothing else in it has changed; otherwise it begins on the day of the import.
    """
    matter = Matter.objects.filter(code=draft.code).first()
    if matter is None:
        return draft
    kept = replace(draft, since=matter.since, until=matter.until)
    newest = matter.sheets.filter(approved_at__isnull=False).order_by("-since", "-number").first()
    if newest is None:
        return kept
    same_day = replace(kept.sheet, since=newest.since)
    body = same_day.body() | {"since": newest.since}
    unchanged = all(getattr(newest, name) == value for name, value in body.items())
    return replace(kept, sheet=same_day) if unchanged else kept


def _write_refused(path: Path, rows: list[Row], refused: list[RefusedRow]) -> Path:
    """The refused rows with their reasons beside the input, to be mended and imported again."""
    reasons: dict[int, list[str]] = {}
    for each in refused:
        reasons.setdefault(each.row, []).append(f"{each.column}：{each.why}" if each.column else each.why)
    target = path.with_name(f"{path.stem}.refused.csv")
    columns = list(dict.fromkeys(name for row in rows for name in row.cells))
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["行号", "理由", *columns])
        for row in rows:
            if row.number in reasons:
                cells = [safe(row.cells.get(name)) for name in columns]
                writer.writerow([row.number, "；".join(reasons[row.number]), *cells])
    return target
