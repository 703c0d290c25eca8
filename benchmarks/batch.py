"""`./ykb clock batch`: the whole process, parsing and writing included (issue goals; performance.md section 2)."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks._office import FILE, START, office
from yukuaiban.core.clocks import Pause, due, elapsed
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.core.moments import parse_moment
from yukuaiban.site.home import PROJECT

SEED = 20260505
ROWS = {"small": (100_000,), "full": (100_000, 1_000_000)}
GOALS = {100_000: ("<= 1.2", None), 1_000_000: ("<= 15", "<= 1.0")}
RUNS = {100_000: 5, 1_000_000: 3}
HEADER = ("id", "op", "start", "end", "limit", "unit", "pauses")
_LIMITS = ("1wd", "5wd", "10wd", "20wd", "30d", "3mo", "2h", "3.5sh", "240sm", "20d")
_CHECKED = 500
_MINUTES = 3 * 365 * 24 * 60
_GIB = 1 << 30


def run(size: str) -> list[dict[str, Any]]:
    """All rows of the area."""
    print(f"seed {SEED}; 7 of 10 rows due, one in 20 with a pause")
    return [row for count in ROWS[size] for row in _measured(count)]


def _measured(count: int) -> list[dict[str, Any]]:
    with TemporaryDirectory(prefix="yukuaiban-bench-") as folder:
        source, target = Path(folder) / "in.csv", Path(folder) / "out.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(_rows(count))
        seconds, peaks = [], []
        for _ in range(RUNS[count]):
            took, peak = _process(source, target)
            seconds.append(took)
            peaks.append(peak)
        _check(target, count)
    time_goal, memory_goal = GOALS[count]
    case = f"clock batch, {count:,} rows"
    return [
        {
            "case": case,
            "n": count,
            "seconds": seconds,
            "against": "s",
            "ratio": sorted(seconds)[len(seconds) // 2],
            "goal": time_goal,
        },
        {
            "case": f"{case}, peak memory",
            "n": count,
            "against": "GiB",
            "ratio": max(peaks) / _GIB,
            "goal": memory_goal,
        },
    ]


def _rows(count: int) -> list[Sequence[str]]:
    dice = random.Random(SEED)
    return [_row(number, dice) for number in range(count)]


def _row(number: int, dice: random.Random) -> Sequence[str]:
    start = START + timedelta(minutes=dice.randrange(_MINUTES))
    pauses = ""
    if dice.random() < 0.05:
        since = start + timedelta(minutes=dice.randrange(60, 3000))
        pauses = f"{since:%Y-%m-%dT%H:%MZ}/{since + timedelta(days=dice.randrange(1, 9)):%Y-%m-%dT%H:%MZ}"
    if dice.random() < 0.7:
        return (str(number), "due", f"{start:%Y-%m-%dT%H:%MZ}", "", dice.choice(_LIMITS), "", pauses)
    end = start + timedelta(minutes=dice.randrange(50_000))
    unit = dice.choice(("sm", "wd", "m"))
    return (str(number), "elapsed", f"{start:%Y-%m-%dT%H:%MZ}", f"{end:%Y-%m-%dT%H:%MZ}", "", unit, pauses)


def _process(source: Path, target: Path) -> tuple[float, int]:
    """Wall seconds and peak memory in bytes of one fresh process."""
    command = [sys.executable, "-m", "yukuaiban.site", "clock", "batch", "--calendar", str(FILE)]
    began = time.perf_counter()
    child = subprocess.Popen([*command, str(source), str(target)], cwd=PROJECT, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    took = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, f"exit code {child.returncode}"
    return took, usage.ru_maxrss * 1024


def _check(target: Path, count: int) -> None:
    """The number of rows, and some of them against the one-at-a-time way."""
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == count, f"{len(rows)} rows"
    for row in random.Random(SEED).sample(rows, _CHECKED):
        assert row["result"] == _one(row), row


def _one(row: dict[str, str]) -> str:
    calendar = office()

    def moment(text: str) -> Any:
        return parse_moment(text, calendar.zone)

    pauses = [Pause(*map(moment, row["pauses"].split("/")))] if row["pauses"] else []
    if row["op"] == "due":
        found = due(moment(row["start"]), Limit.parse(row["limit"]), calendar, pauses=pauses)
        assert found.at is not None
        return found.at.astimezone(calendar.zone).isoformat()
    amount = elapsed(moment(row["start"]), moment(row["end"]), Unit(row["unit"]), calendar, pauses=pauses)
    return str(amount)
