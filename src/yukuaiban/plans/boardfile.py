"""The board as a table: one row a task, the words that the page shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from yukuaiban.evidence.tables_out import Column
from yukuaiban.people.district import installed
from yukuaiban.plans import boardface, targetface
from yukuaiban.plans.rows import stage_title
from yukuaiban.plans.rules import DONE_STAGES

if TYPE_CHECKING:
    from datetime import datetime

    from yukuaiban.plans.queries import BoardRow
    from yukuaiban.plans.rows import TaskRow

COLUMNS = (
    Column("no", "序号", 8),
    Column("undertaking", "举措", 30),
    Column("lead", "牵头单位", 18),
    Column("leader", "区领导", 12),
    Column("progress", "进度", 16),
    Column("expected", "序时进度", 10),
    Column("lag", "滞后（百分点）", 12),
    Column("targets", "目标", 40),
    Column("period", "时段", 12),
    Column("task", "任务", 40),
    Column("number", "编号", 26),
    Column("light", "灯", 8),
    Column("stage", "阶段", 10),
    Column("due", "到期", 18),
    Column("original", "原定到期", 18),
    Column("accepted", "验收", 18),
    Column("papers", "材料（份）", 10),
    Column("missing", "缺佐证", 8),
)


def rows(found: Iterable[BoardRow], names: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Every task, with its undertaking on each row, so that a spreadsheet can filter."""
    for row in found:
        head = _head(row, names)
        if not row.tasks:
            yield head
        for each in row.tasks:
            yield head | _task(each)


def _head(row: BoardRow, names: Mapping[str, str]) -> dict[str, object]:
    progress, undertaking = boardface.progress_of(row), row.undertaking
    lag = f"-{progress.lag}" if progress.ahead else progress.lag
    targets = (
        f"{each.target.text}：{targetface.stands(each)}，{targetface.verdict(each)}" for each in row.targets
    )
    return {
        "no": undertaking.no,
        "undertaking": undertaking.title,
        "lead": names.get(undertaking.lead_agency, undertaking.lead_agency),
        "leader": undertaking.leader,
        "progress": f"{progress.counted} = {progress.percent}",
        "expected": progress.expected,
        "lag": lag,
        "targets": "；".join(targets),
    }


def _task(row: TaskRow) -> dict[str, object]:
    accepted = row.task.accepted_at
    return {
        "period": row.task.label,
        "task": row.case.title,
        "number": row.case.number,
        "light": row.light.title if row.open else "",
        "stage": stage_title(row.case),
        "due": _moment(row.due),
        "original": _moment(row.original_due) if row.extended else "",
        "accepted": _moment(row.accepted_on) if accepted and row.stage in DONE_STAGES else "",
        "papers": len(row.cards),
        "missing": "缺" if row.missing else "",
    }


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(ZoneInfo(str(installed().zone))):%Y-%m-%d %H:%M}" if at else ""
