"""A Word file from its template: the same values give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import segno
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2.sandbox import SecurityError
from lxml.etree import XMLSyntaxError

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.papers.sandbox import PlainEnvironment, UnknownField
from yukuaiban.papers.values import Scan, settled

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FOLDER = "papers"
_FIRST_TIME = (1980, 1, 1, 0, 0, 0)  # archives know no time before
_SCAN_SIDE = Mm(16)
_MOST_TOLD = 60


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of paper: the code of its template, its title, and values of every field, by which a template is tried."""

    code: str
    title: str
    specimen: Mapping[str, Any]

    def template(self, district: Path) -> Path:
        """Where a district keeps its template."""
        return district / FOLDER / f"{self.code}.docx"


@dataclass(frozen=True, slots=True)
class Written:
    """A finished paper, and what a person still has to write into it."""

    content: bytes
    blanks: Sequence[str]


def written(template: Path, values: Mapping[str, Any]) -> Written:
    """The template filled with these values.

    InputInvalid with one sentence: no such file, no Word file, a tag that is wrong, a field that the paper lacks.
    """
    given = settled(values)
    paper = _opened(template)
    try:
        paper.render(_drawn(given.values, paper), jinja_env=PlainEnvironment(), autoescape=True)
    except UnknownField as error:
        raise _wrong(template, f"字段“{error.name}”不存在", f"可用的字段：{_names(values)}") from error
    except SecurityError as error:
        raise _wrong(template, str(error), "只用字段、for 和 if；清单用 for 逐项印出") from error
    except jinja2.TemplateError as error:
        raise _wrong(
            template, _told(error), "请核对标记：{{ 字段 }}、{%p for … %} 与 {%p endfor %} 成对"
        ) from error
    except XMLSyntaxError as error:
        raise _wrong(template, "标记的位置使文档不完整", "{%p … %} 独占一段，{%tr … %} 独占一行") from error
    out = io.BytesIO()
    paper.save(out)
    return Written(still(out.getvalue()), tuple(given.blanks))


def complaints(kind: Kind, district: Path) -> Iterator[Problem]:
    """What is wrong with a district's template of that kind."""
    try:
        written(kind.template(district), kind.specimen)
    except InputInvalid as error:
        yield from error.problems


def _opened(template: Path) -> DocxTemplate:
    if not template.is_file():
        raise _wrong(template, "没有这个模板", "请从示例数据包复制一份再改")
    try:
        paper = DocxTemplate(io.BytesIO(template.read_bytes()))
        paper.init_docx()
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, XMLSyntaxError) as error:
        raise _wrong(template, "不是完好的 Word 文档", "请在 Word 里另存为 .docx") from error
    return paper


def _drawn(value: Any, paper: DocxTemplate) -> Any:
    """The values with every address drawn as a code."""
    if isinstance(value, dict):
        return {name: _drawn(each, paper) for name, each in value.items()}
    if isinstance(value, list):
        return [_drawn(each, paper) for each in value]
    if isinstance(value, Scan):
        return InlineImage(paper, io.BytesIO(scan_png(value.address)), width=_SCAN_SIDE)
    return value


def scan_png(address: str) -> bytes:
    """The QR code of an address as a small picture."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=3, border=2)
    return out.getvalue()


def still(content: bytes) -> bytes:
    """The same archive without the moment at which it was packed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as packed,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as still,
    ):
        for name in packed.namelist():
            entry = zipfile.ZipInfo(name, date_time=_FIRST_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            still.writestr(entry, packed.read(name))
    return out.getvalue()


def _wrong(template: Path, why: str, remedy: str) -> InputInvalid:
    return InputInvalid(Problem(why, remedy, file=f"{template.parent.name}/{template.name}"))


def _told(error: jinja2.TemplateError) -> str:
    """Where a tag is wrong, by the words around it: a Word file has no lines to count."""
    if isinstance(error, jinja2.TemplateNotFound):
        return "模板里不能引用别的文件"
    around = " ".join("".join(getattr(error, "docx_context", ())).split())
    return f"标记写错了（{error.message}）" + (f"，在“{around[:_MOST_TOLD]}”附近" if around else "")


def _names(values: Mapping[str, Any]) -> str:
    """The fields at the top, and those inside the lists."""
    found = []
    for name, value in values.items():
        inner = value[0] if isinstance(value, Sequence) and not isinstance(value, str) and value else value
        found.append(f"{name}（{'、'.join(inner)}）" if isinstance(inner, Mapping) else name)
    return "、".join(found)
