"""What hinders an action on an order, and what its data must say."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from yukuaiban.core.errors import ActionRefused, InputInvalid, NotPermitted, Problem, Refused
from yukuaiban.supervision import rules
from yukuaiban.supervision.models import SupervisionOrder
from yukuaiban.supervision.opening import refuse_closed, refuse_past

if TYPE_CHECKING:
    from yukuaiban.cases.catalogue import Attempt

HEAD = "agency_leader"
OBJECTION = "raise_objection"
_OF_THE_AGENCY = ("acknowledge", "answer")


def order_of(attempt: Attempt) -> SupervisionOrder:
    """The row of the order; Refused before it is opened."""
    if attempt.case is None:
        raise Refused("请先拟办督办，再办理这一项。")
    return SupervisionOrder.objects.select_related("supervised").get(case=attempt.case)


def approve(attempt: Attempt) -> None:
    """The case is still open, and a red order is approved by the head of the office in person."""
    refuse_closed(order_of(attempt).supervised)
    _by_head(attempt, str(attempt.state.facts["level"]))


def send(attempt: Attempt) -> None:
    """The case is still open, no objection waits, and the day that was written has not passed meanwhile."""
    not_suspended(attempt)
    refuse_closed(order_of(attempt).supervised)
    written = attempt.state.facts.get("due")
    if written and datetime.fromisoformat(str(written)) <= attempt.at:
        raise Refused("所写的答复期限已经过去，不能发出；请撤销后另拟。")


def not_suspended(attempt: Attempt) -> None:
    """While an objection is decided on, nothing more is done to the agency; what was demanded of it runs on."""
    if OBJECTION in attempt.state.requests:
        raise ActionRefused("异议正在处理，督办中止；请先对异议作出决定。", open_here=_open_here(attempt))


def rise(attempt: Attempt) -> None:
    """The next colour: only behind a step that is overdue or an answer that was rejected, and up to red."""
    not_suspended(attempt)
    if rules.next_level(str(attempt.state.facts["level"])) is None:
        raise ActionRefused("已经是最高等次（红色），不能再升级。", open_here=_open_here(attempt))
    if not rules.may_rise(str(attempt.state.stage), overdue=_overdue(attempt)):
        raise ActionRefused("单位没有逾期，答复也没有被退回，不能升级。", open_here=_open_here(attempt))


def ask_rise(attempt: Attempt) -> None:
    """As `rise`, once at a time."""
    if "propose_level" in attempt.state.requests:
        raise ActionRefused("已经提请升级，等待批准。", open_here=_open_here(attempt))
    rise(attempt)


def approve_rise(attempt: Attempt) -> None:
    """As `rise`; to red by the head of the office in person."""
    rise(attempt)
    _by_head(attempt, str(rules.next_level(str(attempt.state.facts["level"]))))


def object_in_time(attempt: Attempt) -> None:
    """Within the time for objections, one at a time."""
    if OBJECTION in attempt.state.requests:
        raise ActionRefused("已经提出异议，等待处理。", open_here=_open_here(attempt))
    clock = attempt.state.clock("objection")
    if clock is None:
        raise ActionRefused("签收以后才能提出异议。", open_here=_open_here(attempt))
    if lapsed(attempt):
        raise ActionRefused(
            "已过收到督办之日起三十日，不能再提异议；可以提出逾期申诉。", open_here=_open_here(attempt)
        )


def petition(attempt: Attempt) -> None:
    """Only where the time for objections is over."""
    if not lapsed(attempt):
        raise ActionRefused("还在异议期内，请直接提出异议。", open_here=_open_here(attempt))


def lapsed(attempt: Attempt) -> bool:
    """Whether the time for objections is over."""
    clock = attempt.state.clock("objection")
    return clock is not None and clock.due_at is not None and attempt.at > clock.due_at


def reviewer(attempt: Attempt) -> None:
    """Whoever took part in the order is recused from the objection against it."""
    if rules.recused(attempt.subject.ref, order_of(attempt).signed):
        raise NotPermitted(
            "您参与作出了这份督办，应当回避；请由没有参与的人处理异议（政府督查工作条例第十七条）。"
        )


def later(attempt: Attempt) -> None:
    """The new day for the answer lies ahead."""
    refuse_past(attempt)


def cause(attempt: Attempt) -> None:
    """A cause that the agency is told of is no word of its own."""
    held = order_of(attempt).causes.filter(cause=attempt.data["cause"], note=attempt.data.get("note", ""))
    if not attempt.data.get("trigger") and held.exists():
        raise InputInvalid(Problem("这一事由已经记在上面", "情况不同的，请写明情况", field="note"))


def _by_head(attempt: Attempt, level: str) -> None:
    own = attempt.subject.post
    office = attempt.state.facts.get("receiving_agency")
    if rules.needs_head(level) and not (own and own.role == HEAD and own.agency == office):
        raise NotPermitted("红色督办由督查室负责人批准；请转给负责人。")


def _overdue(attempt: Attempt) -> bool:
    clocks = [attempt.state.clock(code) for code in _OF_THE_AGENCY]
    running = [clock for clock in clocks if clock is not None and clock.running]
    return any(clock.due_at is not None and clock.due_at < attempt.at for clock in running)


def _open_here(attempt: Attempt) -> list[tuple[str, str]]:
    return [(each.code, each.title) for each in attempt.state.procedure.open_actions(attempt.state.stage)]
