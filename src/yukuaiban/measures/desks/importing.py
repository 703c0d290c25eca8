"""Importing a list of matters: all or nothing for each row, never for the file; the same file twice stores nothing.

Departments that the register of agencies does not know are taken in as unconfirmed agencies, so that no matter is
lost; the administrator confirms or merges them later. What a row promises beyond the statute is stored with the
finding and not published.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.evidence.importing import RefusedRow, Report, keep_refused
from yukuaiban.evidence.tables_in import read_map, read_table
from yukuaiban.journal.writing import append
from yukuaiban.measures.desks import queries
from yukuaiban.measures.desks.limits import law_limit
from yukuaiban.measures.desks.matterrows import HEADINGS, ReadRow, read_row
from yukuaiban.measures.desks.register import Hand, Shelf, Stored, store_all
from yukuaiban.people.access import SYSTEM_IMPORT
from yukuaiban.people.district import installed
from yukuaiban.people.importing import AGENCIES
from yukuaiban.people.models import Agency

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from yukuaiban.evidence.tables_in import Row
    from yukuaiban.journal.pen import Pen
    from yukuaiban.measures.desks.drafts import MatterDraft

__all__ = ["RefusedRow", "Report", "import_file"]

ORIGIN = "import"
_SHORT_NAME = 40
_NAME = 100
_SOURCE = 200
# Rows that share their questions to the database.
_BATCH = 500


def import_file(path: Path, *, pen: Pen, map_file: Path | None = None, dry_run: bool = False) -> Report:
    """Read a CSV file or a workbook and store its matters. InputInvalid if it cannot be read at all.

    Refused rows come back as `NAME.refused.csv` beside the input; a dry run writes nothing at all.
    """
    rows = list(read_table(path, mapping=read_map(map_file) if map_file else None))
    _check_columns(path, rows)
    hand = Hand(SYSTEM_IMPORT, pen, source=f"import:{_digest(path)[:12]}")
    work = _Import(hand, queries.day_of(pen.moment()), f"导入自 {path.name}"[:_SOURCE])
    with transaction.atomic():
        for start in range(0, len(rows), _BATCH):
            work.take(rows[start : start + _BATCH])
        transaction.set_rollback(dry_run)
    if not dry_run:
        keep_refused(work.report, path, rows)
    return work.report


def _check_columns(path: Path, rows: list[Row]) -> None:
    cells = rows[0].cells if rows else {}
    missing = [
        name for name in ("code", "name", "agency") if not any(each in cells for each in HEADINGS[name])
    ]
    if missing:
        names = "、".join("/".join(HEADINGS[name]) for name in missing)
        why = f"没有找到列：{names}" if rows else "表里没有数据行"
        raise InputInvalid(Problem(why, "请核对表头，或用 --map 指明各列", file=path.name, line=1))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class _Import:
    """One run: rows go in, the report grows."""

    def __init__(self, hand: Hand, day: date, source: str) -> None:
        self.hand = hand
        self.day = day
        self.source = source
        self.report = Report()
        self.agencies = _agencies()
        self.seen: dict[str, MatterDraft] = {}

    def take(self, rows: list[Row]) -> None:
        """Some rows: each stored, a duplicate, or refused with all its reasons."""
        self.report.read += len(rows)
        fresh = [found for row in rows if (found := self._fresh(row)) is not None]
        shelf = Shelf([each.draft.code for each in fresh])
        drafts = [self._dressed(each, shelf) for each in fresh]
        for draft, done in zip(drafts, store_all(drafts, self.hand, shelf, origin=ORIGIN), strict=True):
            if done is Stored.SAME:
                self.report.duplicates += 1
            else:
                self.report.stored += 1
                self.report.held += bool(draft.findings(law_limit(draft.kind, self.day)))

    def _fresh(self, row: Row) -> ReadRow | None:
        """The row as read, if it can be read and its code has not come yet in this file."""
        found = read_row(row, self.day, self.source)
        if isinstance(found, list):
            self.report.refuse(row.number, found)
            return None
        before = self.seen.setdefault(found.draft.code, found.draft)
        if before is found.draft:
            return found
        if before == found.draft:
            self.report.duplicates += 1
        else:
            why = "同一文件中同一编码出现两次，内容不同"
            self.report.refuse(row.number, [Problem(why, "请只保留一行", field="code")])
        return None

    def _dressed(self, found: ReadRow, shelf: Shelf) -> MatterDraft:
        draft = replace(found.draft, agency=self._agency(found.agency))
        return draft if found.dated else _with_known_days(draft, shelf)

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
            name=name[:_NAME],
            short_name=name[:_SHORT_NAME],
            kind=Agency.Kind.DEPARTMENT,
            organ_kind=Agency.OrganKind.OTHER,
            source=self.source,
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


def _agencies() -> dict[str, str]:
    """Name and short name -> code."""
    found: dict[str, str] = {}
    for code, name, short in Agency.objects.values_list("code", "name", "short_name"):
        found |= {name: code, short or name: code}
    return found


def _with_known_days(draft: MatterDraft, shelf: Shelf) -> MatterDraft:
    """A list without days says nothing new about the days of a matter that is there already.

    The sheet keeps its day if nothing else in it has changed; otherwise it begins on the day of the import.
    """
    matter = shelf.matters.get(draft.code)
    if matter is None:
        return draft
    kept = replace(draft, since=matter.since, until=matter.until)
    newest = shelf.newest_approved(draft.code)
    if newest is None:
        return kept
    same_day = replace(kept.sheet, since=newest.since)
    return replace(kept, sheet=same_day) if shelf.same_sheet(draft.code, same_day) else kept
