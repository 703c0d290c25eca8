"""Which closed cases have been kept as long as the district's dated rows say. Lists only: nothing here deletes.

Deleting is an order of two people (`cases.erasing`), handing over is for the archives; the journal stays for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from yukuaiban.cases.models import Applicant, Case
from yukuaiban.core.keeping import over_by
from yukuaiban.core.limits import Limit
from yukuaiban.people.district import installed, local_day

CASE_FILE, PERSONAL_DATA = "case_file_keep", "personal_data_keep"
CLASSES = (CASE_FILE, PERSONAL_DATA)


@dataclass(frozen=True, slots=True)
class Due:
    """One class: how long by which paper, the last day of closing that is over, the cases closed by then."""

    code: str
    title: str
    span: Limit
    source: str
    confirmed: bool
    closed_by: date
    cases: QuerySet[Case]


def due(now: datetime) -> list[Due]:
    """What is due, class by class, oldest first; a class without cases is listed too. NotYetInForce without a row."""
    today = local_day(now)
    return [_due(code, today) for code in CLASSES if code in installed().values]


def _due(code: str, today: date) -> Due:
    row = installed().row(code, today)
    assert isinstance(row.value, Limit)  # noqa: S101 - the pack's reader takes nothing else for these codes
    last = over_by(today, row.value)
    midnight = datetime.combine(last + timedelta(days=1), time(), ZoneInfo(installed().zone))
    found = Case.objects.filter(closed_at__lt=midnight).order_by("closed_at", "number")
    if code == PERSONAL_DATA:
        found = found.filter(Exists(Applicant.objects.filter(case=OuterRef("pk")).exclude(name="")))
    return Due(code, row.title, row.value, row.source, row.confirmed, last, found)
