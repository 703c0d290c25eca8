"""The runbook of docs/operations.md, typed word by word by somebody who has nothing else."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests import pgserver
from tests.installation import PATIENCE, PROJECT, Installation

_NEWEST_NOTE = "SELECT note_sha256 FROM journal_checkpoint ORDER BY size DESC LIMIT 1"


def script() -> str:
    """Every command of the section, in its order."""
    text = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    section = text.partition("## Backup\n")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL))


def type_it(installation: Installation, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Type the commands where `./ykb` is this edition; stop at the first that fails."""
    for name in ("keys", "copies"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "ykb").write_text(
        f'#!/bin/sh\nexec {sys.executable} -m yukuaiban.site "$@"\n', encoding="utf-8"
    )
    (folder / "ykb").chmod(0o755)
    places = {"COPIES": str(folder / "copies"), "KEYS": str(folder / "keys")}
    return subprocess.run(
        ["/bin/sh", "-eu", "-c", script()],
        cwd=folder,
        env=installation.environment(**places, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def witnessed(folder: Path, note: str) -> None:
    (folder / "copies").mkdir(exist_ok=True)
    (folder / "copies" / "witnessed.txt").write_text(note, encoding="utf-8")


def note_of(database: Path) -> str:
    with closing(sqlite3.connect(database)) as found:
        return str(found.execute(_NEWEST_NOTE).fetchone()[0])


def test_the_section_holds_keys_backup_and_drill():
    assert [
        word for word in ("install", "backup", "restore", "--since", "check") if word not in script()
    ] == []


def test_typed_word_by_word_it_ends_with_a_verified_copy(copied, tmp_path):
    witnessed(tmp_path, note_of(copied.database))
    done = type_it(copied, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "与见证的检查点一致，没有少任何一条" in done.stdout
    assert {each.name for each in (tmp_path / "keys").iterdir()} == {"seal-key", "journal-key", "secret-key"}
    assert len(list((tmp_path / "copies").glob("*.tar.gz"))) == 1
    for name in ("last-backup.json", "last-drill.json"):
        assert json.loads((copied.home / name).read_text(encoding="utf-8"))["file"].endswith(".tar.gz")


@pytest.mark.pg
def test_typed_word_by_word_on_postgresql(tmp_path):
    living = Installation(tmp_path / "runbook", "postgresql", district="ganyu")
    assert living.ykb("demo", "--no-serve", "--cases", "4", "--until", "2026-06-30T08:00:00").returncode == 0
    assert living.url is not None
    with psycopg.connect(living.url) as connection:
        row = connection.execute(_NEWEST_NOTE).fetchone()
    assert row is not None
    witnessed(tmp_path, row[0])
    done = type_it(living, tmp_path, DRILL_DATABASE_URL=pgserver.new_database("ykb_drill"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "与见证的检查点一致" in done.stdout
