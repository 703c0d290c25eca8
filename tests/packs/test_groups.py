"""Group names of plans (各镇(园区)) mean the agencies that the pack lists for the day."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from yukuaiban.core.errors import NotYetInForce
from yukuaiban.packs.vocabulary import OrganKind

DAY = date(2026, 3, 2)


def test_a_group_name_means_its_members_of_the_day(sample):
    def codes(name, day):
        return [agency.code for agency in sample.group(name, day)]

    assert codes("各镇(园区)", date(2025, 12, 31)) == ["sp-0004"]
    assert codes("各镇(园区)", date(2026, 1, 1)) == ["sp-0004", "sp-0006"]
    assert codes("各镇（园区）", DAY) == codes(" 各镇 (园区)", DAY) == ["sp-0004", "sp-0006"]
    for name, day, why in (
        ("各镇(园区)", date(2023, 12, 31), "最早的版本自 2024-01-01 起施行"),
        ("各村", DAY, "没有单位组“各村”"),
    ):
        with pytest.raises(NotYetInForce, match=why):
            sample.group(name, day)


def test_the_groups_of_ganyu_are_its_towns_and_zones_and_its_organs(ganyu):
    assert Counter(agency.kind.value for agency in ganyu.group("各镇（园区）", DAY)) == {
        "town": 15,
        "park": 4,
    }
    organs = ganyu.group("各行政机关", DAY)
    assert {(agency.kind.value, agency.organ_kind) for agency in organs} == {
        ("department", OrganKind.STATUTORY)
    }
    assert {agency.kind.value for agency in ganyu.group("各相关镇", DAY)} == {"town"}
    assert {each.code for each in ganyu.unconfirmed if each.kind == "alias"} == set(ganyu.groups)
