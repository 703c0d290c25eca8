"""10,362 real service requests of Boston: a target of 8.5 hours of service time, computed by `clock batch`."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta

from tests.shared_data import shared
from yukuaiban.core.clocks import due
from yukuaiban.core.limits import Limit
from yukuaiban.core.workcalendar import WorkCalendar, parse_calendar

# The city's system had no table of holidays loaded in these years.
WITHOUT_HOLIDAYS = {2018, 2022}
SECONDS_MAY_DIFFER = timedelta(seconds=61)


def test_targets_of_a_city_are_reproduced(ykb, tmp_path):
    given, calendar_file = shared("sla/boston_one_business_day.csv"), shared("sla/boston.toml")
    with given.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 10_362
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "op", "start", "limit"])
        writer.writerows([at, "due", row["local_open"], "8.5sh"] for at, row in enumerate(rows))
    code, _, err = ykb("clock", "batch", "--calendar", calendar_file, source, target)
    assert (code, err) == (0, "共 10362 行，0 行未能计算。\n")
    calendar = WorkCalendar(parse_calendar(calendar_file.read_text(encoding="utf-8")))
    with target.open(encoding="utf-8", newline="") as file:
        answers = [row["result"] for row in csv.DictReader(file)]
    judged = [
        (row["reference_ok"] == "1", equal(calendar, answer, row["local_target"]))
        for row, answer in zip(rows, answers, strict=True)
        if datetime.fromisoformat(row["local_open"]).year not in WITHOUT_HOLIDAYS
    ]
    same = sum(equal for _, equal in judged)
    print(f"{same} of {len(judged)} equal")  # noqa: T201 - the figure itself
    assert len(judged) == 10_103
    assert same / len(judged) >= 0.99
    assert all(equal for reference, equal in judged if reference)


def equal(calendar: WorkCalendar, answer: str, wanted: str) -> bool:
    """The city ends at the next opening where we end at the closing; in service time the two are one moment."""
    found = datetime.fromisoformat(answer)
    if found == calendar.closing(found.date()):
        opening = due(found, Limit.parse("1sm"), calendar, explain=False).at
        assert opening is not None
        found = opening - timedelta(minutes=1)
    target = datetime.fromisoformat(wanted).replace(tzinfo=calendar.zone)
    return abs(found - target) <= SECONDS_MAY_DIFFER
