"""Files that long work has made: kept as long as the district's dated row says, then only name, hash and a line.

The row is `export_keep` (common.md section 6); the line is an event of the journal.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from yukuaiban.core.errors import Refused
from yukuaiban.core.keeping import over_by
from yukuaiban.core.limits import Limit
from yukuaiban.jobs.models import Job, JobLine
from yukuaiban.journal import disk
from yukuaiban.journal.event import SYSTEM
from yukuaiban.journal.writing import WORKER, append
from yukuaiban.people.district import installed, local_day

if TYPE_CHECKING:
    from yukuaiban.journal.pen import Pen

EXPORT_KEEP = "export_keep"
FORGOTTEN = "results.forgotten"
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
        raise Refused("这项任务的结果已过保留期，请重新生成。")
    path = path_of(job.file_sha256)
    content = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != job.file_sha256:
        raise Refused("结果文件缺失或已损坏，请重新生成。")
    return content


def forget(now: datetime, *, pen: Pen) -> int:
    """Delete what ended longer ago than results are kept, files and lines; returns how many pieces of work.

    One event names them all. Files go before it is committed: broken off in between, the next call does it again.
    """
    with transaction.atomic():
        over = _over(now)
        if not over:
            return 0
        keys = [job.pk for job in over]
        JobLine.objects.filter(job__in=keys).delete()
        Job.objects.filter(pk__in=keys).update(forgotten_at=now, args={}, cursor=None)
        body = {"files": [{"job": str(job.uid), "sha256": job.file_sha256 or None} for job in over]}
        append(stream=SYSTEM, type=FORGOTTEN, body=body, actor=WORKER, pen=pen, source="worker")
        _unlink({job.file_sha256 for job in over if job.file_sha256})
    return len(over)


def _over(now: datetime) -> list[Job]:
    """A batch of work whose results have been kept long enough, locked; others' locks are passed over."""
    district, today = installed(), local_day(now)
    if EXPORT_KEEP not in district.values:
        return []
    span = district.value(EXPORT_KEEP, today)
    assert isinstance(span, Limit)  # noqa: S101 - the pack's reader takes nothing else for this code
    first_kept = over_by(today, span) + timedelta(days=1)
    begins = datetime.combine(first_kept, time(), ZoneInfo(district.zone))
    skip = connection.features.has_select_for_update_skip_locked
    waiting = Job.objects.filter(forgotten_at=None, ended_at__lt=begins).order_by("ended_at", "pk")
    if not waiting.exists():  # nearly always; asking so takes no lock
        return []
    return list(waiting.select_for_update(skip_locked=skip)[:_BATCH])


def _unlink(digests: set[str]) -> None:
    """The files that no kept result shares."""
    shared = Job.objects.filter(file_sha256__in=digests, forgotten_at=None).values_list(
        "file_sha256", flat=True
    )
    for digest in digests - set(shared):
        path_of(digest).unlink(missing_ok=True)
