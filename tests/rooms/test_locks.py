"""The lock files: without addresses, with hashes, and true to pyproject.toml."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)==(\S+?)(?: ; .*)? \\$", re.MULTILINE)


def _text(lock: str) -> str:
    return (PROJECT / lock).read_text(encoding="utf-8")


def _pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall(_text(lock)))


def _asked(*lists: list[str]) -> list[Requirement]:
    found = [Requirement(line) for lines in lists for line in lines]
    return [one for one in found if one.marker is None or one.marker.evaluate()]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_folder(lock) -> None:
    text = _text(lock)
    assert "://" not in text
    assert not re.search(
        r"^\s*(-|--find-links|--index-url|\.|/)", text.replace("    --hash", ""), re.MULTILINE
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_is_pinned_and_hashed(lock) -> None:
    heads = [line for line in _text(lock).splitlines() if line and not line.startswith(" ")]
    assert heads
    assert [line for line in heads if not PIN.match(line)] == []
    blocks = re.split(r"^(?=\S)", _text(lock), flags=re.MULTILINE)
    assert [block for block in blocks if block.strip() and "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(
    ("lock", "asked"),
    [
        ("requirements.lock", _asked(PYPROJECT["project"]["dependencies"])),
        (
            "requirements-dev.lock",
            _asked(PYPROJECT["project"]["dependencies"], PYPROJECT["dependency-groups"]["dev"]),
        ),
        ("requirements-uv.lock", _asked(PYPROJECT["dependency-groups"]["installer"])),
    ],
    ids=LOCKS,
)
def test_a_lock_covers_what_pyproject_asks_for(lock, asked) -> None:
    pins = _pins(lock)
    missing = [str(one) for one in asked if canonicalize_name(one.name) not in pins]
    assert missing == [], "run tools/lock"
    unmet = [str(one) for one in asked if pins[canonicalize_name(one.name)] not in one.specifier]
    assert unmet == [], "run tools/lock"


def test_the_lock_of_the_tests_agrees_with_the_lock_of_the_product() -> None:
    product, tests = _pins("requirements.lock"), _pins("requirements-dev.lock")
    assert {name: tests.get(name) for name in product} == product


def test_what_builds_the_package_stands_in_the_lock() -> None:
    """With build isolation the build back end would be fetched unpinned, and offline installs would fail."""
    builders = {Requirement(line).name for line in PYPROJECT["build-system"]["requires"]} | {"editables"}
    assert builders <= _pins("requirements.lock").keys()


def test_the_python_versions_are_those_of_the_entry_script() -> None:
    asked = SpecifierSet(PYPROJECT["project"]["requires-python"])
    assert [minor for minor in range(5, 20) if f"3.{minor}" in asked] == [11, 12, 13]
    assert "(3, 11) <= sys.version_info[:2] < (3, 14)" in (PROJECT / "ykb").read_text(encoding="utf-8")


def test_no_lock_with_addresses_is_committed() -> None:
    if not (PROJECT / ".git").exists():
        pytest.skip("not a git repository: a released archive has no list of committed files")
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert "uv.lock" not in listed.stdout.splitlines()
