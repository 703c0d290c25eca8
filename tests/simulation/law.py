"""The district's rules as the oracle reads them: procedure, warnings and matters, each file on its own."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from pathlib import Path

from tests.simulation.limits import TIMED, Amount
from tests.simulation.minutes import Minutes, date_of

DISTRICT = Path(__file__).resolve().parents[2] / "districts" / "sample"
STATUTORY_DEFAULT = "20wd"  # rules.toml, statutory_default: a permit whose sheet states none


@dataclass(frozen=True)
class Matter:
    """A matter as far as its cases depend on it."""

    code: str
    agency: str
    on_the_spot: bool
    limits: dict[str, str]
    pausable: frozenset[str]
    site_check: bool


@dataclass
class Law:
    """What the oracle knows; `warns` are rows of rules.toml."""

    procedure: dict
    warns: list[dict]

    @cached_property
    def actions(self) -> dict[str, dict]:
        return {each["code"]: each for each in self.procedure["action"]}

    @cached_property
    def final(self) -> set[str]:
        return {each["code"] for each in self.procedure["stage"] if each.get("final")}

    @cached_property
    def categories(self) -> dict[str, dict]:
        return {each["code"]: each for each in self.procedure["pause_category"]}

    @cached_property
    def clocks(self) -> list[dict]:
        return self.procedure["clock"]

    def told(self, light: str) -> list[str]:
        """Whom the ladder names when a clock reaches a light."""
        rungs = self.procedure["ladder"]
        return [
            who for rung in rungs if rung["on"] == light and "after" not in rung for who in rung["notify"]
        ]

    def later_rungs(self, light: str) -> list[dict]:
        """The rungs that come some time after the due."""
        return [rung for rung in self.procedure["ladder"] if rung["on"] == light and "after" in rung]

    def open_at(self, action: str, stage: str | None) -> bool:
        """Whether the table lets the action be done at that stage."""
        row = self.actions[action]
        if row.get("start"):
            return stage is None
        return stage is not None and (stage in row["from"] if "from" in row else stage not in self.final)

    def warn_rules(self, limit: Amount, agency: str, day: int) -> list[tuple[str, str]]:
        """The rules of the narrowest scope that has one in force on the day the clock starts."""
        on = date_of(day)
        for scope, key in (("agency", agency), ("global", "")):
            rows = [
                (row["metric"], f"{row['value']}{'' if row['metric'] == 'used_percent' else row['unit']}")
                for row in self.warns
                if row["scope"] == scope
                and row.get("key", "") == key
                and row["since"] <= on
                and _is_for(row["limits"], limit)
            ]
            if rows:
                return rows
        return []


def _is_for(kind: str, limit: Amount) -> bool:
    if kind == "hours" or limit.unit in TIMED:
        return kind == "hours" and limit.unit in TIMED
    short = limit.unit in ("wd", "d") and limit.n <= Fraction(2)
    return short == (kind == "<=2wd")


def _toml(name: str) -> dict:
    return tomllib.loads((DISTRICT / name).read_text(encoding="utf-8"))


@cache
def law() -> Law:
    """The law of the fictional district."""
    return Law(_toml("procedures/desks.toml"), _toml("rules.toml")["warn"])


@lru_cache(maxsize=16)
def office(more: tuple[tuple[str, str], ...] = ()) -> Minutes:
    """The calendar of the offices, with the days of a later notice."""
    return Minutes((DISTRICT / "calendars" / "office.toml").read_text(encoding="utf-8"), more)


@cache
def matters(on: date) -> dict[str, Matter]:
    """The matters in force on a day."""
    with (DISTRICT / "matters.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if _in_force(row, on)]
    return {row["code"]: _matter(row) for row in rows}


def _in_force(row: dict[str, str], on: date) -> bool:
    return row["since"] <= on.isoformat() and (not row["until"] or on.isoformat() < row["until"])


def _matter(row: dict[str, str]) -> Matter:
    limits = {name: row[f"{name}_limit"] for name in ("committed", "statutory") if row[f"{name}_limit"]}
    if row["matter_kind"] == "permit":
        limits.setdefault("statutory", STATUTORY_DEFAULT)
    return Matter(
        code=row["code"],
        agency=row["agency"],
        on_the_spot=row["kind"] == "on_the_spot",
        limits=limits,
        pausable=frozenset(filter(None, row["pausable"].split("|"))),
        site_check=row["site_check"] == "true",
    )
