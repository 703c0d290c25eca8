"""Doing long work: one step at a time, and after each the note of how far it is.

A kind of work is a function from the job to its next `Step`. It opens its own transactions, short ones, so that nobody
waits for it; since a step that was killed before its note is done again, it must be harmless to do twice (`act` with a
key is). What it may not do it refuses, and the job ends with that sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.db import OperationalError, transaction
from django.db.models import Q

from yukuaiban.core.errors import Refused
from yukuaiban.jobs import results
from yukuaiban.jobs.models import Job, JobLine

if TYPE_CHECKING:
    from datetime import datetime

    from yukuaiban.journal.pen import Pen

LEASE = timedelta(seconds=60)
POISON = 3
_LOG = structlog.get_logger("ykb.jobs")


@dataclass(frozen=True, slots=True)
class Line:
    """What is said about one object."""

    key: str
    ok: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A file as the result."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """What a step has done: how far it is, where to go on (None: finished), what it said, what it made."""

    done: int
    cursor: Any = None
    lines: Sequence[Line] = ()
    file: Result | None = None
    message: str = ""


Work = Callable[[Job, "Pen"], Step]


def advance(now: datetime, *, pen: Pen, owner: str, kinds: Mapping[str, Work]) -> bool:
    """Do one step of the oldest work; True if one was done. A fault of ours is tried three times, then told."""
    job = _taken(now, owner, kinds)
    if job is None:
        return False
    try:
        step = kinds[job.kind](job, pen)
        _keep(job, step, now)
    except Refused as refusal:
        _end(job, Job.State.FAILED, refusal.message, now)
    except OperationalError:
        raise  # the database itself, not the work: the worker tries the pass again
    except Exception:  # noqa: BLE001 - one broken kind of work must not stop the others; its page tells
        _LOG.exception("step failed", job=str(job.uid), kind=job.kind)
        _stumbled(job, now)
    return True


def _taken(now: datetime, owner: str, kinds: Mapping[str, Work]) -> Job | None:
    """The next piece of work of a known kind, leased to this worker."""
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    mine = Q(state=Job.State.RUNNING, lease_owner=owner)
    waiting = Job.objects.filter(free | mine, kind__in=list(kinds))
    for key in waiting.order_by("asked_at", "pk").values_list("pk", flat=True)[:POISON]:
        lease = {"state": Job.State.RUNNING, "lease_owner": owner, "lease_until": now + LEASE}
        if Job.objects.filter(free | mine, pk=key).update(**lease):
            Job.objects.filter(pk=key, started_at=None).update(started_at=now)
            return Job.objects.get(pk=key)
    return None


@transaction.atomic
def _keep(job: Job, step: Step, now: datetime) -> None:
    """Note the step, also of work that was called off meanwhile. What another worker has taken over is that one's."""
    ours = Job.objects.filter(pk=job.pk, lease_owner=job.lease_owner, done=job.done)
    changes: dict[str, Any] = {"done": step.done, "cursor": step.cursor, "attempts": 0}
    if step.file is not None:
        changes |= results.keep(step.file.name, step.file.mime, step.file.content)
    if not ours.update(**changes):
        return
    JobLine.objects.bulk_create(
        JobLine(job=job, n=job.done + n, key=each.key, ok=each.ok, text=each.text[:400])
        for n, each in enumerate(step.lines, 1)
    )
    if step.cursor is None:
        _end(job, Job.State.DONE, step.message, now)


def _stumbled(job: Job, now: datetime) -> None:
    if job.attempts + 1 >= POISON:
        _end(job, Job.State.FAILED, "系统出错，已记入日志；请联系系统管理员，并说明任务编号。", now)
        return
    Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)


def _end(job: Job, state: str, message: str, now: datetime) -> None:
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(
        state=state, ended_at=now, lease_until=None, message=message[:400]
    )
