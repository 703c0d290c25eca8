"""Reading an index tree: rows of a table become nodes, or every fault is named with its row. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from yukuaiban.core.errors import Problem
from yukuaiban.measures.demonstration.rules import Method

if TYPE_CHECKING:
    from yukuaiban.evidence.tables_in import Row

LEVELS = (1, 2, 3)
HEADINGS = ("编号", "级别", "上级编号", "内容", "权重", "方式", "否决项", "材料种类", "备注")
METHODS = {
    "书面": Method.PAPER,
    "实地": Method.ON_SITE,
    "测评": Method.SURVEY,
    "第三方": Method.THIRD_PARTY,
}
_YES = {"是": True, "否": False, "": False}
_WEIGHT = re.compile(r"\d{1,5}(\.\d{1,2})?")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")
_LISTED = re.compile(r"[、，,；;\s]+")
_TEXT = 500


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the tree as it was read; `row` is the line that people see in their own program."""

    row: int
    code: str
    level: int
    parent: str
    text: str
    weight: Fraction | None
    method: str
    veto: bool
    kinds: tuple[str, ...]
    note: str

    def body(self) -> dict[str, object]:
        """As the event keeps it; a weight as text, because it is exact."""
        return {
            "code": self.code,
            "level": self.level,
            "parent": self.parent,
            "text": self.text,
            "weight": None if self.weight is None else decimal_text(self.weight),
            "method": self.method,
            "veto": self.veto,
            "kinds": list(self.kinds),
            "note": self.note,
        }


def decimal_text(weight: Fraction) -> str:
    """A weight as people write it: two digits at most, no zeros behind."""
    whole, rest = divmod(weight * 100, 100)
    return f"{int(whole)}.{int(rest):02}".rstrip("0").rstrip(".")


def read_tree(rows: Iterable[Row], kinds: Mapping[str, str]) -> tuple[list[Node], list[Problem]]:
    """The nodes of a table, and everything that is wrong; `kinds` are titles of evidence kinds by code.

    With a problem there is no edition: a tree is taken as a whole or not at all.
    """
    nodes: list[Node] = []
    problems: list[Problem] = []
    codes = {title: code for code, title in kinds.items()} | {code: code for code in kinds}
    for row in rows:
        node, wrong = _node(row.number, row.cells, codes)
        problems += wrong
        if node is not None:
            nodes.append(node)
    if not nodes and not problems:
        problems.append(Problem("表里没有指标", "第一行写列名，以下每行一项指标"))
    return nodes, problems + _shape(nodes)


def leaves_of(nodes: Sequence[Node]) -> list[Node]:
    """The nodes without children, in the order of the table."""
    parents = {node.parent for node in nodes}
    return [node for node in nodes if node.code not in parents]


def _node(
    number: int, cells: Mapping[str, str], codes: Mapping[str, str]
) -> tuple[Node | None, list[Problem]]:
    """One row. Columns may be missing but for code, level and text."""
    get = {name: cells.get(name, "").strip() for name in HEADINGS}
    wrong = list(_faults(number, get, codes))
    if wrong:
        return None, wrong
    return (
        Node(
            row=number,
            code=get["编号"],
            level=int(get["级别"]),
            parent=get["上级编号"] or _parent(get["编号"], int(get["级别"])),
            text=get["内容"],
            weight=Fraction(get["权重"]) if get["权重"] else None,
            method=METHODS[get["方式"] or "书面"].value,
            veto=_YES[get["否决项"]],
            kinds=tuple(codes[each] for each in _LISTED.split(get["材料种类"]) if each),
            note=get["备注"],
        ),
        [],
    )


def _faults(number: int, get: Mapping[str, str], codes: Mapping[str, str]) -> Iterable[Problem]:
    checks = (
        (_CODE.fullmatch(get["编号"]), "编号", "没有编号或编号不对", "写如 1、1.2、1.2.3"),
        (get["级别"] in {str(level) for level in LEVELS}, "级别", "级别不是 1、2、3", "写 1、2 或 3"),
        (0 < len(get["内容"]) <= _TEXT, "内容", "没有内容或太长", f"写 1 至 {_TEXT} 字"),
        (
            not get["权重"] or _WEIGHT.fullmatch(get["权重"]),
            "权重",
            "权重不是数",
            "写如 5 或 2.5，没有就留空",
        ),
        (not get["方式"] or get["方式"] in METHODS, "方式", "不认识的方式", f"可写：{'、'.join(METHODS)}"),
        (get["否决项"] in _YES, "否决项", "否决项写得不对", "写“是”或“否”"),
    )
    for right, column, why, remedy in checks:
        if not right:
            yield Problem(f"{why}：{get[column]}" if get[column] else why, remedy, field=column, line=number)
    unknown = [each for each in _LISTED.split(get["材料种类"]) if each and each not in codes]
    if unknown:
        remedy = "写数据包中的材料种类，没有就留空"
        yield Problem(f"没有材料种类“{'、'.join(unknown)}”", remedy, field="材料种类", line=number)


def _parent(code: str, level: int) -> str:
    """The code above a dotted code; empty on the first level."""
    return code.rpartition(".")[0] if level > 1 else ""


def _shape(nodes: Sequence[Node]) -> list[Problem]:
    """Codes given twice, gaps in the levels, weights that do not add up."""
    first: dict[str, Node] = {}
    found: list[Problem] = []
    for node in nodes:
        earlier = first.setdefault(node.code, node)
        if earlier is not node:
            why = f"编号 {node.code} 与第 {earlier.row} 行重复"
            found.append(Problem(why, "每个编号只写一行", field="编号", line=node.row))
    found += [problem for node in nodes if (problem := _gap(node, first)) is not None]
    return found + list(_sums(nodes))


def _gap(node: Node, known: Mapping[str, Node]) -> Problem | None:
    above = known.get(node.parent)
    if node.level == 1:
        wrong = bool(node.parent)
        why, remedy = "一级指标不应有上级编号", "请删去上级编号，或改级别"
    elif above is None:
        wrong, why, remedy = True, f"上级编号“{node.parent}”不存在", "请补上一级，或改上级编号"
    else:
        wrong = above.level != node.level - 1
        why = f"级别断开：上级 {above.code} 是 {above.level} 级，本项是 {node.level} 级"
        remedy = "请补上中间一级，或改级别"
    return Problem(why, remedy, field="上级编号", line=node.row) if wrong else None


def _sums(nodes: Sequence[Node]) -> Iterable[Problem]:
    """Children that all have a weight add up to a parent that has one."""
    for node in nodes:
        below = [each.weight for each in nodes if each.parent == node.code]
        weights = [weight for weight in below if weight is not None]
        if node.weight is None or not below or len(weights) < len(below):
            continue
        total = sum(weights, Fraction(0))
        if total != node.weight:
            why = f"子项合计{decimal_text(total)}，应为{decimal_text(node.weight)}"
            yield Problem(why, "请核对权重；没有公布的留空", field="权重", line=node.row)
