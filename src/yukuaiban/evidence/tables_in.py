"""Reading tables that people bring: CSV in whatever encoding, workbooks, with every doubt named by row.

A table is read as text: no formula is computed, a number keeps its digits. Mapping to our column names is data.
"""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import python_calamine

from yukuaiban.core.errors import InputInvalid, PackInvalid, Problem
from yukuaiban.evidence.filetypes import MOST_BYTES, XLSX, is_bomb, type_of

MOST_ROWS = 200_000
MOST_CELL = 32_767
MOST_UNPACKED = 500 * 1024 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OTHER_DELIMITERS = ";\t|，；"
_WORKBOOKS = (".xlsx", ".xls", ".ods")
_MAP_KEYS = {"columns", "defaults"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text by column name; `number` is the line people see in their own program (the head is 1)."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Our column names <- theirs, and values for columns that they do not have."""

    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)

    def applied(self, row: Row) -> Row:
        """The row under our names; columns that the map does not name stay as they are."""
        named = {ours: row.cells.get(theirs, "") for ours, theirs in self.columns.items()}
        return Row(row.number, {**self.defaults, **row.cells, **named})


def read_map(path: Path) -> ColumnMap:
    """A map file: `[columns]` ours = "theirs", `[defaults]` ours = value. PackInvalid says what is wrong."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PackInvalid(Problem(f"不是合法的 TOML：{error}", "请改正该处", file=path.name)) from error
    if unknown := sorted(found.keys() - _MAP_KEYS):
        why = f"不认识的表 {'、'.join(unknown)}"
        raise PackInvalid(Problem(why, "可用 [columns] 和 [defaults]", file=path.name))
    texts = {key: {name: str(value) for name, value in found.get(key, {}).items()} for key in _MAP_KEYS}
    return ColumnMap(texts["columns"], texts["defaults"])


def read_table(path: Path, *, mapping: ColumnMap | None = None) -> Iterator[Row]:
    """The rows of a CSV file or of the first sheet of a workbook. InputInvalid if it cannot be read at all."""
    content = path.read_bytes() if path.stat().st_size <= MOST_BYTES * 10 else b""
    if not content:
        raise InputInvalid(
            Problem(f"“{path.name}”是空的或超过 200 MB", "请检查文件，或分成几份", file=path.name)
        )
    rows = _workbook(path, content) if path.suffix.lower() in _WORKBOOKS else _csv(path.name, content)
    use = mapping or ColumnMap()
    return (use.applied(row) for row in rows)


def _csv(name: str, content: bytes) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(_decoded(name, content), newline=""), strict=True)
    try:
        yield from _rows(name, ((reader.line_num, cells) for cells in reader))
    except csv.Error as error:
        why = f"第 {reader.line_num} 行不是合法的 CSV：{error}"
        raise InputInvalid(Problem(why, "请检查引号是否成对", file=name, line=reader.line_num)) from error


def _decoded(name: str, content: bytes) -> str:
    place = 0
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            place = max(place, error.start)  # the one that came further is what the file means to be
    line = content[:place].count(b"\n") + 1
    why = f"第 {line} 行的字符既不是 UTF-8 也不是 GBK"
    raise InputInvalid(Problem(why, "请另存为 UTF-8 编码的 CSV", file=name, line=line))


def _workbook(path: Path, content: bytes) -> Iterator[Row]:
    if not _safe_workbook(path.suffix.lower(), content):
        raise InputInvalid(
            Problem("不是可以安全打开的 Excel 工作簿", "请另存为 .xlsx 或 .csv 再试", file=path.name)
        )
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        raise InputInvalid(Problem("工作簿打不开", "请另存为 .xlsx 或 .csv 再试", file=path.name)) from error
    rows = ([_text(cell) for cell in cells] for cells in sheet.iter_rows())
    return _rows(path.name, enumerate(rows, 1))


def _safe_workbook(ending: str, content: bytes) -> bool:
    """Whether the bytes are what the ending says, and no archive that bursts when it is unpacked."""
    if ending == ".xls":
        return content.startswith(_OLE)
    if ending == ".xlsx" and type_of(content) is not XLSX:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            small = sum(entry.file_size for entry in entries) <= MOST_UNPACKED
            # Unpacked once in pieces, no further than each entry says: one that lies about its size fails its sum.
            return small and not is_bomb(entries, len(content)) and archive.testzip() is None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return False


def _text(cell: Any) -> str:
    """A cell as the person sees it: whole numbers without a point, dates as ISO."""
    match cell:
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if not (cell.hour or cell.minute or cell.second):
            return cell.date().isoformat()
        case datetime() | date():
            return cell.isoformat()
        case _:
            return str(cell)


def _rows(name: str, given: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    head: list[str] | None = None
    for count, (number, cells) in enumerate(given):
        if head is None:
            head = [cell.strip() for cell in cells]
            _check_head(name, head)
            continue
        if count > MOST_ROWS:
            why = f"超过 {MOST_ROWS} 行"
            raise InputInvalid(Problem(why, "请分成几份导入", file=name, line=number))
        if any(cell.strip() for cell in cells):
            # Rows that are too long keep what is too much under numbers, so that nothing is lost in a refusal file.
            names = [*head, *(f"#{place}" for place in range(len(head) + 1, len(cells) + 1))]
            if any(len(cell) > MOST_CELL for cell in cells):
                why = f"第 {number} 行有一格超过 {MOST_CELL} 个字符"
                raise InputInvalid(Problem(why, "请缩短，或把长文另存为附件", file=name, line=number))
            values = [cell.strip() for cell in cells] + [""] * (len(head) - len(cells))
            yield Row(number, dict(zip(names, values, strict=True)))


def _check_head(name: str, head: list[str]) -> None:
    if not any(head):
        raise InputInvalid(Problem("第一行没有列名", "第一行请写列名", file=name, line=1))
    if len(head) == 1 and any(mark in head[0] for mark in _OTHER_DELIMITERS):
        raise InputInvalid(Problem("各列之间不是英文逗号", "请另存为逗号分隔的 CSV", file=name, line=1))
    twice = sorted({column for column in head if column and head.count(column) > 1})
    if twice:
        why = f"列名重复：{'、'.join(twice)}"
        raise InputInvalid(Problem(why, "每个列名只用一次", file=name, line=1))
