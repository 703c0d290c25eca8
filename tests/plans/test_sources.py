"""Files to text: encodings, docx, pdf, html, and what is refused with one sentence."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml

from tests.plans.papers import docx_of, html_of, pdf_of
from yukuaiban.core.errors import InputInvalid
from yukuaiban.plans.reading import decoding, has_tracked_changes, read_source
from yukuaiban.plans.reading.decoding import text_of

PLAN = "一、整治行动\n1.全面排查，６月底前完成。（责任单位：区住建局）"
LINES = PLAN.split("\n")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_is_read_in_the_encodings_of_offices(encoding) -> None:
    assert text_of(PLAN.encode(encoding), "plan.txt") == PLAN


def test_line_ends_stay_as_they_are_because_spans_count_them() -> None:
    assert text_of(PLAN.replace("\n", "\r\n").encode(), "plan.txt") == PLAN.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (docx_of(LINES), "plan.docx"),
        (docx_of(LINES), "plan.bin"),
        (pdf_of(LINES), "plan.pdf"),
        (html_of(LINES), "plan.html"),
        (html_of(LINES), "plan.txt"),
        (html_of(LINES, charset="gb2312"), "plan.htm"),
    ],
    ids=["docx", "docx by content", "pdf", "html", "html by content", "html in gb2312"],
)
def test_the_shown_text_of_a_document_is_read(content, name) -> None:
    assert text_of(content, name) == PLAN


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (docx_of(["清单"], table=[["任务", "牵头单位"], ["做好\n服务", "区住建局"]]), "plan.docx"),
        (
            "<p>清单</p><table><tr><th>任务</th><th>牵头单位</th></tr>"
            "<tr><td><p>做好</p><p>服务</p></td><td>区住建局</td></tr></table>".encode(),
            "plan.html",
        ),
    ],
    ids=["docx", "html"],
)
def test_a_table_row_is_one_line_with_tabs(content, name) -> None:
    assert text_of(content, name) == "清单\n任务\t牵头单位\n做好 服务\t区住建局"


def test_of_tracked_changes_the_new_text_is_read() -> None:
    document = Document()
    paragraph = document.add_paragraph("一、")._p
    paragraph.append(parse_xml(f'<w:del xmlns:w="{W}"><w:r><w:delText>旧的</w:delText></w:r></w:del>'))
    paragraph.append(parse_xml(f'<w:ins xmlns:w="{W}"><w:r><w:t>新的</w:t></w:r></w:ins>'))
    out = io.BytesIO()
    document.save(out)
    assert text_of(out.getvalue(), "plan.docx") == "一、新的"


NUMBERING = f"""<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="90">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl>
</w:abstractNum><w:num w:numId="91"><w:abstractNumId w:val="90"/></w:num></w:numbering>"""


def _listed(*rows: tuple[int, str]) -> bytes:
    """A document whose paragraphs are numbered by Word: (level, text)."""
    document = Document()
    numbering = document.part.numbering_part.element
    numbering.clear()
    numbering.extend(parse_xml(NUMBERING))
    for level, text in rows:
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = 91
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_numbers_that_word_adds_by_itself_are_read_as_they_are_shown() -> None:
    rows = [
        (0, "总体要求"),
        (0, "重点任务"),
        (1, "优化窗口"),
        (2, "限时办结"),
        (2, "集成办理"),
        (3, "一窗"),
        (1, "加强监管"),
        (2, "联合检查"),
    ]
    assert text_of(_listed(*rows), "plan.docx").split("\n") == [
        "一、总体要求",
        "二、重点任务",
        "（一）优化窗口",
        "1.限时办结",
        "2.集成办理",
        "一窗",
        "（二）加强监管",
        "1.联合检查",
    ]


def test_the_twentieth_chapter_has_its_number() -> None:
    lines = text_of(_listed(*[(0, "做事")] * 21), "plan.docx").split("\n")
    assert [lines[at] for at in (9, 10, 19, 20)] == ["十、做事", "十一、做事", "二十、做事", "二十一、做事"]


def test_a_list_style_numbers_its_paragraphs() -> None:
    document = Document()
    for text in ("做甲事", "做乙事"):
        document.add_paragraph(text, style="List Number")
    out = io.BytesIO()
    document.save(out)
    assert text_of(out.getvalue(), "plan.docx") == "1.做甲事\n2.做乙事"


def _zip(**entries: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"\x80\x81\xff\xff", "plan.txt", "认不出文字编码"),
        (b"\xff\xfe\x00", "plan.txt", "认不出文字编码"),
        (bytes(range(256)) * 20, "plan.txt", "认不出文字编码"),
        ("一、整治".encode("utf-16-le"), "plan.txt", "认不出文字编码"),
        (pdf_of([]), "plan.pdf", "扫描件"),
        (pdf_of(LINES, encrypted=True), "plan.pdf", "已加密"),
        (b"%PDF-1.7 nothing", "plan.pdf", "损坏"),
        (PLAN.encode(), "plan.pdf", "内容不是 .pdf 文件"),
        (PLAN.encode(), "plan.docx", "内容不是 .docx 文件"),
        (b"PK\x03\x04" + b"x" * 50, "plan.docx", "压缩结构已损坏"),
        (_zip(sheet="x"), "plan.docx", "不是 Word 文档"),
        (_zip(**{"word/document.xml": "<nothing"}), "plan.docx", "打不开"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "plan.docx", "已加密"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(content, name, said) -> None:
    with pytest.raises(InputInvalid, match=said) as refused:
        text_of(content, name)
    assert str(refused.value).startswith(name)
    assert len(refused.value.problems) == 1


@pytest.mark.parametrize("content", [b"", b" \r\n\t", "\u3000\n".encode(), b"\xef\xbb\xbf", docx_of([""])])
def test_a_file_without_words_is_refused(tmp_path, content) -> None:
    file = tmp_path / "plan.txt"
    file.write_bytes(content)
    with pytest.raises(InputInvalid, match="没有文字"):
        read_source(file)


def test_a_file_of_more_than_20_mb_is_refused_before_it_is_read(tmp_path) -> None:
    file = tmp_path / "plan.txt"
    with file.open("wb") as out:
        out.truncate(decoding.MOST_BYTES + 1)
    with pytest.raises(InputInvalid, match="超过 20 MB"):
        read_source(file)


def test_a_missing_file_is_refused(tmp_path) -> None:
    with pytest.raises(InputInvalid, match="读不了文件"):
        read_source(tmp_path / "none.txt")


def test_tracked_changes_of_a_docx_are_told() -> None:
    document = Document()
    paragraph = document.add_paragraph("具体举措:")._p
    plain, changed = io.BytesIO(), io.BytesIO()
    document.save(plain)
    paragraph.append(parse_xml(f'<w:ins xmlns:w="{W}"><w:r><w:t>公开清单。</w:t></w:r></w:ins>'))
    document.save(changed)
    assert has_tracked_changes(changed.getvalue())
    assert not has_tracked_changes(plain.getvalue())
    assert not has_tracked_changes("具体举措:<w:ins >".encode())
