"""The same way on PostgreSQL: one snapshot of all tables, and back into an empty database."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import psycopg
import pytest

from tests import pgserver
from tests.backup.conftest import KEYS
from tests.backup.test_backup import WRITER
from tests.backup.test_erasures import ERASE, seen
from tests.installation import Installation

pytestmark = pytest.mark.pg
_SCHEMA = """
SELECT table_name, column_name, data_type, is_nullable, is_identity FROM information_schema.columns
WHERE table_schema = 'public' ORDER BY 1, 2
"""


@pytest.fixture(scope="module")
def district(tmp_path_factory) -> Installation:
    """Cases and events on the server; a test may add to them."""
    found = Installation(tmp_path_factory.mktemp("pg") / "backup-from", "postgresql", district="ganyu")
    made = found.ykb("demo", "--no-serve", "--cases", "6", "--until", "2026-06-30T08:00:00")
    assert made.returncode == 0, made.stderr
    return found


@pytest.fixture(scope="module")
def archive(district: Installation, tmp_path_factory) -> Path:
    """A backup of the district."""
    file = tmp_path_factory.mktemp("pg-archive") / "a.tar.gz"
    done = district.ykb("backup", str(file))
    assert done.returncode == 0, done.stderr
    return file


def empty(district: Installation, folder, name: str = "backup-to") -> Installation:
    found = Installation(folder / name, "postgresql", district="ganyu")
    for key in KEYS:
        shutil.copy(district.home / key, found.home / key)
    return found


def asked(installation: Installation, text: str) -> list[tuple]:
    assert installation.url is not None
    with psycopg.connect(installation.url) as connection:
        return connection.execute(text).fetchall()


def rows_of(installation: Installation) -> dict[str, int]:
    tables = asked(installation, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    counts = {name: f"SELECT count(*) FROM {name}" for (name,) in tables}  # noqa: S608 - names of the schema
    return {name: asked(installation, text)[0][0] for name, text in counts.items()}


def test_a_snapshot_taken_while_others_write_comes_back_whole_and_can_be_worked_on(district, tmp_path):
    writer = district.start("-c", WRITER)
    assert writer.line() == "written\n"
    done = district.ykb("backup", str(tmp_path / "a.tar.gz"), "--json")
    writer.line()
    writer.end(signal.SIGKILL)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["vendor"], told["counts"]["cases"]) == ("postgresql", 6)
    found = empty(district, tmp_path)
    back = found.ykb("restore", str(tmp_path / "a.tar.gz"), "--json")
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)["verify"]["events"] == told["journal"]["events"]
    assert asked(found, _SCHEMA) == asked(district, _SCHEMA)
    before, after = rows_of(district), rows_of(found)
    growing = {"journal_event", "django_session"}
    assert {each: before[each] for each in before.keys() - growing} == {
        each: after[each] for each in after.keys() - growing
    }
    # A new identity follows the highest that came back; else this would be refused.
    assert found.ykb("user", "add", "new.one", "新人", "--no-password").returncode == 0
    assert found.ykb("tick").returncode == 0
    assert found.ykb("journal", "verify").returncode == 0


def test_a_database_that_holds_tables_is_refused_and_an_archive_of_the_other_kind_too(
    district, archive, tmp_path
):
    full = empty(district, tmp_path)
    full.url = district.url
    done = full.ykb("restore", str(archive))
    assert done.returncode == 2
    assert "数据库不是空的" in done.stderr
    embedded = Installation(tmp_path / "embedded", district="ganyu")
    for name in KEYS:
        shutil.copy(district.home / name, embedded.home / name)
    done = embedded.ykb("restore", str(archive))
    assert done.returncode == 2
    assert "这份备份来自 postgresql，这里是 sqlite" in done.stderr


def test_a_restore_erases_again_what_the_list_names_and_warns_where_there_is_none(
    district, archive, tmp_path
):
    copies, alone = tmp_path / "copies", tmp_path / "alone"
    for folder in (copies, alone):
        folder.mkdir()
        shutil.copy(archive, folder / "before.tar.gz")
    done = district.run("-c", ERASE)
    assert done.returncode == 0, done.stderr
    count, number = done.stdout.split()
    assert int(count) >= 1
    assert district.ykb("backup", str(copies / "after.tar.gz")).returncode == 0
    warned = empty(district, tmp_path, "without-list")
    back = warned.ykb("restore", str(alone / "before.tar.gz"))
    assert (back.returncode, "又回来了" in back.stdout) == (0, True)
    assert seen(warned, number).startswith(f"{count} '")
    found = empty(district, tmp_path, "with-list")
    back = found.ykb("restore", str(copies / "before.tar.gz"), "--json")
    assert back.returncode == 0, back.stderr
    told = json.loads(back.stdout)
    assert (told["erased_again"], told["verify"]["ok"]) == (int(count), True)
    assert seen(found, number) == f"0 '' {[True] * int(count)}"


def test_a_restore_that_broke_off_leaves_no_rows_and_is_explained(district, archive, tmp_path):
    found = empty(district, tmp_path)
    ends = (
        "import os, sys; from yukuaiban.site.backup import pgcopy\n"
        "pgcopy._count_on = lambda *_: os._exit(9)\n"
        "from yukuaiban.site.cli import main; sys.argv = ['ykb', 'restore', sys.argv[1]]; main()"
    )
    assert found.run("-c", ends, str(archive)).returncode == 9
    assert asked(found, "SELECT count(*) FROM journal_event") == [(0,)]
    done = found.ykb("tick")
    assert done.returncode == 2
    assert "换一个空的数据库" in done.stderr
    found.url = pgserver.new_database("ykb_backup_again")
    for name in ("restore-unfinished.json", "uploads"):
        path = found.home / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    assert found.ykb("restore", str(archive)).returncode == 0


@pytest.mark.slow
def test_an_older_backup_gets_its_own_schema_first_and_then_the_newest(district, archive, tmp_path):
    assert archive.exists()  # made before the schema of the district goes back
    back = "import django; django.setup(); from django.core.management import call_command;"
    done = district.run("-c", f"{back} call_command('migrate', 'cases', '0003', verbosity=0)")
    assert done.returncode == 0, done.stderr
    assert district.ykb("backup", str(tmp_path / "old.tar.gz")).returncode == 0
    found = empty(district, tmp_path)
    done = found.ykb("restore", str(tmp_path / "old.tar.gz"))
    assert done.returncode == 0, done.stderr
    assert "正在升级" in done.stderr
    assert district.ykb("migrate").returncode == 0
