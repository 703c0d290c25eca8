"""What hinders an action on a task, and what its data must say."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from yukuaiban.cases import evidencing
from yukuaiban.core.errors import ActionRefused, InputInvalid, NotPermitted, Problem, Refused
from yukuaiban.people.district import local_day
from yukuaiban.people.models import Post
from yukuaiban.plans import indicators
from yukuaiban.plans.models import Task

if TYPE_CHECKING:
    from yukuaiban.cases.catalogue import Attempt


def _task(attempt: Attempt) -> Task:
    """The row of the task; Refused before it is opened."""
    if attempt.case is None:
        raise Refused("请先下达任务，再办理这一项。")
    return Task.objects.select_related("milestone").get(case=attempt.case)


def _refuse(why: str, remedy: str, field: str) -> None:
    raise InputInvalid(Problem(why, remedy, field=field))


def person_of_the_agency(attempt: Attempt) -> None:
    """The named person holds a post there; the own day is not later than the due."""
    uid = attempt.data["handler"].removeprefix("staff:")
    agency = str(attempt.state.facts["handling_agency"])
    here = Post.objects.filter(agency_id=agency, until=None, staff__is_active=True, staff__uid=uid)
    if not here.exists():
        _refuse("此人不在牵头单位", "请从列表中选择", "handler")
    clock = attempt.state.clock("due")
    planned = attempt.data.get("planned_on")
    due = clock.due_at if clock is not None else None
    if planned and due is not None and date.fromisoformat(planned) > local_day(due):
        _refuse("计划完成日期晚于到期日", f"请填写不晚于 {local_day(due).isoformat()} 的日期", "planned_on")


def reported_day(attempt: Attempt) -> None:
    """A day of the ledger or of a visit is not in the future."""
    if date.fromisoformat(attempt.data["on"]) > local_day(attempt.at):
        _refuse("日期在今天以后", "请核对日期", "on")


def complete_evidence(attempt: Attempt) -> None:
    """What is handed in has a kind and a day (asked for here, not at upload)."""
    if attempt.case is not None:
        evidencing.refuse_incomplete(evidencing.cards_of(attempt.case))


def not_the_reporting_agency(attempt: Attempt) -> None:
    """Never accepted, and never proposed for closing, by the agency whose task it is."""
    if attempt.subject.agency and attempt.subject.agency == attempt.state.facts.get("handling_agency"):
        raise NotPermitted("牵头单位不能验收自己的任务；请由其他单位的统筹人员验收。")


def accept_checkpoint(attempt: Attempt) -> None:
    """Only while a later checkpoint is left."""
    not_the_reporting_agency(attempt)
    if _left(attempt) <= 1:
        raise ActionRefused("这是最后一个节点；请办理“验收”。", open_here=_open_here(attempt))


def whole(attempt: Attempt) -> None:
    """The whole task is done only at its last checkpoint."""
    not_the_reporting_agency(attempt)
    if _left(attempt) > 1:
        raise ActionRefused("后面还有节点，不能整体验收；请办理“验收本节点”。", open_here=_open_here(attempt))


def _left(attempt: Attempt) -> int:
    task = _task(attempt)
    return len(task.points) - task.passed


def _open_here(attempt: Attempt) -> list[tuple[str, str]]:
    return [(each.code, each.title) for each in attempt.state.procedure.open_actions(attempt.state.stage)]


def proof(attempt: Attempt) -> None:
    """销号 asks for one document of the stated kind at least, or for a target of the undertaking that is met."""
    task = _task(attempt)
    assert attempt.case is not None  # noqa: S101 - as above
    cards = evidencing.cards_of(attempt.case)
    wanted = task.milestone.deliverable
    if any(card.complete and wanted in ("", card.kind) for card in cards):
        return
    if indicators.any_met(task.milestone.undertaking_id, attempt.at):
        return
    raise Refused(
        "没有规定种类的佐证材料，所属指标也没有达到，不能销号；请先由牵头单位关联材料并写明种类和日期。"
    )


def propose_close_out(attempt: Attempt) -> None:
    """By another agency, with proof, once."""
    not_the_reporting_agency(attempt)
    if "propose_close_out" in attempt.state.requests:
        raise ActionRefused("已经提请销号，等待督查室确认。", open_here=_open_here(attempt))
    proof(attempt)


def request_extension(attempt: Attempt) -> None:
    """Once for a task, to a later day than the one that holds."""
    counts = attempt.state.counts
    if counts.get("extend"):
        raise ActionRefused("这项任务已经延期一次，不能再延。", open_here=_open_here(attempt))
    if "request_extension" in attempt.state.requests:
        raise ActionRefused("已有一份延期申请等待批准。", open_here=_open_here(attempt))


def later_day(attempt: Attempt) -> None:
    """Later than the due that holds, and not in the past."""
    clock = attempt.state.clock("due")
    wished = datetime.fromisoformat(attempt.data["due"])
    if clock is not None and clock.due_at is not None and wished <= clock.due_at:
        _refuse("不晚于现在的到期日", "请填写更晚的日期", "due")
    if wished <= attempt.at:
        _refuse("延到的日期已经过去", "请填写将来的日期", "due")


def reopen(attempt: Attempt) -> None:
    """The visit was made, the new day lies ahead."""
    reported_day(attempt)
    if datetime.fromisoformat(attempt.data["dues"]) <= attempt.at:
        _refuse("整改到期日已经过去", "请填写将来的日期", "dues")
