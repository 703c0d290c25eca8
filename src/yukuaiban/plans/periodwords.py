"""Periods of a plan in Chinese words, and those that a person may choose. Pure."""

from __future__ import annotations

import re

_PART = re.compile(r"(?:(?P<year>\d{4})|-)-(?P<month>\d\d)(?:-(?P<day>\d\d))?")
_QUARTER = re.compile(r"(?:(?P<year>\d{4})-)?Q(?P<quarter>[1-4])")
_QUARTERS = "一二三四"
_WORDS = {
    "": "未写明",
    "year": "年内",
    "weekly": "每周",
    "monthly": "每月",
    "bimonthly": "每两月",
    "quarterly": "每季度",
    "half-yearly": "每半年",
    "continuing": "常态化",
    "regular": "定期",
}
_JOINED = ("Q1,Q2", "Q2,Q3", "Q3,Q4", "Q1,Q2,Q3", "Q2,Q3,Q4")


def words(period: str) -> str:
    """`Q2,Q3` is 二、三季度, `--06` is 6月, `2025-Q1` is 2025年一季度; what is no period stays as it is."""
    if period in _WORDS:
        return _WORDS[period]
    parts = period.split(",")
    quarters = [_QUARTER.fullmatch(part) for part in parts]
    if len(parts) > 1 and all(found and not found["year"] for found in quarters):
        return "、".join(_QUARTERS[int(found["quarter"]) - 1] for found in quarters if found) + "季度"
    return "、".join(_one(part) for part in parts)


def _one(part: str) -> str:
    if part in _WORDS:
        return _WORDS[part]
    if (found := _QUARTER.fullmatch(part)) is not None:
        return f"{_year(found['year'])}{_QUARTERS[int(found['quarter']) - 1]}季度"
    if re.fullmatch(r"\d{4}", part):
        return f"{part}年"
    return "至".join(_day(each) for each in part.split("/"))


def _day(part: str) -> str:
    found = _PART.fullmatch(part)
    if found is None:
        return part
    day = f"{int(found['day'])}日" if found["day"] else ""
    return f"{_year(found['year'])}{int(found['month'])}月{day}"


def _year(year: str | None) -> str:
    return f"{year}年" if year else ""


def choices(current: str = "") -> list[tuple[str, str]]:
    """Every period that a form offers, with its words; the current one is among them."""
    quarters = [f"Q{n}" for n in range(1, 5)]
    months = [f"--{n:02d}" for n in range(1, 13)]
    offered = [*quarters, *_JOINED, *months, *(each for each in _WORDS if each), ""]
    if current not in offered:
        offered.insert(0, current)
    return [(each, words(each)) for each in offered]
