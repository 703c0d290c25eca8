"""A text becomes the plan of a year: taken in, corrected, confirmed by a second person, in force, amended, closed."""

from __future__ import annotations

import pytest

from tests.plans.working import TEXT, PlanOffice
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import CaseMoved, InputInvalid, NotPermitted, Refused
from yukuaiban.journal.reading import events
from yukuaiban.plans import book, deciding
from yukuaiban.plans.models import Milestone, Plan, Task, Undertaking


def test_a_text_is_read_corrected_confirmed_and_worked(plans: PlanOffice) -> None:
    version = plans.take_in(document_no="望办发〔2026〕1号")
    plan = version.plan
    assert (plan.status, version.number, len(version.sheet["items"])) == ("draft", 1, 7)

    version = plans.answered(version)
    plan.refresh_from_db()
    assert plan.status == "reading"

    version = plans.looked(version)
    deciding.confirm(version, seen=version.revision, hand=plans.hand("second_planner"))
    plan.refresh_from_db()
    assert plan.status == "confirmed"

    plan = deciding.put_in_force(version, hand=plans.hand())
    assert (plan.status, plan.version, plan.title) == ("in_force", 1, "望海区2026年营商环境重点工作方案")
    assert [each.type for each in events("plan:2026")] == [
        "plan.read",
        "plan.corrected",
        "plan.confirmed",
        "plan.put_in_force",
    ]
    # 4 + 4 + 3 steps, a talk each quarter, and two for the review; safeguards without steps are no tasks.
    assert Task.objects.count() == 4 + 4 + 3 + 4 + 2
    assert Undertaking.objects.filter(safeguard=True).count() == 2
    case = plans.task("建立帮办名册")
    assert (case.agency, case.receiving_agency, case.stage) == ("sp-0002", "sp-0007", "not_started")
    assert case.due_at is not None
    assert plans.office.due(case, "due") == "2026-03-20T17:30"


def test_agencies_are_found_by_their_short_names_and_groups(plans: PlanOffice) -> None:
    items = plans.take_in().sheet["items"]
    assert [each["codes"] for each in items[1]["agencies"]] == [["sp-0002"], ["sp-0004"], ["sp-0006"]]
    assert [each["codes"] for each in items[3]["agencies"]] == [["sp-0002"], ["sp-0004", "sp-0006"]]


def test_the_same_text_twice_is_told(plans: PlanOffice) -> None:
    plans.take_in()
    with pytest.raises(Refused, match="已于 2026-01-12 录入为 2026 年方案第 1 版"):
        plans.take_in(year=2025)


def test_a_second_text_waits_until_the_first_is_in_force_or_dropped(plans: PlanOffice) -> None:
    version = plans.take_in()
    with pytest.raises(Refused, match="第 1 版还没有生效"):
        plans.take_in(TEXT + "\n补充")
    deciding.drop(version, "录错了文件", hand=plans.hand())
    assert plans.take_in().number == 2


def test_a_text_without_undertakings_is_refused_and_leaves_nothing(plans: PlanOffice) -> None:
    with pytest.raises(InputInvalid, match="没有认出任何一项举措"):
        plans.take_in("今天天气很好。")
    assert not Plan.objects.exists()


def test_the_plan_is_for_the_coordinating_office(plans: PlanOffice) -> None:
    with pytest.raises(NotPermitted, match="由营商办录入"):
        plans.take_in(who="reporter")


def test_whoever_read_or_corrected_last_does_not_confirm(plans: PlanOffice) -> None:
    version = plans.looked(plans.answered(plans.take_in()), "planner")
    with pytest.raises(NotPermitted, match="第二人确认"):
        deciding.confirm(version, seen=version.revision, hand=plans.hand())
    version = plans.correct(
        version, "retitle", "second_planner", key=version.sheet["items"][0]["key"], title="改"
    )
    version = plans.looked(version)
    with pytest.raises(NotPermitted, match="第二人确认"):
        deciding.confirm(version, seen=version.revision, hand=plans.hand("second_planner"))


def test_confirming_asks_for_a_look_at_every_item_since_the_last_correction(plans: PlanOffice) -> None:
    version = plans.looked(plans.take_in())
    version = plans.answered(version)
    with pytest.raises(Refused, match="还有 7 项没有看过"):
        deciding.confirm(version, seen=version.revision, hand=plans.hand("second_planner"))


