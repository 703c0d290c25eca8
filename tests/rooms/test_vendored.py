"""Front-end files are what SOURCES.toml says, and load nothing from elsewhere."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
STATIC = PROJECT / "src/yukuaiban/web/static"
ROOTS = (STATIC / "vendor", PROJECT / "tests/browser/vendor")
NOTES = {"SOURCES.toml"}


def _sources(root: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads((root / "SOURCES.toml").read_text(encoding="utf-8")).values())


PACKAGES = [
    pytest.param(root, row, id=f"{row['name']}-{row['version']}") for root in ROOTS for row in _sources(root)
]


@pytest.mark.parametrize(("root", "row"), PACKAGES)
def test_every_file_has_the_hash_that_is_written_down(root: Path, row: dict[str, Any]) -> None:
    folder = root / row["folder"]
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert found == row["files"]


@pytest.mark.parametrize(("root", "row"), PACKAGES)
def test_every_package_has_its_licence_and_says_what_was_cut(root: Path, row: dict[str, Any]) -> None:
    assert row["folder"] == f"{row['name']}-{row['version']}"
    assert "LICENSE" in row["files"]
    assert row["licence"]
    assert row["cut"]


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.parent.name)
def test_nothing_lies_there_that_is_not_written_down(root: Path) -> None:
    assert {path.name for path in root.iterdir()} == {row["folder"] for row in _sources(root)} | NOTES


def test_style_sheets_load_nothing_from_elsewhere() -> None:
    remote = re.compile(r"""url\(\s*["']?\s*(?:https?:)?//|@import""")
    sheets = sorted(STATIC.rglob("*.css"))
    assert sheets, "there is at least Tabler's style sheet"
    assert [sheet.name for sheet in sheets if remote.search(sheet.read_text(encoding="utf-8"))] == []


def test_no_file_points_to_a_source_map_that_is_not_shipped() -> None:
    files = [path for root in ROOTS for path in root.rglob("*") if path.suffix in {".js", ".css"}]
    assert [path.name for path in files if "sourceMappingURL=" in path.read_text(encoding="utf-8")] == []
