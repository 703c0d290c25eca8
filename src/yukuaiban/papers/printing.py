"""A Word file as PDF, set by typst with the fonts of the machine."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import typst

from yukuaiban.core.errors import Refused
from yukuaiban.papers.blocks import blocks_of

MIME = "application/pdf"
_SHEET = Path(__file__).with_name("print.typ")
_FAMILIES = ("Noto Serif CJK SC", "Noto Sans CJK SC")


def printed(content: bytes) -> bytes:
    """The paper as PDF; the same paper gives the same bytes. Refused without Chinese fonts."""
    if lacking := missing_fonts():
        raise Refused(lacking)
    data = json.dumps(blocks_of(content), ensure_ascii=False)
    made = typst.compile(_SHEET, root=_SHEET.parent, format="pdf", sys_inputs={"paper": data}, timestamp=0)
    assert isinstance(made, bytes)  # noqa: S101 - one file was asked for
    return made


def missing_fonts() -> str:
    """What is missing for Chinese print and what to do, in one sentence; empty if all is there."""
    lacking = [each for each in _FAMILIES if each not in _families()]
    return (
        f"缺少字体 {'、'.join(lacking)}，不能生成 PDF；请安装 fonts-noto-cjk，或先下载 Word 版。"
        if lacking
        else ""
    )


@lru_cache(maxsize=1)
def _families() -> frozenset[str]:
    return frozenset(typst.Fonts(include_system_fonts=True).families())
