"""The drill again and again (R10): a copy taken under writing comes back green and lacks nothing signed before."""

from __future__ import annotations

import json
import shutil
import signal

import pytest

from tests.backup.conftest import KEYS
from tests.backup.test_backup import WRITER
from tests.backup.test_runbook import note_of
from tests.installation import Installation
from tests.sizes import TABLE


@pytest.mark.slow
@pytest.mark.parametrize("number", range(TABLE["R10"]["long"]["rounds"]))
def test_a_copy_taken_under_writing_comes_back_whole(number, copied, tmp_path, record_property):
    assert copied.ykb("tick").returncode == 0
    kept = tmp_path / "kept.txt"
    kept.write_text(note_of(copied.database), encoding="utf-8")
    writer = copied.start("-c", WRITER)
    assert writer.line() == "written\n"
    done = copied.ykb("backup", str(tmp_path / "a.tar.gz"), "--json")
    writer.end(signal.SIGKILL)
    assert done.returncode == 0, done.stderr
    found = Installation(tmp_path / f"back-{number}", district="ganyu")
    for name in KEYS:
        shutil.copy(copied.home / name, found.home / name)
    back = found.ykb("restore", str(tmp_path / "a.tar.gz"), "--since", str(kept), "--json")
    assert back.returncode == 0, back.stdout + back.stderr
    told = json.loads(back.stdout)
    assert told["verify"]["events"] == json.loads(done.stdout)["journal"]["events"]
    assert told["since"]["ok"]
    record_property("events restored", told["verify"]["events"])
