"""Packs for the tests: those of the repository, loaded once, and a copy that may be broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from yukuaiban.packs import District, load

DISTRICTS = Path(__file__).resolve().parents[2] / "districts"


@pytest.fixture(scope="session")
def sample() -> District:
    return load(DISTRICTS / "sample")


@pytest.fixture(scope="session")
def ganyu() -> District:
    return load(DISTRICTS / "ganyu")


@pytest.fixture
def pack(tmp_path) -> Path:
    """A copy of the fictional district that a test may spoil."""
    return Path(shutil.copytree(DISTRICTS / "sample", tmp_path / "sample"))
