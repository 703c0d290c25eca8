"""What has been kept long enough is listed by the district's rows, and nothing is deleted."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from tests.cast import Office
from yukuaiban.cases import retention
from yukuaiban.cases.models import Applicant, Case
from yukuaiban.core.keeping import over_by
from yukuaiban.core.limits import Limit


@pytest.mark.parametrize(
    ("today", "span", "last"),
    [
        ("2026-03-02", "30y", "1996-03-01"),
        ("2026-03-02", "30d", "2026-01-30"),
        ("2026-03-31", "1mo", "2026-02-28"),
        ("2028-02-29", "1y", "2027-02-28"),
        ("2029-03-01", "1y", "2028-02-29"),
    ],
)
def test_the_span_is_over_on_the_day_after_its_last(today, span, last):
    assert over_by(date.fromisoformat(today), Limit.parse(span)) == date.fromisoformat(last)


@pytest.fixture
def closed(office: Office) -> Case:
    """A case that was withdrawn on 2026-03-02."""
    case = office.receive()
    office.do(case, "withdraw", "xiaoyu")
    return Case.objects.get(pk=case.pk)


def due(closed: Case, days: int = 0) -> dict[str, list[str]]:
    """The numbers that are due so many days after 30 years from the closing."""
    now = closed.closed_at.replace(year=closed.closed_at.year + 30) + timedelta(days=days)
    return {each.code: list(each.cases.values_list("number", flat=True)) for each in retention.due(now)}


def test_a_case_is_due_on_the_day_after_its_last_and_an_open_one_never(office, closed):
    office.receive()
    assert due(closed) == {"case_file_keep": [], "personal_data_keep": []}
    assert due(closed, 1) == {"case_file_keep": [closed.number], "personal_data_keep": [closed.number]}


def test_a_person_who_was_erased_is_no_longer_due_but_the_file_is(closed):
    Applicant.objects.filter(case=closed).update(name="")
    assert due(closed, 1) == {"case_file_keep": [closed.number], "personal_data_keep": []}


def test_the_command_lists_and_deletes_nothing(ykb, office, closed):
    code, out, _ = ykb("retention")
    assert (code, out.count("没有期满的")) == (0, 2)
    Case.objects.filter(pk=closed.pk).update(closed_at=closed.closed_at - timedelta(days=365 * 31))
    code, out, _ = ykb("retention")
    assert (code, out.count(f"已期满：{closed.number} 1 个")) == (0, 2)
    told = json.loads(ykb("retention", "--json")[1])
    assert [(each["class"], each["keep"], each["cases"]) for each in told] == [
        ("case_file_keep", "30y", [closed.number]),
        ("personal_data_keep", "30y", [closed.number]),
    ]
    assert Case.objects.filter(pk=closed.pk).exists()
    assert Applicant.objects.get(case=closed).name != ""
