"""An older copy is told apart by a checkpoint that somebody outside has kept, never silently accepted."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.backup.conftest import KEYS
from tests.backup.test_runbook import note_of
from tests.installation import Installation

_GROW = """
import django; django.setup()
from datetime import timedelta
from pathlib import Path
from yukuaiban.journal import sequencing, tree
from yukuaiban.journal.event import Actor
from yukuaiban.journal.writing import append
from yukuaiban.site.livepen import LivePen
for _ in range(7):
    append(stream="system", type="list.exported", body={}, actor=Actor("staff:s-1"), pen=LivePen(), source="web")
sequencing.add_leaves()
sequencing.make_checkpoint(LivePen().moment() + timedelta(hours=1))
"""


@pytest.fixture
def later(copied, tmp_path):
    """The district after seven more events: the note that a witness holds."""
    done = copied.run("-c", _GROW)
    assert done.returncode == 0, done.stderr
    (tmp_path / "witnessed.txt").write_text(note_of(copied.database), encoding="utf-8")
    return tmp_path / "witnessed.txt"


def restored(archive, keys_of: Installation, folder, *words: str):
    found = Installation(folder, district="ganyu")
    for name in KEYS:
        shutil.copy(keys_of.home / name, found.home / name)
    return found, found.ykb("restore", str(archive), *words)


def test_a_copy_from_before_says_how_many_events_it_lacks_and_answers_no(archive, copied, later, tmp_path):
    found, done = restored(archive, copied, tmp_path / "old", "--since", str(later), "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert told["verify"]["ok"] is True
    assert told["since"]["faults"] == {"rollback": 1}
    lacking = json.loads(later.read_text(encoding="utf-8").splitlines()[1]) - told["journal"]["size"]
    assert f"少 {lacking} 条" in told["since"]["first_bad"]["why"]
    assert lacking >= 7
    again = found.ykb("journal", "verify", "--since", str(later))
    assert again.returncode == 1
    assert f"少 {lacking} 条" in again.stdout


def test_what_the_signer_remembers_in_the_folder_counts_as_well(archive, copied, later, tmp_path):
    (tmp_path / "old").mkdir()
    shutil.copy(later, tmp_path / "old" / "journal-signed")
    _, done = restored(archive, copied, tmp_path / "old")
    assert done.returncode == 1
    assert "不要当作最新的数据使用" in done.stdout


def test_the_newest_backup_agrees_with_the_same_checkpoint(copied, later, tmp_path):
    assert copied.ykb("backup", str(tmp_path / "new.tar.gz")).returncode == 0
    _, done = restored(tmp_path / "new.tar.gz", copied, tmp_path / "new", "--since", str(later))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "没有少任何一条" in done.stdout


def test_without_a_checkpoint_from_outside_it_does_not_claim_to_be_the_newest(archive, copied, tmp_path):
    _, done = restored(archive, copied, tmp_path / "old")
    assert done.returncode == 0
    assert "不能排除这是较旧的副本" in done.stdout


def test_a_checkpoint_that_is_none_is_refused_before_anything_is_written(archive, copied, tmp_path):
    (tmp_path / "no-note").write_text("hello", encoding="utf-8")
    found, done = restored(archive, copied, tmp_path / "old", "--since", str(tmp_path / "no-note"))
    assert done.returncode == 2
    assert "检查点文件 no-note 读不出" in done.stderr
    assert not found.database.exists()
