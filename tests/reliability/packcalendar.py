"""The sample district's office calendar as the oracle's, read from its file without the product."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from tests.core.oracle import Oracle, Timetable
from tests.installation import PROJECT

FILE = PROJECT / "districts" / "sample" / "calendars" / "office.toml"


def _minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


@cache
def office() -> Oracle:
    """Hours, days off, make-up days and published years as they stand in the file."""
    given = tomllib.loads(FILE.read_text(encoding="utf-8"))
    tables: dict[tuple[date, date | None], Timetable] = {}
    for block in given["hours"]:
        span = (block["from"], block.get("to"))
        pieces = [(_minutes(since), _minutes(until)) for since, until in block["open"]]
        table = tables.setdefault(span, Timetable(*span, {}, pieces))
        table.weekdays |= dict.fromkeys(block["weekdays"], pieces)
    days = {
        kind: {day["date"] for day in given["days"] if day["kind"] == kind} for kind in ("off", "make_up")
    }
    return Oracle(
        ZoneInfo(given["timezone"]),
        list(tables.values()),
        days["off"],
        days["make_up"],
        set(given["years"]["published"]),
        given["day_end"] == "midnight",
    )