def test_of_two_who_confirm_at_once_one_wins_and_the_other_is_told(plans: PlanOffice) -> None:
    version = plans.looked(plans.looked(plans.answered(plans.take_in())), "hall_planner")
    deciding.confirm(version, seen=version.revision, hand=plans.hand("second_planner"))
    with pytest.raises(CaseMoved, match="刚刚已由别人确认"):
        deciding.confirm(version, seen=version.revision, hand=plans.hand("hall_planner"))


def test_correcting_an_older_state_is_a_conflict(plans: PlanOffice) -> None:
    version = plans.take_in()
    key = version.sheet["items"][0]["key"]
    book.correct(version, "retitle", {"key": key, "title": "甲"}, seen=0, hand=plans.hand())
    with pytest.raises(CaseMoved, match="刚刚被别人改过"):
        book.correct(
            version, "retitle", {"key": key, "title": "乙"}, seen=0, hand=plans.hand("second_planner")
        )


def test_unresolved_names_keep_the_plan_from_coming_into_force(plans: PlanOffice) -> None:
    text = TEXT.replace("配合单位：东渔镇", "配合单位：西渔镇")
    version = plans.confirmed(text)
    (question,) = book.unresolved(version, hand=plans.hand())
    assert "单位表里没有“西渔镇”" in question.sentence
    with pytest.raises(InputInvalid, match="西渔镇"):
        deciding.put_in_force(version, hand=plans.hand())
    assert not Task.objects.exists()

    version = deciding.reopen(version, "还有单位没有对上", hand=plans.hand())
    version = plans.looked(plans.correct(version, "assign", key=question.key, codes=["sp-0004"]))
    deciding.confirm(version, seen=version.revision, hand=plans.hand("second_planner"))
    deciding.put_in_force(version, hand=plans.hand())
    assert Task.objects.exists()


def test_an_agency_that_no_longer_exists_is_a_question_with_a_sentence(plans: PlanOffice) -> None:
    version = plans.answered(plans.take_in())
    key = version.sheet["items"][2]["agencies"][0]["key"]
    version = plans.correct(version, "assign", key=key, codes=["sp-9999"])
    (question,) = [each for each in book.open_questions(version, hand=plans.hand()) if each.kind == "ended"]
    assert question.blocks
    assert "已经不在单位表里" in question.sentence


def test_a_due_outside_the_year_and_a_missing_date_are_questions_and_no_refusals(plans: PlanOffice) -> None:
    text = TEXT.replace(
        "一季度，修订核查工作规范；二季度，上线现场核查预约；四季度，总结提速成效。",
        "2027年3月底前，修订核查工作规范。",
    )
    version = plans.answered(plans.take_in(text))
    asked = [(each.kind, each.blocks) for each in book.open_questions(version, hand=plans.hand())]
    assert asked == [("outside", False)]


def test_regular_without_a_frequency_blocks_until_somebody_says_so(plans: PlanOffice) -> None:
    text = TEXT.replace("推进计划：每季度召开一次恳谈会。", "推进计划：恳谈会（定期）。")
    version = plans.answered(plans.take_in(text))
    (question,) = [each for each in book.open_questions(version, hand=plans.hand()) if each.blocks]
    assert question.kind == "setting"
    version = plans.correct(version, "due", key=question.key, period="half-yearly")
    assert not [each for each in book.open_questions(version, hand=plans.hand()) if each.blocks]


def test_an_amended_plan_keeps_what_is_the_same_and_the_history_of_its_tasks(plans: PlanOffice) -> None:
    plan = plans.in_force()
    held = plans.submitted("建立帮办名册")
    moved, gone = plans.task("上线现场核查预约"), plans.task("总结提速成效")
    changed = TEXT.replace("二季度，上线现场核查预约；四季度，总结提速成效。", "三季度，上线现场核查预约。")
    plans.at("2026-02-02T09:00")
    version = plans.take_in(changed)
    assert version.sheet["items"][3]["agencies"][0]["role"] == "lead"  # what people decided is carried over
    found = book.changes(version)
    assert [each.change.value for each in found] == [
        "same",
        "same",
        "changed",
        "same",
        "same",
        "same",
        "same",
    ]
    assert sorted(each.change.value for each in found[2].parts) == ["changed", "gone", "same"]

    version = plans.looked(version)
    deciding.confirm(version, seen=version.revision, hand=plans.hand("second_planner"))
    plan.refresh_from_db()
    assert (plan.status, plan.version) == ("in_force", 1)
    plan = deciding.put_in_force(version, hand=plans.hand())
    assert plan.version == 2
    assert Case.objects.get(pk=held.pk).stage == "submitted"
    assert Case.objects.get(pk=held.pk).seq == held.seq
    assert plans.office.due(moved, "due") == "2026-09-30T17:30"
    assert Case.objects.get(pk=gone.pk).stage == "cancelled"
    assert Milestone.objects.get(tasks__case=gone).gone_in == 2


