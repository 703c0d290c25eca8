"""The numbers of a report, each with the cases and documents that it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from yukuaiban.cases import versions
from yukuaiban.core.lights import Light
from yukuaiban.evidence.queries import serving
from yukuaiban.people.district import local_day
from yukuaiban.plans import stating, targetface
from yukuaiban.plans.boardface import share, tenths
from yukuaiban.plans.calendars import start_of_year
from yukuaiban.plans.duedates import Kind
from yukuaiban.plans.indicators import Source
from yukuaiban.plans.tracing import FORMULAS, Formula, Number
from yukuaiban.registry import measure

if TYPE_CHECKING:
    from yukuaiban.evidence.queries import Card
    from yukuaiban.plans.indicators import Figure
    from yukuaiban.plans.queries import Board, BoardRow, DirectionRow, TargetRow
    from yukuaiban.plans.rows import TaskRow
    from yukuaiban.plans.rules import Standing

PLAN = "全案"


@dataclass(frozen=True, slots=True)
class Counted:
    """Until which day checkpoints count as due, and the moment of the board."""

    last: date
    now: datetime


@dataclass(frozen=True, slots=True)
class _Origin:
    """What the numbers of one part of the plan share: its name, its day, its cases and documents."""

    year: int
    name: str
    day: date
    cases: tuple[str, ...]
    files: tuple[tuple[str, str], ...]

    def number(self, code: str, title: str, text: str, share_: str) -> Number:
        formula = FORMULAS[code]
        files = self.files if code == "documents" else ()
        return Number(self.year, f"{self.name}·{title}", text, formula, share_, self.day, self.cases, files)


def files_of(tasks: Iterable[TaskRow]) -> list[Card]:
    """The documents of these tasks, each once, in the order of the plan."""
    found = {card.uid: card for row in tasks for card in row.cards}
    return list(found.values())


def of_whole(board: Board, rows: Sequence[BoardRow], counted: Counted) -> Mapping[str, Number]:
    """The numbers of the whole plan, by the fields of the template."""
    tasks = [task for row in rows for task in row.tasks]
    origin = _origin(PLAN, tasks, counted)
    late = [row for row in tasks if row.open and row.light is Light.RED]
    many = f"{len(rows)} 项举措平均"
    found = {"count": origin.number("undertakings", "举措数", str(len(rows)), str(len(rows)))}
    found |= _standing(origin, board.standing, tasks, counted, many)
    overdue = _origin(PLAN, late, counted).number(
        "overdue", "超期未提交的任务", str(len(late)), str(len(late))
    )
    return found | {"overdue": overdue, "documents": _documents(origin)}


def of_row(row: BoardRow, counted: Counted) -> Mapping[str, Number]:
    """The numbers of one undertaking, by the fields of the template."""
    origin = _origin(row.undertaking.title, row.tasks, counted)
    found = _standing(origin, row.standing, row.tasks, counted, "")
    return found | {"documents": _documents(origin)}


def of_target(row: TargetRow, title: str, board: Board) -> Number | None:
    """What a target stands at; None where nobody has stated anything or no indicator is connected."""
    figure = row.figure
    if not figure.known:
        return None
    name = f"{title}·{row.target.text}"
    text = targetface.stands(row)
    if figure.source is Source.MANUAL:
        cards = serving(stating.ANCHOR, [row.target.key])[row.target.key]
        day = figure.as_of if isinstance(figure.as_of, date) else local_day(board.now)
        files = tuple((str(card.uid), card.file.sha256) for card in cards)
        return Number(board.plan.year, name, text, FORMULAS["manual"], _share_of(figure), day, files=files)
    return _bound(name, text, row.target.indicator, figure, board)


def of_direction(row: DirectionRow, board: Board) -> Number | None:
    """The change of a direction since its base, in points; None without data on either day."""
    if row.points is None:
        return None
    name, text = row.direction.text, f"{tenths(row.points)} 个百分点"
    return _bound(name, text, row.direction.indicator, row.figure, board)


def _origin(name: str, tasks: Sequence[TaskRow], counted: Counted) -> _Origin:
    files = tuple((str(card.uid), card.file.sha256) for card in files_of(tasks))
    return _Origin(
        counted.last.year, name, local_day(counted.now), tuple(row.case.number for row in tasks), files
    )


def _documents(origin: _Origin) -> Number:
    many = str(len(origin.files))
    return origin.number("documents", "佐证材料", many, many)


def _standing(
    origin: _Origin, standing: Standing, tasks: Sequence[TaskRow], counted: Counted, behind: str
) -> dict[str, Number]:
    points = [
        point
        for row in tasks
        if row.milestone.kind != Kind.CONTINUING
        for point in row.points
        if point.due_on <= counted.last
    ]
    accepted = f"{sum(point.accepted for point in points)}/{len(points)}"
    lag = standing.expected - standing.progress
    return {
        "accepted": origin.number("accepted", "已验收节点", accepted, accepted),
        "progress": origin.number(
            "progress", "进度", share(standing.progress), behind or str(standing.progress)
        ),
        "expected": origin.number(
            "expected", "序时进度", share(standing.expected), behind or str(standing.expected)
        ),
        "lag": origin.number("lag", "滞后", f"{tenths(standing.lag)} 个百分点", behind or str(lag)),
    }


def _share_of(figure: Figure) -> str:
    return str(figure.part) if figure.whole is None else f"{figure.part}/{figure.whole}"


def _bound(name: str, text: str, code: str, figure: Figure, board: Board) -> Number:
    indicator = figure.indicator
    assert indicator is not None  # noqa: S101 - a bound figure with a value has one
    since, day = start_of_year(board.plan.year), local_day(board.now)
    cases = tuple(indicator.cases(since, max(board.now, since), None)) if indicator.cases is not None else ()
    said = f"{figure.measure}·{indicator.title}，分母为{indicator.of}"
    words = f"{said}；{indicator.source}" if indicator.source else said
    formula = Formula(code, f"{words}（自 {board.plan.year}-01-01 起）", _version(code))
    return Number(board.plan.year, name, text, formula, _share_of(figure), day, cases=cases)


def _version(indicator: str) -> str:
    """The version of an indicator is that of the procedures by which its cases run."""
    codes = measure(indicator.partition(".")[0]).procedures
    return "、".join(f"{code}@{versions.current_procedure(code).version[:8]}" for code in codes)
