"""How often somebody may try the public query (ui.md section 7): ten times a minute, five wrong ones a case and day.

Addresses and numbers are kept as keyed hashes only, and for two days. A locked case answers like a wrong code.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F

from yukuaiban.measures.desks.models import QueryTry

if TYPE_CHECKING:
    from datetime import datetime

PER_MINUTE = 10
WRONG_A_DAY = 5
_KEPT = timedelta(days=2)


def too_many(address: str, now: datetime) -> int:
    """Count a try of an address; the seconds to wait if it was one too many, else 0."""
    slot = f"{now:%Y%m%dT%H%M}"
    if slot.endswith("00"):
        QueryTry.objects.filter(at__lt=now - _KEPT).delete()
    return 60 - now.second if _count("address", address, slot, now) > PER_MINUTE else 0


def locked(number: str, now: datetime) -> bool:
    """Whether a number has been tried wrongly too often today; unknown numbers count like known ones."""
    found = QueryTry.objects.filter(key=_key("number", number), slot=f"{now:%Y%m%d}")
    return (found.values_list("count", flat=True).first() or 0) >= WRONG_A_DAY


def note_wrong(number: str, now: datetime) -> None:
    """Count a wrong try of a number."""
    _count("number", number, f"{now:%Y%m%d}", now)


def _count(kind: str, value: str, slot: str, now: datetime) -> int:
    row, _new = QueryTry.objects.get_or_create(key=_key(kind, value), slot=slot, defaults={"at": now})
    QueryTry.objects.filter(pk=row.pk).update(count=F("count") + 1, at=now)
    return row.count + 1


def _key(kind: str, value: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{kind}/{value}".encode(), hashlib.sha256).hexdigest()
