"""Pictures of stored files: pages of a PDF and images, as PNG of a bounded size. The original is never shown inline."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pypdfium2
import typst

from yukuaiban.core.errors import Refused
from yukuaiban.evidence.filetypes import JPEG, PDF, PNG
from yukuaiban.evidence.store import content_of, path_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from yukuaiban.evidence.models import EvidenceFile

WIDTH = 900
MOST_HEIGHT = 4 * WIDTH
MOST_PAGES = 200
MOST_PIXELS = 60_000_000
_POINTS_PER_INCH = 72
_IMAGES = {PNG.mime: "png", JPEG.mime: "jpg"}


class NoPreview(Refused):
    """The file cannot be shown as a picture; it can still be downloaded."""


def page_count(file: EvidenceFile) -> int:
    """How many pictures a file gives; 0 where there is no preview of its type, or it cannot be opened."""
    if file.mime in _IMAGES:
        return 1
    if file.mime != PDF.mime:
        return 0
    try:
        with pypdfium2.PdfDocument(content_of(file)) as pdf:
            return min(len(pdf), MOST_PAGES)
    except pypdfium2.PdfiumError:
        return 0


def page_picture(file: EvidenceFile, page: int) -> bytes:
    """The page (the first is 1) as PNG, at most WIDTH by MOST_HEIGHT pixels. NoPreview if there is no such picture."""
    if file.mime in _IMAGES and page == 1:
        return _image(file)
    if file.mime == PDF.mime and 1 <= page <= MOST_PAGES:
        return _pdf_page(content_of(file), page)
    raise NoPreview("这种文件不能预览；请下载后查看。")


def _pdf_page(content: bytes, page: int) -> bytes:
    try:
        with pypdfium2.PdfDocument(content) as pdf:
            if page > len(pdf):
                raise NoPreview(f"这个文件只有 {len(pdf)} 页。")
            sheet = pdf[page - 1]
            width, height = sheet.get_size()
            scale = min(WIDTH / max(width, 1), MOST_HEIGHT / max(height, 1))
            picture = sheet.render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_numpy()
            return _png(picture[:, :, :3])
    except pypdfium2.PdfiumError as error:
        raise NoPreview("这个 PDF 打不开，不能预览；请下载后查看。") from error


def _png(picture: NDArray[Any]) -> bytes:
    """Rows of RGB as a PNG without filters."""
    height, width, _colours = picture.shape
    rows = b"".join(b"\x00" + picture[row].tobytes() for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _image(file: EvidenceFile) -> bytes:
    """Drawn anew, so that nothing but pixels reaches the browser."""
    content = content_of(file)
    width, height = _size(content, file.mime)
    if not 0 < width * height <= MOST_PIXELS:
        raise NoPreview("这张图片太大，不能预览；请下载后查看。")
    wide = min(width, WIDTH, MOST_HEIGHT * width // height) or 1
    place = path_of(file.sha256)
    page = "#set page(width: auto, height: auto, margin: 0pt)\n"
    page += f'#image("/{place.name}", format: "{_IMAGES[file.mime]}", width: {wide}pt)'
    sheet: Any = page.encode()  # bytes are the text itself; a str would be a path
    try:
        return bytes(typst.compile(sheet, root=place.parent, format="png", ppi=_POINTS_PER_INCH))
    except (typst.TypstError, RuntimeError) as error:
        raise NoPreview("这张图片打不开，不能预览；请下载后查看。") from error


def _size(content: bytes, mime: str) -> tuple[int, int]:
    """Width and height in pixels as the file says; (0, 0) where it does not."""
    if mime == PNG.mime:
        return struct.unpack(">II", content[16:24]) if len(content) >= 24 else (0, 0)
    return _jpeg_size(io.BytesIO(content[2:]))


def _jpeg_size(rest: io.BytesIO) -> tuple[int, int]:
    """Walk over the segments to the frame; its head holds the size."""
    while len(head := rest.read(4)) == 4 and head[0] == 0xFF:
        kind, length = head[1], int.from_bytes(head[2:])
        if 0xC0 <= kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", rest.read(5)[1:])
            return width, height
        rest.seek(length - 2, io.SEEK_CUR)
    return 0, 0
