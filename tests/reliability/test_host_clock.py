"""Host zone wrong, its rules missing, odd days of the calendar (R9): every deadline is the oracle's."""

from __future__ import annotations

import csv
from datetime import datetime

import pytest

from tests.commands.clockfiles import HEADER
from tests.installation import Installation
from tests.reliability.packcalendar import FILE, office

# Around New York's summer time (2026-03-08, 2026-11-01), on 29 February, over a year that is not published, in 2038.
STARTS = (
    "2026-03-06T16:59",
    "2026-03-08T02:30",
    "2026-03-08T15:30",
    "2026-10-31T23:10",
    "2026-11-01T13:30",
    "2028-02-29T09:15",
    "2024-02-29T17:00",
    "2026-12-31T16:45",
    "2027-12-31T16:45",
    "2037-12-31T23:59",
    "2038-01-19T11:14",
)
LIMITS = ("1wd", "10wd", "3sh", "90sm", "2h", "45m", "30d")
HOSTS = {
    "utc": {"TZ": "UTC"},
    "new york": {"TZ": "America/New_York"},
    "a zone that does not exist": {"TZ": "Mars/Olympus"},
    "no rules of zones on the host": {"TZ": "UTC", "PYTHONTZPATH": ""},
}


def expected(start: str, limit: str) -> tuple[str, str]:
    """Due moment and whether it is provisional, walked minute by minute."""
    oracle, amount, unit = office(), int(limit.rstrip("wdshm")), limit.lstrip("0123456789")
    moment = datetime.fromisoformat(start).replace(tzinfo=oracle.zone)
    first = oracle.day(moment)
    if unit in {"h", "m"}:
        due = oracle.due_minutes(moment, amount * (60 if unit == "h" else 1), [], service=False)
        return due.astimezone(oracle.zone).isoformat(), "false"
    if unit in {"sh", "sm"}:
        due = oracle.due_minutes(moment, amount * (60 if unit == "sh" else 1), [], service=True)
        last = oracle.day(due)
    elif unit == "wd":
        last, due = oracle.due_workdays(moment, amount, [])
    else:
        last, due, first = oracle.due_dates(moment, amount, unit, [], roll=True)
    return due.astimezone(oracle.zone).isoformat(), str(oracle.provisional(first, last)).lower()


@pytest.mark.parametrize("host", HOSTS)
def test_deadlines_come_from_the_calendar_whatever_the_host_thinks(tmp_path, host):
    asked = [(start, limit) for start in STARTS for limit in LIMITS]
    lines = [f"{number},due,{start},,{limit},," for number, (start, limit) in enumerate(asked)]
    (tmp_path / "in.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    installation = Installation(tmp_path / "home")
    files = (str(tmp_path / "in.csv"), str(tmp_path / "out.csv"))
    done = installation.ykb("clock", "batch", "--calendar", str(FILE), *files, **HOSTS[host])
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        found = [(row["result"], row["provisional"]) for row in csv.DictReader(file)]
    assert dict(zip(asked, found, strict=True)) == {each: expected(*each) for each in asked}


def test_a_sixty_first_second_is_refused_with_a_way_out(tmp_path):
    """Leap seconds exist on no wall of an office; the moment before is what is meant, and a person says so."""
    start = "2016-12-31T23:59:60Z"
    done = Installation(tmp_path / "home").ykb("clock", "due", "--start", start, "--limit", "1h")
    assert done.returncode == 2
    assert "2016-12-31T23:59:60Z" in done.stderr
    assert "ISO 8601" in done.stderr
    assert "Traceback" not in done.stderr
