"""The age alarm: a backup older than 26 hours, a drill older than 95 days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from yukuaiban.site.backup import age
from yukuaiban.site.commands import checking

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("backup", "drill", "warns"),
    [
        (timedelta(hours=26), timedelta(days=95), [False, False]),
        (timedelta(hours=26, seconds=1), timedelta(days=95), [True, False]),
        (timedelta(), timedelta(days=95, seconds=1), [False, True]),
    ],
)
def test_the_alarm_rings_after_26_hours_and_after_95_days(tmp_path, backup, drill, warns):
    age.note_backup(tmp_path, at=NOW - backup, file=Path("x/one.tar.gz"), sha256="0")
    age.note_drill(tmp_path, at=NOW - drill, file=Path("x/one.tar.gz"))
    found = age.ages(tmp_path, NOW)
    assert [each.warns for each in found] == warns
    assert all("one.tar.gz" in each.text for each in found)
    assert all(("请" in each.text) == each.warns for each in found)


def test_what_was_never_done_is_said_with_the_way_out(tmp_path):
    backup, drill = age.ages(tmp_path, NOW)
    assert (backup.warns, drill.warns) == (True, True)
    assert "还没有备份；请运行 ./ykb backup" in backup.text
    assert "还没有恢复演练" in drill.text


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"at": "yesterday", "file": "x"}'])
def test_a_note_that_cannot_be_read_is_a_warning_and_no_crash(tmp_path, text):
    (tmp_path / age.BACKUP).write_text(text, encoding="utf-8")
    assert "读不出" in age.ages(tmp_path, NOW)[0].text


def test_check_warns_and_does_not_fail(monkeypatch, tmp_path):
    monkeypatch.setattr(checking.home, "folder", lambda: tmp_path)
    monkeypatch.setattr(checking, "_fonts", lambda: iter(()))
    monkeypatch.setattr(checking, "_pack", lambda: iter((checking.Finding("wrong", "数据包", "x"),)))
    age.note_backup(tmp_path, at=NOW, file=Path("one.tar.gz"), sha256="0")
    for later, level in ((timedelta(hours=25), "ok"), (timedelta(hours=27), "warn")):
        told = [each for each in checking.findings(NOW + later) if each.point == "备份"]
        assert [each.level for each in told] == [level, "warn"]
