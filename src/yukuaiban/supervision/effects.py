"""What an action on an order adds to its event, and the rows beside the case, in the transaction of the action."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from yukuaiban.cases.models import Case
from yukuaiban.supervision import rules
from yukuaiban.supervision.guards import order_of
from yukuaiban.supervision.models import Objection, OrderCause, SupervisionOrder
from yukuaiban.supervision.opening import next_order_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yukuaiban.cases.catalogue import Attempt

# ------------------------------------------------------------------------------------ added to the event


def numbered(attempt: Attempt) -> Mapping[str, Any]:
    """The number that the order gets with its approval."""
    return {"order_number": next_order_number(attempt.at)}


def to_the_agency(attempt: Attempt) -> Mapping[str, Any]:
    """From its sending on the order stands with the agency."""
    return {"handling_agency": attempt.state.facts["supervised_agency"]}


def risen(attempt: Attempt) -> Mapping[str, Any]:
    """The next colour."""
    return {"level": rules.next_level(str(attempt.state.facts["level"]))}


# ------------------------------------------------------------------------------------ rows beside the case


def proposed(attempt: Attempt) -> None:
    """The row of the order and its first cause."""
    data, case = attempt.data, attempt.case
    assert case is not None  # noqa: S101 - effects run after the row is written
    order = SupervisionOrder.objects.create(
        case=case,
        supervised=Case.objects.get(number=data["supervised_case"]),
        agency=data["supervised_agency"],
        level=data["level"],
        cause=data["cause"],
        demand=data["demand"],
        due=_moment(data.get("due")),
        signed=_with(attempt, []),
    )
    _cause(order, attempt)


def cause_added(attempt: Attempt) -> None:
    """One cause more."""
    order = order_of(attempt)
    _cause(order, attempt)
    _sign(order, attempt)


def approved(attempt: Attempt) -> None:
    """Number and day of the approval."""
    order = order_of(attempt)
    order.number, order.approved_at = attempt.data["order_number"], attempt.at
    _sign(order, attempt, "number", "approved_at")


def sent(attempt: Attempt) -> None:
    """The day of the first sending."""
    order = order_of(attempt)
    order.sent_at = order.sent_at or attempt.at
    _sign(order, attempt, "sent_at")


def answered(attempt: Attempt) -> None:
    """The newest answer of the agency."""
    SupervisionOrder.objects.filter(case=attempt.case).update(reply=attempt.data["text"])


def confirmed(attempt: Attempt) -> None:
    """What the check found."""
    order = order_of(attempt)
    order.verdict = attempt.data["opinion"]
    _sign(order, attempt, "verdict")


def rejected(attempt: Attempt) -> None:
    """What is missing, and the new day."""
    order = order_of(attempt)
    order.verdict, order.due = attempt.data["reason"], _moment(attempt.data["due"])
    _sign(order, attempt, "verdict", "due")


def level_asked(attempt: Attempt) -> None:
    """Who asks for the next colour takes part in the order."""
    _sign(order_of(attempt), attempt)


def level_raised(attempt: Attempt) -> None:
    """The new colour."""
    order = order_of(attempt)
    order.level = attempt.data["level"]
    _sign(order, attempt, "level")


def ended(attempt: Attempt) -> None:
    """The order is open no more; another one on the same case is possible."""
    order = order_of(attempt)
    order.is_open = False
    _sign(order, attempt, "is_open")


def objected(attempt: Attempt) -> None:
    """An objection in time."""
    _objection(attempt, late=False)


def petitioned(attempt: Attempt) -> None:
    """A petition: late, it suspends nothing."""
    _objection(attempt, late=True)


def upheld(attempt: Attempt) -> None:
    """The objection stands: the order ends."""
    _decided(attempt, Objection.Decision.UPHELD)
    SupervisionOrder.objects.filter(case=attempt.case).update(is_open=False)


def dismissed(attempt: Attempt) -> None:
    """The order stands."""
    _decided(attempt, Objection.Decision.DISMISSED)


def _objection(attempt: Attempt, *, late: bool) -> None:
    Objection.objects.create(
        order=order_of(attempt), grounds=attempt.data["grounds"], raised_at=attempt.at, late=late
    )


def _decided(attempt: Attempt, decision: Objection.Decision) -> None:
    waiting = Objection.objects.filter(
        order=order_of(attempt), late=False, decision=Objection.Decision.WAITING
    )
    waiting.update(
        decision=decision,
        decided_at=attempt.at,
        reviewer=attempt.subject.ref,
        reason=attempt.data["reason"],
    )


def _cause(order: SupervisionOrder, attempt: Attempt) -> None:
    data = attempt.data
    OrderCause.objects.create(
        order=order,
        supervised_id=order.supervised_id,
        cause=data["cause"],
        note=data.get("note", ""),
        trigger=data.get("trigger", ""),
        since=_moment(data.get("red_since")),
        at=attempt.at,
    )


def _sign(order: SupervisionOrder, attempt: Attempt, *fields: str) -> None:
    """Write the order with everybody who took part in it."""
    order.signed = _with(attempt, order.signed)
    order.save(update_fields=["signed", *fields])


def _with(attempt: Attempt, signed: list[str]) -> list[str]:
    person = [attempt.subject.ref] if attempt.subject.kind == "staff" else []
    return [*signed, *(ref for ref in person if ref not in signed)]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
