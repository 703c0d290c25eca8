"""Trainings (培训): one record for all measures; each is an event on `register:trainings`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.journal.writing import append
from yukuaiban.people.district import local_day
from yukuaiban.people.models import Agency, Attendance, Staff, Training

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.subject import Subject

STREAM = "register:trainings"
_MOST_HOURS = 200


@dataclass(frozen=True, slots=True)
class TrainingDraft:
    """A training as somebody writes it down; `passed` and `failed` are uids of staff, `hours` whole hours."""

    title: str
    held_on: date
    hours: int
    trainer: str
    subject: str
    passed: Sequence[str]
    failed: Sequence[str] = ()
    material: str = ""


def record(draft: TrainingDraft, subject: Subject, pen: Pen) -> Training:
    """Keep a training with its results. InputInvalid with every fault."""
    staff = {str(each.uid): each for each in Staff.objects.filter(uid__in=[*draft.passed, *draft.failed])}
    if problems := [*_faults(draft, local_day(pen.moment())), *_wrong_people(draft, staff)]:
        raise InputInvalid(problems)
    with transaction.atomic():
        body = {
            "title": draft.title,
            "held_on": draft.held_on.isoformat(),
            "hours": draft.hours,
            "trainer": draft.trainer,
            "subject": draft.subject,
            "material": draft.material,
            "passed": [staff[uid].ref for uid in draft.passed],
            "failed": [staff[uid].ref for uid in draft.failed],
        }
        append(
            stream=STREAM,
            type="training.recorded",
            body=body,
            actor=subject.actor(),
            pen=pen,
            source="web",
        )
        return _stored(draft, staff, subject, pen)


def _stored(draft: TrainingDraft, staff: dict[str, Staff], subject: Subject, pen: Pen) -> Training:
    training = Training.objects.create(
        title=draft.title,
        held_on=draft.held_on,
        hours=draft.hours,
        trainer=draft.trainer,
        subject=draft.subject,
        material=draft.material,
        recorded_by=subject.ref,
        recorded_at=pen.moment(),
    )
    results = {Attendance.Result.PASSED: draft.passed, Attendance.Result.FAILED: draft.failed}
    Attendance.objects.bulk_create(
        Attendance(training=training, staff=staff[uid], result=result)
        for result, uids in results.items()
        for uid in uids
    )
    return training


def _faults(draft: TrainingDraft, today: date) -> list[Problem]:
    found = []
    if draft.held_on > today:
        found.append(Problem("培训日期在将来", "培训办过以后再登记", field="held_on"))
    if not 0 < draft.hours <= _MOST_HOURS:
        found.append(Problem("学时不对", f"请填 1 至 {_MOST_HOURS} 的整数", field="hours"))
    if not Agency.objects.filter(code=draft.trainer).exists():
        found.append(Problem("没有这个培训单位", "请从列表中选择", field="trainer"))
    return found


def _wrong_people(draft: TrainingDraft, known: dict[str, Staff]) -> list[Problem]:
    found = []
    if not draft.passed and not draft.failed:
        found.append(Problem("没有参加培训的人", "请勾选合格和不合格的人", field="passed"))
    if set(draft.passed) & set(draft.failed):
        found.append(Problem("同一人既合格又不合格", "每人只勾一处", field="failed"))
    if {*draft.passed, *draft.failed} - set(known):
        found.append(Problem("有不认识的人", "请从列表中勾选", field="passed"))
    return found


def passed_since(subject: str, since: date) -> set[int]:
    """The staff (row ids) who have passed a training of that subject on that day or later."""
    found = Attendance.objects.filter(
        result=Attendance.Result.PASSED, training__subject=subject, training__held_on__gte=since
    )
    return set(found.values_list("staff_id", flat=True))
