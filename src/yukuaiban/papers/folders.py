"""Files as folders in a zip with a list of contents and a manifest of hashes; the same state gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CONTENTS, MANIFEST = "目录.csv", "SHA256SUMS"
_FIRST_TIME = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # archives know no time before; one moment for all keeps the bytes the same
_UNSAFE = '\\/:*?"<>|'
_LONGEST = 60
_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file of the archive: where it lies, its bytes, and its line in the list of contents."""

    path: str
    content: bytes
    line: Sequence[str]


def archive(leaves: Iterable[Leaf], heads: Sequence[str], made: str) -> bytes:
    """The archive. Only the first line of the list of contents tells the time (`made`)."""
    out, lines, sums = io.BytesIO(), [], []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for leaf in leaves:
            digest = hashlib.sha256(leaf.content).hexdigest()
            sums.append(f"{digest}  {leaf.path}\n")
            lines.append([leaf.path, *leaf.line, digest])
            _add(packed, leaf.path, leaf.content)
        _add(packed, CONTENTS, _contents(lines, ["文件", *heads, "SHA-256"], made))
        _add(packed, MANIFEST, "".join(sums).encode())
    return out.getvalue()


def name_of(title: str) -> str:
    """A title as every file system takes it."""
    kept = "".join(char for char in title if char not in _UNSAFE and char.isprintable()).strip(" .")
    return kept[:_LONGEST].strip(" .") or "材料"


def _contents(lines: Sequence[Sequence[str]], heads: Sequence[str], made: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["导出时间", made])
    writer.writerow(heads)
    writer.writerows([_safe(cell) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _safe(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _add(packed: zipfile.ZipFile, path: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(path, date_time=_FIRST_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    packed.writestr(entry, content)
