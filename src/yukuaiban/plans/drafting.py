"""What a report of the plan says: the board of a moment put into the fields of its template, each number traced.

What the data does not hold (document number, addressee, causes, conclusion) is a blank for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from yukuaiban.core.lights import Light
from yukuaiban.papers.values import Blank, Scan
from yukuaiban.people.district import installed, local_day
from yukuaiban.plans import targetface
from yukuaiban.plans.counting import Counted, files_of, of_direction, of_row, of_target, of_whole
from yukuaiban.plans.queries import directions_of, goals_of
from yukuaiban.plans.tracing import Traced

if TYPE_CHECKING:
    from yukuaiban.plans.models import PlanGoal
    from yukuaiban.plans.queries import Board, BoardRow, DirectionRow, TargetRow
    from yukuaiban.plans.rows import TaskRow

YEAR = 0
_QUARTERS = ("", "第一季度", "第二季度", "第三季度", "第四季度")
_LAST_DAYS = ((12, 31), (3, 31), (6, 30), (9, 30), (12, 31))
_DIGITS = "零一二三四五六七八九"
_CITED = 8


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter of the plan's year, or the year itself (`quarter` 0)."""

    year: int
    quarter: int

    @property
    def title(self) -> str:
        """2026年第二季度, 2026年度."""
        return f"{self.year}年{_QUARTERS[self.quarter]}" if self.quarter else f"{self.year}年度"

    @property
    def paper(self) -> str:
        """What the report is called."""
        return f"{self.title}重点工作推进情况报告" if self.quarter else f"{self.title}重点工作自评报告"

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, *_LAST_DAYS[self.quarter])

    def holds(self, row: TaskRow) -> bool:
        """Whether a task has a checkpoint in it."""
        first, last = row.quarters
        return not self.quarter or first <= self.quarter <= last


@dataclass(slots=True)
class Draft:
    """The values of the template, and the numbers in them."""

    values: dict[str, Any]
    traced: Traced


def draft(board: Board, period: Period, *, issuer: str, address: Callable[[str], str]) -> Draft:
    """The report of a period from the board; `address` gives the page of a number by its id, for its code."""
    traced, rows = Traced(), [row for row in board.rows if row.tasks]
    counted = Counted(period.last, board.now)
    day = in_words(local_day(board.now))
    values: dict[str, Any] = {
        "issuer": issuer or Blank("发文机关"),
        "document_no": Blank("文号"),
        "title": period.paper,
        "addressee": Blank("主送机关"),
        "period": period.title,
        "plan": board.plan.title,
        "as_of": day,
        "date": day,
    }
    values |= {name: traced.say(number) for name, number in of_whole(board, rows, counted).items()}
    values |= {
        "undertakings": [
            _undertaking(row, order, board, period, traced) for order, row in enumerate(rows, 1)
        ],
        "remarks": Blank("需要说明的其他情况"),
        "conclusion": Blank("自评结论"),
        "goals": [_goal(each) for each in goals_of(board.plan)],
        "directions": [_direction(each, board, traced) for each in directions_of(board.plan, board.now)],
        "proofs": [line for row in rows for line in _proofs(row)],
    }
    values["numbers"] = traced.lines(lambda uid: Scan(address(uid)))
    return Draft(values, traced)


