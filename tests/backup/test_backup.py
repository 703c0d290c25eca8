"""`./ykb backup`: whole, consistent while others write, and without anything that opens doors."""

from __future__ import annotations

import json
import os
import platform
import signal
import sqlite3
import tarfile
from contextlib import closing

import pytest

from tests.backup.conftest import KEYS
from yukuaiban.site.backup.archive import checked

WRITER = """
import django; django.setup()
from yukuaiban.journal.event import Actor
from yukuaiban.journal.writing import append
from yukuaiban.site.livepen import LivePen
while True:
    append(stream="system", type="list.exported", body={}, actor=Actor("staff:s-1"), pen=LivePen(), source="web")
    print("written", flush=True)
"""


def content(archive, name: str) -> bytes:
    with tarfile.open(archive) as tar:
        return tar.extractfile(name).read()


def test_it_tells_programs_what_it_holds_and_people_where_the_keys_are(district, tmp_path):
    target = tmp_path / "two.tar.gz"
    done = district.ykb("backup", str(target), "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert told["counts"]["cases"] == 14
    assert told["journal"]["events"] > 100
    assert len(told["journal"]["newest"][0]["hash"]) == 64
    assert (told["format"], told["vendor"], told["district"], told["faults"]) == (1, "sqlite", "ganyu", [])
    assert "密钥不在备份里" in done.stderr
    assert f"{district.home} 中的 seal-key、journal-key、secret-key 要另存一份" in done.stderr
    assert target.stat().st_mode & 0o077 == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["two.tar.gz", "two.tar.gz.erasures"]


def test_no_key_and_no_session_is_in_it(copied, tmp_path):
    with closing(sqlite3.connect(copied.database)) as database, database:
        database.execute("INSERT INTO django_session VALUES ('k-of-somebody', 'x', '2030-01-01 00:00:00')")
    assert copied.ykb("backup", str(tmp_path / "a.tar.gz")).returncode == 0
    with tarfile.open(tmp_path / "a.tar.gz") as tar:
        held = b"".join(tar.extractfile(each).read() for each in tar)
    for name in KEYS:
        assert (copied.home / name).read_bytes().strip() not in held
    assert b"k-of-somebody" not in held
    assert b"people_staff" in held


def test_a_backup_made_while_others_write_is_one_state_and_ends_at_an_event(copied, tmp_path, empty):
    writer = copied.start("-c", WRITER)
    assert writer.line() == "written\n"
    done = copied.ykb("backup", str(tmp_path / "a.tar.gz"), "--json")
    later = writer.line()
    writer.end(signal.SIGKILL)
    assert (done.returncode, later) == (0, "written\n")
    told = json.loads(done.stdout)["journal"]
    restored = empty(copied)
    back = restored.ykb("restore", str(tmp_path / "a.tar.gz"), "--json")
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)["verify"]["events"] == told["events"]
    with closing(sqlite3.connect(copied.database)) as database:
        assert database.execute("SELECT count(*) FROM journal_event").fetchone()[0] > told["events"]


def test_a_file_that_is_gone_or_was_changed_is_told_and_is_no_good_backup(copied, tmp_path):
    stored = next(path for path in (copied.home / "uploads").glob("??/*"))
    stored.write_bytes(b"another paper")
    done = copied.ykb("backup", str(tmp_path / "a.tar.gz"))
    assert done.returncode == 1
    assert f"文件 {stored.name[:16]} 与存入时不符" in done.stderr
    stored.unlink()
    done = copied.ykb("backup", str(tmp_path / "b.tar.gz"))
    assert done.returncode == 1
    assert f"文件 {stored.name[:16]} 缺失" in done.stderr
    assert not (copied.home / "last-backup.json").exists()
    assert checked(tmp_path / "b.tar.gz")["counts"]["files"] == 2


@pytest.mark.parametrize(
    ("name", "said"), [("there.tar.gz", "已经存在"), ("no/folder/x.tar.gz", "目录不存在")]
)
def test_it_overwrites_nothing_and_makes_no_folders(district, tmp_path, name, said):
    (tmp_path / "there.tar.gz").write_text("precious", encoding="utf-8")
    done = district.ykb("backup", str(tmp_path / name))
    assert done.returncode == 2
    assert said in done.stderr
    assert (tmp_path / "there.tar.gz").read_text(encoding="utf-8") == "precious"


def test_where_there_is_nothing_to_back_up_nothing_is_made(empty, tmp_path):
    found = empty()
    done = found.ykb("backup", str(tmp_path / "a.tar.gz"))
    assert done.returncode == 2
    assert "还没有数据库" in done.stderr
    assert not (tmp_path / "a.tar.gz").exists()
    assert not found.database.exists()


def test_what_a_killed_backup_left_is_removed_by_the_next_and_that_of_a_living_one_stays(copied, tmp_path):
    ended = copied.run("-c", "import os; print(os.getpid())").stdout.strip()
    for pid in (ended, os.getpid()):
        (tmp_path / f".backup-{platform.node()}-{pid}-x").mkdir()
    (tmp_path / f".backup-{platform.node()}-{ended}-x" / "database.sqlite3").write_bytes(b"rows")
    assert copied.ykb("backup", str(tmp_path / "a.tar.gz")).returncode == 0
    left = {each.name for each in tmp_path.iterdir() if each.name.startswith(".backup-")}
    assert left == {f".backup-{platform.node()}-{os.getpid()}-x"}


def test_a_good_backup_is_remembered(copied, tmp_path):
    assert copied.ykb("backup", str(tmp_path / "a.tar.gz")).returncode == 0
    noted = json.loads((copied.home / "last-backup.json").read_text(encoding="utf-8"))
    assert noted["file"] == "a.tar.gz"
