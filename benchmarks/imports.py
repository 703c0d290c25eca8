"""`./ykb import matters` of a long list, the whole process, against bare inserts of the same rows.

The list has our own headings; every matter has a sheet, so a row is two rows of tables and two journal events. The
floor writes two table rows and one journal row for each by `executemany` into the same schema.
"""

from __future__ import annotations

import csv
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks._installation import folder
from benchmarks._timing import median
from yukuaiban.site.home import PROJECT

ROWS = {"small": 2_000, "full": 20_000}
RUNS = 3
TABLES = ("desks_matter", "desks_mattersheet", "journal_event")
HEADER = (
    "code", "name", "agency", "kind", "level", "statutory_limit", "committed_limit", "legal_basis", "materials",
)  # fmt: skip
AGENCY = "行政审批局"


def run(size: str) -> list[dict[str, Any]]:
    """All rows of the area."""
    count = ROWS[size]
    source = folder() / "matters.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_row(number) for number in range(count))
    seconds, floor = [], []
    for number in range(RUNS):
        home = folder() / f"import-{number}"
        home.mkdir()
        _ykb(home, "migrate")
        began = time.perf_counter()
        _ykb(home, "import", "matters", str(source))
        seconds.append(time.perf_counter() - began)
        _check(home / "yukuaiban.sqlite3", count)
        floor.append(_floor(home / "yukuaiban.sqlite3"))
    took = median(seconds)
    return [
        {
            "case": "import matters, whole command",
            "n": count,
            "seconds": seconds,
            "against": "of executemany of the same table rows",
            "ratio": took / median(floor),
            "goal": None,
        },
    ]


def _row(number: int) -> tuple[str, ...]:
    return (
        f"B-{number:06}", f"性能测试事项{number}", AGENCY, "行政许可", "县级",
        "20个工作日", "10个工作日", "《行政许可法》第四十二条", "申请书;身份证明",
    )  # fmt: skip


def _ykb(home: Path, *words: str) -> None:
    environment = {**os.environ, "YKB_HOME": str(home), "YKB_DISTRICT": "ganyu"}
    command = [sys.executable, "-m", "yukuaiban.site", *words]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]


def _check(path: Path, count: int) -> None:
    """Every row is stored with its limits."""
    with sqlite3.connect(path) as connection:
        found = connection.execute(
            "SELECT count(*) FROM desks_mattersheet WHERE matter_id LIKE 'B-%'"
            " AND statutory_limit = '20wd' AND committed_limit = '10wd'"
        ).fetchone()[0]
    connection.close()
    assert found == count, f"{found} of {count} matters stored"


def _floor(path: Path) -> float:
    """Seconds of writing the same rows of matters, sheets and events into an empty copy of the schema."""
    target = path.with_name("floor.sqlite3")
    with sqlite3.connect(path) as source:
        schema = source.execute(
            "SELECT sql FROM sqlite_master WHERE sql NOT NULL AND tbl_name IN (?, ?, ?)", TABLES
        ).fetchall()
        rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    source.close()
    with sqlite3.connect(target) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        for (sql,) in sorted(schema, key=lambda each: not each[0].startswith("CREATE TABLE")):
            connection.execute(sql)
    began = time.perf_counter()
    with connection:
        for table, values in rows.items():
            marks = ", ".join("?" for _ in values[0])
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
    took = time.perf_counter() - began
    connection.close()
    return took
