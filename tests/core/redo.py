"""A reader with a pencil: redoes the sum of a due moment from the JSON steps alone (clocks.md section 4).

It knows no calendar and no limit besides what the steps say, adds what they add, and complains where they leave a
gap, count a day twice or say one amount in figures and another in dates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

Json = dict[str, Any]
ONE = timedelta(days=1)
_TIME = re.compile(r"(\d\d:\d\d(?::\d\d)?)")
_HOURS = re.compile(r"(\d\d):(\d\d)(?::\d\d)?-(\d\d):(\d\d)(?::\d\d)?")
_LIMIT = re.compile(r"时限 ([\d.]+) (个工作日|日|个月|年|服务小时|服务分钟|小时|分钟)")
_GROWN = re.compile(r"改为 ([\d.]+) ")
_IN_MINUTES = {"服务小时": 60, "小时": 60, "服务分钟": 1, "分钟": 1}


def redo(steps: Sequence[Json]) -> datetime:
    """The due moment that the steps add up to; AssertionError where they do not add up."""
    assert steps[0]["code"] == "start"
    assert steps[-1]["code"] == "final"
    start = datetime.fromisoformat(steps[0]["from"])
    amount, unit = _limit(steps)
    body = [step for step in steps if step["code"] not in ("start", "final", "extension", "provisional")]
    if unit in ("服务小时", "服务分钟"):
        found = _service(start, amount * _IN_MINUTES[unit], body)
    elif unit in ("小时", "分钟"):
        found = _natural(start, amount * _IN_MINUTES[unit], body)
    elif unit == "个工作日":
        found = _workdays(start, amount, body)
    else:
        found = _dates(start, amount, unit, body)
    due = datetime.fromisoformat(steps[-1]["to"])
    if found.tzinfo is None:  # the end of a day is said as a wall clock shows it
        found = found.replace(tzinfo=due.tzinfo)
    assert found == due
    return found


def _limit(steps: Sequence[Json]) -> tuple[Decimal, str]:
    """The limit after its extensions, read from the sentences."""
    named = _LIMIT.search(steps[0]["text"])
    amount, unit = (Decimal(named[1]), named[2]) if named else (Decimal(0), "个工作日")
    for step in steps:
        if step["code"] == "extension":
            amount += Decimal(step["amount"])
            grown = _GROWN.search(step["text"])
            assert grown is not None
            assert Decimal(grown[1]) == amount
    return amount, unit


def _service(start: datetime, minutes: Decimal, body: Sequence[Json]) -> datetime:
    """Pieces of open time until the amount is full; the last piece ends at the due."""
    total, here = Decimal(0), start
    for step in body:
        if step["code"] != "count":
            continue
        since, until = datetime.fromisoformat(step["from"]), datetime.fromisoformat(step["to"])
        assert since >= here
        pieces = sum(_minutes(piece) for piece in _HOURS.findall(step["text"]))
        days = (until - ONE / 86_400_000_000).date() - since.date()
        if since.utcoffset() == until.utcoffset():  # across a change of clocks, wall times do not add up
            assert Decimal(step["amount"]) == pieces * (days.days + 1)
        total += Decimal(step["amount"])
        here = until
    assert total == minutes
    return here


def _minutes(piece: tuple[str, str, str, str]) -> int:
    """The length of a piece of the day; 00:00 as its end is midnight."""
    since, until = int(piece[0]) * 60 + int(piece[1]), int(piece[2]) * 60 + int(piece[3])
    return (until or 1440) - since


def _natural(start: datetime, minutes: Decimal, body: Sequence[Json]) -> datetime:
    (count,) = (step for step in body if step["code"] == "count")
    pauses = [Decimal(step["amount"]) for step in body if step["code"] == "pause"]
    assert Decimal(count["amount"]) == minutes
    return start + timedelta(minutes=float(minutes + sum(pauses)))


def _workdays(start: datetime, amount: Decimal, body: Sequence[Json]) -> datetime:
    """Every day from the day after the start to the due is told once: counted, at rest or paused."""
    here, counted = start.date(), Decimal(0)
    for step in body:
        if step["code"] == "closing":
            continue
        if step["code"] == "pause" and "T" in step["from"]:
            assert step["amount"] == 0
            continue
        since, until = date.fromisoformat(step["from"]), date.fromisoformat(step["to"])
        assert since == here + ONE or (amount == 0 and since in (here, here + ONE))
        days = (until - since).days + 1
        if step["code"] in ("day_one", "make_up", "count") and amount:
            counted += step["amount"]
            assert step["amount"] == days
        assert step["code"] != "pause" or step["amount"] == days
        here = until
    assert counted == amount
    return _end(here, body)


def _dates(start: datetime, amount: Decimal, unit: str, body: Sequence[Json]) -> datetime:
    (count,) = (step for step in body if step["code"] == "count")
    moved = [step["amount"] for step in body if step["code"] in ("pause", "roll")]
    last = start.date() + timedelta(days=count["amount"])
    assert date.fromisoformat(count["to"]) == last
    if amount and unit == "日":
        assert count["amount"] == amount
    elif amount:
        months = int(amount) * {"个月": 1, "年": 12}[unit]
        assert (last.year - start.year) * 12 + last.month - start.month == months
        assert last.day == start.day or (last + ONE).day == 1
    return _end(last + timedelta(days=sum(moved)), body)


def _end(day: date, body: Sequence[Json]) -> datetime:
    """The end of the day as the closing step says it; the offset of its zone is left to the final step."""
    (closing,) = (step for step in body if step["code"] == "closing")
    assert date.fromisoformat(closing["from"]) == day
    said = _TIME.search(closing["text"])
    assert said is not None
    midnight = said[1] == "24:00"
    time = datetime.min.time() if midnight else datetime.strptime(said[1], "%H:%M").time()  # noqa: DTZ007
    return datetime.combine(day + ONE * midnight, time)
