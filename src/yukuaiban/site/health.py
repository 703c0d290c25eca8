"""`/healthz` and `/readyz`: for a watchdog, without a session and without anything about cases.

`healthz` says that this process answers. `readyz` says that the installation does its work: red (503) if the last
pass of a worker is older than 3 minutes, a message has waited longer than 10, an event has no place in the tree after
60 seconds, or no checkpoint over it 3 minutes later (reliability.md section 1, journal.md section 7).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Min
from django.http import JsonResponse

from yukuaiban.cases.models import Tick
from yukuaiban.journal import tree
from yukuaiban.notices.models import Message
from yukuaiban.notices.outbox import unsent_age

if TYPE_CHECKING:
    from django.http import HttpRequest

TICK_TOO_OLD = timedelta(minutes=3)
MESSAGE_TOO_OLD = timedelta(minutes=10)


def healthz(_request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"ok": True})


def readyz(request: HttpRequest) -> JsonResponse:
    """The work is being done: ages in seconds, null where there is nothing to measure."""
    found = state(request.pen.moment())  # type: ignore[attr-defined]
    return JsonResponse(found, status=200 if found["ready"] else 503)


def state(now: datetime) -> dict[str, object]:
    """What `readyz` answers at `now`."""
    last_tick = Tick.objects.values_list("last_tick_at", flat=True).get(id=1)
    tick_age = None if last_tick is None else now - last_tick
    message_age = max(unsent_age(now), _failing_age(now))
    merge_delay, unpublished = tree.merge_delay(now), tree.unpublished_age(now)
    ready = (
        tick_age is not None
        and tick_age <= TICK_TOO_OLD
        and message_age <= MESSAGE_TOO_OLD
        and merge_delay <= tree.MERGE_TOO_OLD
        and unpublished <= tree.PUBLISH_TOO_OLD
    )
    return {
        "ready": ready,
        "last_tick_at": last_tick.isoformat() if last_tick else None,
        "last_tick_age_seconds": None if tick_age is None else int(tick_age.total_seconds()),
        "oldest_message_age_seconds": int(message_age.total_seconds()),
        "journal_merge_delay_seconds": int(merge_delay.total_seconds()),
        "journal_unpublished_seconds": int(unpublished.total_seconds()),
    }


def _failing_age(now: datetime) -> timedelta:
    """How old the oldest message is that was tried in vain; between two tries it does not count as waiting."""
    failing = Message.objects.filter(state=Message.State.QUEUED, attempts__gt=0)
    oldest = failing.aggregate(first=Min("created_at"))["first"]
    return now - oldest if oldest else timedelta()
