"""The process ends before each statement of one deed in turn (R5): afterwards all is old or all is new."""

from __future__ import annotations

import json

import pytest

from tests.installation import Installation
from tests.sizes import sizes

SCRIPT = ("-m", "tests.reliability.crashpoints")
# The deeds that are one transaction, and those that are a few, each of them whole.
ONE = {"act": 10, "import": 10}
FEW = {"pass": 30, "sequence": 15, "deliver": 12}


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Installation:
    """Each deed leaves it as it was, but for what the deed needs before."""
    found = Installation(tmp_path_factory.mktemp("crash") / "crash")
    done = found.run("-m", "tests.reliability.scene", "prepare", "1")
    assert done.returncode == 0, done.stderr
    return found


def walks(installation: Installation, deed: str, times: int) -> list[dict]:
    """All crash points of one walk after the other."""
    done = installation.run(*SCRIPT, deed, str(times), patience=times * 120)
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("size", sizes("R5"))
@pytest.mark.parametrize("deed", [*ONE, *FEW])
def test_what_ends_anywhere_is_whole_and_done_again_it_is_as_if_undisturbed(
    installation, deed, size, record_property
):
    found = walks(installation, deed, size["times"])
    crashes, ends = [each for each in found if each["killed"]], [each for each in found if not each["killed"]]
    assert len(ends) == size["times"]
    assert len(crashes) > (ONE | FEW)[deed] * size["times"]
    for crash in found:
        assert crash["whole"], crash
        assert crash["again"], crash
    # Not killed any more: everything is there, and the same request once more changes nothing.
    assert {each["state"] for each in ends} == {"new"}
    assert crashes[0]["state"] == "old"
    if deed in ONE:
        assert {each["state"] for each in crashes} <= {"old", "new"}
    record_property("crash points", len(crashes))
