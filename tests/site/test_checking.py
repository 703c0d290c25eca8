"""`./ykb check`: one line a point, each wrong where it must be."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.cast import Office, at
from yukuaiban.journal import tree, triggers
from yukuaiban.journal.sequencing import advance
from yukuaiban.site.commands import checking

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None, monkeypatch) -> Office:
    monkeypatch.setattr(checking, "_fonts", lambda: iter(()))
    return Office()


def points(moment: str = "2026-03-02T09:00") -> dict[str, tuple[str, str]]:
    return {found.point: (found.level, found.text) for found in checking.findings(at(moment))}


def test_a_sound_installation_has_nothing_wrong(office) -> None:
    found = points()
    assert {"配置", "数据包", "示例", "迁移", "日历", "留痕", "账本"} <= set(found)
    assert {level for level, _ in found.values()} <= {"ok", "warn"}


def test_the_rules_for_warnings_are_counted(office) -> None:
    texts = [found.text for found in checking.findings(at("2026-03-02T09:00")) if found.point == "数据包"]
    assert "5 条预警规则" in texts[0]


def test_an_unknown_setting_is_named(office, monkeypatch) -> None:
    monkeypatch.setenv("YKB_HOSST", "x")
    level, text = points()["配置"]
    assert (level, "YKB_HOSST" in text) == ("wrong", True)


@pytest.mark.parametrize(
    ("moment", "level"),
    [
        ("2026-10-31T23:59", "ok"),
        ("2026-11-01T00:00", "warn"),
        ("2026-12-31T23:59", "warn"),
        ("2027-01-01T00:00", "wrong"),
    ],
)
def test_the_next_year_is_asked_for_from_november_on_and_missed_from_january_on(
    office, moment, level
) -> None:
    assert points(moment)["日历"][0] == level


def test_a_missing_trigger_is_named(office) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER journal_event_no_update")
    assert points()["留痕"][0] == "wrong"


def test_a_head_that_was_rewritten_is_seen(office) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER journal_event_no_update")
        cursor.execute(
            "UPDATE journal_event SET hash = zeroblob(32) WHERE id = (SELECT max(id) FROM journal_event)"
        )
    assert points()["账本"][0] == "wrong"


def test_a_database_that_is_not_made_says_how(office, monkeypatch) -> None:
    monkeypatch.setattr("yukuaiban.site.django.pending_migrations", lambda: ["cases.0009"])
    level, text = points()["迁移"]
    assert (level, "./ykb migrate" in text) == ("wrong", True)


def test_a_faulty_pack_is_told_line_by_line(office, monkeypatch, tmp_path) -> None:
    (tmp_path / "district.toml").write_text("code = ", encoding="utf-8")
    monkeypatch.setenv("YKB_DISTRICT", str(tmp_path))
    told = [found for found in checking.findings(at("2026-03-02T09:00")) if found.point == "数据包"]
    assert {found.level for found in told} == {"wrong"}
    assert any("district.toml：不是有效的 TOML" in found.text for found in told)


def test_no_fonts_is_a_reminder(monkeypatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    (found,) = checking._fonts()
    assert (found.level, "fonts-noto-cjk" in found.text) == ("warn", True)


def test_a_journal_without_checkpoints_is_said_and_then_its_newest(office) -> None:
    assert points()["检查点"] == ("warn", "还没有签过；后台进程运行后每分钟一次")
    advance(office.now)
    level, text = points()["检查点"]
    assert (level, f"最新 {tree.size()} 条" in text) == ("ok", True)
    office.receive()
    assert points("2026-03-02T09:01")["检查点"][0] == "ok"
    assert points("2026-03-02T09:02")["检查点"][0] == "warn"


def test_a_stopped_sequencer_is_named(office) -> None:
    advance(office.now)
    office.receive()
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_event SET hash = %s WHERE id = (SELECT max(id) FROM journal_event)", [b"x"]
        )
    triggers.install(connection)
    level, text = points()["检查点"]
    assert (level, "停止签发" in text) == ("wrong", True)


def test_the_published_test_key_is_refused(office, settings) -> None:
    settings.YKB_JOURNAL_KEY = bytes(range(32))
    level, text = points()["签名"]
    assert (level, "测试密钥" in text) == ("wrong", True)


def test_an_openssl_without_sm3_is_named(office, monkeypatch) -> None:
    monkeypatch.setattr("yukuaiban.core.merkle.available", lambda _digest: False)
    assert "SM3" in points()["签名"][1]