def test_a_plan_closes_once_no_task_is_open(plans: PlanOffice) -> None:
    plan = plans.in_force()
    with pytest.raises(Refused, match="还有 17 项任务"):
        deciding.close(plan, hand=plans.hand())
    for case in Case.objects.filter(measure="plans"):
        plans.do(case, "cancel", "planner", reason="演示结束")
    deciding.close(plan, hand=plans.hand())
    plan.refresh_from_db()
    assert plan.status == "closed"
    with pytest.raises(Refused, match="已经收官"):
        plans.take_in(TEXT + "\n")


def test_a_second_person_sends_back_with_a_reason_until_somebody_corrects(plans: PlanOffice) -> None:
    version = plans.take_in()
    with pytest.raises(InputInvalid, match="请写明理由"):
        deciding.send_back(version, " ", seen=version.revision, hand=plans.hand("second_planner"))
    with pytest.raises(NotPermitted, match="直接改正"):
        deciding.send_back(version, "标题不对", seen=version.revision, hand=plans.hand())
    version = deciding.send_back(
        version, "标题不对", seen=version.revision, hand=plans.hand("second_planner")
    )
    assert version.sheet["sent_back"]["reason"] == "标题不对"
    version = plans.correct(version, "retitle", key=version.sheet["items"][0]["key"], title="一次收件")
    assert version.sheet["sent_back"] is None
    assert [each.type for each in events("plan:2026")][1:] == ["plan.sent_back", "plan.corrected"]


def test_an_agency_that_the_reader_missed_is_added_with_its_place_in_the_text(plans: PlanOffice) -> None:
    version = plans.take_in()
    entry = version.sheet["items"][3]
    start = version.text.index("区政府")
    version = plans.correct(
        version, "assign", item=entry["key"], start=start, end=start + 3, codes=["sp-0007"], role="lead"
    )
    added = version.sheet["items"][3]["agencies"][-1]
    assert (added["name"], added["span"], added["source"], added["role"]) == (
        "区政府",
        [start, start + 3],
        "text",
        "lead",
    )


def test_in_an_amended_text_another_name_is_another_agency_and_who_leads_is_what_it_says(
    plans: PlanOffice,
) -> None:
    plans.in_force()
    text = TEXT.replace("配合单位：东渔镇", "配合单位：西渔镇").replace(
        "牵头单位：区行政审批局；责任单位：区农业农村局", "牵头单位：区农业农村局；责任单位：区行政审批局"
    )
    version = plans.take_in(text)
    first, second, _third, talks = version.sheet["items"][:4]
    assert [(each["name"], each["role"]) for each in first["agencies"]][:2] == [
        ("区农业农村局", "lead"),
        ("区行政审批局", "responsible"),
    ]
    assert [each["codes"] for each in second["agencies"] if each["name"] == "西渔镇"] == [[]]
    assert talks["agencies"][0]["role"] == "lead"
    assert [each.fields for each in book.changes(version)][:2] == [("text", "agencies"), ("text", "agencies")]


def test_a_day_set_by_hand_goes_where_the_amended_text_names_another_time(plans: PlanOffice) -> None:
    version = plans.take_in()
    kept, moved = version.sheet["items"][2]["milestones"][:2]
    for each in (kept, moved):
        version = plans.correct(version, "due", key=each["key"], period=each["period"], due="2026-06-12")
    version = plans.looked(plans.answered(version))
    deciding.confirm(version, seen=version.revision, hand=plans.hand("second_planner"))
    deciding.put_in_force(version, hand=plans.hand())
    later = plans.take_in(TEXT.replace("二季度，上线现场核查", "三季度，上线现场核查"))
    steps = {each["key"]: each for each in later.sheet["items"][2]["milestones"]}
    assert (steps[kept["key"]]["due"], steps[moved["key"]]["due"]) == ("2026-06-12", None)
