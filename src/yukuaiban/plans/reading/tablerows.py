"""Task tables: a head that names the columns (任务, 牵头单位, 配合单位, 完成时间), then one row for each task.

Cells of a row stand on one line, joined by tabs, as docx and html tables are read. Names are kept as written; 无 and —
in a cell are nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from yukuaiban.plans.reading.folding import Folded, Span
from yukuaiban.plans.reading.milestones import Step
from yukuaiban.plans.reading.names import LEAD, RESPONSIBLE, SUPPORTING, Named, named
from yukuaiban.plans.reading.periods import cell_period

_COLUMNS = (
    ("number", re.compile(r"序号|编号")),
    ("lead", re.compile(r"牵头|主责|主办")),
    ("supporting", re.compile(r"配合|协办|参与|协同")),
    ("responsible", re.compile(r"责任(?:单位|部门|主体)|承办单位|实施单位|落实单位")),
    ("due", re.compile(r"时限|时间|期限|进度")),
    ("task", re.compile(r"任务|举措|措施|内容|事项|项目")),
)
_ROLES = {"lead": LEAD, "responsible": RESPONSIBLE, "supporting": SUPPORTING}
_LONGEST_HEAD = 12
_ROWS_ACROSS = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a task table in folded text; `table` is where the head of its table begins."""

    start: int
    end: int
    table: int
    number: str
    task: Span
    agencies: tuple[Named, ...]
    steps: tuple[Step, ...]


def table_rows(folded: Folded) -> list[Row]:
    """The rows of all task tables."""
    found: list[Row] = []
    columns: list[str] = []
    table = others = 0
    for cells in _lines(folded):
        kinds = [_kind(folded.text[slice(*cell)]) for cell in cells]
        if "task" in kinds and {"lead", "responsible"} & set(kinds):
            columns, table, others = kinds, cells[0][0], 0
        elif columns and len(cells) == len(columns):
            row = _row(folded, cells, columns, table)
            found += [row] if row else []
            others = 0
        else:  # a row across all columns parts groups of tasks; more lines of another form end the table
            others += 1
            columns = columns if others <= _ROWS_ACROSS else []
    return found


def _lines(folded: Folded) -> list[list[Span]]:
    """Lines with tabs, as their cells; a line without is an empty list. Empty cells are spans of no length."""
    raw, lines = folded.raw, []
    index, at = 0, 0
    for line in raw.split("\n"):
        cells: list[Span] = []
        for cell in line.split("\t"):
            first = index
            while index < len(folded.origin) and folded.origin[index] < at + len(cell):
                index += 1
            cells.append((first, index))
            at += len(cell) + 1
        lines.append(cells if len(cells) > 1 else [])
    return lines


def _kind(head: str) -> str:
    if len(head) <= _LONGEST_HEAD:
        for kind, pattern in _COLUMNS:
            if pattern.search(head):
                return kind
    return ""


def _row(folded: Folded, cells: list[Span], columns: list[str], table: int) -> Row | None:
    by_kind = dict(zip(columns, cells, strict=True))
    task = by_kind["task"]
    filled = [cell for cell in cells if cell[0] < cell[1]]
    if task[0] == task[1] or not filled:
        return None
    agencies = tuple(
        name
        for kind, cell in zip(columns, cells, strict=True)
        if kind in _ROLES and cell[0] < cell[1]
        for name in named(folded, *cell, role=_ROLES[kind])
    )
    number = folded.text[slice(*by_kind["number"])] if "number" in by_kind else ""
    due = by_kind.get("due", (0, 0))
    code = cell_period(folded.text[slice(*due)]) if due[0] < due[1] else None
    steps = (Step(*due, code),) if code else ()
    return Row(filled[0][0], filled[-1][1], table, number, task, agencies, steps)
