"""Names of agencies as plans write them, against the register of the fictional district."""

from __future__ import annotations

from datetime import date

import pytest

from tests.plans.working import PlanOffice
from yukuaiban.people.models import Agency
from yukuaiban.plans.naming import Names

DAY = date(2026, 1, 12)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("望海区行政审批局", ["sp-0001"]),
        ("区行政审批局", ["sp-0001"]),
        ("行政审批局", ["sp-0001"]),
        ("营商办", ["sp-0007"]),
        ("东渔镇", ["sp-0004"]),
        ("各镇（园区）", ["sp-0004", "sp-0006"]),
        ("各行政机关", ["sp-0001", "sp-0002", "sp-0003"]),
        ("西渔镇", []),
        ("局", []),
        ("", []),
    ],
)
def test_a_name_means_one_agency_a_group_or_nobody(plans: PlanOffice, name: str, codes: list[str]) -> None:
    assert Names(DAY).meant(name) == codes


def test_a_name_that_two_agencies_bear_is_left_to_a_person(plans: PlanOffice) -> None:
    Agency.objects.create(
        code="sp-0099", district="sample", name="行政审批局", short_name="市行政审批局", kind="department"
    )
    assert Names(DAY).meant("行政审批局") == ["sp-0099"]  # written just so
    Agency.objects.filter(code="sp-0099").update(name="望海市行政审批局", short_name="行政审批局")
    Agency.objects.filter(code="sp-0001").update(short_name="行政审批局")
    assert Names(DAY).meant("行政审批局") == []


def test_an_agency_that_has_ended_is_not_meant_any_more(plans: PlanOffice) -> None:
    Agency.objects.filter(code="sp-0003").update(until=date(2026, 1, 1))
    names = Names(DAY)
    assert names.meant("区市场监管局") == []
    assert not names.in_force("sp-0003")
    assert names.shown("sp-0003") == "区市场监管局"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("qscjgj", "sp-0003"),
        ("市监局", "sp-0003"),
        ("农业", "sp-0002"),
        ("营商", "sp-0007"),
        ("sp", "sp-0001"),
    ],
)
def test_agencies_are_found_by_letters_abbreviations_and_parts(
    plans: PlanOffice, text: str, first: str
) -> None:
    found = Names(DAY).search(text)
    assert [each.code for each in found][:1] == [first]


def test_nothing_is_found_by_nothing(plans: PlanOffice) -> None:
    assert Names(DAY).search(" ") == []
    assert Names(DAY).search("不存在的单位") == []
