"""What seven other products assert about business time (vectors.csv), row by row; where we differ, we say how."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from tests.shared_data import shared
from yukuaiban.core.backward import backward
from yukuaiban.core.calendarspec import CalendarDay, CalendarSpec, HoursBlock, merge_year
from yukuaiban.core.clocks import due, elapsed
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.core.pauses import Pause
from yukuaiban.core.workcalendar import WorkCalendar
from yukuaiban.core.yearfile import parse_year

Row = dict[str, str]
WEEKDAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 1)}
PRC = "PRC State Council calendar"
SINCE = date(2000, 1, 1)
# These end a day limit at the clock time of its start; ours end at closing on the same date.
SAME_TIME_OF_DAY = {"V011", "V013", "V015", "V017"}
# Amount 0 rolls to the next opening there; here it is the start itself.
ROLLS_FROM_REST = {"V021", "V025", "V029"}
# Going back by nothing moves to the last closing there; here it is the moment itself.
BACK_BY_NOTHING = {"V007"}


def rows() -> list[Row]:
    with shared("vectors/vectors.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def calendar(text: str) -> WorkCalendar:
    if text == PRC:
        return prc()
    given = json.loads(text)
    blocks = tuple(
        HoursBlock(SINCE, (WEEKDAYS[name],), tuple(pieces(hours, given["breaks"].get(name, []))))
        for name, hours in given["hours"].items()
    )
    off = tuple(CalendarDay(date.fromisoformat(day), "off") for day in given["holidays"])
    made_up = tuple(CalendarDay(date.fromisoformat(day), "make_up") for day in given["extra_workdays"])
    return WorkCalendar(CalendarSpec(given["tz"], blocks, tuple(sorted(off + made_up))))


def pieces(hours: list[list[str]], breaks: list[list[str]]) -> Iterator[tuple[int, int]]:
    """Opening hours with the breaks cut out of them."""
    for since, until in hours:
        start = minute(since)
        for pause, back in sorted(breaks):
            yield start, minute(pause)
            start = minute(back)
        yield start, minute(until)


def minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def prc() -> WorkCalendar:
    spec = CalendarSpec("Asia/Shanghai", (HoursBlock(SINCE, (1, 2, 3, 4, 5), ((540, 1020),)),))
    for year in range(2007, 2027):
        found = parse_year(shared(f"holidays/{year}.json").read_text(encoding="utf-8"))
        spec = merge_year(spec, year, found.days)
    return WorkCalendar(spec)


def limit_of(row: Row) -> Limit:
    amount, unit = Decimal(row["amount"]), row["unit"]
    if unit == "second":
        return Limit(amount / 60, Unit.SERVICE_MINUTE)
    units = {"minute": Unit.SERVICE_MINUTE, "hour": Unit.SERVICE_HOUR, "day": Unit.WORKDAY}
    return Limit(amount, units[unit])


def pauses_of(row: Row) -> list[Pause]:
    return [Pause(*map(datetime.fromisoformat, pair)) for pair in json.loads(row["pauses"])]


def check_due(row: Row) -> None:
    start = datetime.fromisoformat(row["start"])
    found = due(start, limit_of(row), calendar(row["calendar"]), pauses=pauses_of(row))
    assert found.at == datetime.fromisoformat(row["expected"])


def check_start(row: Row) -> None:
    start, expected = (datetime.fromisoformat(row[name]) for name in ("start", "expected"))
    found = due(start, limit_of(row), calendar(row["calendar"])).at
    assert found == start
    assert (found == expected) is (row["id"] not in ROLLS_FROM_REST)
    # One microsecond of open time lies just behind the opening that the other product rolls to.
    first = due(start, Limit(Decimal("1e-6") / 60, Unit.SERVICE_MINUTE), calendar(row["calendar"])).at
    assert first == expected + timedelta(microseconds=1)


def check_elapsed(row: Row) -> None:
    start, end = (datetime.fromisoformat(row[name]) for name in ("start", "amount"))
    found = elapsed(start, end, Unit.SERVICE_MINUTE, calendar(row["calendar"]), pauses=pauses_of(row))
    assert found == Decimal(row["expected"])


def check_back(row: Row) -> None:
    start, expected = (datetime.fromisoformat(row[name]) for name in ("start", "expected"))
    found = backward(start, limit_of(row), calendar(row["calendar"]))
    assert found == (start if row["id"] in BACK_BY_NOTHING else expected)


def check_days(row: Row) -> None:
    assert row["id"] in SAME_TIME_OF_DAY
    start, expected = (datetime.fromisoformat(row[name]) for name in ("start", "expected"))
    held = calendar(row["calendar"])
    found = (
        due(start, limit_of(row), held).at
        if row["op"] == "due_days"
        else backward(start, limit_of(row), held)
    )
    assert found.date() == expected.date()
    assert found == held.closing(expected.date())


def working(first: date, last: date) -> int:
    """Working days from the first to the last, both counted."""
    held = prc_calendar()
    return int(elapsed(held.start_of(first - timedelta(days=1)), held.start_of(last), Unit.WORKDAY, held))


def prc_calendar() -> WorkCalendar:
    return calendar(PRC)


def check_workday(row: Row) -> None:
    day = date.fromisoformat(row["start"])
    assert working(day, day) == int(row["expected"])


def check_count(row: Row) -> None:
    first, last = (date.fromisoformat(row[name]) for name in ("start", "amount"))
    assert working(first, last) == int(row["expected"])


def check_find(row: Row) -> None:
    held, day, amount = prc_calendar(), date.fromisoformat(row["start"]), int(row["amount"])
    limit = Limit(Decimal(abs(amount)), Unit.WORKDAY)
    start = held.start_of(day)
    found = due(start, limit, held).at if amount >= 0 else backward(held.closing(day), limit, held)
    assert held.day(found).isoformat() == row["expected"]


CHECKS: dict[str, Callable[[Row], None]] = {
    "due": check_due,
    "start": check_start,
    "elapsed": check_elapsed,
    "back": check_back,
    "due_days": check_days,
    "back_days": check_days,
    "workday": check_workday,
    "count_workdays": check_count,
    "find_workday": check_find,
}


def test_every_row_agrees_or_differs_as_we_say():
    given = rows()
    assert len(given) == 74
    for row in given:
        try:
            CHECKS[row["op"]](row)
        except AssertionError as error:
            raise AssertionError(f"{row['id']} {row['op']} {row['start']} {row['note']}") from error


def test_the_named_differences_are_rows_of_the_table():
    named = SAME_TIME_OF_DAY | ROLLS_FROM_REST | BACK_BY_NOTHING
    assert named <= {row["id"] for row in rows()}
