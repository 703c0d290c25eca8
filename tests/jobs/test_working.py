"""Long work: step by step, taken over after a kill, called off, told when it fails, forgotten after thirty days."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import OperationalError

from yukuaiban.core.errors import Refused
from yukuaiban.core.limits import Limit
from yukuaiban.jobs import asking, results
from yukuaiban.jobs.models import Job
from yukuaiban.jobs.working import LEASE, POISON, Line, Result, Step, advance
from yukuaiban.journal.event import SYSTEM
from yukuaiban.journal.pen import SeededPen
from yukuaiban.journal.reading import events
from yukuaiban.people.district import installed
from yukuaiban.people.subject import Subject

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 26, tzinfo=UTC)
PERSON = Subject("staff", "staff:p-1", "p-1", name="周办")
PEN = SeededPen(3, lambda: NOW)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.YKB_RESULTS = tmp_path / "results"


def asked(n=1, *, kind="count", total=3, owner=PERSON):
    return asking.ask(
        kind,
        f"第 {n} 项",
        subject=owner,
        args={"n": n},
        total=total,
        at=NOW + timedelta(seconds=n),
        uid=UUID(int=n),
    )


def counting(job, _pen):
    done = job.done + 1
    file = Result("结果.csv", "text/csv", b"1\n") if done == job.total else None
    return Step(
        done, cursor=None if done == job.total else done, lines=[Line(f"k{done}", ok=done != 2)], file=file
    )


def run(times=1, *, now=NOW, owner="w1", **kinds):
    return [advance(now, pen=PEN, owner=owner, kinds=kinds or {"count": counting}) for _n in range(times)]


def test_work_goes_on_step_by_step_and_leaves_its_lines_and_its_file():
    job = asked()
    assert run(5) == [True, True, True, False, False]
    job.refresh_from_db()
    assert (job.state, job.done, job.percent) == ("done", 3, 100)
    assert list(job.lines.order_by("n").values_list("key", "ok")) == [
        ("k1", True),
        ("k2", False),
        ("k3", True),
    ]
    assert results.content_of(job) == b"1\n"


def test_the_same_request_twice_is_one_piece_of_work():
    assert asked().pk == asked().pk
    assert Job.objects.count() == 1


def test_too_much_waiting_work_is_refused_until_some_of_it_ends():
    first, *_others = [asked(n) for n in range(1, asking.MOST_OPEN + 1)]
    with pytest.raises(Refused, match="请等一项完成"):
        asked(99)
    assert asking.cancel(first, NOW)
    assert asked(99).state == "queued"


def test_another_worker_waits_for_the_lease_and_then_goes_on_where_the_first_stopped():
    asked()
    run()
    assert run(owner="w2") == [False]
    later = NOW + LEASE + timedelta(seconds=1)
    assert run(3, now=later, owner="w2") == [True, True, False]
    assert Job.objects.get().lines.count() == 3


def test_the_note_of_a_worker_that_was_overtaken_is_dropped():
    asked()

    def overtaken(job, pen):
        Job.objects.filter(pk=job.pk).update(lease_owner="w2", done=1)
        return counting(job, pen)

    run(count=overtaken)
    job = Job.objects.get()
    assert (job.lease_owner, job.done, job.lines.count()) == ("w2", 1, 0)


def test_what_was_done_before_work_was_called_off_stays_told():
    job = asked()

    def called_off(found, pen):
        asking.cancel(found, NOW)
        return counting(found, pen)

    assert run(2, count=called_off) == [True, False]
    job.refresh_from_db()
    assert (job.state, job.done, job.lines.count()) == ("cancelled", 1, 1)
    assert not asking.cancel(job, NOW)


def test_a_refusal_ends_the_work_with_its_sentence():
    asked()

    def refusing(_job, _pen):
        raise Refused("提交任务的人已不在当时的岗位上。")

    run(count=refusing)
    job = Job.objects.get()
    assert (job.state, job.message) == ("failed", "提交任务的人已不在当时的岗位上。")


def test_a_fault_of_ours_is_tried_three_times_and_does_not_stop_the_next_work():
    asked(1, kind="broken")
    asked(2)

    def broken(_job, _pen):
        raise ZeroDivisionError

    assert run(POISON + 4, broken=broken, count=counting) == [True] * (POISON + 3) + [False]
    states = dict(Job.objects.values_list("kind", "state"))
    assert states == {"broken": "failed", "count": "done"}


def test_a_database_that_is_away_is_not_the_fault_of_the_work():
    asked()

    def away(_job, _pen):
        raise OperationalError

    with pytest.raises(OperationalError):
        run(count=away)
    assert Job.objects.get().attempts == 0


def forget(days: int) -> int:
    return results.forget(NOW + timedelta(days=days), pen=PEN)


def told() -> list[dict]:
    """What the journal says about results that went."""
    return [event.body for event in events(SYSTEM) if event.type == results.FORGOTTEN]


def test_results_are_forgotten_after_thirty_days_but_their_hash_stays():
    first, second = asked(1, total=1), asked(2, total=1)
    run(1)
    run(1, now=NOW + timedelta(days=5))
    digest = Job.objects.get(pk=first.pk).file_sha256
    assert forget(30) == 0
    assert forget(31) == 1
    assert forget(31) == 0
    assert results.path_of(digest).exists()  # the second one has the same bytes
    assert results.content_of(Job.objects.get(pk=second.pk)) == b"1\n"
    gone = Job.objects.get(pk=first.pk)
    assert (gone.file_sha256, gone.lines.count(), gone.args) == (digest, 0, {})
    assert told() == [{"files": [{"job": str(gone.uid), "sha256": digest}]}]
    with pytest.raises(Refused, match="保留期"):
        results.content_of(gone)
    assert forget(36) == 1
    assert not results.path_of(digest).exists()
    assert len(told()) == 2


def test_how_long_results_are_kept_stands_in_a_dated_row(monkeypatch):
    asked(1, total=1)
    run(1)
    pack = installed()
    week = [replace(row, value=Limit.parse("7d")) for row in pack.values[results.EXPORT_KEEP]]
    pack = replace(pack, values={**pack.values, results.EXPORT_KEEP: tuple(week)})
    monkeypatch.setattr(results, "installed", lambda: pack)
    assert (forget(7), forget(8)) == (0, 1)
    monkeypatch.setattr(results, "installed", lambda: replace(pack, values={}))
    assert forget(100) == 0


def test_forgetting_that_broke_off_is_done_again(monkeypatch):
    asked(1, total=1)
    run(1)
    digest = Job.objects.get().file_sha256

    def full(_digests):
        raise OSError(errno.EROFS, "read-only")

    with monkeypatch.context() as broken:
        broken.setattr(results, "_unlink", full)
        with pytest.raises(OSError, match="read-only"):
            forget(31)
    assert (Job.objects.get().forgotten_at, told()) == (None, [])
    assert forget(31) == 1
    assert (results.path_of(digest).exists(), len(told())) == (False, 1)


def test_a_damaged_result_is_never_handed_out():
    asked(total=1)
    run()
    job = Job.objects.get()
    results.path_of(job.file_sha256).write_bytes(b"2\n")
    with pytest.raises(Refused, match="损坏"):
        results.content_of(job)
