"""Small papers in the formats that offices send: docx, pdf, html made in memory."""

from __future__ import annotations

import io
from collections.abc import Sequence

from docx import Document

FONT = b"/Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R]"
CID_FONT = (
    b"/Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
)
PAGE = (
    b"/Type /Page /Parent 2 0 R /MediaBox [0 0 600 840] /Contents 4 0 R "
    b"/Resources << /Font << /F1 5 0 R >> >>"
)


def docx_of(lines: Sequence[str], *, table: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word document of paragraphs, with a table behind them."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    if table:
        grid = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_of(lines: Sequence[str], *, encrypted: bool = False) -> bytes:
    """A pdf of one page whose text layer holds the lines; without lines it is like a scan."""
    moves = [
        f"BT /F1 12 Tf 40 {800 - 18 * at} Td <{line.encode('utf-16-be').hex()}> Tj ET"
        for at, line in enumerate(lines)
    ]
    stream = "\n".join(moves).encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< " + PAGE + b" >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< " + FONT + b" >>",
        b"<< " + CID_FONT + b" >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>",
    ]
    return _assembled(objects, encrypted=encrypted)


def _assembled(objects: Sequence[bytes], *, encrypted: bool) -> bytes:
    out, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start, count = len(out), len(objects) + 1
    lock = b" /Encrypt 7 0 R /ID [<00><00>]" if encrypted else b""
    trailer = b"trailer << /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (count, lock, start)
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer


def html_of(lines: Sequence[str], *, charset: str = "utf-8") -> bytes:
    """A page with one paragraph a line, and things that are not shown."""
    body = "".join(f"<p>{line}</p>\n" for line in lines)
    page = (
        f'<!doctype html><html><head><meta charset="{charset}"><title>首页</title><style>p {{}}</style></head>'
        f"<body><script>var hidden = '具体举措:';</script><div>{body}</div></body></html>"
    )
    return page.encode("gb18030" if charset == "gb2312" else charset)
