"""`plan read`: the document for programs, the tree for people, and the exit codes."""

from __future__ import annotations

import json

from tests.plans.papers import docx_of

PLAN = """某区优化营商环境工作方案
具体举措:做好服务,力争办结率达70%,成本降低1.5%以上。
责任单位:甲局、乙局等有关部门
推进计划:一季度,启动;二季度,推进。
(一)加强领导。压实责任。"""


def test_the_document_has_the_keys_of_the_contract(ykb, tmp_path) -> None:
    file = tmp_path / "plan.txt"
    file.write_text(PLAN, encoding="utf-8")
    code, out, err = ykb("plan", "read", file, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert list(found) == ["title", "undertakings", "safeguards", "unread"]
    (item,) = found["undertakings"]
    assert list(item) == ["no", "title", "text", "span", "agencies", "milestones", "targets"]
    assert item["text"] == PLAN[slice(*item["span"])]
    assert item["agencies"] == [
        {"name": "甲局", "role": "responsible", "span": _span("甲局")},
        {"name": "乙局", "role": "responsible", "span": _span("乙局"), "open_ended": True},
    ]
    assert item["milestones"][0] == {"period": "Q1", "text": "一季度,启动", "span": _span("一季度,启动")}
    assert item["targets"] == [
        {
            "text": "力争办结率达70%",
            "value": 70,
            "unit": "%",
            "comparison": ">=",
            "span": _span("力争办结率达70%"),
            "soft": True,
        },
        {
            "text": "成本降低1.5%以上",
            "value": 1.5,
            "unit": "%",
            "comparison": ">=",
            "span": _span("成本降低1.5%以上"),
        },
    ]
    assert found["safeguards"] == [
        {
            "no": "(一)",
            "title": "加强领导",
            "text": "(一)加强领导。压实责任。",
            "span": _span("(一)加强领导。压实责任。"),
        }
    ]
    assert found["unread"] == [[0, len("某区优化营商环境工作方案")]]


def _span(words: str) -> list[int]:
    return [PLAN.index(words), PLAN.index(words) + len(words)]


def test_notes_stand_beside_the_contract_only_if_there_are_any(ykb, tmp_path) -> None:
    file = tmp_path / "plan.txt"
    file.write_text(PLAN.replace("具体", "具(jù)体"), encoding="utf-8")
    assert json.loads(ykb("plan", "read", file, "--json")[1])["notes"] == [
        {"kind": "pinyin", "span": [14, 18]}
    ]


def test_people_see_a_tree(ykb, tmp_path) -> None:
    file = tmp_path / "plan.docx"
    file.write_bytes(docx_of(PLAN.split("\n")))
    code, out, err = ykb("plan", "read", file)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "某区优化营商环境工作方案",
        "1 做好服务",
        "  责任：甲局、乙局等",
        "  Q1  一季度,启动",
        "  Q2  二季度,推进",
        "  目标 力争不少于 70 %  力争办结率达70%",
        "  目标 不少于 1.5 %  成本降低1.5%以上",
        "保障 (一) 加强领导",
        "任务 1 项，保障措施 1 项",
        "没有归入任务的文字 1 段，共 12 字",
    ]


def test_the_text_that_spans_count_in_can_be_kept(ykb, tmp_path) -> None:
    file, kept = tmp_path / "plan.docx", tmp_path / "plan.txt"
    file.write_bytes(docx_of(PLAN.split("\n")))
    assert ykb("plan", "read", file, "--json", "--text", kept)[0] == 0
    assert kept.read_bytes().decode() == PLAN


def test_a_text_without_any_item_is_all_unread_and_exit_1(ykb, tmp_path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("今天天气很好。", encoding="utf-8")
    code, out, err = ykb("plan", "read", file, "--json")
    assert code == 1
    assert json.loads(out) == {"title": "", "undertakings": [], "safeguards": [], "unread": [[0, 7]]}
    assert "没有认出任何任务" in err


def test_what_cannot_be_read_is_one_sentence_and_exit_2(ykb, tmp_path) -> None:
    file = tmp_path / "plan.txt"
    file.write_bytes(b"\x80\x81\xff")
    code, out, err = ykb("plan", "read", file, "--json")
    assert (code, out) == (2, "")
    assert err == "错误：plan.txt：认不出文字编码；请另存为 UTF-8 文本\n"
