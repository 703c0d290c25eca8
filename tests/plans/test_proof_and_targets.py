"""Closing out asks for proof; targets are fed by indicators, stated by hand, or not connected."""

from __future__ import annotations

import pytest

from tests.plans.working import PlanOffice
from yukuaiban.core.errors import InputInvalid, NotPermitted, Refused
from yukuaiban.evidence.queries import documents_of
from yukuaiban.journal.reading import events
from yukuaiban.plans import deciding, queries, stating
from yukuaiban.plans.models import Plan, Target
from yukuaiban.plans.stating import Statement

REGISTER = "建立帮办名册"


def test_the_reporting_agency_never_accepts(plans: PlanOffice) -> None:
    plans.in_force()
    case = plans.submitted("完成窗口人员培训", "hall_reporter")
    for action in ("accept", "return"):
        with pytest.raises(NotPermitted, match="不能验收自己的任务"):
            plans.do(case, action, "hall_planner", **({"reason": "不全"} if action == "return" else {}))
    with pytest.raises(NotPermitted):
        plans.do(case, "accept", "hall_reporter")
    plans.do(case, "accept", "planner")
    with pytest.raises(NotPermitted, match="不能验收自己的任务"):
        plans.do(case, "propose_close_out", "hall_planner")


def test_nothing_is_closed_out_without_a_paper_of_the_stated_kind_or_a_target_that_is_met(
    plans: PlanOffice,
) -> None:
    version = plans.answered(plans.take_in())
    step = version.sheet["items"][1]["milestones"][0]
    version = plans.correct(version, "deliver", key=step["key"], deliverable="ledger")
    version = plans.looked(version)
    deciding.confirm(version, seen=version.revision, hand=plans.hand("second_planner"))
    deciding.put_in_force(version, hand=plans.hand())
    case = plans.submitted(REGISTER)  # with minutes, not with the ledger
    plans.do(case, "accept", "planner")
    with pytest.raises(Refused, match="没有规定种类的佐证材料"):
        plans.do(case, "propose_close_out", "planner")
    Target.objects.filter(unit="家").update(part=121)
    plans.do(case, "propose_close_out", "planner")
    Target.objects.filter(unit="家").update(part=119)
    with pytest.raises(Refused, match="没有规定种类的佐证材料"):
        plans.do(case, "close_out", "watcher")


def test_targets_are_fed_by_indicators_stated_by_hand_or_not_connected(plans: PlanOffice) -> None:
    version = plans.answered(plans.take_in())
    keys = [each["key"] for entry in version.sheet["items"] for each in entry["targets"]]
    version = plans.correct(version, "bind", key=keys[0], indicator="desks.on_time_rate")
    version = plans.looked(plans.correct(version, "bind", key=keys[1], indicator="appeals.contacted"))
    deciding.confirm(version, seen=version.revision, hand=plans.hand("second_planner"))
    plan = deciding.put_in_force(version, hand=plans.hand())
    rows = [each for found in queries.targets_of(plan, plans.office.now).values() for each in found]
    assert [(each.figure.source.value, each.met) for each in rows[:3]] == [
        ("bound", None),  # nothing of nothing
        ("unknown", None),
        ("none", None),
    ]
    assert (rows[0].figure.part, rows[0].figure.whole) == (0, 0)


def test_the_pack_binds_targets_out_of_the_box_and_what_is_not_there_yet_has_no_value(
    plans: PlanOffice,
) -> None:
    version = plans.take_in()
    bound = {
        each["text"][:6]: each["indicator"] for entry in version.sheet["items"] for each in entry["targets"]
    }
    assert bound["全年窗口办件"] == "desks.on_time_rate"
    assert bound["每季度召开一"] == "roundtables.held"
    version = plans.looked(plans.answered(version))
    deciding.confirm(version, seen=version.revision, hand=plans.hand("second_planner"))
    plan = deciding.put_in_force(version, hand=plans.hand())
    shown = {
        row.target.indicator: (row.figure.source.value, row.figure.part)
        for rows in queries.targets_of(plan, plans.office.now).values()
        for row in rows
    }
    assert shown["roundtables.held"] == ("unknown", None)
    assert shown["desks.on_time_rate"] == ("bound", 0)


def test_a_value_by_hand_asks_for_a_paper_and_is_an_event(plans: PlanOffice) -> None:
    plans.in_force()
    target = Target.objects.get(unit="家")
    said = Statement(121, None, plans.office.now.date())
    with pytest.raises(InputInvalid, match="没有佐证材料"):
        stating.state(target, said, [], hand=plans.hand("reporter"))
    bare = plans.document(title="走访名单", kind="", issued_on=None)
    with pytest.raises(InputInvalid, match="材料“走访名单”缺种类、成文日期"):
        stating.state(target, said, [bare], hand=plans.hand("reporter"))
    with pytest.raises(NotPermitted, match="由牵头单位或营商办填报"):
        stating.state(target, said, [plans.document()], hand=plans.hand("market_reporter"))
    stating.state(target, said, [plans.document()], hand=plans.hand("reporter"))
    assert [each.type for each in events("plan:2026")][-1] == "plan.target_stated"
    (row,) = [
        row
        for rows in queries.targets_of(Plan.objects.get(), plans.office.now).values()
        for row in rows
        if row.target == target
    ]
    assert (row.figure.source.value, row.figure.part, row.met) == ("manual", 121, True)
    assert len(documents_of(stating.anchor_of(target))) == 1


@pytest.mark.parametrize(
    ("unit", "part", "whole", "why"),
    [
        ("家", 3, 4, "只有一个数"),
        ("家", -1, None, "不在 0 和总数之间"),
        ("%", 3, None, "没有填写总数"),
        ("%", 5, 4, "不在 0 和总数之间"),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    plans: PlanOffice, unit: str, part: int, whole: int | None, why: str
) -> None:
    plans.in_force()
    target = Target.objects.filter(unit=unit, indicator="").get()
    said = Statement(part, whole, plans.office.now.date())
    with pytest.raises(InputInvalid, match=why):
        stating.state(target, said, [plans.document()], hand=plans.hand())


def test_a_target_that_an_indicator_feeds_is_not_stated_by_hand(plans: PlanOffice) -> None:
    plans.in_force()
    target = Target.objects.get(indicator="desks.on_time_rate")
    with pytest.raises(Refused, match="由指标自动取数"):
        stating.state(target, Statement(1, 1, plans.office.now.date()), [plans.document()], hand=plans.hand())
