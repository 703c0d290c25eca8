"""`./ykb check` tries the templates of papers and looks for the fonts of the print."""

from __future__ import annotations

import shutil
from pathlib import Path

import docx
import pytest

from yukuaiban.papers import printing
from yukuaiban.site.commands import checking

SAMPLE = Path(__file__).resolve().parents[2] / "districts" / "sample"


@pytest.fixture
def district(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE / "papers", tmp_path / "papers")
    return tmp_path


def test_templates_that_are_right_are_told_by_name(district: Path) -> None:
    (found,) = checking._papers(district)
    assert (found.level, found.text) == (
        "ok",
        "重点工作方案季度报告、重点工作方案年度自评报告、示范创建自评报告都能生成",
    )


def test_a_field_that_an_office_mistyped_is_named_with_its_file(district: Path) -> None:
    path = str(district / "papers" / "plan_year.docx")
    paper = docx.Document(path)
    paper.add_paragraph("{{ concluson }}")
    paper.save(path)
    (found,) = checking._papers(district)
    assert found.level == "wrong"
    assert found.text.startswith(
        "papers/plan_year.docx：字段“concluson”不存在；可用的字段：issuer、document_no"
    )


def test_a_template_that_is_gone_is_wrong(district: Path) -> None:
    (district / "papers" / "plan_quarter.docx").unlink()
    (found,) = checking._papers(district)
    assert "papers/plan_quarter.docx：没有这个模板" in found.text


def test_missing_fonts_of_the_print_are_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_families", frozenset)
    assert ("warn", "字体") in {
        (each.level, each.point) for each in checking._fonts() if "不能生成 PDF" in each.text
    }
