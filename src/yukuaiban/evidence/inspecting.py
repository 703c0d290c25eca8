"""Looking at an upload before anything is stored: size, type, danger, virus.

This comes before the transaction that stores the file, because a refusal rolls that one back, and what a scanner said
of a file must stay in the journal even when the file is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.evidence.filetypes import MOST_BYTES, check_size, checked
from yukuaiban.evidence.models import Scan
from yukuaiban.evidence.scanning import Finding, Scanner, scanner
from yukuaiban.journal.writing import append

if TYPE_CHECKING:
    from yukuaiban.evidence.store import Upload
    from yukuaiban.journal.event import Actor
    from yukuaiban.journal.pen import Pen

STREAM = "register:scans"


@dataclass(slots=True)
class Inspected:
    """An upload that may be stored: its name and bytes. It can be handed on wherever an upload can."""

    name: str | None
    content: bytes
    sha256: str

    @property
    def size(self) -> int | None:
        """Bytes."""
        return len(self.content)

    def chunks(self) -> Iterator[bytes]:
        """The content, in one piece."""
        yield self.content


def inspect(upload: Upload, *, actor: Actor, pen: Pen, source: str) -> Inspected:
    """Read an upload and judge it. InputInvalid says why it is not taken, and the way out.

    Call it outside the transaction that stores the file. Without a scanner nothing is written, and the file is shown
    as not scanned; the same holds for a scanner that fails, unless the installation demands one (`YKB_SCAN_REQUIRED`).
    """
    if upload.size is not None:
        check_size(upload.name or "", upload.size)
    content = read_bounded(upload)
    name, _found = checked(upload.name or "", content)
    seen = Inspected(name, content, hashlib.sha256(content).hexdigest())
    chosen = scanner()
    if chosen is not None:
        _judge(name, _scanned(seen, chosen, actor, pen, source))
    elif settings.YKB_SCAN_REQUIRED:
        raise _refused(name, "没有查毒", "本系统要求先查毒再收文件，但还没有设置查毒程序；请联系系统管理员")
    return seen


def read_bounded(upload: Upload) -> bytes:
    """The content, read no further than the limit plus one piece."""
    parts: list[bytes] = []
    size = 0
    for chunk in upload.chunks():
        parts.append(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            break
    return b"".join(parts)


def _scanned(seen: Inspected, chosen: Scanner, actor: Actor, pen: Pen, source: str) -> Finding:
    """Ask the scanner; row and event only where the word is new."""
    finding = chosen.scan(seen.content)
    with transaction.atomic():
        before = Scan.objects.select_for_update().filter(pk=seen.sha256).first()
        if before is None or before.state != finding.state:
            body = {"sha256": seen.sha256, "name": seen.name, "state": finding.state.value}
            body |= {"said": finding.said, "scanner": chosen.name}
            append(stream=STREAM, type="evidence.scanned", body=body, actor=actor, pen=pen, source=source)
        told = {"state": finding.state, "said": finding.said, "scanner": chosen.name}
        Scan.objects.update_or_create(pk=seen.sha256, defaults=told | {"scanned_at": pen.moment()})
    return finding


def _judge(name: str, finding: Finding) -> None:
    if finding.state is Scan.State.INFECTED:
        why = f"查出病毒（{finding.said}）" if finding.said else "查出病毒"
        raise _refused(name, why, "文件没有存入；请清除病毒后再传")
    if finding.state is Scan.State.FAILED and settings.YKB_SCAN_REQUIRED:
        raise _refused(name, "查毒没有完成", "请稍后再传；仍不行请联系系统管理员")


def _refused(name: str, why: str, remedy: str) -> InputInvalid:
    return InputInvalid(Problem(f"“{name}”{why}", remedy, field="file"))
