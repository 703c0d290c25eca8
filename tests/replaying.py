"""What a random test draws from, and how its failure is played again; loaded as a plugin (pyproject.toml).

A test that asks for the fixture `seed` draws from it alone. When it fails, seed, commit and the way to run it again are
printed with it. `--figures FILE` keeps what tests record with `record_property`, one JSON line a test.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yukuaiban.site.commands.bench import commit

SEED = 20261125  # of every run that does not ask for another one, so that the suite is the same each time


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("yukuaiban")
    group.addoption("--seed", type=int, default=SEED, help="what random tests draw from")
    group.addoption("--figures", type=Path, default=None, help="file for the figures that tests record")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("figures"):
        config.pluginmanager.register(Figures(config.getoption("figures")))


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of this run."""
    return request.config.getoption("seed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    if report.failed and "seed" in getattr(item, "fixturenames", ()):
        report.sections.append(("how to play it again", again(item)))
    return report


def again(item: pytest.Item) -> str:
    """Seed and commit, and the command."""
    number, mark = item.config.getoption("seed"), " -m slow" if item.get_closest_marker("slow") else ""
    return f"seed {number}, commit {commit()}\n./ykb test '{item.nodeid}'{mark} --seed {number}"


class Figures:
    """Appends a line for each test: what became of it, how long it took, what it recorded."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        line = {
            "test": report.nodeid,
            "outcome": report.outcome,
            "seconds": report.duration,
            "figures": dict(report.user_properties),
            "why": report.longrepr[2] if isinstance(report.longrepr, tuple) else "",
        }
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
