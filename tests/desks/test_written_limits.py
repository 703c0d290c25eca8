"""Limits as other offices write them: the unit is kept, `无` is a value, nonsense says what would be right."""

from __future__ import annotations

import pytest

from yukuaiban.core.errors import Problem
from yukuaiban.measures.desks.writtenlimits import read_limit


@pytest.mark.parametrize(
    ("amount", "unit", "limit"),
    [
        ("7", "工作日", "7wd"),
        ("90", "自然日", "90d"),
        ("30", "日", "30d"),
        ("30", "天", "30d"),
        ("5个工作日", "", "5wd"),
        ("5 个工作日", "日", "5wd"),
        ("2个月", "", "2mo"),
        ("1", "年", "1y"),
        ("2", "小时", "2h"),
        ("3.5sh", "", "3.5sh"),
        ("10wd", "", "10wd"),
        ("0", "工作日", "0wd"),
        ("20.0", "工作日", "20wd"),
        ("即办", "", "0wd"),
        ("当场办结", "工作日", "0wd"),
        ("１５", "工作日", "15wd"),
        ("", "工作日", None),
        ("", "", None),
    ],
)
def test_a_limit_keeps_its_unit(amount, unit, limit):
    found = read_limit(amount, unit)
    assert not isinstance(found, Problem)
    assert (str(found.limit) if found.limit else None) == limit
    assert found.warning == ""


@pytest.mark.parametrize("word", ["无", "无期限", "-", "—", "/"])
def test_none_is_stored_as_none_with_a_warning(word):
    found = read_limit(word, "工作日")
    assert not isinstance(found, Problem)
    assert found.limit is None
    assert word in found.warning


@pytest.mark.parametrize(
    ("amount", "unit", "why"),
    [
        ("20", "", "没有单位"),
        ("20", "旬", "不认识的单位"),
        ("尽快", "工作日", "不是时限"),
        ("-5", "工作日", "不是时限"),
        ("1.5", "工作日", "不是整数"),
        ("99999999999999", "工作日", "99999999999999"),
        ("5-7", "工作日", "不是时限"),
    ],
)
def test_nonsense_is_a_problem_with_the_way_out(amount, unit, why):
    found = read_limit(amount, unit)
    assert isinstance(found, Problem)
    assert why in found.why
    assert found.remedy
