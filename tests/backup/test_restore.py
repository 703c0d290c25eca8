"""`./ykb restore`: only into an empty place, only what fits, and never half."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.backup.conftest import KEYS
from yukuaiban.core.errors import InputInvalid
from yukuaiban.site.backup import archive as form
from yukuaiban.site.backup.place import Place, refuse_unfit

# Ends once the database is in its place, before the uploads are.
_BREAKS_OFF = """
import os, sys
from pathlib import Path
from yukuaiban.site.cli import main
placed, database = os.fsync, Path(os.environ["YKB_HOME"], "yukuaiban.sqlite3")
os.fsync = lambda file: (placed(file), database.exists() and os._exit(9))
sys.argv = ["ykb", "restore", sys.argv[1]]
main()
"""


def rows_of(database) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as found:
        tables = [row[0] for row in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counted = {name: f"SELECT count(*) FROM {name}" for name in tables}  # noqa: S608 - names of the schema
        return {name: found.execute(text).fetchone()[0] for name, text in counted.items()}


def left_in(home) -> set[str]:
    return {each.name for each in home.iterdir()} - set(KEYS) - {"secret-key"}


def test_everything_comes_back_and_is_verified(district, archive, empty):
    found = empty(district)
    done = found.ykb("restore", str(archive), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["verify"]["ok"] is True
    assert told["verify"]["events"] == told["journal"]["events"]
    assert rows_of(found.database) == rows_of(district.database)
    assert [path.read_bytes() for path in sorted((found.home / "uploads").glob("??/*"))] == [
        path.read_bytes() for path in sorted((district.home / "uploads").glob("??/*"))
    ]


def test_a_folder_that_holds_anything_is_refused_and_left_as_it_is(copied, archive):
    before = rows_of(copied.database)
    done = copied.ykb("restore", str(archive))
    assert done.returncode == 2
    assert "yukuaiban.sqlite3 已经存在；恢复只写入空的安装；请换一个 YKB_HOME" in done.stderr
    assert "uploads 不是空的" in done.stderr
    assert rows_of(copied.database) == before


def test_without_the_keys_it_says_which_are_missing_and_makes_no_new_ones(archive, empty):
    found = empty()
    done = found.ykb("restore", str(archive))
    assert done.returncode == 2
    for name in KEYS:
        assert f"没有 {name}" in done.stderr
    assert list(found.home.iterdir()) == []


def test_with_the_keys_of_another_installation_it_is_refused(district, archive, empty):
    found = empty(district)
    (found.home / "seal-key").write_text("another", encoding="ascii")
    done = found.ykb("restore", str(archive))
    assert done.returncode == 2
    assert "seal-key 不是做备份时的那一把" in done.stderr
    assert not found.database.exists()


def test_with_lost_keys_it_comes_back_and_the_verify_says_that_it_does_not_hold(archive, empty):
    done = empty().ykb("restore", str(archive), "--keys-lost", "--json")
    told = json.loads(done.stdout)["verify"]
    assert done.returncode == 1
    assert told["faults"]["secret"] > 0


@pytest.mark.parametrize(
    ("vendor", "district", "said"),
    [
        ("sqlite", "elsewhere", "请设 YKB_DISTRICT=elsewhere"),
        ("postgresql", "sample", "这份备份来自 postgresql，这里是 sqlite；请设好 YKB_DATABASE_URL"),
    ],
)
def test_a_backup_that_does_not_belong_here_says_what_would(tmp_path, vendor, district, said):
    here = Place(tmp_path, "sqlite", tmp_path / "yukuaiban.sqlite3", "sample")
    manifest = {"vendor": vendor, "district": district, "keys": {}}
    with pytest.raises(InputInvalid, match=said):
        refuse_unfit(manifest, here, keys_lost=False)
    refuse_unfit(manifest | {"vendor": "sqlite", "district": "sample"}, here, keys_lost=False)


def test_a_backup_of_a_newer_version_is_refused_and_writes_nothing(district, archive, empty, tmp_path):
    found = empty(district)
    changed = tmp_path / "changed.tar.gz"
    with changed.open("wb") as file, form.Writer(file) as writer:
        for name, reader in form.members(archive):
            if name == form.MANIFEST:
                writer.finish(json.loads(reader.read()) | {"migrations": [["cases", "0099_of_later"]]})
                continue
            (tmp_path / "member").write_bytes(reader.read())
            writer.add(name, tmp_path / "member")
    done = found.ykb("restore", str(changed))
    assert done.returncode == 2
    assert "来自更新的版本 0.1.0（例如 cases.0099_of_later" in done.stderr
    assert left_in(found.home) == set()


@pytest.mark.parametrize("cut", [200, 0.5])
def test_a_damaged_archive_writes_nothing(district, archive, empty, tmp_path, cut):
    whole = archive.read_bytes()
    keep = len(whole) - cut if cut > 1 else int(len(whole) * cut)
    (tmp_path / "cut.tar.gz").write_bytes(whole[:keep])
    found = empty(district)
    done = found.ykb("restore", str(tmp_path / "cut.tar.gz"))
    assert done.returncode == 2
    assert "已损坏" in done.stderr
    assert left_in(found.home) == set()


def test_an_older_backup_is_brought_up_to_this_version(copied, empty, tmp_path):
    back = "import django; django.setup(); from django.core.management import call_command;"
    done = copied.run("-c", f"{back} call_command('migrate', 'cases', '0003', verbosity=0)")
    assert done.returncode == 0, done.stderr
    assert copied.ykb("backup", str(tmp_path / "old.tar.gz")).returncode == 0
    found = empty(copied)
    done = found.ykb("restore", str(tmp_path / "old.tar.gz"))
    assert done.returncode == 0, done.stderr
    assert "正在升级" in done.stderr
    assert found.ykb("check").returncode == 0


def test_a_restore_that_broke_off_is_explained_by_every_later_command(district, archive, empty):
    found = empty(district)
    broken = found.run("-c", _BREAKS_OFF, str(archive))
    assert broken.returncode == 9
    assert found.database.exists()
    for words in (("restore", str(archive)), ("tick",)):
        done = found.ykb(*words)
        assert done.returncode == 2
        assert "的恢复（one.tar.gz）没有完成" in done.stderr
        assert "请删除其中的 yukuaiban.sqlite3*、uploads 和 restore-unfinished.json" in done.stderr
    found.database.unlink()
    (found.home / "restore-unfinished.json").unlink()
    assert found.ykb("restore", str(archive)).returncode == 0


def test_a_drill_is_noted_in_the_folder_of_the_living_installation(copied, archive, empty):
    done = empty(copied).ykb("restore", str(archive), "--drill-for", str(copied.home))
    assert done.returncode == 0, done.stderr
    assert json.loads((copied.home / "last-drill.json").read_text(encoding="utf-8"))["file"] == archive.name
