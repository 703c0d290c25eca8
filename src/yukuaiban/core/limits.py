"""Limits: an amount and a unit. Kinds of counting are never mixed (clocks.md section 1).

`1wd` is not 24 hours and not 7 service hours; `30d` is not `1mo`. There is no conversion between kinds, only
within one (an hour is 60 minutes).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from yukuaiban.core.errors import InputInvalid, Problem


class Unit(StrEnum):
    """What a limit counts. The value is how it is written behind the amount."""

    HOUR = "h"
    MINUTE = "m"
    SERVICE_HOUR = "sh"
    SERVICE_MINUTE = "sm"
    WORKDAY = "wd"
    NATURAL_DAY = "d"
    MONTH = "mo"
    YEAR = "y"

    @property
    def title(self) -> str:  # type: ignore[override]  # a title as in `Light`, not that of str
        """The unit in Chinese."""
        return _TITLES[self][0]

    @property
    def title_en(self) -> str:
        """The unit in English."""
        return _TITLES[self][1]

    @property
    def natural(self) -> bool:
        """Whether real elapsed time counts, through nights and holidays (民法典 201)."""
        return self in (Unit.HOUR, Unit.MINUTE)

    @property
    def service(self) -> bool:
        """Whether only time inside opening hours counts."""
        return self in (Unit.SERVICE_HOUR, Unit.SERVICE_MINUTE)

    @property
    def timed(self) -> bool:
        """Whether hours or minutes count, natural or service, not whole days."""
        return self.natural or self.service


_TITLES = {
    Unit.HOUR: ("小时", "hours"),
    Unit.MINUTE: ("分钟", "minutes"),
    Unit.SERVICE_HOUR: ("服务小时", "service hours"),
    Unit.SERVICE_MINUTE: ("服务分钟", "service minutes"),
    Unit.WORKDAY: ("个工作日", "working days"),
    Unit.NATURAL_DAY: ("日", "days"),
    Unit.MONTH: ("个月", "months"),
    Unit.YEAR: ("年", "years"),
}
_SECONDS = {Unit.HOUR: 3600, Unit.MINUTE: 60, Unit.SERVICE_HOUR: 3600, Unit.SERVICE_MINUTE: 60}
_WRITTEN = re.compile(r"(?P<amount>[^a-zA-Z\s]+)\s*(?P<unit>[a-zA-Z]+)")
_PLAIN = re.compile(r"\d+(\.\d+)?")
_DECIMAL_UNITS = (Unit.HOUR, Unit.SERVICE_HOUR)
_MICROSECONDS = 1_000_000
MOST = Decimal(10**9)


class LimitInvalid(InputInvalid):
    """A text that is no limit: what is wrong with it and what would be right."""


class Authority(StrEnum):
    """Where a rule comes from (architecture.md; OURS is shown on screen)."""

    LAW = "law"
    STANDARD = "standard"
    POLICY = "policy"
    PLAN = "plan"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of one unit, such as `10wd` or `3.5sh`. Exact: never a float."""

    amount: Decimal
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Limit:
        """The limit written as amount + unit; LimitInvalid says what is wrong and what would be right."""
        if not text.strip():
            raise LimitInvalid(Problem("没有填写时限", "请写数量加单位，如 10wd", field="limit"))
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise LimitInvalid(
                Problem(f"“{text}”不是时限", "请写数量加单位，如 10wd、2h、3.5sh", field="limit")
            )
        try:
            unit = Unit(found["unit"])
        except ValueError as error:
            known = "、".join(each.value for each in Unit)
            why = f"“{text}”的单位“{found['unit']}”不认识"
            raise LimitInvalid(Problem(why, f"可用的单位：{known}", field="limit")) from error
        return cls(_amount(found["amount"], unit, text), unit)

    def __str__(self) -> str:
        return f"{plain(self.amount)}{self.unit.value}"

    def __add__(self, other: Limit) -> Limit:
        if other.unit is not self.unit:
            why = f"不能把 {other} 加到 {self} 上"
            raise LimitInvalid(Problem(why, f"请用同一单位（{self.unit.title}）", field="limit"))
        return Limit(self.amount + other.amount, self.unit)

    def title(self, lang: str = "zh") -> str:
        """The limit in words: “10 个工作日”, “10 working days”; no working day at all is “当日办结”, “same day”."""
        if self.unit is Unit.WORKDAY and not self.amount:
            return "same day" if lang == "en" else "当日办结"
        return self.exact(lang)

    def exact(self, lang: str = "zh") -> str:
        """The limit as a sum counts it: “0 个工作日”, “10 working days”."""
        words = self.unit.title_en if lang == "en" else self.unit.title
        if lang == "en" and self.amount == 1:
            words = words.removesuffix("s")
        return f"{plain(self.amount)} {words}"

    @property
    def days(self) -> int:
        """The amount of a limit in days, months or years."""
        return int(self.amount)

    @property
    def microseconds(self) -> int:
        """The length of a limit in (service) hours or minutes, in microseconds, rounded half up."""
        exact = self.amount * _SECONDS[self.unit] * _MICROSECONDS
        return int(exact.to_integral_value(rounding="ROUND_HALF_UP"))


def plain(amount: Decimal) -> str:
    """The shortest decimal writing: `10`, `3.5`, never an exponent."""
    return f"{amount.normalize():f}"


def _amount(text: str, unit: Unit, whole: str) -> Decimal:
    problem = None
    if not _PLAIN.fullmatch(text):
        problem = Problem(f"“{whole}”的数量“{text}”不是不小于 0 的数", "请写如 10wd", field="limit")
    elif "." in text and unit not in _DECIMAL_UNITS:
        problem = Problem(f"“{whole}”：{unit.title}不能有小数", "小数只用于 h 和 sh", field="limit")
    if problem is not None:
        raise LimitInvalid(problem)
    amount = Decimal(text)
    if amount > MOST:
        raise LimitInvalid(Problem(f"“{whole}”太长", f"数量不超过 {MOST}", field="limit"))
    return amount


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit in force from `since` until before `until`, with the paper it stands in.

    `calendar` names the calendar it counts on; `roll` says whether a non-working last day moves on (民法典 203);
    `ends` overrides the calendar's end of day (`closing` or `midnight`).
    """

    limit: Limit
    since: date
    until: date | None = None
    source: str = ""
    authority: Authority = Authority.OURS
    confirmed: bool = True
    calendar: str = "office"
    roll: bool = True
    ends: str | None = None
    late_allowed: bool = False

    @property
    def version(self) -> str:
        """A short name of this row: limit and first day."""
        return f"{self.limit}@{self.since.isoformat()}"


def limit_row_from(given: Mapping[str, Any]) -> LimitRow:
    """The limit row that stands in a case's own data (`limits.committed` of its start)."""
    return LimitRow(
        limit=Limit.parse(given["limit"]),
        since=date.fromisoformat(given["since"]),
        source=given.get("source", ""),
        authority=Authority(given.get("authority", Authority.OURS)),
        confirmed=given.get("confirmed", True),
        calendar=given.get("calendar", "office"),
        roll=given.get("roll", True),
        ends=given.get("ends"),
        late_allowed=given.get("late_allowed", False),
    )
