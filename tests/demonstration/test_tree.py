"""Reading an index tree: taken whole, or refused with every row that is wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest

from yukuaiban.evidence.tables_in import Row
from yukuaiban.measures.demonstration.tree import decimal_text, leaves_of, read_tree

KINDS = {"report": "报告或总结", "minutes": "会议纪要"}


def row(number: int, code: str, level: object, text: str = "内容", **more: str) -> Row:
    names = {"weight": "权重", "method": "方式", "veto": "否决项", "kinds": "材料种类", "parent": "上级编号"}
    cells = {"编号": code, "级别": str(level), "内容": text}
    return Row(number, cells | {names[name]: value for name, value in more.items()})


GOOD = [
    row(2, "1", 1, weight="100"),
    row(3, "1.1", 2, weight="60"),
    row(4, "1.1.1", 3, weight="40.5", method="实地", veto="是", kinds="报告或总结、minutes"),
    row(5, "1.1.2", 3, weight="19.5", method="测评"),
    row(6, "1.2", 2, weight="40"),
]


def test_a_tree_is_read_with_parents_weights_methods_and_kinds() -> None:
    nodes, problems = read_tree(GOOD, KINDS)
    assert problems == []
    assert [node.parent for node in nodes] == ["", "1", "1.1", "1.1", "1"]
    assert nodes[2].weight == Fraction("40.5")
    assert (nodes[2].method, nodes[2].veto, nodes[2].kinds) == ("on_site", True, ("report", "minutes"))
    assert nodes[0].method == "paper"
    assert [node.code for node in leaves_of(nodes)] == ["1.1.1", "1.1.2", "1.2"]


def test_weights_may_be_missing_everywhere_or_on_some_children() -> None:
    without = [row(2, "1", 1), row(3, "1.1", 2), row(4, "1.2", 2)]
    assert read_tree(without, KINDS)[1] == []
    some = [row(2, "1", 1, weight="100"), row(3, "1.1", 2, weight="40"), row(4, "1.2", 2)]
    assert read_tree(some, KINDS)[1] == []


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ([row(2, "1", 1), row(3, "1", 1)], 3, "编号 1 与第 2 行重复"),
        ([row(2, "1", 1), row(3, "1.1.1", 3, parent="1")], 3, "级别断开"),
        ([row(2, "1", 1), row(3, "2.1", 2)], 3, "上级编号“2”不存在"),
        ([row(2, "1", 1, parent="0")], 2, "一级指标不应有上级编号"),
        (
            [row(2, "1", 1, weight="100"), row(3, "1.1", 2, weight="40"), row(4, "1.2", 2, weight="35"),
             row(5, "1.3", 2, weight="30")],
            2, "子项合计105，应为100",
        ),
        ([row(2, "1", 1, weight="5"), row(3, "1.1", 2, weight="2.25")], 2, "子项合计2.25，应为5"),
        ([row(2, "1", 4)], 2, "级别不是 1、2、3"),
        ([row(2, "", 1)], 2, "没有编号"),
        ([row(2, "1", 1, "")], 2, "没有内容"),
        ([row(2, "1", 1, weight="很多")], 2, "权重不是数：很多"),
        ([row(2, "1", 1, weight="-1")], 2, "权重不是数"),
        ([row(2, "1", 1, method="电话")], 2, "不认识的方式：电话"),
        ([row(2, "1", 1, veto="也许")], 2, "否决项写得不对"),
        ([row(2, "1", 1, kinds="小作文")], 2, "没有材料种类“小作文”"),
        ([], None, "表里没有指标"),
    ],
)  # fmt: skip
def test_a_wrong_tree_is_refused_with_the_row_and_the_way_out(rows, line, words) -> None:
    _nodes, problems = read_tree(rows, KINDS)
    assert [problem.line for problem in problems] == [line]
    assert words in problems[0].why
    assert problems[0].remedy


def test_every_wrong_row_is_named_at_once() -> None:
    _nodes, problems = read_tree([row(2, "1", 9), row(3, "", 1), row(4, "2", 1, "")], KINDS)
    assert [problem.line for problem in problems] == [2, 3, 4]


@pytest.mark.parametrize(
    ("weight", "text"),
    [("40", "40"), ("2.5", "2.5"), ("2.25", "2.25"), ("0", "0"), ("100", "100"), ("0.05", "0.05")],
)
def test_a_weight_is_written_as_people_write_it(weight: str, text: str) -> None:
    assert decimal_text(Fraction(weight)) == text
