"""What a file really is, by its content. Pure; an allow-list, and the name must agree with it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.evidence.dangers import danger, foreign

MOST_BYTES = 20 * 1024 * 1024
MOST_RATIO = 100
MOST_ENTRIES = 2_000
_NAME_LENGTH = 150
_ENDING_LENGTH = 10


@dataclass(frozen=True, slots=True)
class FileType:
    """One allowed type: its word, its MIME type, the endings that fit it."""

    title: str
    mime: str
    endings: tuple[str, ...]


PDF = FileType("PDF 文件", "application/pdf", (".pdf",))
PNG = FileType("PNG 图片", "image/png", (".png",))
JPEG = FileType("JPEG 图片", "image/jpeg", (".jpg", ".jpeg"))
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = FileType("Word 文档", f"{_OFFICE}wordprocessingml.document", (".docx",))
XLSX = FileType("Excel 工作簿", f"{_OFFICE}spreadsheetml.sheet", (".xlsx",))
OFD = FileType("OFD 版式文件", "application/ofd", (".ofd",))
TEXT = FileType("文本", "text/plain", (".txt", ".csv"))
ALLOWED = (PDF, PNG, JPEG, DOCX, XLSX, OFD, TEXT)

_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script")


def checked(name: str, content: bytes) -> tuple[str, FileType]:
    """(clean name, type) of an upload; InputInvalid says what is wrong and what would be taken."""
    shown = clean_name(name)
    check_size(name, len(content))
    found = type_of(content)
    if found is None:
        plainer = foreign(content)
        if plainer is not None:
            raise _refuse(f"“{shown}”{plainer.why}", plainer.remedy)
        kinds = "、".join(each.title for each in ALLOWED)
        raise _refuse(f"“{shown}”的类型不在可收范围内", f"可收：{kinds}")
    if not shown.lower().endswith(found.endings):
        raise _refuse(f"“{shown}”的内容是{found.title}，与文件名不符", f"请改名为以 {found.endings[0]} 结尾")
    if (problem := danger(content)) is not None:
        raise _refuse(f"“{shown}”{problem.why}", problem.remedy)
    return shown, found


def check_size(name: str, size: int) -> None:
    """InputInvalid for an empty file, or one of more than 20 MB; `size` in bytes."""
    shown = clean_name(name)
    if size <= 0:
        raise _refuse(f"“{shown}”是空文件", "请选择有内容的文件")
    if size > MOST_BYTES:
        megabytes = -(-size // (1024 * 1024))
        raise _refuse(f"“{shown}”约 {megabytes} MB，超过 20 MB", "单个文件不超过 20 MB，请压缩或分成几份")


def clean_name(name: str) -> str:
    """The last part of a path, without control and direction characters, not longer than a row holds."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    shown = "".join(char for char in last if char.isprintable()).strip() or "未命名"
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > _ENDING_LENGTH:
        return shown[:_NAME_LENGTH]
    return f"{stem[: _NAME_LENGTH - len(ending) - 1]}.{ending}"


def type_of(content: bytes) -> FileType | None:
    """The type that the bytes themselves show, or None."""
    for starts, find in _SIGNS:
        if content.startswith(starts):
            return find(content)
    return _text_type(content)


def _text_type(content: bytes) -> FileType | None:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"\x00" in content or head.startswith(_MARKUP):
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return TEXT
    return None


def _zip_type(content: bytes) -> FileType | None:
    """Which office format a zip is; bombs and plain archives are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        return None
    if is_bomb(entries, len(content)):
        return None
    names = {entry.filename for entry in entries}
    marks = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("OFD.xml", OFD))
    return next((kind for mark, kind in marks if mark in names), None)


def is_bomb(entries: Sequence[zipfile.ZipInfo], packed: int) -> bool:
    """Whether an archive of `packed` bytes has too many entries or unpacks to too much."""
    unpacked = sum(entry.file_size for entry in entries)
    return len(entries) > MOST_ENTRIES or unpacked > MOST_RATIO * max(packed, 1)


_SIGNS: tuple[tuple[bytes, Callable[[bytes], FileType | None]], ...] = (
    (b"%PDF-", lambda _content: PDF),
    (b"\x89PNG\r\n\x1a\n", lambda _content: PNG),
    (b"\xff\xd8\xff", lambda _content: JPEG),
    (b"PK\x03\x04", _zip_type),
)


def _refuse(why: str, remedy: str) -> InputInvalid:
    return InputInvalid(Problem(why, remedy, field="file"))
