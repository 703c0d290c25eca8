"""What every import of a table gives back (cli.md): counts, refused rows with reasons, and these rows as a file."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

from yukuaiban.evidence.tables_out import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from yukuaiban.core.errors import Problem
    from yukuaiban.evidence.tables_in import Row

REFUSED_FOLDER = "refused"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not stored, with the column and the reason. `row` is the line that people see."""

    row: int
    column: str
    why: str


@dataclass(slots=True)
class Report:
    """What an import did. `read` = `stored` + `duplicates` + the rows that are named in `refused`.

    `held` of the stored ones are not published, `new_agencies` were taken in unconfirmed. `refused_file` is where
    the refused rows lie; `remarks` are sentences for the person (the file lies elsewhere, doubts about values).
    """

    read: int = 0
    stored: int = 0
    duplicates: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    held: int = 0
    new_agencies: list[str] = field(default_factory=list)
    refused_file: str = ""
    remarks: list[str] = field(default_factory=list)

    def refuse(self, row: int, problems: Iterable[Problem]) -> None:
        """Note a row with all its reasons."""
        for each in problems:
            why = "；".join(part for part in (each.why, each.remedy) if part)
            self.refused.append(RefusedRow(row, each.field, why))

    @property
    def refused_rows(self) -> int:
        """How many rows were refused; a row may have several reasons."""
        return len({each.row for each in self.refused})

    def as_json(self) -> dict[str, Any]:
        """As `--json` prints it (cli.md)."""
        rows = [{"row": each.row, "column": each.column, "why": each.why} for each in self.refused]
        return {"read": self.read, "stored": self.stored, "duplicates": self.duplicates, "refused": rows}


def keep_refused(report: Report, path: Path, rows: Sequence[Row]) -> None:
    """Write the refused rows with their reasons as `NAME.refused.csv` beside the input, to be mended and read again.

    Where that folder takes no file it goes into the folder of the installation, and a remark says so.
    """
    if not report.refused:
        return
    beside = path.with_name(f"{path.stem}.refused.csv")
    try:
        _write(beside, report, rows)
    except OSError as error:
        elsewhere = settings.HOME / REFUSED_FOLDER / beside.name
        elsewhere.parent.mkdir(parents=True, exist_ok=True)
        _write(elsewhere, report, rows)
        report.remarks.append(
            f"{path.parent} 里不能写文件（{error.strerror}），未读入的行已存到 {elsewhere}。"
        )
        beside = elsewhere
    report.refused_file = str(beside)


def _write(target: Path, report: Report, rows: Sequence[Row]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row.cells))
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["行号", "理由", *columns])
        writer.writerows(_lines(columns, report, rows))


def _lines(columns: Sequence[str], report: Report, rows: Sequence[Row]) -> Iterator[list[str]]:
    reasons: dict[int, list[str]] = {}
    for each in report.refused:
        reasons.setdefault(each.row, []).append(f"{each.column}：{each.why}" if each.column else each.why)
    for row in rows:
        if row.number in reasons:
            cells = [safe(row.cells.get(name)) for name in columns]
            yield [str(row.number), "；".join(reasons[row.number]), *cells]
