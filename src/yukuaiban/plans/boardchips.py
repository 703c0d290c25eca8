"""What narrows the board: chips with their counts, lead agency, district leader, quarter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.core.lights import Light
from yukuaiban.plans.boardface import QUARTER_WORDS
from yukuaiban.plans.queries import QUARTERS, Board, BoardRow

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from yukuaiban.plans.rows import TaskRow

_TESTS: Mapping[str, Callable[[BoardRow], bool]] = {
    "overdue": lambda row: row.light is Light.RED,
    "lagging": lambda row: row.lagging,
    "missing": lambda row: row.missing > 0,
    "unmet": lambda row: any(each.met is False for each in row.targets),
}
CHIPS: Mapping[str, str | _StrPromise] = {
    "overdue": gettext_lazy("有超时节点"),
    "lagging": gettext_lazy("滞后序时"),
    "missing": gettext_lazy("缺佐证"),
    "unmet": gettext_lazy("目标未达"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was chosen above the table; a value that is not known is as if none had been given."""

    show: str = ""
    lead: str = ""
    leader: str = ""
    quarter: int = 0

    @property
    def any(self) -> bool:
        """Whether anything narrows the table."""
        return bool(self.show or self.lead or self.leader or self.quarter)

    def fits(self, row: BoardRow) -> bool:
        """Whether the undertaking stays on the table."""
        return (
            (not self.show or _TESTS[self.show](row))
            and (not self.lead or row.undertaking.lead_agency == self.lead)
            and (not self.leader or row.undertaking.leader == self.leader)
            and (not self.quarter or any(_in_quarter(each, self.quarter) for each in row.tasks))
        )


def _in_quarter(row: TaskRow, quarter: int) -> bool:
    return row.open and row.quarters[0] <= quarter <= row.quarters[1]


def asked(given: Mapping[str, str]) -> Asked:
    """The choice of an address."""
    show, quarter = given.get("show", ""), given.get("quarter", "")
    return Asked(
        show=show if show in _TESTS else "",
        lead=given.get("lead", ""),
        leader=given.get("leader", ""),
        quarter=int(quarter) if quarter in map(str, QUARTERS) else 0,
    )


def chips(board: Board) -> list[tuple[str, str, int]]:
    """Code, words and how many undertakings each chip holds."""
    return [(code, str(CHIPS[code]), sum(map(fits, board.rows))) for code, fits in _TESTS.items()]


def described(choice: Asked, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The choice in words, for the first sheet of a file."""
    found = [
        (_("范围"), str(CHIPS[choice.show]) if choice.show else ""),
        (_("牵头单位"), names.get(choice.lead, choice.lead)),
        (_("区领导"), choice.leader),
        (_("季度"), str(QUARTER_WORDS[choice.quarter]) if choice.quarter else ""),
    ]
    return [(name, value) for name, value in found if value]
