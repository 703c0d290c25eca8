"""The worker proposes: a case that shows red or breach for long enough gets an order on which people decide.

One cause is proposed once: the same light since the same moment never again, whatever became of the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef

from yukuaiban.cases import versions, warningmodes
from yukuaiban.cases.acting import act
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import Refused
from yukuaiban.people.access import SYSTEM_WORKER
from yukuaiban.people.district import installed, local_day
from yukuaiban.supervision import rules
from yukuaiban.supervision.models import OrderCause
from yukuaiban.supervision.opening import MEASURE, open_order

if TYPE_CHECKING:
    from datetime import datetime

    from yukuaiban.journal.pen import Pen
    from yukuaiban.packs.triggers import Trigger

BATCH = 100
LIGHTS: Mapping[str, str] = {"breach": "breach_at", "red": "red_at"}
"""Light -> the column of the case that says since when it is shown."""
DEMAND = "请在答复期限内办结，或说明原因和办结日期。"
_LOG = structlog.get_logger("ykb.supervision")


def propose_due(now: datetime, *, pen: Pen) -> int:
    """Propose what has come due at `now`, at most a batch for each trigger; returns how many causes were written."""
    triggers = in_force(now)
    return sum(_proposed(trigger, case, pen) for trigger in triggers for case in ripe(trigger, triggers, now))


def in_force(now: datetime) -> list[Trigger]:
    """The triggers of the pack on that day, each in its newest version."""
    day = local_day(now)
    holding = sorted((each for each in installed().triggers if each.holds(day)), key=lambda each: each.since)
    return list({each.code: each for each in holding}.values())


def ripe(trigger: Trigger, triggers: Iterable[Trigger], now: datetime) -> Iterator[Case]:
    """Cases for which a trigger fires and that nobody has taken up for it, the longest overdue first."""
    column, calendar = LIGHTS[trigger.on], versions.current_calendar()
    named, left_out = rules.procedures_of(trigger, triggers)
    known = OrderCause.objects.filter(supervised=OuterRef("pk"), since=OuterRef(column)).exclude(trigger="")
    late = Case.objects.filter(closed_at=None, **{f"{column}__lt": now}).exclude(procedure__in=left_out)
    late = warningmodes.in_force_for_others(late.filter(procedure__in=named) if named else late, now)
    for case in late.exclude(measure=MEASURE).exclude(Exists(known)).order_by(column, "pk")[:BATCH]:
        if not rules.fires(trigger, getattr(case, column), now, calendar):
            return  # the later ones have shown it for even less time
        yield case


def _proposed(trigger: Trigger, case: Case, pen: Pen) -> bool:
    """One cause, in a transaction of its own; a refusal is told in the log and stops nothing else."""
    try:
        with transaction.atomic():
            return _propose(trigger, case, pen)
    except Refused as refusal:
        _LOG.warning("no order proposed", case=case.number, trigger=trigger.code, why=refusal.message)
        return False


def _propose(trigger: Trigger, found: Case, pen: Pen) -> bool:
    """With the case locked: it may have been closed, mended or taken up since it was read."""
    column = LIGHTS[trigger.on]
    case = Case.objects.select_for_update().get(pk=found.pk)
    since = getattr(case, column)
    taken = OrderCause.objects.filter(supervised=case, since=since).exclude(trigger="")
    if case.closed_at is not None or since != getattr(found, column) or taken.exists():
        return False
    _write(trigger, case, since.isoformat(), pen)
    return True


def _write(trigger: Trigger, case: Case, since: str, pen: Pen) -> None:
    """A cause on the order that is open, or a new order."""
    agency = case.agency or case.receiving_agency
    data = {"cause": "overdue", "note": trigger.title, "trigger": trigger.code, "red_since": since}
    held = open_order(case, agency)
    if held is not None:
        act(held.case, "add_cause", subject=SYSTEM_WORKER, data=data, key=None, pen=pen, source="worker")
        return
    data |= {"supervised_case": case.number, "supervised_agency": agency}
    data |= {"level": trigger.level, "demand": DEMAND}
    act(
        None,
        "propose_order",
        procedure=MEASURE,
        subject=SYSTEM_WORKER,
        data=data,
        key=None,
        pen=pen,
        source="worker",
    )
