"""One small district at work, made once for the run and copied for each test that changes something."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.installation import Installation

KEYS = ("seal-key", "journal-key")


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Real cases, events, sealed payloads, one stored file, a signed-in session. Nobody changes it."""
    found = Installation(tmp_path_factory.mktemp("backup") / "district", district="ganyu")
    made = found.ykb("demo", "--no-serve", "--cases", "14", "--until", "2026-06-30T08:00:00")
    assert made.returncode == 0, made.stderr
    return found


@pytest.fixture
def copied(district: Installation, tmp_path: Path) -> Installation:
    """The same district, free to be changed."""
    shutil.copytree(district.home, tmp_path / "copied", ignore=shutil.ignore_patterns("last-backup.json"))
    return Installation(tmp_path / "copied", district="ganyu")


@pytest.fixture(scope="session")
def archive(district: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the district."""
    file = tmp_path_factory.mktemp("archive") / "one.tar.gz"
    done = district.ykb("backup", str(file))
    assert done.returncode == 0, done.stderr
    return file


@pytest.fixture
def empty(tmp_path: Path) -> Callable[..., Installation]:
    """A new folder that holds nothing, or the keys of another installation."""

    def made(keys_of: Installation | None = None, **more: str) -> Installation:
        found = Installation(tmp_path / "empty", **({"district": "ganyu"} | more))
        for name in KEYS if keys_of else ():
            shutil.copy(keys_of.home / name, found.home / name)
        return found

    return made
