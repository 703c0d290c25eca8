"""The same tests once more, on PostgreSQL: a second pytest whose database is the server from the wheel."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests import pgserver
from tests.installation import PATIENCE, PROJECT

FOLDERS = ("journal", "cases", "journeys", "notices", "people")
_SELECTED = "not slow and not browser and not pg"
# The long random walk is about arithmetic, which is the same everywhere; one run of it is enough.
_WITHOUT = "not a_thousand_random"
pytestmark = pytest.mark.pg


def passed_on_postgresql(folder: str) -> subprocess.CompletedProcess[str]:
    own = ("YKB_", "YUKUAIBAN_", "PYTEST_", "COV_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    environment["YUKUAIBAN_TESTS_DATABASE"] = pgserver.url_of(f"tests_{folder}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", _SELECTED]
    return subprocess.run(
        [*command, "-k", _WITHOUT, "--create-db", f"tests/{folder}"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE,
        check=False,
    )


@pytest.mark.parametrize(
    "folder", [name for name in FOLDERS if any((PROJECT / "tests" / name).glob("test_*.py"))]
)
def test_a_folder_of_tests_passes_on_postgresql_as_well(folder):
    done = passed_on_postgresql(folder)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
