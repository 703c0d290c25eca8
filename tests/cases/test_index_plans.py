"""Lists and the tick read the indexes made for open cases, whatever the size of the docket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import FARM, at
from yukuaiban.cases import counters, queries
from yukuaiban.cases.models import Case

NOW = at("2026-03-02T09:00")


def lists():
    urgent = Case.objects.filter(closed_at=None, due_at__isnull=False).order_by("due_at", "id")
    hour = (NOW, NOW + timedelta(hours=1))
    return {
        "agency": (queries.open_cases(FARM)[:50], "case_agency_due"),
        "all": (queries.open_cases()[:50], "case_due"),
        "urgent of an agency": (urgent.filter(agency=FARM)[:50], "case_agency_due"),
        "urgent of all": (urgent[:50], "case_due"),
        "crossings": (Case.objects.filter(closed_at=None, warns_at__range=hour), "case_warns"),
        "closed": (Case.objects.filter(closed_at__gte=NOW), "case_closed"),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("analyzed", [False, True])
@pytest.mark.parametrize(
    "name", ["agency", "all", "urgent of an agency", "urgent of all", "crossings", "closed"]
)
def test_a_list_is_read_in_the_order_of_its_index(name, analyzed) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the plan is told in the words of SQLite")
    if analyzed:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    rows, index = lists()[name]
    plan = rows.explain()
    assert f"USING INDEX {index} " in f"{plan} ", plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.django_db
def test_each_part_of_the_tick_reads_the_index_of_its_own_moment() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the plan is told in the words of SQLite")
    with CaptureQueriesContext(connection) as asked:
        list(counters._moved(NOW, NOW + timedelta(hours=1)))
    (query,) = asked.captured_queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
        plan = "\n".join(f"{row[-1]} " for row in cursor.fetchall())
    for name in ("warns", "red", "breach", "paused_from", "paused_until"):
        assert f"USING INDEX case_{name} " in plan, plan
