"""The print of a Word file: what stands there stands in the PDF, and nothing in it is markup."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor

from yukuaiban.core.errors import Refused
from yukuaiban.papers import printing
from yukuaiban.papers.blocks import blocks_of
from yukuaiban.papers.values import Scan
from yukuaiban.papers.words import written

needs_fonts = pytest.mark.skipif(
    bool(printing.missing_fonts()), reason="no Chinese fonts here: install fonts-noto-cjk"
)
MARKUP = [
    "#let x = 1",
    "$x^2$",
    "*粗* _斜_",
    "= 标题",
    "- 项",
    "`raw`",
    '#read("/etc/hostname")',
    "\\ // 注 /* 注 */",
    "@ref <label>",
    "~--",
]


def paper(fill: Any) -> bytes:
    made = docx.Document()
    fill(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def text_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as pdf:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)


def test_a_paper_is_read_back_with_its_looks() -> None:
    def fill(made: Any) -> None:
        made.add_paragraph("大标题", style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
        made.add_paragraph("一、小标题", style="Heading 1")
        line = made.add_paragraph("正文")
        line.paragraph_format.first_line_indent = Pt(32)
        run = line.add_run("红")
        run.bold, run.font.size, run.font.color.rgb = True, Pt(22), RGBColor(0xE6, 0, 0x12)
        table = made.add_table(rows=1, cols=2)
        table.rows[0].cells[0].text, table.rows[0].cells[1].text = "甲", "乙"

    title, heading, line, table = blocks_of(paper(fill))["blocks"]
    assert (title["align"], title["runs"][0]["text"]) == ("center", "大标题")
    assert (heading["level"], line["level"], line["indent"]) == (1, 0, 32.0)
    assert [each["text"] for each in line["runs"]] == ["正文", "红"]
    assert (line["runs"][1]["bold"], line["runs"][1]["size"], line["runs"][1]["color"]) == (
        True,
        22.0,
        "#E60012",
    )
    assert [[each["runs"][0]["text"] for each in cell] for cell in table["rows"][0]] == [["甲"], ["乙"]]


@needs_fonts
def test_a_page_with_a_table_is_printed_and_the_same_paper_gives_the_same_bytes() -> None:
    def fill(made: Any) -> None:
        made.add_paragraph("推进情况" * 60)
        table = made.add_table(rows=12, cols=4)
        for row in table.rows:
            for cell in row.cells:
                cell.text = "第一季度"

    content = paper(fill)
    first = printing.printed(content)
    assert printing.printed(content) == first
    assert text_of(first).count("第一季度") == 48


@needs_fonts
@pytest.mark.parametrize("words", MARKUP)
def test_nothing_in_a_text_is_markup_for_the_print(words: str) -> None:
    def fill(made: Any) -> None:
        made.add_paragraph(words)
        made.add_table(rows=2, cols=1).rows[1].cells[0].text = words

    found = re.sub(r"\s", "", text_of(printing.printed(paper(fill))))
    assert found.count(re.sub(r"\s", "", words)) == 2


@needs_fonts
@pytest.mark.parametrize(
    "fill",
    [
        lambda made: None,
        lambda made: made.add_table(rows=0, cols=2),
        lambda made: made.add_table(rows=1, cols=3),
    ],
    ids=["nothing", "table without rows", "table of heads alone"],
)
def test_odd_papers_are_printed(fill: Any) -> None:
    assert printing.printed(paper(fill)).startswith(b"%PDF")


@needs_fonts
def test_pictures_are_printed(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("{{ scan }}")
    path = tmp_path / "letter.docx"
    made.save(str(path))
    content = written(path, {"scan": Scan("https://a.example/1")}).content
    with pypdfium2.PdfDocument(printing.printed(content)) as pdf:
        kinds = [each.type for each in pdf[0].get_objects()]
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE in kinds


def test_without_fonts_the_print_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_families", lambda: frozenset({"DejaVu Sans"}))
    with pytest.raises(Refused, match=r"缺少字体 Noto Serif CJK SC、Noto Sans CJK SC.*fonts-noto-cjk"):
        printing.printed(paper(lambda made: made.add_paragraph("甲")))
