"""From the imported index to sound leaves: owners, evidence that counts, scores, gaps (rules, sections 4 to 10)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import FARM, MARKET, Office
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import ActionRefused, InputInvalid, NotPermitted
from yukuaiban.evidence import documents, inspecting
from yukuaiban.evidence.documents import Hand, Said
from yukuaiban.evidence.store import content_of
from yukuaiban.journal.reading import events
from yukuaiban.measures.demonstration import queries, readiness, rules
from yukuaiban.measures.demonstration.models import IndexEdition, Leaf

TODAY = date(2026, 3, 2)


def view(edition: IndexEdition, code: str) -> queries.LeafView:
    (found,) = queries.leaves(edition, TODAY, only=[code])
    return found


def test_an_import_opens_every_leaf_with_its_two_clocks(office: Office, works, edition) -> None:
    assert [leaf.node.code for leaf in Leaf.objects.order_by("node__place")] == [
        "1.1.1",
        "1.1.2",
        "1.2.1",
        "2.1.1",
    ]
    assert office.due(works.case("1.1.1"), "assign") == "2026-03-16T17:30"
    works.assigned("1.1.1")
    assert office.due(works.case("1.1.1"), "evidence") == "2026-03-31T17:30"
    assert works.case("1.1.1").agency == FARM


def test_a_tree_imported_after_the_first_quarter_is_due_in_the_next_one(office: Office, works) -> None:
    office.at("2026-04-01T09:00")
    works.bring()
    works.assigned("1.1.1")
    assert office.due(works.case("1.1.1"), "evidence") == "2027-03-31T17:30"


def test_a_batch_is_imported_once_and_a_wrong_tree_not_at_all(works, edition) -> None:
    with pytest.raises(InputInvalid, match="批次“2026”已经导入"):
        works.bring()
    with pytest.raises(InputInvalid, match="子项合计105，应为100") as refused:
        works.bring(["1,1,a,100,,,", "1.1,2,b,40,,,", "1.2,2,c,35,,,", "1.3,2,d,30,,,"], "2027")
    assert [problem.line for problem in refused.value.problems] == [2]
    assert IndexEdition.objects.count() == 1
    assert Case.objects.filter(measure="demonstration").count() == 5


def test_a_leaf_goes_from_its_owner_to_sound(office: Office, works, edition) -> None:
    works.sound("1.1.1")
    found = view(edition, "1.1.1")
    assert (found.case.stage, found.share, found.covered) == ("sound", 1, True)
    assert office.due(works.case("1.1.1"), "review") == "2026-03-16T17:30"


def test_a_self_score_asks_for_its_reason_and_for_evidence_that_counts(works, edition) -> None:
    works.assigned("1.1.1")
    with pytest.raises(InputInvalid, match="还没有关联材料"):
        works.do("1.1.1", "self_assess", "handler", grade="full", reason="已公开")
    works.document("1.1.1", said=Said("旧报告", "report", "", date(2022, 5, 1)))
    with pytest.raises(InputInvalid, match="“旧报告”不在所涉期间内"):
        works.do("1.1.1", "self_assess", "handler", grade="full", reason="已公开")
    works.document("1.1.1", said=Said("照片", "photo", "", date(2026, 1, 1)), content=b"2")
    with pytest.raises(InputInvalid, match="“照片”不是这一项要的种类"):
        works.do("1.1.1", "self_assess", "handler", grade="full", reason="已公开")
    assert not view(edition, "1.1.1").covered
    assert works.case("1.1.1").stage == "collecting"
    works.document("1.1.1", content=b"3")
    with pytest.raises(InputInvalid):
        works.do("1.1.1", "self_assess", "handler", grade="full", reason=" ")
    works.do("1.1.1", "self_assess", "handler", grade="full", reason="已公开")
    assert works.case("1.1.1").stage == "self_assessed"


def test_a_document_without_its_day_is_stored_but_not_handed_in(works, edition) -> None:
    works.assigned("1.1.1")
    works.document("1.1.1")
    works.document("1.1.1", said=Said("未定稿", "report"), content=b"2")
    with pytest.raises(InputInvalid, match="“未定稿”缺成文日期"):
        works.do("1.1.1", "self_assess", "handler", grade="full", reason="已公开")


def test_one_document_serves_many_leaves_and_all_show_the_newer_version(office: Office, works) -> None:
    codes = [f"1.1.{n}" for n in range(1, 13)]
    edition = works.bring(["1,1,a,,,,", "1.1,2,b,,,,", *(f"{code},3,项,,,," for code in codes)])
    works.assigned(*codes)
    made = works.document(*codes)
    old = documents.current(made).file
    file = inspecting.Inspected("新.pdf", b"%PDF-1.4\n%%EOF new", "unused")
    said = Said("新版", "report", "", date(2026, 2, 11))
    documents.replace(made, file, said, Hand(office.handler, office.pen), reason="更正")
    found = queries.leaves(edition, TODAY)
    assert {card.title for each in found for card in each.counted} == {"新版"}
    assert rules.coverage([each.figure for each in found]) == rules.Share(12, 12)
    assert content_of(old).endswith(b"%%EOF")


def test_nobody_reviews_or_closes_for_the_own_agency(works, edition) -> None:
    works.assessed("1.1.1")
    with pytest.raises(NotPermitted, match="不能给本单位"):
        works.do("1.1.1", "review_leaf", "own_reviewer", grade="full", opinion="好")
    works.do("1.1.1", "find_gap", "reviewer", finding="公开不全")
    works.do("1.1.1", "set_measure", "handler", measure="补公开")
    with pytest.raises(NotPermitted):
        works.do("1.1.1", "close_gap", "handler", result="好了")
    works.do("1.1.1", "close_gap", "office", result="已看")
    assert works.case("1.1.1").stage == "sound"


def test_a_survey_leaf_gives_itself_no_score_but_takes_the_survey(works, edition) -> None:
    works.assigned("2.1.1")
    works.document("2.1.1")
    with pytest.raises(ActionRefused, match="不能自评"):
        works.do("2.1.1", "self_assess", "handler", grade="full", reason="满意")
    with pytest.raises(InputInvalid, match="没有这一次测评"):
        works.do("2.1.1", "take_survey", "office", survey=1)
    numbers = {"asked": 300, "know": 240, "valid": 250, "satisfied": 225}
    works.on(edition.case, "enter_survey", "office", on="2026-03-01", frame="全区抽样", **numbers)
    works.do("2.1.1", "take_survey", "office", survey=1)
    found = view(edition, "2.1.1")
    assert (found.case.stage, found.share, found.leaf.survey.valid) == (
        "self_assessed",
        rules.Fraction(9, 10),
        250,
    )


def test_a_small_survey_is_shown_but_not_used_in_a_total(works, edition) -> None:
    works.assigned("2.1.1")
    numbers = {"asked": 120, "know": 60, "valid": 99, "satisfied": 99}
    works.on(edition.case, "enter_survey", "office", on="2026-03-01", frame="两个镇", **numbers)
    works.do("2.1.1", "take_survey", "office", survey=1)
    found = view(edition, "2.1.1")
    assert (found.leaf.own_share, found.share) == (1, None)
    total = rules.score([each.figure for each in queries.leaves(edition, TODAY)])
    assert total == rules.Score(rules.Fraction(0), rules.Fraction(100), rules.Fraction(100))


def test_an_impossible_survey_is_refused(works, edition) -> None:
    numbers = {"asked": 100, "know": 10, "valid": 90, "satisfied": 91}
    with pytest.raises(InputInvalid, match="满意人数"):
        works.on(edition.case, "enter_survey", "office", on="2026-03-01", frame="x", **numbers)


def test_a_gap_runs_its_clocks_and_reopens_without_forgetting_its_closing(
    office: Office, works, edition
) -> None:
    works.sound("1.1.1")
    works.sound("1.2.1")
    works.do("1.2.1", "find_gap", "office", finding="两件未审", origin="review")
    works.do("1.1.1", "find_gap", "office", finding="网页打不开", origin="mock")
    assert office.due(works.case("1.1.1"), "gap_measure") == "2026-03-05T17:30"
    works.do("1.1.1", "set_measure", "handler", measure="修复网页")
    assert office.due(works.case("1.1.1"), "rectification") == "2026-03-30T17:30"
    works.do("1.1.1", "close_gap", "office", result="已能打开")
    assert queries.closure(queries.gaps(edition)) == rules.Share(1, 2)
    office.at("2026-03-20T09:00")
    works.do("1.1.1", "reopen_gap", "watcher", finding="又打不开", origin="look_back")
    (gap,) = works.leaf("1.1.1").gaps.all()
    assert (gap.finding, gap.closed_at, gap.reopened) == ("网页打不开；又打不开", None, 1)
    assert [closing["result"] for closing in gap.closings] == ["已能打开"]
    assert queries.closure(queries.gaps(edition)) == rules.Share(0, 2)
    assert works.case("1.1.1").stage == "gap"


def test_a_lower_score_from_outside_stands_beside_the_own_one_and_makes_a_gap(works, edition) -> None:
    works.sound("1.1.1")
    with pytest.raises(ActionRefused, match="低于自评"):
        works.do("1.1.1", "enter_outside_score", "office", grade="half")
    works.do("1.1.1", "find_gap", "office", finding="少三项", origin="outside", outside_grade="half")
    found = view(edition, "1.1.1")
    assert (found.case.stage, found.leaf.self_grade, found.leaf.outside_grade) == ("gap", "full", "half")
    works.do("1.1.1", "add_finding", "office", finding="再少一项", origin="outside", outside_grade="none")
    assert [gap.finding for gap in works.leaf("1.1.1").gaps.all()] == ["少三项", "再少一项"]
    works.sound("1.2.1")
    works.do("1.2.1", "enter_outside_score", "office", grade="full", finding="好")
    assert works.case("1.2.1").stage == "sound"


def test_a_leaf_keeps_the_history_of_its_owners(works, edition) -> None:
    works.assigned("1.1.1")
    works.do("1.1.1", "assign_leaf", "office", handling_agency=MARKET, supporting=[FARM])
    case = works.case("1.1.1")
    owners = [
        event.body["data"]["handling_agency"]
        for event in events(f"case:{case.number}")
        if event.type == "demonstration.assign_leaf"
    ]
    assert (owners, case.agency) == ([FARM, MARKET], MARKET)
    works.document("1.1.1")  # the supporting agency may still bring evidence
    with pytest.raises(InputInvalid, match="没有这些单位"):
        works.do("1.1.1", "assign_leaf", "office", handling_agency="sp-9999")


def test_material_that_runs_out_is_told_before_and_after(office: Office, works, edition) -> None:
    works.assigned("1.1.2", "1.2.1")
    works.document("1.1.2", said=Said("季度台账", "ledger", "", TODAY, date(2026, 1, 1), date(2026, 3, 31)))
    works.document("1.2.1", content=b"2")
    found = {day: view_on(edition, day) for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")}
    assert list(found.values()) == ["fresh", "soon", "soon", "stale"]
    stale = readiness.gather(edition, office.at("2026-04-01T09:00").now).stale
    assert [each.node.code for each in stale] == ["1.1.2"]


def view_on(edition: IndexEdition, day: str) -> str:
    (found,) = queries.leaves(edition, date.fromisoformat(day), only=["1.1.2"])
    return str(found.fresh)


def test_a_superseded_leaf_is_over_and_stands_in_nobodys_way(works, edition) -> None:
    works.assigned("1.1.1")
    works.do("1.2.1", "supersede", "office", reason="新版没有这一项")
    assert works.case("1.2.1").closed_at is not None
    assert [each.code for each in queries.standings(edition)] == ["1.1.1", "1.1.2", "2.1.1"]
    with pytest.raises(ActionRefused):
        works.do("1.2.1", "assign_leaf", "office", handling_agency=FARM)


def test_the_tree_sums_coverage_and_weights_below_each_node(works, edition) -> None:
    works.sound("1.1.1")
    works.assessed("1.1.2", "half")
    branches = {each.node.code: each for each in queries.tree(edition, queries.leaves(edition, TODAY))}
    assert branches["1.1"].coverage == rules.Share(2, 2)
    assert branches["1"].coverage == rules.Share(2, 3)
    assert branches["1.1"].score_text == "32.50 / 40.00"
    assert branches["1"].score_text == "32.50 / 60.00（未评 20.00）"


def test_without_all_weights_there_is_no_sum(works) -> None:
    edition = works.bring(["1,1,a,,,,", "1.1,2,b,40,,,", "1.2,2,c,,,,"])
    branches = queries.tree(edition, queries.leaves(edition, TODAY))
    assert [each.score_text for each in branches] == [
        "部分无权重，不计分",
        "未评（40.00）",
        "无权重，不计总分",
    ]


def test_the_queries_of_a_tree_do_not_grow(works, django_assert_max_num_queries) -> None:
    rows = ["1,1,a,,,,", *(f"1.{n},2,项,,,," for n in range(1, 31))]
    edition = works.bring(rows)
    works.assigned("1.1", "1.2")
    works.document("1.1", "1.2")
    with django_assert_max_num_queries(8):
        views = queries.leaves(edition, TODAY)
        queries.tree(edition, views)
    assert len(views) == 30


def test_indicators_count_the_newest_edition(office: Office, works, edition) -> None:
    works.sound("1.1.1")
    works.do("1.1.1", "find_gap", "office", finding="x", origin="review")
    assert queries.evidence_coverage(office.now, office.now, None) == (1, 4)
    assert queries.self_assessed(office.now, office.now, FARM) == (1, 1)
    later = office.at("2026-03-03T09:00").now
    office.at("2026-03-02T09:00")
    assert queries.gap_closure(office.now, later, None) == (0, 1)
    assert queries.gap_closure(office.now, later, MARKET) == (0, 0)
