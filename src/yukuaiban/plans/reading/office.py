"""The text of docx and pdf files: paragraphs and table rows in order. The libraries are loaded only when needed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.plans.reading.wordnumbers import Numbers, numbers_of

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OLD_COPY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # a text box stands twice
_HIDDEN = (f"{_WORD}moveFrom", f"{_WORD}del", _OLD_COPY)
_CHANGES = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo)[ >]")
_MOST_UNPACKED = 200 * 1024 * 1024
_LEAST_PER_PAGE = 5  # a scan may carry a stray sign or a page number


def text_of_docx(content: bytes, name: str) -> str:
    """Paragraphs as lines, table rows as lines with tabs; deleted text of tracked changes is gone, inserted is in."""
    _check_package(content, name)
    from docx import Document  # noqa: PLC0415 - loaded only for a docx

    try:
        document = Document(io.BytesIO(content))
        return "\n".join(_lines(document.element.body, numbers_of(document)))
    except Exception as error:  # whatever a broken package makes the library raise
        raise _refuse("打不开这个 docx 文件，可能已损坏", "请用 Word 或 WPS 另存后再读", name) from error


def has_tracked_changes(content: bytes) -> bool:
    """Whether a docx holds changes that nobody has accepted or declined; False for what is no docx."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _CHANGES.search(package.read("word/document.xml")) is not None
    except (zipfile.BadZipFile, KeyError):
        return False


def _check_package(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _refuse("压缩结构已损坏", "请重新导出或另存后再读", name) from error
    if "word/document.xml" not in {entry.filename for entry in entries}:
        raise _refuse("不是 Word 文档", "可读的有 txt、docx、pdf、html", name)
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refuse("文件已加密", "请去掉密码后再读", name)
    if sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise _refuse("展开后超过 200 MB", "请去掉图片等内容后再读", name)


def _lines(body: Any, numbers: Numbers) -> Iterator[str]:
    for element in body:
        if element.tag == f"{_WORD}p":
            yield _numbered(element, numbers)
        elif element.tag == f"{_WORD}tbl":
            yield from _rows(element, numbers)
        elif element.tag == f"{_WORD}sdt":
            content = element.find(f"{_WORD}sdtContent")
            if content is not None:
                yield from _lines(content, numbers)


def _numbered(paragraph: Any, numbers: Numbers) -> str:
    """A paragraph with the number that Word shows before it; one without words shows none."""
    words = _paragraph(paragraph)
    return numbers.before(paragraph) + words if words.strip() else words


def _paragraph(paragraph: Any) -> str:
    """The shown text of a paragraph; `w:delText` and the old place of moved text are not shown."""
    parts: list[str] = []
    for element in paragraph.iter():
        if element.tag == f"{_WORD}t" and not _hidden(element):
            parts.append(element.text or "")
        elif element.tag in (f"{_WORD}br", f"{_WORD}cr"):
            parts.append("\n")
        elif element.tag == f"{_WORD}tab" and element.getparent().tag == f"{_WORD}r":
            parts.append(" ")
    return "".join(parts)


def _hidden(element: Any) -> bool:
    return any(above.tag in _HIDDEN for above in element.iterancestors())


def _rows(table: Any, numbers: Numbers) -> Iterator[str]:
    for row in table.iterchildren(f"{_WORD}tr"):
        cells = [
            "".join(_numbered(p, numbers) for p in cell.iter(f"{_WORD}p"))
            for cell in row.iterchildren(f"{_WORD}tc")
        ]
        yield "\t".join(cell.replace("\n", " ") for cell in cells)


def text_of_pdf(content: bytes, name: str) -> str:
    """The text layer, page by page; a file without one is a scan and refused."""
    import pypdfium2  # noqa: PLC0415 - loaded only for a pdf

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise _refuse("文件已加密", "请去掉密码后再读", name) from error
        raise _refuse("打不开这个 pdf 文件，可能已损坏", "请重新导出后再读", name) from error
    try:
        pages = [_page_text(page) for page in document]
    finally:
        document.close()
    if sum(len(page.split()) and len("".join(page.split())) for page in pages) < _LEAST_PER_PAGE * len(pages):
        raise _refuse("pdf 里没有文字层，像是扫描件", "请先做文字识别，或换成 docx、txt", name)
    return "\n".join(pages)


def _page_text(page: Any) -> str:
    text_page = page.get_textpage()
    try:
        text: str = text_page.get_text_range()
    finally:
        text_page.close()
        page.close()
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "")


def _refuse(why: str, remedy: str, name: str) -> InputInvalid:
    return InputInvalid(Problem(why, remedy, file=name))
