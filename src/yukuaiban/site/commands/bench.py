"""`bench`: the benchmarks of the project, as ratios with their goals (performance.md section 1)."""

from __future__ import annotations

import importlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from yukuaiban.site import home

BENCHMARKS = home.PROJECT / "benchmarks"
QUIET_LOAD = 0.6
# Worse than the goal by a quarter in two runs is told; once may be the machine's mood.
TOLERANCE = 1.25


@click.command("bench")
@click.argument("areas", nargs=-1, metavar="[AREA]...")
@click.option("--size", type=click.Choice(["small", "full"]), default="small", help="small 不超过两分钟")
@click.option("--compare", is_flag=True, help="不测量，只列出最近两次都比目标差四分之一以上的项目")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="结果另存为 JSON")
def bench(areas: tuple[str, ...], size: str, compare: bool, json_file: Path | None) -> None:
    """性能测试：每一行是同一次运行里的比值，以及它的目标。"""
    chosen = _chosen(areas)
    if compare:
        _tell_worse(_history(), chosen)
        return
    run = _about_this_run(size)
    if run["load"] > QUIET_LOAD:
        click.echo(f"注意：负载 {run['load']:.2f}，机器并不空闲（not quiet）", err=True)
    rows: list[dict[str, Any]] = []
    for area in chosen:
        for row in _measured(area, size):
            click.echo(told(row))
            rows.append(row)
    _keep(run, rows)
    if json_file is not None:
        document = json.dumps({**run, "rows": rows}, ensure_ascii=False, indent=2)
        json_file.write_text(document, encoding="utf-8")
    click.echo(f"负载 {run['load']:.2f}，{run['machine']}，Python {platform.python_version()}", err=True)
    if any(row["passed"] is False for row in rows):
        sys.exit(1)


def known_areas() -> list[str]:
    """The areas: modules of `benchmarks` whose names do not begin with an underscore."""
    return sorted(path.stem for path in BENCHMARKS.glob("*.py") if not path.stem.startswith("_"))


def _chosen(areas: tuple[str, ...]) -> list[str]:
    known = known_areas()
    unknown = [area for area in areas if area not in known]
    if unknown:
        message = f"没有这个性能测试：{'、'.join(unknown)}；可选：{'、'.join(known) or '（还没有）'}"
        raise click.UsageError(message)
    return list(areas) or known


def _measured(area: str, size: str) -> Iterator[dict[str, Any]]:
    """The rows of one area; a wrong answer is a row that fails."""
    if str(home.PROJECT) not in sys.path:
        sys.path.insert(0, str(home.PROJECT))
    click.echo(f"— {area}", err=True)
    try:
        rows = importlib.import_module(f"benchmarks.{area}").run(size)
    except AssertionError as wrong:
        yield {"area": area, "case": f"wrong answer: {wrong}", "ratio": None, "goal": None, "passed": False}
        return
    for row in rows:
        yield {"area": area, **row, "passed": passed(row.get("ratio"), row.get("goal"))}


def passed(ratio: float | None, goal: str | None, slack: float = 1.0) -> bool | None:
    """Whether a ratio reaches a goal written `>= 300` or `<= 1.2`; None where there is no goal.

    `slack` above 1 lets the ratio miss the goal by that factor.
    """
    if goal is None or ratio is None:
        return None
    sign, _, bound = goal.partition(" ")
    if sign == ">=":
        return ratio * slack >= float(bound)
    if sign == "<=":
        return ratio <= float(bound) * slack
    message = f"a goal is written '>= 300' or '<= 1.2', not {goal!r}"
    raise ValueError(message)


def told(row: dict[str, Any]) -> str:
    """One row for people: verdict, area, case, n, median with smallest and largest, ratio, goal."""
    verdict = {True: "pass", False: "FAIL", None: "    "}[row["passed"]]
    parts = [verdict, row["area"], row["case"]]
    if row.get("n") is not None:
        parts.append(f"n={row['n']:,}")
    if row.get("seconds"):
        times = row["seconds"]
        parts.append(f"{statistics.median(times):.4g} s ({min(times):.4g}–{max(times):.4g})")
    if row.get("ratio") is not None:
        parts.append(f"{row['ratio']:.4g}" + (f" × {row['against']}" if row.get("against") else ""))
    if row.get("goal") is not None:
        parts.append(f"goal {row['goal']}")
    return "  ".join(parts)


def _about_this_run(size: str) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": f"{_processor()}, {os.cpu_count()} cores",
        "size": size,
        "load": os.getloadavg()[0],
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def commit() -> str:
    """The commit that is measured; empty where there is no git or no repository."""
    git = shutil.which("git")
    if git is None:
        return ""
    command = [git, "-C", str(home.PROJECT), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    return done.stdout.strip()


def _keep(run: dict[str, Any], rows: Iterable[dict[str, Any]]) -> None:
    """Append the ratios to the history, one line per row."""
    kept = ("area", "case", "ratio", "goal", "passed")
    with (BENCHMARKS / "history.jsonl").open("a", encoding="utf-8") as file:
        for row in rows:
            entry = {**run, **{key: row.get(key) for key in kept}}
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _history() -> list[dict[str, Any]]:
    path = BENCHMARKS / "history.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def worse(history: Iterable[dict[str, Any]], areas: Iterable[str]) -> list[dict[str, Any]]:
    """The newest entry of each case that missed its goal by a quarter in its last two runs of one kind.

    Runs are of one kind when machine and size are the same; entries stand in the order of time.
    """
    runs: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    wanted = set(areas)
    for entry in history:
        if entry["area"] in wanted:
            kind = (entry["machine"], entry["size"], entry["area"], entry["case"])
            runs.setdefault(kind, []).append(entry)
    return [
        entries[-1]
        for entries in runs.values()
        if len(entries) > 1
        and all(passed(entry["ratio"], entry["goal"], TOLERANCE) is False for entry in entries[-2:])
    ]


def _tell_worse(history: list[dict[str, Any]], areas: list[str]) -> None:
    """Print what got worse; exit 1 if there is anything."""
    found = worse(history, areas)
    for entry in found:
        click.echo(told(entry))
    if found:
        sys.exit(1)
    click.echo("没有连续两次明显差于目标的项目", err=True)
