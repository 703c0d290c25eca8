"""Closing out asks for proof; targets are fed by indicators, stated by hand, or not connected."""

from __future__ import annotations

import pytest

from tests.plans.working import PlanOffice
from yukuaiban.core.errors import NotPermitted, Refused
from yukuaiban.plans import deciding, queries
from yukuaiban.plans.models import Target

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


def test_the_pack_binds_targets_out_of_the_box_and_what_is_not_there_yet_has_no_value(plans: PlanOffice) -> None:
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
