"""Clauses of owners: names and roles in all the ways of writing them."""

from __future__ import annotations

import pytest

from yukuaiban.plans.reading.folding import fold
from yukuaiban.plans.reading.roles import clauses

ROLES = {"lead": "牵", "responsible": "责", "supporting": "配", "all": "全"}


def found(raw: str) -> list[str]:
    """`role name` for each agency, a + behind an open end; names as they stand in the text."""
    folded = fold(raw)
    names = [each for clause in clauses(folded, 0, len(folded.text)) for each in clause.agencies]
    cut = [folded.raw[slice(*folded.span(each.start, each.end))] for each in names]
    return [
        f"{ROLES[each.role]} {name}{'+' * each.open_ended}" for each, name in zip(names, cut, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("做好服务。（责任单位：甲局、乙局，各镇政府）", ["责 甲局", "责 乙局", "责 各镇政府"]),
        ("做好服务。(责任单位:甲局)", ["责 甲局"]),
        ("做好服务。【责任单位：甲局】", ["责 甲局"]),
        ("做好服务。\n责任单位:甲局、各镇(园区)\n推进计划:一季度", ["责 甲局", "责 各镇(园区)"]),
        ("做好服务。\n责任单位:文化和旅\n游局、乙局\n", ["责 文化和旅\n游局", "责 乙局"]),
        ("做好服务。\n责任单位：甲局、乙局\n后面的正文继续写。", ["责 甲局", "责 乙局"]),
        ("做好服务。\n牵头单位：甲局\n责任单位：乙局\n配合单位：丙局", ["牵 甲局", "责 乙局", "配 丙局"]),
        ("【责任单位】甲局、乙局。", ["责 甲局", "责 乙局"]),
        ("（牵头单位：甲局；责任单位：乙局；配合单位：丙局）", ["牵 甲局", "责 乙局", "配 丙局"]),
        ("（牵头单位：甲局、乙会，责任单位：丙局）", ["牵 甲局", "牵 乙会", "责 丙局"]),
        ("（责任单位：各市（含甲、乙市，下同）、县政府）", ["责 各市（含甲、乙市，下同）", "责 县政府"]),
        ("（责任单位：甲局等有关部门）", ["责 甲局+"]),
        ("（责任单位：甲局、乙局等单位按职责分工负责，各镇政府）", ["责 甲局", "责 乙局+", "责 各镇政府"]),
        ("（责任单位：甲局（牵头）、乙局）", ["牵 甲局", "责 乙局"]),
        ("（责任单位：商务厅和有关单位）", ["责 商务厅", "责 有关单位"]),
        ("（责任单位：文化和旅游局、工业和信息化局）", ["责 文化和旅游局", "责 工业和信息化局"]),
        ("（甲局、乙局负责）", ["责 甲局", "责 乙局"]),
        ("（甲局会同有关部门负责）", ["责 甲局", "配 有关部门"]),
        ("（甲局牵头，乙局、丙局按职责分工负责）", ["牵 甲局", "责 乙局", "责 丙局"]),
        ("（由甲局牵头，乙局配合）", ["牵 甲局", "配 乙局"]),
        ("由甲局、乙局牵头，丙局、丁局等部门配合，抓好落实。", ["牵 甲局", "牵 乙局", "配 丙局", "配 丁局+"]),
        ("由甲局负责，抓好落实。", ["责 甲局"]),
        ("建立台账。甲局负责。", ["责 甲局"]),
        ("建立台账。各有关部门按职责分工负责。", ["全 各有关部门"]),
        ("（各有关部门按职责分工负责）", ["全 各有关部门"]),
        ("（各地各有关部门按职责分工负责）", ["全 各地各有关部门"]),
        ("（区公安局等5部门按职责分工负责）", ["责 区公安局+"]),
        ("责任单位：区住建局 区城管局、区行政\n审批局", ["责 区住建局", "责 区城管局", "责 区行政\n审批局"]),
        ("（责任单位：甲局；完成时限：2024年12月底前）", ["责 甲局"]),
        ("牵头领导：张三，牵头单位：甲局，责任单位：乙局。", ["牵 甲局", "责 乙局"]),
        ("（责任單位：甲局、乙局）", ["责 甲局", "责 乙局"]),
    ],
)
def test_names_and_roles_are_found(text, names) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "各牵头部门会同责任单位迅速制定落实方案。",
        "进一步明确责任单位，采取有力措施。",
        "成立由甲局牵头的工作专班。",
        "推进业务由一事跑多窗转变，落实首接负责制。",
        "首接单位牵头落实，及时倾听呼声。",
        "（谁审批、谁负责）",
        "（责任单位：无）",
        "主要负责同志要认真负责。",
    ],
)
def test_a_running_sentence_names_no_owner(text) -> None:
    assert found(text) == []
