"""An installation of its own for every run of the tests, made before Django reads its settings.

Loaded as a plugin (`-p tests.environment` in pyproject.toml): a conftest would come too late, because
pytest-django imports the settings first. Worker processes inherit the folder of the run.

Settings of whoever starts the tests never reach them. The one exception is a PostgreSQL database to run them on, named
by YUKUAIBAN_TESTS_DATABASE: tests/pg starts a second pytest that way (`./ykb test tests/pg`).
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

import pytest

_MARK = "YUKUAIBAN_TESTS_HOME"
_DATABASE = "YUKUAIBAN_TESTS_DATABASE"
# Settings of the test run itself.
_KEPT = {"YKB_BROWSER", "YKB_NO_BROWSER", "YKB_PYTHON"}
_NO_BROWSER = "YKB_NO_BROWSER is set"


def _prepare() -> None:
    """Point YKB_* at the fictional district and at a fresh folder, removed by the process that made it."""
    home = os.environ.get(_MARK)
    if home is None:
        home = tempfile.mkdtemp(prefix="yukuaiban-tests-")
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        atexit.register(shutil.rmtree, f"{home}-pg", ignore_errors=True)
    for name in [name for name in os.environ if name.startswith("YKB_") and name not in _KEPT]:
        del os.environ[name]
    os.environ[_MARK] = os.environ["YKB_HOME"] = home
    os.environ["YKB_DISTRICT"] = "sample"
    if url := os.environ.get(_DATABASE):
        os.environ["YKB_DATABASE_URL"] = url


_prepare()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser where the run shall do without one."""
    if os.environ.get("YKB_NO_BROWSER"):
        for test in items:
            if test.get_closest_marker("browser"):
                test.add_marker(pytest.mark.skip(reason=_NO_BROWSER))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what pytest's closing line alone would hide."""
    skipped = terminalreporter.stats.get("skipped", [])
    without_browser = sum(_NO_BROWSER in str(report.longrepr) for report in skipped)
    if without_browser:
        terminalreporter.write_line(
            f"{without_browser} browser tests did NOT run: {_NO_BROWSER}", yellow=True
        )
    if os.environ.get("YUKUAIBAN_GATE_FAILED"):
        terminalreporter.write_line(
            f"checks that FAILED before: {os.environ['YUKUAIBAN_GATE_FAILED']}", red=True
        )
