"""The one exporter: xlsx and csv of a list, with a first sheet that says what it is (ui.md section 3.2).

A cell that a spreadsheet would take for a formula goes out as text (security.md T15).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import xlsxwriter

_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
_SHEET_NAME = 31
# A list with a column of this key is about persons: each row says who took it out and when, so that a cut-out does.
PERSONS = "applicant"
_MARK = "taken_out"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export: the key in the row, its title, its width in characters."""

    key: str
    title: str
    width: int = 16


@dataclass(frozen=True, slots=True)
class About:
    """What an export is: shown on its first sheet."""

    title: str
    person: str
    at: datetime
    zone: ZoneInfo
    filters: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def watermark(self) -> str:
        """Who took it out and when, for printed pages and for the rows of a list about persons."""
        return f"{self.person} {self._when} 导出"

    @property
    def _when(self) -> str:
        return self.at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")

    def lines(self) -> list[tuple[str, str]]:
        """Title, moment, person, filters, versions as pairs of words."""
        head = [("内容", self.title), ("数据时刻", self._when), ("导出人", self.person)]
        filters = [(f"条件：{name}", value) for name, value in self.filters.items()] or [("条件", "无")]
        return head + filters + [(f"版本：{name}", value) for name, value in self.versions.items()]


def safe(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula (csv: a quote in front)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def to_csv(columns: Sequence[Column], rows: Iterable[Mapping[str, object]], about: About) -> bytes:
    """UTF-8 with a byte order mark, so that office programs show Chinese."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    columns, rows = _marked(columns, rows, about)
    writer.writerow([column.title for column in columns])
    for row in rows:
        writer.writerow([safe(row.get(column.key)) for column in columns])
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, object]],
    about: About,
    *,
    about_first: bool = True,
) -> bytes:
    """A workbook: what it is, then the list. Whole numbers are numbers, everything else is text.

    A table that is meant to be read again has the list first (`about_first` false): readers take the first sheet.
    """
    out = io.BytesIO()
    columns, rows = _marked(columns, rows, about)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": about.at.astimezone(UTC)})  # else the moment of packing: no two alike
        bold = book.add_format({"bold": True})
        if about_first:
            _write_about(book.add_worksheet("说明"), about, bold)
        sheet = book.add_worksheet(_sheet_name(about.title))
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.title, bold)
        sheet.set_footer(f"&L{about.watermark.replace('&', '&&')}&R&P / &N")
        for number, row in enumerate(rows, 1):
            for place, column in enumerate(columns):
                _write(sheet, number, place, row.get(column.key))
        if not about_first:
            _write_about(book.add_worksheet("说明"), about, bold)
    return out.getvalue()


def _marked(
    columns: Sequence[Column], rows: Iterable[Mapping[str, object]], about: About
) -> tuple[Sequence[Column], Iterable[Mapping[str, object]]]:
    """A list about persons with a last column more; any other list as it is."""
    if all(column.key != PERSONS for column in columns):
        return columns, rows
    return [*columns, Column(_MARK, "导出人和时刻", 32)], ({**row, _MARK: about.watermark} for row in rows)


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, place: int, value: object) -> None:
    if isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(row, place, value)
    elif value is not None:
        # Typed as text, so a leading = or + is shown and never computed.
        sheet.write_string(row, place, str(value))


def _write_about(sheet: xlsxwriter.worksheet.Worksheet, about: About, bold: xlsxwriter.format.Format) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 60)
    for row, (name, value) in enumerate(about.lines()):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, value)


def _sheet_name(title: str) -> str:
    return "".join(char for char in title if char not in "[]:*?/\\")[:_SHEET_NAME] or "清单"
