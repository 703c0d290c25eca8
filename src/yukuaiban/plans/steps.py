"""What every write of the plan needs: the lock, who may, what was seen, the event on `plan:YEAR`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from yukuaiban.core.canonical import nfc
from yukuaiban.core.errors import CaseMoved, InputInvalid, NotPermitted, Problem
from yukuaiban.journal.writing import append
from yukuaiban.people.district import local_day
from yukuaiban.plans.models import Plan, PlanVersion
from yukuaiban.plans.naming import Names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yukuaiban.evidence.documents import Hand

COORDINATOR = "coordinator"


def stream_of(year: int) -> str:
    """The journal stream of a plan."""
    return f"plan:{year}"


def coordinator_only(hand: Hand) -> None:
    """The coordinating office keeps the plan; the gate asks the same before any page."""
    if hand.subject.kind != "system" and hand.subject.role != COORDINATOR:
        raise NotPermitted("方案由营商办录入、校核和确认。")


def locked(version: PlanVersion) -> PlanVersion:
    """The version, with its plan locked for this transaction."""
    Plan.objects.select_for_update().get(pk=version.plan_id)
    return PlanVersion.objects.select_related("plan").select_for_update(of=("self",)).get(pk=version.pk)


def still_open(version: PlanVersion, seen: int | None) -> PlanVersion:
    """The locked version while it is being read, as it was `seen`; CaseMoved says what happened meanwhile."""
    mine = locked(version)
    if mine.dropped_at is not None:
        raise CaseMoved("这一版刚刚被撤下；请刷新页面。")
    if mine.confirmed_at is not None:
        raise CaseMoved("这一版刚刚已由别人确认；请刷新页面查看结果。")
    if seen is not None and seen != mine.revision:
        raise CaseMoved("这一版刚刚被别人改过，您看到的已不是最新内容；请刷新后再办。")
    return mine


def begin_reading(plan: Plan) -> None:
    """Somebody has begun to check what was read."""
    Plan.objects.filter(pk=plan.pk, status=Plan.Status.DRAFT).update(status=Plan.Status.READING)


def names_of(hand: Hand) -> Names:
    """The agencies of today."""
    return Names(local_day(hand.pen.moment()))


def reason_of(reason: str) -> str:
    """The reason; InputInvalid where none is given."""
    if not reason.strip():
        raise InputInvalid(Problem("没有写理由", "请写明理由", field="reason"))
    return str(nfc(reason.strip()))


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the event keeps them: texts, whole numbers and lists."""
    found: dict[str, Any] = nfc(json.loads(json.dumps(dict(values), default=str), parse_float=str))
    return found


def tell(plan: Plan, type_: str, body: dict[str, Any], hand: Hand, key: str | None = None) -> None:
    """An event on the stream of the plan."""
    append(
        stream=stream_of(plan.year),
        type=type_,
        body=body,
        actor=hand.subject.actor(),
        pen=hand.pen,
        source=hand.source,
        idem=key,
    )
