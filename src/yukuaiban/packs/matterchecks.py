"""What must hold when the sheet of a matter is published (desks.md section 2): pure, also used by imports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yukuaiban.core.limits import Limit
from yukuaiban.packs.clockchecks import longer
from yukuaiban.packs.rows import MatterRow
from yukuaiban.packs.values import RuleValue
from yukuaiban.packs.vocabulary import CaseKind


@dataclass(frozen=True, slots=True)
class MatterFinding:
    """Why a matter may not be published, in which field, and what would be right."""

    field: str
    why: str
    remedy: str


def findings(matter: MatterRow, law: RuleValue | None = None) -> list[MatterFinding]:
    """Everything that keeps the sheet of a matter from being published.

    `law` is the limit of the law that holds where the sheet states no statutory one.
    """
    statutory = matter.statutory_limit or (law.limit if law is not None else None)
    return [*_promise(matter, statutory), *(found for rule in _RULES for found in rule(matter))]


def _promise(matter: MatterRow, law: Limit | None) -> Iterator[MatterFinding]:
    """At most the statutory limit; between units that cannot be compared a person must say so (`limit_note`)."""
    promised = matter.committed_limit
    if law is None or promised is None:
        return
    if longer(promised, law):
        why = f"承诺时限 {promised.title()} 比法定时限 {law.title()} 还长"
        yield MatterFinding("committed_limit", why, f"承诺不超过 {law}")
    elif law.unit is not promised.unit and not matter.limit_note:
        why = f"承诺 {promised.title()} 与法定 {law.title()} 不是同一种单位，不能自动比较"
        yield MatterFinding("limit_note", why, "请改用同一单位，或在 limit_note 写明人工核对的结论")


def _same_day(matter: MatterRow) -> Iterator[MatterFinding]:
    promised = matter.committed_limit
    same_day = promised is not None and not promised.amount
    if same_day and matter.kind is not CaseKind.ON_THE_SPOT:
        yield MatterFinding(
            "committed_limit", "承诺 0 个工作日只用于即办件", "把 kind 改为 on_the_spot，或写至少 1wd"
        )
    if matter.kind is CaseKind.ON_THE_SPOT and not same_day:
        yield MatterFinding(
            "committed_limit", "即办件当场办结，承诺时限应为 0wd", "写 0wd，或把 kind 改为 committed"
        )
    if matter.kind is CaseKind.COMMITTED and promised is None:
        yield MatterFinding("committed_limit", "承诺件没有承诺时限", "写如 10wd")


def _visits(matter: MatterRow) -> Iterator[MatterFinding]:
    if matter.visit_count == 0 and not matter.online_only:
        remedy = "把 online_only 改为 true，或改写次数"
        yield MatterFinding("visit_count", "到现场 0 次，却不能全程网办", remedy)
    if matter.visit_count and not matter.visit_reason:
        yield MatterFinding(
            "visit_reason", f"要到现场 {matter.visit_count} 次，没有写理由", "写明为什么必须到现场"
        )
    if matter.visit_count and matter.online_only:
        remedy = "把 visit_count 改为 0，或 online_only 改为 false"
        yield MatterFinding("online_only", "全程网办的事项不应要求到现场", remedy)


def _period(matter: MatterRow) -> Iterator[MatterFinding]:
    if matter.until is not None and matter.until <= matter.since:
        why = f"until {matter.until} 不晚于 since {matter.since}"
        yield MatterFinding("until", why, "until 是第一个不再施行的日子")


_RULES: tuple[Callable[[MatterRow], Iterator[MatterFinding]], ...] = (_same_day, _visits, _period)