def in_words(day: date) -> str:
    """2026年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def numeral(place: int) -> str:
    """一, 十, 十一, 六十: the number of a section below 100."""
    tens, ones = divmod(place, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")


def _undertaking(row: BoardRow, order: int, board: Board, period: Period, traced: Traced) -> dict[str, Any]:
    numbers = of_row(row, Counted(period.last, board.now))
    title = row.undertaking.title
    others = [board.names.get(each.agency, each.name) for each in row.responsibilities if each.role != "lead"]
    lead = board.names.get(row.undertaking.lead_agency, "")
    said = {name: traced.say(number) for name, number in numbers.items()}
    problems = _problems(row, period)
    return said | {
        "order": numeral(order),
        "title": title,
        "lead": lead or Blank(f"{title}：牵头单位"),
        "others": "、".join(dict.fromkeys(others)) or "无",
        "light": "滞后序时" if row.lagging and row.light is not Light.RED else str(row.light.title),
        "steps": [_step(each) for each in row.tasks if period.holds(each)],
        "targets": [_target(each, title, board, traced) for each in row.targets],
        "problems": problems,
        "causes": [Blank(f"{title}：原因和整改措施")] if problems else [],
        "next": _next(row, period, title),
    }


def _step(row: TaskRow) -> dict[str, str]:
    done = row.task.accepted_at[-1:]
    return {
        "text": row.case.title,
        "due": local_day(row.due).isoformat() if row.due else "无",
        "stage": _stages().get(row.stage, row.stage),
        "done": local_day(datetime.fromisoformat(done[0])).isoformat() if done else "—",
        "proof": "；".join(f"《{card.title}》[{card.file.sha256[:_CITED]}]" for card in row.cards) or "无",
    }


def _stages() -> dict[str, str]:
    return {each.code: each.title for each in installed().procedures["plans"].stages}


def _target(row: TargetRow, title: str, board: Board, traced: Traced) -> dict[str, Any]:
    number = of_target(row, title, board)
    value = traced.say(number) if number is not None else Blank(f"{title}：目标“{row.target.text}”的完成值")
    verdict = targetface.verdict(row) if number is not None else "不作判断"
    return {"text": row.target.text, "value": value, "verdict": verdict}


def _problems(row: BoardRow, period: Period) -> list[str]:
    """What the data itself shows to be wrong; why it is so a person has to write."""
    found = []
    for each in row.tasks:
        if not (period.holds(each) and each.open):
            continue
        if each.light is Light.RED and each.due is not None:
            found.append(f"“{each.case.title}”已过到期时间（{in_words(local_day(each.due))}）。")
        if each.stage == "returned":
            found.append(f"“{each.case.title}”被退回，尚未重新提交。")
        if each.missing:
            found.append(f"“{each.case.title}”缺少佐证材料。")
    return [*found, "整体进度滞后序时。"] if row.lagging else found


def _next(row: BoardRow, period: Period, title: str) -> Sequence[str | Blank]:
    """What is due next: open tasks of this period and of the next one, by their days."""
    following = Period(period.year, period.quarter + 1) if 0 < period.quarter < 4 else None
    return [
        _coming(each)
        for each in row.tasks
        if each.open and (period.holds(each) or (following is not None and following.holds(each)))
    ] or [Blank(f"{title}：下一步打算")]


def _coming(row: TaskRow) -> str:
    if row.due is None:
        return f"{row.case.title}。"
    day = in_words(local_day(row.due))
    if row.light is Light.RED:
        return f"尽快完成：{row.case.title}（原定{day}）。"
    return f"{day}前，{row.case.title}。"


def _goal(goal: PlanGoal) -> dict[str, Any]:
    return {
        "text": goal.text,
        "figure": goal.figure or Blank(f"{goal.text}：公布的数"),
        "source": goal.figure_source or Blank(f"{goal.text}：出处"),
    }


def _direction(row: DirectionRow, board: Board, traced: Traced) -> dict[str, Any]:
    text, number = row.direction.text, of_direction(row, board)
    if number is None:
        return {"text": text, "value": Blank(f"{text}：变化")}
    base = f"{row.direction.base_part}/{row.direction.base_whole}"
    return {"text": text, "value": f"年初 {base}，现为 {number.share}，变化 {traced.say(number)}"}


def _proofs(row: BoardRow) -> list[dict[str, str]]:
    return [
        {
            "undertaking": row.undertaking.title,
            "title": card.title,
            "issued": " ".join(
                filter(None, (card.document_no, card.issued_on.isoformat() if card.issued_on else ""))
            ),
            "hash": card.file.sha256[:16],
        }
        for card in files_of(row.tasks)
    ]
