"""How each hall warns (desks.md section 10): off, trial or live. The mode only decides who is told.

The pack says how a hall starts, with its paper. From then on every step is proposed by one person, approved by
another and an event on `register:halls`; nothing changes what held earlier.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yukuaiban.cases.models import WarningModeChange
from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem, Refused
from yukuaiban.journal.writing import append
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people.district import installed, local_day

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from yukuaiban.cases.models import Case
    from yukuaiban.journal.pen import Pen
    from yukuaiban.packs.rows import HallRow
    from yukuaiban.people.access import Subject

STREAM = "register:halls"
TITLES = {
    WarningMode.OFF: _("未启用"),
    WarningMode.TRIAL: _("试运行"),
    WarningMode.LIVE: _("正式运行"),
}
STEPS = frozenset(
    {
        (WarningMode.OFF, WarningMode.TRIAL),
        (WarningMode.TRIAL, WarningMode.LIVE),
        (WarningMode.LIVE, WarningMode.TRIAL),
    }
)
_AT_HALLS: set[str] = set()
Begun = tuple[WarningMode, datetime, str]
"""A mode, since when, and its paper."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which a hall warned in one way: [since, until), and the paper that says so."""

    mode: WarningMode
    since: datetime
    until: datetime | None
    paper: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step that somebody proposes; a live hall returns to trial for a `reason`."""

    hall: str
    mode: WarningMode
    since: date
    paper: str
    reason: str = ""


def enlist(measure: str) -> None:
    """Take in a measure whose cases come in at the desks of halls; called once at start."""
    _AT_HALLS.add(measure)


# ------------------------------------------------------------------------------------------------ reading


def spells_of(halls: Iterable[str]) -> dict[str, list[Spell]]:
    """How each of these halls has warned, earliest first; steps whose day comes later are among them. One query."""
    wanted = list(halls)
    begun: dict[str, list[Begun]] = {hall: [] for hall in wanted}
    rows = WarningModeChange.objects.filter(hall__in=wanted).order_by("begins_at", "pk")
    for row in rows:
        if row.begins_at is not None:
            begun[row.hall].append((WarningMode(row.mode), row.begins_at, row.paper))
    return {hall: _in_a_row(_start(hall), steps) for hall, steps in begun.items()}


def spells(hall: str) -> list[Spell]:
    """The same of one hall."""
    return spells_of([hall])[hall]


def _in_a_row(start: Begun | None, steps: list[Begun]) -> list[Spell]:
    """Each until the next; the pack's start is left out where a step began before it."""
    begun = [start, *steps] if start is not None and not (steps and steps[0][1] <= start[1]) else steps
    ends: list[datetime | None] = [since for _mode, since, _paper in begun[1:]]
    return [
        Spell(mode, since, until, paper)
        for (mode, since, paper), until in zip(begun, [*ends, None][: len(begun)], strict=True)
    ]


def mode_at(hall: str, at: datetime) -> WarningMode:
    """How the hall warns at a moment; before its first day, and where nobody knows the hall, not at all."""
    return _mode_in(spells(hall), at)


def _mode_in(found: Iterable[Spell], at: datetime) -> WarningMode:
    begun = [each.mode for each in found if each.since <= at]
    return begun[-1] if begun else WarningMode.OFF


def mode_of(case: Case, at: datetime) -> WarningMode:
    """How the hall of a case warns at a moment; a measure without halls is always live."""
    if case.measure not in _AT_HALLS:
        return WarningMode.LIVE
    return mode_at(hall_of(case.desk), at)


def hall_of(desk: str) -> str:
    """The hall of a desk; what came in without a desk belongs to the first hall of the district."""
    found = next((each.hall for each in installed().desks if each.code == desk), "")
    return found or next((each.code for each in installed().halls), "")


def desks_apart(at: datetime, *modes: WarningMode) -> list[str]:
    """The desks of all halls that do not warn in one of these ways at the moment; `""` is coming in without a desk."""
    known = spells_of(each.code for each in installed().halls)
    halls = {code for code, found in known.items() if _mode_in(found, at) not in modes}
    return [code for code in ("", *(each.code for each in installed().desks)) if hall_of(code) in halls]


def in_force_for_others(rows: QuerySet[Case], at: datetime) -> QuerySet[Case]:
    """The cases whose lights count beyond the staff of a hall: those of halls that are live, and all without halls."""
    return rows.exclude(measure__in=_AT_HALLS, desk__in=desks_apart(at, WarningMode.LIVE))


def is_dark(case: Case, off: Collection[str]) -> bool:
    """Whether no light of the case is shown; `off` are the desks of halls that do not warn (`desks_apart`)."""
    return case.measure in _AT_HALLS and case.desk in off


