"""CSV files of a pack: UTF-8, a header, one typed row a line; every complaint has its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from yukuaiban.packs.complaints import Complaints, Model
from yukuaiban.packs.sources import read_text

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Placed(Generic[Model]):
    """A row with the line on which it begins."""

    row: Model
    file: str
    line: int


def read_rows(path: Path, model: type[Model], *, file: str, complaints: Complaints) -> list[Placed[Model]]:
    """The rows of a CSV file that are right; what is wrong with the others is noted."""
    text = read_text(path, file=file, complaints=complaints)
    return [] if text is None else parse_rows(text, model, file=file, complaints=complaints)


def parse_rows(text: str, model: type[Model], *, file: str, complaints: Complaints) -> list[Placed[Model]]:
    """As `read_rows`, from text."""
    lines = _lines(text, file, complaints)
    header = next(lines, None)
    if header is None or not header[1]:
        complaints.add("文件是空的", f"第一行写列名：{'、'.join(model.model_fields)}", file=file, line=1)
        return []
    if not _header_right(header[1], model, file, complaints):
        return []
    found = (
        _row(cells, header[1], model, file=file, line=line, complaints=complaints)
        for line, cells in lines
        if cells
    )
    return [row for row in found if row is not None]


def _lines(text: str, file: str, complaints: Complaints) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            complaints.add(f"引号不成对：{error}", "请核对这一行及以后的引号", file=file, line=begins)
            return
        yield begins, cells
        begins = reader.line_num + 1


def _header_right(header: Sequence[str], model: type[Model], file: str, complaints: Complaints) -> bool:
    known = list(model.model_fields)
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    before = len(complaints.problems)
    for name in needed:
        if name not in header:
            complaints.add(f"没有“{name}”这一列", f"第一行应有：{'、'.join(needed)}", file=file, line=1)
    for name in header:
        if name not in known or header.count(name) > 1:
            why = f"列“{name}”写了两次" if name in known else f"不认识列“{name}”"
            complaints.add(why, f"可用的列：{'、'.join(known)}", file=file, line=1)
    return len(complaints.problems) == before


def _row(
    cells: Sequence[str],
    header: Sequence[str],
    model: type[Model],
    *,
    file: str,
    line: int,
    complaints: Complaints,
) -> Placed[Model] | None:
    if len(cells) != len(header):
        why = f"这一行有 {len(cells)} 格，表头有 {len(header)} 列"
        complaints.add(why, "请核对逗号；含逗号的内容要加引号", file=file, line=line)
        return None
    data = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    row = complaints.checked(model, data, file=file, line_of=lambda _: line)
    return None if row is None else Placed(row, file, line)
