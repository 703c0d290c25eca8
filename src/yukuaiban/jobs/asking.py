"""Asking for long work, and calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from yukuaiban.core.errors import Refused
from yukuaiban.jobs.models import Job

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from yukuaiban.people.subject import Subject

MOST_OPEN = 5


def ask(
    kind: str, title: str, *, subject: Subject, args: Mapping[str, Any], total: int, at: datetime, uid: UUID
) -> Job:
    """Put work into the queue; the same `uid` twice is the same work. Refused with too much of it waiting."""
    known = Job.objects.filter(uid=uid, owner=subject.ref).first()
    if known is not None:
        return known
    waiting = Job.objects.filter(owner=subject.ref, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    if waiting.count() >= MOST_OPEN:
        raise Refused(f"您已有 {MOST_OPEN} 项任务没有完成，请等一项完成或取消一项再提交。")
    return Job.objects.create(
        uid=uid,
        kind=kind,
        title=title,
        owner=subject.ref,
        post=subject.post.id if subject.post else None,
        args=dict(args),
        total=total,
        asked_at=at,
    )


def cancel(job: Job, at: datetime) -> bool:
    """Call it off between two steps; what is done stays done. False if it had ended already."""
    still = Job.objects.filter(pk=job.pk, state__in=[Job.State.QUEUED, Job.State.RUNNING])
    return bool(still.update(state=Job.State.CANCELLED, ended_at=at, lease_until=None))
