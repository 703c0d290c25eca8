"""How a paragraph or run of a Word file looks: its own settings, else those of its styles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from lxml.etree import _Element

_VALUE = qn("w:val")
_SIDES = {
    "center": "center",
    "right": "right",
    "end": "right",
    "left": "left",
    "both": "left",
    "start": "left",
}
_SANS = ("黑体", "SimHei", "微软雅黑", "Noto Sans")
_TWENTIETH, _OFF, _HEXADECIMAL = 20, ("0", "false", "off"), 6


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes and indents in points; `level` is that of a heading, 0 for none; `color` is empty for the usual one."""

    size: float = 16.0
    bold: bool = False
    sans: bool = False
    color: str = ""
    align: str = "left"
    indent: float = 0.0
    level: int = 0
    rule: bool = False


def looks_of(styles: _Element) -> Mapping[str, Look]:
    """The look of each style by its identifier; `` is that of a paragraph without one."""
    rows = {each.get(qn("w:styleId")): each for each in styles.iterfind(qn("w:style"))}
    found: dict[str, Look] = {}
    for name, row in rows.items():
        found[name] = _inherited(name, rows)
        if row.get(qn("w:default")) == "1" and row.get(qn("w:type")) == "paragraph":
            found[""] = found[name]
    return found


def _inherited(name: str, rows: Mapping[str, _Element]) -> Look:
    chain: list[str] = []
    while name in rows and name not in chain:
        chain.append(name)
        based = rows[name].find(qn("w:basedOn"))
        name = "" if based is None else based.get(_VALUE, "")
    look = Look()
    for each in reversed(chain):
        look = look_of(rows[each], look)
    return look


def look_of(element: _Element, look: Look) -> Look:
    """The look of a style, paragraph or run that otherwise looks like `look`."""
    changes: dict[str, Any] = {}
    for each in element.find(qn("w:rPr")) if element.find(qn("w:rPr")) is not None else ():
        changes |= _of_characters(each)
    for each in element.find(qn("w:pPr")) if element.find(qn("w:pPr")) is not None else ():
        changes |= _of_paragraph(each)
    return replace(look, **changes) if changes else look


def _of_characters(setting: _Element) -> dict[str, Any]:
    value = setting.get(_VALUE, "")
    if setting.tag == qn("w:sz") and value.isdigit():
        return {"size": int(value) / 2}
    if setting.tag == qn("w:b"):
        return {"bold": value not in _OFF}
    if setting.tag == qn("w:color"):
        return {"color": f"#{value}" if len(value) == _HEXADECIMAL and int(value, 16) else ""}
    if setting.tag == qn("w:rFonts") and setting.get(qn("w:eastAsia")):
        return {"sans": setting.get(qn("w:eastAsia")).startswith(_SANS)}
    return {}


def _of_paragraph(setting: _Element) -> dict[str, Any]:
    value = setting.get(_VALUE, "")
    if setting.tag == qn("w:jc"):
        return {"align": _SIDES.get(value, "left")}
    if setting.tag == qn("w:outlineLvl") and value.isdigit():
        return {"level": min(int(value) + 1, 6) if int(value) < 9 else 0}  # 9 is Word's word for text
    if setting.tag == qn("w:ind") and setting.get(qn("w:firstLine")):
        return {"indent": int(setting.get(qn("w:firstLine"))) / _TWENTIETH}
    if setting.tag == qn("w:pBdr"):
        return {"rule": setting.find(qn("w:bottom")) is not None}
    return {}
