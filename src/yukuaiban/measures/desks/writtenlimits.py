"""Limits as lists of other offices write them (rules/desks.md section 8): the unit is kept, `无` is a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.limits import Limit, Unit, plain


@dataclass(frozen=True, slots=True)
class ReadLimit:
    """A limit as read from a list: none is a value too. `warning` says what was noticed while reading."""

    limit: Limit | None
    warning: str = ""


_NONE_WORDS = frozenset({"无", "无期限", "无时限", "-", "—", "/"})
_UNIT_WORDS = {
    "工作日": Unit.WORKDAY,
    "个工作日": Unit.WORKDAY,
    "自然日": Unit.NATURAL_DAY,
    "个自然日": Unit.NATURAL_DAY,
    "日": Unit.NATURAL_DAY,
    "天": Unit.NATURAL_DAY,
    "小时": Unit.HOUR,
    "月": Unit.MONTH,
    "个月": Unit.MONTH,
    "年": Unit.YEAR,
}
_WRITTEN = re.compile(r"^(\d+(?:\.\d+)?)\s*(\D*)$")


def read_limit(amount: str, unit: str = "") -> ReadLimit | Problem:
    """A limit as lists write it: `7` with `工作日`, `5个工作日`, `10wd`, `无`, or nothing. The unit is kept."""
    amount, unit = amount.strip(), unit.strip()
    if not amount:
        return ReadLimit(None)
    if amount in _NONE_WORDS:
        return ReadLimit(None, f"时限写作“{amount}”，按没有时限保存")
    if amount in ("即办", "当场办结", "即时办结"):
        return ReadLimit(Limit(Decimal(0), Unit.WORKDAY))
    found = _WRITTEN.match(amount)
    if found is None:
        return Problem(f"“{amount}”不是时限", "请填写数字和单位，例如 10 工作日")
    number, written = Decimal(found[1]), found[2].strip() or unit
    if not written:
        return Problem(f"时限“{amount}”没有单位", "请写明工作日或自然日")
    known = _UNIT_WORDS.get(written) or next((each for each in Unit if each.value == written), None)
    if known is None:
        return Problem(f"不认识的单位“{written}”", "请用工作日、自然日、月、年或小时")
    if number != number.to_integral_value() and known not in (Unit.HOUR, Unit.SERVICE_HOUR):
        return Problem(f"“{amount}{unit}”不是整数", "以日、月、年计的时限须为整数")
    try:
        return ReadLimit(Limit.parse(f"{plain(number)}{known.value}"))
    except InputInvalid as error:
        return error.problems[0]
