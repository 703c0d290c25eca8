"""Confirming a version of the plan by a second person, putting it into force, dropping it, closing the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from yukuaiban.core.errors import CaseMoved, InputInvalid, NotPermitted, Problem, Refused
from yukuaiban.plans import working
from yukuaiban.plans.book import not_looked_at, open_questions
from yukuaiban.plans.models import Plan, PlanVersion
from yukuaiban.plans.steps import coordinator_only, locked, reason_of, still_open, tell

if TYPE_CHECKING:
    from yukuaiban.evidence.documents import Hand


def confirm(version: PlanVersion, *, seen: int, hand: Hand, key: str | None = None) -> PlanVersion:
    """A second person confirms what was read: not the one who read it, nor the one who corrected it last.

    Refused until that person has looked at every item; CaseMoved if somebody confirmed or corrected it meanwhile.
    """
    coordinator_only(hand)
    with transaction.atomic():
        mine = still_open(version, seen)
        if hand.subject.ref in (mine.read_by, mine.corrected_by):
            raise NotPermitted("方案须由录入人和最后校核人以外的第二人确认；请转给同事。")
        if left := not_looked_at(mine, hand.subject.ref):
            raise Refused(f"还有 {len(left)} 项没有看过；请逐项核对以后再确认。")
        mine.confirmed_by, mine.confirmed_at = hand.subject.ref, hand.pen.moment()
        mine.save(update_fields=["confirmed_by", "confirmed_at"])
        if mine.plan.version is None:
            Plan.objects.filter(pk=mine.plan_id).update(status=Plan.Status.CONFIRMED)
        body = {"version": mine.number, "revision": mine.revision, "sha256": mine.sha256, "sheet": mine.sheet}
        tell(mine.plan, "plan.confirmed", body, hand, key)
        return mine


def send_back(version: PlanVersion, reason: str, *, seen: int, hand: Hand) -> PlanVersion:
    """The second person does not confirm: back to whoever corrects, with the reason, until the next correction."""
    coordinator_only(hand)
    with transaction.atomic():
        mine = still_open(version, seen)
        if hand.subject.ref in (mine.read_by, mine.corrected_by):
            raise NotPermitted("退回由第二人办理；您是录入人或最后校核人，请直接改正。")
        told = {"by": hand.subject.ref, "at": hand.pen.moment().isoformat(), "reason": reason_of(reason)}
        mine.sheet["sent_back"] = told
        mine.save(update_fields=["sheet"])
        body = {"version": mine.number, "revision": mine.revision, "reason": told["reason"]}
        tell(mine.plan, "plan.sent_back", body, hand)
        return mine


def put_in_force(version: PlanVersion, *, hand: Hand, key: str | None = None) -> Plan:
    """The confirmed version comes into force, and its tasks are opened or follow it.

    Refused while a name is unresolved, nobody leads an item, or 定期 has no frequency.
    """
    coordinator_only(hand)
    with transaction.atomic():
        mine = locked(version)
        if mine.confirmed_at is None:
            raise Refused("方案还没有经第二人确认，不能生效。")
        if mine.in_force_at is not None:
            raise CaseMoved("这一版刚刚已经生效；请刷新页面。")
        if blocking := [each for each in open_questions(mine, hand=hand) if each.blocks]:
            raise InputInvalid([Problem(each.sentence, "", field=each.key) for each in blocking])
        plan = mine.plan
        mine.in_force_at = hand.pen.moment()
        mine.save(update_fields=["in_force_at"])
        plan.status, plan.version = Plan.Status.IN_FORCE, mine.number
        plan.title = mine.sheet["title"] or plan.title
        plan.save(update_fields=["status", "version", "title"])
        tell(plan, "plan.put_in_force", {"version": mine.number}, hand, key)
        working.bring(working.Coming(plan, mine, hand))
        return plan


def reopen(version: PlanVersion, reason: str, *, hand: Hand) -> PlanVersion:
    """Back to reading before it is in force: the confirmation is void, everything is looked at again."""
    coordinator_only(hand)
    with transaction.atomic():
        mine = locked(version)
        if mine.confirmed_at is None or mine.in_force_at is not None:
            raise Refused("只有已确认、还没有生效的版本可以退回校核。")
        mine.confirmed_at, mine.confirmed_by = None, ""
        mine.sheet["looked"] = {}
        mine.save(update_fields=["confirmed_at", "confirmed_by", "sheet"])
        if mine.plan.version is None:
            Plan.objects.filter(pk=mine.plan_id).update(status=Plan.Status.READING)
        tell(mine.plan, "plan.reopened", {"version": mine.number, "reason": reason_of(reason)}, hand)
        return mine


def drop(version: PlanVersion, reason: str, *, hand: Hand) -> None:
    """Take away a version that never came into force; its text may be taken in again."""
    coordinator_only(hand)
    with transaction.atomic():
        mine = locked(version)
        if mine.in_force_at is not None or mine.dropped_at is not None:
            raise Refused("已生效或已撤下的版本不能撤下。")
        mine.dropped_at = hand.pen.moment()
        mine.save(update_fields=["dropped_at"])
        if mine.plan.version is None:
            Plan.objects.filter(pk=mine.plan_id).update(status=Plan.Status.DRAFT)
        tell(mine.plan, "plan.dropped", {"version": mine.number, "reason": reason_of(reason)}, hand)


def close(plan: Plan, *, hand: Hand, key: str | None = None) -> None:
    """收官, once no task is open."""
    coordinator_only(hand)
    with transaction.atomic():
        mine = Plan.objects.select_for_update().get(pk=plan.pk)
        if mine.status != Plan.Status.IN_FORCE:
            raise Refused("只有执行中的方案可以收官。")
        if left := working.open_tasks(mine):
            raise Refused(f"还有 {left} 项任务没有销号或取消，不能收官。")
        mine.status = Plan.Status.CLOSED
        mine.save(update_fields=["status"])
        tell(mine, "plan.closed", {"version": mine.version}, hand, key)
