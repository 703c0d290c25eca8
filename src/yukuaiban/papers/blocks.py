"""A Word file read back as what the print needs: paragraphs, tables, pictures, in their order.

So the print says what the office's own template says, whatever it has changed there. The XML is read directly: asking
python-docx for each run and cell takes a hundred times as long in a paper of ninety pages.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml.ns import qn

from yukuaiban.papers.looks import Look, look_of, looks_of

if TYPE_CHECKING:
    from docx.parts.document import DocumentPart
    from lxml.etree import _Element

_PARAGRAPH, _TABLE, _RUN, _STYLE = qn("w:p"), qn("w:tbl"), qn("w:r"), f"{qn('w:pPr')}/{qn('w:pStyle')}"
_VALUE, _CELL_LINES = qn("w:val"), f"{qn('w:tc')}"
_CHARACTERS = {qn("w:tab"): "\t", qn("w:br"): "\n"}
_POINT = 12700  # lengths of drawings are in parts of a point


def blocks_of(content: bytes) -> dict[str, Any]:
    """The paper as plain values: its title and its blocks."""
    paper = docx.Document(io.BytesIO(content))
    reader = _Reader(paper.part, looks_of(paper.styles.element))
    body = paper.element.body
    return {"title": paper.core_properties.title or "", "blocks": list(reader.blocks(body))}


@dataclass(slots=True)
class _Reader:
    """Reads one document; each picture is taken out of it once."""

    part: DocumentPart
    looks: Mapping[str, Look]
    pictures: dict[str, list[int]] = field(default_factory=dict)

    def blocks(self, body: _Element) -> Iterator[dict[str, Any]]:
        for each in body:
            if each.tag == _PARAGRAPH:
                yield self.line(each)
            elif each.tag == _TABLE:
                yield self.table(each)

    def table(self, table: _Element) -> dict[str, Any]:
        """A table by its rows; a cell is a list of lines. Widths are shares of the whole."""
        grid = table.find(qn("w:tblGrid"))
        widths = [float(each.get(qn("w:w")) or 1) for each in grid] if grid is not None else []
        rows = [
            [[self.line(each) for each in cell.iter(_PARAGRAPH)] for cell in row.iterfind(_CELL_LINES)]
            for row in table.iterfind(qn("w:tr"))
        ]
        wide = max(map(len, rows), default=0)
        filled = [[*row, *([[]] * (wide - len(row)))] for row in rows]
        return {"kind": "table", "rows": filled, "widths": (widths + [1.0] * wide)[:wide]}

    def line(self, paragraph: _Element) -> dict[str, Any]:
        style = paragraph.find(_STYLE)
        look = look_of(paragraph, self.looks.get("" if style is None else style.get(_VALUE, ""), Look()))
        runs = [part for run in paragraph.iter(_RUN) for part in self.parts(run, look)]
        return {"kind": "line", "level": look.level, "align": look.align, "indent": look.indent} | {
            "rule": look.rule,
            "runs": runs,
        }

    def parts(self, run: _Element, look: Look) -> Iterator[dict[str, Any]]:
        text = "".join(_text_of(each) for each in run)
        if text:
            own = look_of(run, look)
            yield {"text": text, "size": own.size, "bold": own.bold, "sans": own.sans, "color": own.color}
        for drawing in run.iter(qn("wp:inline")):
            width = int(drawing.find(qn("wp:extent")).get("cx")) / _POINT
            for blip in drawing.iter(qn("a:blip")):
                yield {"image": self.picture(blip.get(qn("r:embed"))), "width": width}

    def picture(self, name: str) -> list[int]:
        if name not in self.pictures:
            self.pictures[name] = list(self.part.related_parts[name].blob)
        return self.pictures[name]


def _text_of(part: _Element) -> str:
    return str(part.text or "") if part.tag == qn("w:t") else _CHARACTERS.get(part.tag, "")
