"""Word files from templates: what a template may do, what is said of a broken one, and that the same gives the same."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
import pytest

from yukuaiban.core.errors import InputInvalid
from yukuaiban.papers.values import MARK, Blank, Scan, settled
from yukuaiban.papers.words import Kind, complaints, written
from yukuaiban.plans.specimens import QUARTERLY, YEARLY

DISTRICTS = Path(__file__).resolve().parents[2] / "districts"
Make = Callable[[Sequence[str]], Path]


@pytest.fixture
def template(tmp_path: Path) -> Make:
    """A template of these paragraphs."""

    def make(lines: Sequence[str]) -> Path:
        paper = docx.Document()
        for line in lines:
            paper.add_paragraph(line)
        path = tmp_path / "papers" / "letter.docx"
        path.parent.mkdir(exist_ok=True)
        paper.save(str(path))
        return path

    return make


def lines_of(content: bytes) -> list[str]:
    return [each.text for each in docx.Document(io.BytesIO(content)).paragraphs]


def refusal(path: Path, values: dict[str, Any]) -> str:
    with pytest.raises(InputInvalid) as told:
        written(path, values)
    return told.value.message


def test_fields_lists_and_questions_are_filled_in(template: Make) -> None:
    path = template(
        [
            "{{ title }}",
            "{%p for each in steps %}",
            "{{ loop.index }}. {{ each.text }}",
            "{%p endfor %}",
            "{% if late %}晚{% endif %}",
        ]
    )
    values = {"title": "报告", "steps": [{"text": "甲"}, {"text": "乙"}], "late": True}
    assert lines_of(written(path, values).content) == ["报告", "1. 甲", "2. 乙", "晚"]


def test_a_blank_is_marked_and_told_once_by_its_name(template: Make) -> None:
    done = written(template(["{{ a }}，{{ a }}，{{ b }}"]), {"a": Blank("文号"), "b": Blank("文号")})
    assert lines_of(done.content) == [f"{MARK}，{MARK}，{MARK}"]
    assert done.blanks == ("文号",)


def test_a_blank_that_the_template_does_not_print_is_not_told(template: Make) -> None:
    done = written(
        template(["{{ a }}", "{% if c %}有{% endif %}"]),
        {"a": Blank("文号"), "b": Blank("结论"), "c": Blank("其他")},
    )
    assert (lines_of(done.content), done.blanks) == ([MARK, "有"], ("文号",))


def test_a_blank_in_a_list_is_told_too(template: Make) -> None:
    done = written(template(["{{ a|join('；') }}"]), {"a": ["甲", Blank("下一步")]})
    assert (lines_of(done.content), done.blanks) == ([f"甲；{MARK}"], ("下一步",))


@pytest.mark.parametrize(
    "evil",
    [
        "{{ secret }}",
        "{% for x in y %}",
        "</w:t></w:r></w:p><w:p><w:r><w:t>",
        "a & b < c > \" '",
        "${x} <%= 1 %> \\u0000",
        "第一行\n第二行",
        "=HYPERLINK(1)",
        "𠮷\U0001f600",
    ],
)
def test_a_value_is_only_ever_text(template: Make, evil: str) -> None:
    assert lines_of(written(template(["{{ a }}"]), {"a": evil}).content) == [evil]


def test_control_characters_are_left_out(template: Make) -> None:
    assert lines_of(written(template(["{{ a }}"]), {"a": "甲\x00\x07\x0c\x1b\ud800\ufffe乙"}).content) == [
        "甲乙"
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{{ title.__class__ }}", "字段“__class__”不存在"),
        ("{{ steps.append }}", "字段“append”不存在"),
        ("{{ ''.__class__.__mro__ }}", "字段“__class__”不存在"),
        ("{{ steps.__class__.__init__.__globals__ }}", "字段“__class__”不存在"),
        ("{{ title.upper() }}", "模板里不能调用函数"),
        ("{{ title() }}", "模板里不能调用函数"),
        ("{{ title * 100000 }}", "模板里不能做运算"),
        ("{{ cycler }}", "字段“cycler”不存在"),
        ("{{ range(9) }}", "模板里不能调用函数"),
        ("{{ title|attr('x') }}", "attr"),
        ("{{ steps }}", "清单不能直接印出"),
        ("{% for x in steps %}{{ x }}{% endfor %}", "清单不能直接印出"),
        ("{% for x in steps %}{{ loop }}{% endfor %}", "清单不能直接印出"),
        ("{% macro m() %}{{ title }}{% endmacro %}{{ m() }}", "模板里不能调用函数"),
        ("{%tr for x in steps %}", "tr"),
        ("{% include 'secret' %}", "模板里不能引用别的文件"),
        ("{% for x in steps %}{{ loop.__class__ }}{% endfor %}", "字段“__class__”不存在"),
    ],
)
def test_a_template_reaches_nothing_but_its_values(template: Make, line: str, why: str) -> None:
    said = refusal(template([line]), {"title": "报告", "steps": [{"text": "甲"}]})
    assert why in said
    assert said.startswith("papers/letter.docx")


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["{{ titel }}"], "字段“titel”不存在；可用的字段：title、steps（text）"),
        (["{%p for each in steps %}", "{{ each.txet }}", "{%p endfor %}"], "字段“txet”不存在"),
        (["{%p for each in steps %}", "{{ each.text }}"], "标记写错了"),
        (["{{ title"], "标记写错了"),
        (["{% fro each in steps %}"], "fro"),
        (["{{ title|shout }}"], "shout"),
    ],
)
def test_a_broken_template_is_told_by_the_name_of_what_is_wrong(
    template: Make, lines: list[str], why: str
) -> None:
    assert why in refusal(template(lines), {"title": "报告", "steps": [{"text": "甲"}]})


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "没有这个模板"),
        (b"", "不是完好的 Word 文档"),
        (b"PK\x03\x04nothing", "不是完好的 Word 文档"),
        (b"%PDF-1.4", "不是完好的 Word 文档"),
    ],
)
def test_what_is_no_word_file_is_refused(tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "letter.docx"
    if content is not None:
        path.write_bytes(content)
    assert why in refusal(path, {})


def test_another_archive_is_no_word_file(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(
            "[Content_Types].xml",
            "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        )
    assert "不是完好的 Word 文档" in refusal(path, {})


def test_the_same_values_give_the_same_bytes(template: Make) -> None:
    path, values = template(["{{ a }}", "{{ scan }}"]), {"a": "甲", "scan": Scan("https://a.example/1")}
    first = written(path, values).content
    assert written(path, values).content == first
    assert written(path, values | {"a": "乙"}).content != first


def test_values_of_another_kind_are_a_fault_of_ours() -> None:
    with pytest.raises(TypeError, match="float"):
        settled({"a": 0.1})


@pytest.mark.parametrize("kind", [QUARTERLY, YEARLY], ids=lambda each: each.code)
@pytest.mark.parametrize("district", ["sample", "ganyu"])
def test_the_templates_of_the_districts_are_right(kind: Kind, district: str) -> None:
    assert list(complaints(kind, DISTRICTS / district)) == []


def test_a_template_with_a_wrong_field_is_complained_about_at_check(template: Make) -> None:
    path = template(["{{ title }}", "{{ 标题 }}"])
    (found,) = complaints(Kind("letter", "函", {"title": "示例"}), path.parent.parent)
    assert (found.file, found.why) == ("papers/letter.docx", "字段“标题”不存在")
