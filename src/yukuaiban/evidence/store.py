"""Storing and reading evidence: on disk before the row exists, and compared with its hash each time it is read."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from yukuaiban.core.errors import Refused
from yukuaiban.evidence.filetypes import MOST_BYTES, check_size, checked
from yukuaiban.evidence.models import EvidenceFile
from yukuaiban.journal import disk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    class Upload(Protocol):
        """What a form or a command hands over."""

        name: str | None

        @property
        def size(self) -> int | None:
            """Bytes, where it is known."""

        def chunks(self) -> Iterable[bytes]:
            """The content in pieces."""


class EvidenceDamaged(Refused):
    """The bytes on disk are no longer those that were stored."""


def store(
    upload: Upload, *, case_number: str, kind: str, stored_by: str, stored_at: datetime, uid: UUID
) -> EvidenceFile:
    """Check a file, put its bytes on disk, and write its row in the caller's transaction.

    Raises InputInvalid (too large, empty, lying name, type not taken). If the transaction is rolled back the bytes
    stay behind unreferenced, which harms nobody; the other way round a row could point at nothing.
    """
    if upload.size is not None:
        check_size(upload.name or "", upload.size)
    content = _read(upload)
    name, found = checked(upload.name or "", content)
    digest = hashlib.sha256(content).hexdigest()
    _write(path_of(digest), content)
    return EvidenceFile.objects.create(
        uid=uid,
        case_number=case_number,
        sha256=digest,
        name=name,
        size=len(content),
        mime=found.mime,
        kind=kind,
        stored_by=stored_by,
        stored_at=stored_at,
    )


def content_of(file: EvidenceFile) -> bytes:
    """The bytes of a file; EvidenceDamaged if they are missing or not the ones that were stored."""
    path = path_of(file.sha256)
    content = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise EvidenceDamaged(f"文件“{file.name}”缺失或与存入时不符；请联系系统管理员从备份恢复。")
    return content


def path_of(digest: str) -> Path:
    """Where bytes with that hash lie."""
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def _read(upload: Upload) -> bytes:
    """The content, read no further than the limit plus one byte."""
    parts: list[bytes] = []
    size = 0
    for chunk in upload.chunks():
        parts.append(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            break
    return b"".join(parts)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before the row is committed; so are the folders that lead to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        disk.write_whole(path, content)
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        disk.sync_folder(folder)
