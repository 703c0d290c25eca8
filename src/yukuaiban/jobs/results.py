"""Files that long work has made: kept for 30 days, then only their name and hash (common.md section 6)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from yukuaiban.core.errors import Refused
from yukuaiban.jobs.models import Job, JobLine
from yukuaiban.journal import disk

if TYPE_CHECKING:
    from datetime import datetime

KEPT = timedelta(days=30)
_BATCH = 100


def path_of(digest: str) -> Path:
    """Where a result with that hash lies."""
    return Path(settings.YKB_RESULTS) / digest


def keep(name: str, mime: str, content: bytes) -> dict[str, str]:
    """Put a result on disk; the columns that name it."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        disk.write_whole(path, content)
    return {"file_name": name, "file_mime": mime, "file_sha256": digest}


def content_of(job: Job) -> bytes:
    """The file of a job. Refused if there is none, if it has been forgotten, or if it is not what was stored."""
    if not job.file_sha256 or job.forgotten_at is not None:
        raise Refused("这项任务的结果已过保留期（30 天），请重新生成。")
    path = path_of(job.file_sha256)
    content = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != job.file_sha256:
        raise Refused("结果文件缺失或已损坏，请重新生成。")
    return content


def forget(now: datetime) -> int:
    """Delete what ended more than 30 days ago, files and lines; returns how many pieces of work. Twice is once."""
    over = list(Job.objects.filter(forgotten_at=None, ended_at__lt=now - KEPT)[:_BATCH])
    if not over:
        return 0
    keys = [job.pk for job in over]
    JobLine.objects.filter(job__in=keys).delete()
    Job.objects.filter(pk__in=keys).update(forgotten_at=now, args={}, cursor=None)
    _unlink({job.file_sha256 for job in over if job.file_sha256})
    return len(over)


def _unlink(digests: set[str]) -> None:
    """The files that no kept result shares."""
    shared = Job.objects.filter(file_sha256__in=digests, forgotten_at=None).values_list(
        "file_sha256", flat=True
    )
    for digest in digests - set(shared):
        path_of(digest).unlink(missing_ok=True)
