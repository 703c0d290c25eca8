"""What can be said of the clocks of a procedure without running it: what stops them, how long, since when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from yukuaiban.core.lights import ClockKind, Light
from yukuaiban.core.limits import Limit
from yukuaiban.packs.complaints import Where
from yukuaiban.packs.draft import Draft, Finding, strings, undefined
from yukuaiban.packs.proceduretables import ActionTable, ClockTable, LadderTable, LimitTable, PauseTable

OVERDUE = "overdue:"


def _clocks(draft: Draft) -> Iterator[Finding]:
    overdue = tuple(f"{OVERDUE}{code}" for code in draft.codes("clock"))
    for where, clock in draft.placed(ClockTable):
        yield from undefined(draft, "action", clock.starts, (*where, "starts"), "动作", also=overdue)
        yield from undefined(draft, "action", clock.stops, (*where, "stops"), "动作")
        if not clock.starts:
            yield Finding(where, f"没有动作开始时限“{clock.title}”", 'starts = ["…"] 写上开始它的动作')
        if not clock.stops:
            yield Finding(where, f"没有动作停止时限“{clock.title}”", 'stops = ["…"] 写上完成它的动作')
        if draft.head is not None and clock.owner not in draft.head.parties:
            remedy = f"可用：{'、'.join(draft.head.parties)}"
            yield Finding((*where, "owner"), f"“{clock.owner}”不是本流程的单位关系", remedy)
        if clock.on_due:
            yield from _on_due(draft, clock, (*where, "on_due"))


def _on_due(draft: Draft, clock: ClockTable, where: Where) -> Iterator[Finding]:
    yield from undefined(draft, "action", [clock.on_due], where, "动作")
    action = next((each for each in draft.all(ActionTable) if each.code == clock.on_due), None)
    if action is not None and not action.system:
        why = f"“{action.title}”到期由系统自动做，却不是系统动作"
        yield Finding(where, why, f"给 {clock.on_due} 写 system = true")


def _limits(draft: Draft) -> Iterator[Finding]:
    for where, clock in draft.placed(ClockTable):
        ways = [name for name in ("limit", "limit_from", "due_from") if getattr(clock, name)]
        if not ways:
            remedy = "写 [[clock.limit]]、limit_from 或 due_from"
            yield Finding(where, f"时限“{clock.title}”没有写多长", remedy)
        if len(ways) > 1 and ways != ["limit", "due_from"]:
            why = f"时限“{clock.title}”的长短写了两处"
            yield Finding((*where, ways[-1]), why, "只留一处；只有 due_from 可以另写缺省的 [[clock.limit]]")
        yield from _dates(clock.limit, where)


def _fixed(draft: Draft) -> Iterator[Finding]:
    """A day set by hand must be a fact of the case, and what moves on to the next one an action."""
    kept = {name for action in draft.written("action") for name in strings(action.get("keeps"))}
    for where, clock in draft.placed(ClockTable):
        if clock.due_from and clock.due_from not in kept:
            why = f"没有动作记下“{clock.due_from}”，时限“{clock.title}”永远不会开始"
            remedy = f'在开办的动作里写 keeps = ["{clock.due_from}"]'
            yield Finding((*where, "due_from"), why, remedy)
        if clock.due_step:
            yield from undefined(draft, "action", [clock.due_step], (*where, "due_step"), "动作")
            if not clock.due_from:
                yield Finding(
                    (*where, "due_step"), "due_step 只用于 due_from", "写 due_from，或删去 due_step"
                )


def _dates(limits: Sequence[LimitTable], where: Where) -> Iterator[Finding]:
    """Dated limits that end before they begin, are out of order, or overlap."""
    for at, row in enumerate(limits):
        place = (*where, "limit", at)
        if row.until is not None and row.until <= row.since:
            why = f"until {row.until} 不晚于 since {row.since}"
            yield Finding((*place, "until"), why, "until 是第一个不再施行的日子")
        earlier = limits[at - 1] if at else None
        if earlier is None:
            continue
        if row.since <= earlier.since:
            why = f"自 {row.since} 起的时限写在自 {earlier.since} 起的后面"
            yield Finding((*place, "since"), why, "各版按日期先后写")
        elif earlier.until is not None and earlier.until > row.since:
            why = f"上一版到 {earlier.until} 才止，本版自 {row.since} 起，两版重叠"
            yield Finding((*place, "since"), why, "上一版的 until 不晚于本版的 since，或不写 until")


def _promises(draft: Draft) -> Iterator[Finding]:
    """A committed limit longer than the statutory one over the same stretch of the procedure."""
    clocks = draft.placed(ClockTable)
    for where, promised in clocks:
        for _, law in clocks:
            if (promised.kind, law.kind) != (ClockKind.COMMITTED, ClockKind.STATUTORY):
                continue
            if set(promised.starts) & set(law.starts) and set(promised.stops) & set(law.stops):
                yield from _promised_longer(promised, law, where)


def _promised_longer(promised: ClockTable, law: ClockTable, where: Where) -> Iterator[Finding]:
    for at, row in enumerate(promised.limit):
        for rule in law.limit:
            if _together(row, rule) and longer(row.limit, rule.limit):
                why = (
                    f"承诺“{promised.title}”{row.limit.title()}，比法定“{law.title}”{rule.limit.title()}还长"
                )
                yield Finding((*where, "limit", at, "limit"), why, f"承诺不超过 {rule.limit}")


def _together(one: LimitTable, other: LimitTable) -> bool:
    """Whether both are in force on some day."""
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)


def longer(one: Limit, other: Limit) -> bool:
    """Whether `one` is longer; limits of different kinds are not comparable, so never."""
    if one.unit is other.unit:
        return one.amount > other.amount
    same = (one.unit.natural and other.unit.natural) or (one.unit.service and other.unit.service)
    return same and one.microseconds > other.microseconds


def _pauses(draft: Draft) -> Iterator[Finding]:
    for where, category in draft.placed(PauseTable):
        yield from undefined(draft, "clock", category.stops, (*where, "stops"), "时限")
    pausing = any(action.get("effect") == "pause" for action in draft.written("action"))
    if draft.written("pause_category") and not pausing:
        why = "有暂停事由，却没有暂停的动作"
        yield Finding(("pause_category", 0), why, '写一个 effect = "pause" 的动作')
    if pausing and not draft.written("pause_category"):
        yield Finding((), "有暂停的动作，却没有暂停事由", "写 [[pause_category]]")


def _rungs(draft: Draft) -> Iterator[Finding]:
    for where, rung in draft.placed(LadderTable):
        if rung.on is Light.GREEN:
            yield Finding((*where, "on"), "正常时不提醒任何人", 'on 可用："yellow"、"red"、"breach"')
        if rung.after is not None and rung.on not in (Light.RED, Light.BREACH):
            yield Finding(
                (*where, "after"), "after 只用于超时之后", '写 on = "red" 或 "breach"，或删去 after'
            )


CHECKS: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    _clocks,
    _limits,
    _fixed,
    _promises,
    _pauses,
    _rungs,
)
