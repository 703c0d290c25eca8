"""The district's own plan: the figures that it must give, in whatever form it comes."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document

from tests.plans.papers import html_of, pdf_of
from tests.shared_data import shared
from yukuaiban.plans.reading import faults, read_plan
from yukuaiban.plans.reading.decoding import text_of
from yukuaiban.plans.reading.model import Reading

MILESTONES = [4, 4, 4, 3, 4, 4, 3, 4, 4, 2, 4]
OWNERS = {"5": 8, "7": 6}
FULL = str.maketrans(
    {
        ",": "，",
        ":": "：",
        ";": "；",
        "(": "（",
        ")": "）",
        "%": "％",
        **{str(n): chr(0xFF10 + n) for n in range(10)},
    }
)
TRADITIONAL = str.maketrans(
    "举进计划责单门牵头负办个内达过压减确约万会领导", "舉進計劃責單門牽頭負辦個內達過壓減確約萬會領導"
)


@pytest.fixture(scope="module")
def plan() -> str:
    return shared("../seed/work-plan.txt").read_bytes().decode()


@pytest.fixture(scope="module")
def found(plan) -> Reading:
    return read_plan(plan)


def _figures(found: Reading) -> tuple[object, ...]:
    """What must not change with the form: counts, owners, targets."""
    return (
        [len(item.milestones) for item in found.undertakings],
        {item.no: len(item.agencies) for item in found.undertakings if item.agencies},
        len(found.safeguards),
        [
            (item.no, goal.value, goal.unit, goal.comparison, goal.soft)
            for item in found.undertakings
            for goal in item.targets
        ],
    )


def test_it_gives_undertakings_safeguards_milestones_and_owners(plan, found) -> None:
    milestones, owners, safeguards, _ = _figures(found)
    assert faults(plan, found) == []
    assert (milestones, sum(milestones)) == (MILESTONES, 40)
    assert owners == OWNERS
    assert safeguards == 3
    assert [item.no for item in found.safeguards] == ["(一)", "(二)", "(三)"]


def test_joined_quarters_are_one_milestone(found) -> None:
    joined = {
        item.no: [step.period for step in item.milestones if "," in step.period]
        for item in found.undertakings
    }
    assert {no: periods for no, periods in joined.items() if periods} == {
        "4": ["Q2,Q3"],
        "7": ["Q3,Q4"],
        "10": ["Q2,Q3,Q4"],
    }


def test_owners_are_split_outside_brackets_and_are_responsible(found) -> None:
    agencies = [each for item in found.undertakings for each in item.agencies]
    assert {each.role for each in agencies} == {"responsible"}
    assert [each.name for each in agencies if "(" in each.name] == ["各镇(园区)", "各相关镇(园区)"]


def test_its_own_targets_are_read_with_value_unit_and_comparison(found) -> None:
    assert _figures(found)[3] == [
        ("4", 2, "h", "<=", False),
        ("4", 1, "wd", "<=", False),
        ("4", 10, "wd", "<=", False),
        ("5", 20, "%", ">=", False),
        ("5", 100, "%", "=", False),
        ("6", 50, "%", ">=", False),
        ("7", 70, "%", ">=", False),
        ("7", 70, "%", ">=", True),
        ("7", 0, "件", "=", False),
        ("10", 1, "次/季度", "=", False),
        ("11", 1, "次/季度", "=", False),
        ("11", 1, "期/两月", "=", False),
        ("11", 3, "个", "=", False),
        ("11", 2, "个", "=", False),
        ("11", 5, "个", "=", False),
        ("11", 3, "个", "=", False),
    ]


def test_only_the_preamble_belongs_to_nothing(plan, found) -> None:
    assert found.unread == ((0, plan.index("\n具体举措")),)
    assert found.notes == ()


FORMS = {
    "full width": lambda raw: raw.translate(FULL),
    "one line": lambda raw: raw.replace("\n", ""),
    "one line in full width": lambda raw: raw.replace("\n", "").translate(FULL),
    "broken every 37 characters": lambda raw: re.sub("(.{37})", r"\1\n", raw.replace("\n", "")),
    "carriage returns": lambda raw: raw.replace("\n", "\r\n"),
    "blanks between all": " ".join,
    "indented paragraphs": lambda raw: "\n\n".join("\u3000\u3000" + line for line in raw.split("\n")),
    "page numbers": lambda raw: raw.replace("。\n", "。\n— 12 —\n"),
    "markers in brackets": lambda raw: re.sub("(具体举措|推进计划|责任单位):", r"【\1】", raw),
    "traditional": lambda raw: raw.translate(TRADITIONAL),
    "pinyin": lambda raw: raw.replace("举措", "举(jǔ)措").replace("一季度", "一季(ji)度"),
    "twice": lambda raw: raw + "\n" + raw,
}


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_writing_changes_no_figure(plan, found, form) -> None:
    raw = FORMS[form](plan)
    again = read_plan(raw)
    assert faults(raw, again) == []
    assert _figures(again) == _figures(found)


def _docx(raw: str) -> bytes:
    document, out = Document(), io.BytesIO()
    for line in raw.split("\n"):
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (lambda raw: raw.encode("gb18030"), "plan.txt"),
        (lambda raw: raw.encode("utf-16"), "plan.txt"),
        (_docx, "plan.docx"),
        (lambda raw: html_of(raw.split("\n")), "plan.html"),
        (lambda raw: pdf_of(re.sub("(.{38})", r"\1\n", raw).split("\n")), "plan.pdf"),
    ],
    ids=["gb18030", "utf-16", "docx", "html", "pdf"],
)
def test_the_format_of_the_file_changes_no_figure(plan, found, content, name) -> None:
    again = read_plan(text_of(content(plan), name))
    assert _figures(again) == _figures(found)
