"""Values of targets that no indicator feeds: stated by hand, with the paper that proves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem, Refused
from yukuaiban.evidence import documents, queries
from yukuaiban.evidence.documents import Anchor
from yukuaiban.people.district import local_day
from yukuaiban.plans.indicators import aim_of
from yukuaiban.plans.models import Plan, Target
from yukuaiban.plans.steps import COORDINATOR, tell

if TYPE_CHECKING:
    from yukuaiban.evidence.documents import Hand
    from yukuaiban.evidence.models import Document

ANCHOR = "plan_target"
_REPORTING = ("reporter", "handler", "agency_leader")


@dataclass(frozen=True, slots=True)
class Statement:
    """`part` of `whole` (a bare count has no whole) as it was on a day."""

    part: int
    whole: int | None
    on: date


def anchor_of(target: Target) -> Anchor:
    """The target as something that documents serve."""
    return Anchor(ANCHOR, target.key)


def state(
    target: Target, said: Statement, papers: Sequence[Document], *, hand: Hand, key: str | None = None
) -> Target:
    """Keep a value for a target without indicator: an event on the stream of the plan, the papers serve the target.

    By the leading agency or the coordinating office. Refused for a target that an indicator feeds; InputInvalid for a
    value that cannot be, and without a paper that has its kind and its day.
    """
    with transaction.atomic():
        held = (
            Target.objects.select_related("undertaking__plan")
            .select_for_update(of=("self",))
            .get(pk=target.pk)
        )
        plan = held.undertaking.plan
        _refuse_others(held, hand)
        if held.indicator:
            raise Refused("这个目标由指标自动取数，不能手工填报。")
        if plan.status != Plan.Status.IN_FORCE or held.gone_in is not None:
            raise Refused("方案没有在执行，或这个目标已不在方案里。")
        _refuse(_problems(held, said, local_day(hand.pen.moment())) + _paper_problems(papers))
        held.part, held.whole, held.stated_on = said.part, said.whole, said.on
        held.save(update_fields=["part", "whole", "stated_on"])
        body = {"target": held.key, "part": said.part, "whole": said.whole, "on": said.on.isoformat()}
        proofs = [str(each.uid) for each in papers]
        tell(plan, "plan.target_stated", body | {"documents": proofs}, hand, key)
        documents.serve(papers, anchor_of(held), by=hand.subject.ref, at=hand.pen.moment())
        return held


def _refuse_others(target: Target, hand: Hand) -> None:
    subject = hand.subject
    own = subject.agency == target.undertaking.lead_agency and subject.role in _REPORTING
    if not own and subject.role != COORDINATOR:
        raise NotPermitted("目标的完成值由牵头单位或营商办填报。")


def _problems(target: Target, said: Statement, today: date) -> list[Problem]:
    aim, found = aim_of(target), []
    ratio = aim.share or aim.limit or aim.frequency
    if ratio and not said.whole:
        found.append(Problem("没有填写总数", "按“几分之几”填报的目标请填写总数", field="whole"))
    if not ratio and said.whole is not None:
        found.append(Problem("这个目标只有一个数", "请不填总数", field="whole"))
    if said.part < 0 or (said.whole is not None and said.part > said.whole):
        found.append(Problem("完成数不在 0 和总数之间", "请核对", field="part"))
    if said.on > today:
        found.append(Problem("日期在今天以后", "请核对日期", field="on"))
    return found


def _paper_problems(papers: Sequence[Document]) -> list[Problem]:
    if not papers:
        return [Problem("没有佐证材料", "手工填报的数要有材料证明", field="documents")]
    rows = type(papers[0]).objects.filter(pk__in=[each.pk for each in papers])
    return [
        Problem(f"材料“{card.title}”缺{what}", "请先补齐", field="documents")
        for card, what in queries.incomplete(queries.cards_of(rows).values())
    ]


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InputInvalid(problems)