def dark_desks(at: datetime) -> list[str]:
    """The desks of halls in which no light is shown at the moment."""
    return desks_apart(at, WarningMode.LIVE, WarningMode.TRIAL)


def waiting(hall: str) -> WarningModeChange | None:
    """The step of a hall that waits for a second person."""
    return WarningModeChange.objects.filter(hall=hall, approved_at=None, turned_down_at=None).first()


def _start(hall: str) -> Begun | None:
    row: HallRow | None = next((each for each in installed().halls if each.code == hall), None)
    return (row.warning_mode, midnight(row.mode_since), row.mode_source) if row is not None else None


def midnight(day: date) -> datetime:
    """The moment at which a day begins in the district."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(installed().zone))


# ------------------------------------------------------------------------------------------------ two persons


def propose(step: Step, subject: Subject, pen: Pen) -> WarningModeChange:
    """A step that waits for another person. InputInvalid with every fault; Refused if one waits already."""
    now = pen.moment()
    if problems := _faults(step, mode_at(step.hall, now), local_day(now)):
        raise InputInvalid(problems)
    with transaction.atomic():
        if waiting(step.hall) is not None:
            raise Refused("这个大厅已有一项待审批的切换；请先审批或退回，再提新的。")
        _event("hall.mode_proposed", _body(step), subject, pen)
        return WarningModeChange.objects.create(
            hall=step.hall,
            mode=step.mode.value,
            since=step.since,
            paper=step.paper,
            reason=step.reason,
            proposed_by=subject.ref,
            proposed_at=now,
        )


def _faults(step: Step, now: WarningMode, today: date) -> list[Problem]:
    found = []
    if (now, step.mode) not in STEPS:
        why = f"不能从“{TITLES[now]}”直接到“{TITLES[step.mode]}”"
        found.append(Problem(why, "按未启用、试运行、正式运行的次序切换", field="mode"))
    if step.since < today:
        found.append(Problem("起始日期在过去", "请写今天或以后的日期", field="since"))
    if not step.paper.strip():
        found.append(Problem("没有写方案文号", "请写批准这次切换的方案文号", field="paper"))
    if now is WarningMode.LIVE and not step.reason.strip():
        found.append(Problem("退回试运行没有写理由", "请写明为什么退回", field="reason"))
    return found


def approve(
    change: WarningModeChange, subject: Subject, pen: Pen, *, gate: Sequence[dict[str, Any]] = ()
) -> None:
    """Put a step into force from its day, or from now if the day has come. The approver is another person."""
    now = pen.moment()
    with transaction.atomic():
        found = _still_waiting(change, subject)
        if (mode_at(found.hall, now), WarningMode(found.mode)) not in STEPS:
            raise Refused("提出之后大厅的运行方式已经变了；请退回，按现在的方式重新提出。")
        begins = max(midnight(found.since), now)
        body = {"hall": found.hall, "mode": found.mode, "begins_at": begins.isoformat(), "gate": list(gate)}
        _event("hall.mode_approved", body, subject, pen)
        found.approved_by, found.approved_at = subject.ref, now
        found.begins_at, found.gate = begins, list(gate)
        found.save(update_fields=["approved_by", "approved_at", "begins_at", "gate"])


def turn_down(change: WarningModeChange, reason: str, subject: Subject, pen: Pen) -> None:
    """Send a step back with the reason."""
    if not reason.strip():
        raise InputInvalid(Problem("没有写退回的理由", "请写明要改什么", field="reason"))
    with transaction.atomic():
        found = _still_waiting(change, subject)
        body = {"hall": found.hall, "mode": found.mode, "reason": reason}
        _event("hall.mode_turned_down", body, subject, pen)
        found.turned_down_by, found.turned_down_at, found.note = subject.ref, pen.moment(), reason[:300]
        found.save(update_fields=["turned_down_by", "turned_down_at", "note"])


def _still_waiting(change: WarningModeChange, subject: Subject) -> WarningModeChange:
    found = WarningModeChange.objects.select_for_update().get(pk=change.pk)
    if found.approved_at is not None or found.turned_down_at is not None:
        raise Refused("这项切换已经审批过；请刷新页面查看结果。")
    if found.proposed_by == subject.ref:
        raise NotPermitted("不能审批自己提出的切换；请转给另一人。")
    return found


def _body(step: Step) -> dict[str, Any]:
    return {
        "hall": step.hall,
        "mode": step.mode.value,
        "since": step.since.isoformat(),
        "paper": step.paper,
        "reason": step.reason,
    }


def _event(type_: str, body: dict[str, Any], subject: Subject, pen: Pen) -> None:
    append(stream=STREAM, type=type_, body=body, actor=subject.actor(), pen=pen, source="web")
