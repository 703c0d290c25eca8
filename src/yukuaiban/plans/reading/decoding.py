"""Bytes to text, and files to bytes: txt, html, docx and pdf. What cannot be read is refused with one sentence."""

from __future__ import annotations

import re
from pathlib import Path

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.plans.reading import office
from yukuaiban.plans.reading.markup import text_of_html

MOST_BYTES = 20 * 1024 * 1024
"""The largest file that is read."""

_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Control characters, private use and surrogates do not stand in a text; they show that bytes were not one.
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd\ufffe\uffff]")
_FEW = 1_000  # one stray sign in so many characters is forgiven
_GBK_NAMES = {"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk"}


def read_source(path: Path) -> str:
    """The text of a file as read; InputInvalid if it is too large, encrypted, scanned, empty or no text."""
    name = path.name
    try:
        refuse_large(path.stat().st_size, name)
        content = path.read_bytes()
    except OSError as error:
        raise refuse(f"读不了文件（{error.strerror}）", "请核对路径和权限", str(path)) from error
    return words_of(content, name)


def refuse_large(size: int, name: str) -> None:
    """InputInvalid for more bytes than are read."""
    if size > MOST_BYTES:
        megabytes = -(-size // (1024 * 1024))
        raise refuse(f"文件约 {megabytes} MB，超过 20 MB", "请只留方案正文，或分成几份", name)


def words_of(content: bytes, name: str) -> str:
    """The text of a file's bytes; InputInvalid if there is none in it."""
    text = text_of(content, name)
    if not text.strip(" \t\r\n\u3000\ufeff\u200b"):
        raise refuse("文件里没有文字", "请换成有正文的文件", name)
    return text


def text_of(content: bytes, name: str) -> str:
    """The text of a file's bytes, by what they are; the name only tells html without a head from plain text."""
    if content.startswith(_OLE):
        raise refuse("文件已加密，或是旧版 .doc", "请去掉密码并另存为 .docx", name)
    if content.startswith(b"%PDF-"):
        return office.text_of_pdf(content, name)
    if content.startswith(b"PK\x03\x04"):
        return office.text_of_docx(content, name)
    ending = Path(name).suffix.lower()
    if ending in {".docx", ".pdf"}:
        raise refuse(f"内容不是 {ending} 文件，可能已损坏", "请重新导出或另存后再读", name)
    if ending in {".html", ".htm"} or _HTML.match(content[:4096]):
        return text_of_html(decode(content, name, declared=_charset(content)))
    return decode(content, name)


def _charset(content: bytes) -> str | None:
    found = _CHARSET.search(content[:4096])
    return found.group(1).decode("ascii").lower() if found else None


def decode(content: bytes, name: str, *, declared: str | None = None) -> str:
    """Plain text: UTF-16 by its mark, UTF-8 with or without one, else GB 18030; InputInvalid if it is none of them."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif declared in _GBK_NAMES:
        encodings = ["gb18030", "utf-8-sig"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(_NOT_TEXT.findall(text)) * _FEW <= len(text):
            return text
    raise refuse("认不出文字编码", "请另存为 UTF-8 文本", name)


def refuse(why: str, remedy: str, name: str) -> InputInvalid:
    """The refusal of a file."""
    return InputInvalid(Problem(why, remedy, file=name))
