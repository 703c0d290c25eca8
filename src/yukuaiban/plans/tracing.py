"""Numbers of a report with their origin: formula and its version, n of m, the cases and documents counted. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

_LENGTH = 24
_OURS = "1"


@dataclass(frozen=True, slots=True)
class Formula:
    """How a number is made. `version` counts up when the text changes; that of an indicator is its procedures'."""

    code: str
    text: str
    version: str = _OURS


FORMULAS: Mapping[str, Formula] = {
    each.code: each
    for each in (
        Formula("undertakings", "方案中有任务的举措数"),
        Formula(
            "accepted", "本期末以前到期的节点中已验收的，除以本期末以前到期的节点；已取消的和常态化的不计"
        ),
        Formula("progress", "Σ（权重 × 已验收节点 ÷ 全部节点）÷ Σ 权重；全案为各举措的平均"),
        Formula(
            "expected", "Σ（权重 × 应完成部分 ÷ 全部节点）÷ Σ 权重，未到期的按自然日折算；全案为各举措的平均"
        ),
        Formula("lag", "序时进度减进度，百分点；负数为超前"),
        Formula("overdue", "已过到期时间而没有提交的任务数"),
        Formula("documents", "所列任务关联的材料份数，同一份只计一次"),
        Formula("manual", "填报单位填报的数，凭所附材料"),
    )
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is printed, and where it comes from.

    `share` is the n/m behind it; `files` are pairs of a document and the hash of its file.
    """

    year: int
    title: str
    text: str
    formula: Formula
    share: str
    as_of: date
    cases: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()

    @property
    def uid(self) -> str:
        """The same number of the same state has the same; the day is left out."""
        told = [self.year, self.title, self.text, self.formula.code, self.formula.text, self.formula.version]
        whole = [*told, self.share, self.cases, self.files]
        return hashlib.sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()[:_LENGTH]


@dataclass(slots=True)
class Traced:
    """The numbers of one report, in the order of its text."""

    numbers: list[Number] = field(default_factory=list)

    def say(self, number: Number) -> str:
        """The number as the text prints it, with the place of its line in the appendix."""
        self.numbers.append(number)
        return f"{number.text}〔{len(self.numbers)}〕"

    def lines(self, address: Callable[[str], Any]) -> list[dict[str, Any]]:
        """The lines of the appendix; `address` gives what the code of a number leads to."""
        return [
            {
                "mark": f"〔{place}〕",
                "title": f"{each.title}：{each.text}",
                "formula": f"{each.formula.text}（第 {each.formula.version} 版）",
                "share": each.share,
                "as_of": each.as_of.isoformat(),
                "counted": f"办件 {len(each.cases)}，材料 {len(each.files)}",
                "scan": address(each.uid),
            }
            for place, each in enumerate(self.numbers, 1)
        ]
