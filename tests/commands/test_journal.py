"""`./ykb journal`: what it prints, for people and for programs, and its exit codes."""

from __future__ import annotations

import json
import sys

import pytest
from django.db import DatabaseError, connection

from tests.cast import Office, at, fresh
from yukuaiban.cases import counters
from yukuaiban.cases.models import Clock
from yukuaiban.journal import reading, triggers, writing
from yukuaiban.journal.erasing import erase
from yukuaiban.journal.event import SYSTEM, Actor
from yukuaiban.people.access import CONSOLE
from yukuaiban.site.cli import main

KEYS = [
    "ok",
    "events",
    "streams",
    "size",
    "checkpoints",
    "unsequenced",
    "first_bad",
    "faults",
    "seconds",
]


@pytest.fixture
def office(db: None, monkeypatch) -> Office:
    """The office; commands write with its pen, so that they live at its moment."""
    found = Office()
    monkeypatch.setattr("yukuaiban.site.django.LivePen", lambda: found.pen)
    return found


@pytest.fixture
def ykb(monkeypatch, capsys):
    """Runs `./ykb` with these words; gives exit code, standard output, standard error."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ykb", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *capsys.readouterr()

    return run


def repaint(case) -> None:
    """An adversary gives the handler another month."""
    Clock.objects.filter(case=case, code="committed").update(due_at=at("2026-04-30T17:30"))


def test_verify_says_that_all_is_well(office, ykb):
    office.in_review()
    code, out, _ = ykb("journal", "verify")
    assert code == 0
    assert out.startswith("正常：")


def test_verify_prints_one_document_with_the_keys_of_the_contract(office, ykb):
    office.in_review()
    code, out, _ = ykb("journal", "verify", "--json")
    found = json.loads(out)
    assert code == 0
    assert list(found) == KEYS
    assert found["ok"] is True
    assert found["first_bad"] is None
    assert found["faults"] == {}
    assert found["events"] == found["unsequenced"] > 10


def test_verify_names_the_first_bad_event_and_answers_no(office, ykb):
    case = office.in_review()
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_event SET type = 'desks.refuse' WHERE stream = %s AND seq = 2",
            [f"case:{case.number}"],
        )
    triggers.install(connection)
    code, out, _ = ykb("journal", "verify", "--json")
    found = json.loads(out)
    bad = found["first_bad"]
    assert (code, found["ok"]) == (1, False)
    assert (bad["stream"], bad["seq"], bad["fault"]) == (f"case:{case.number}", 2, "copy_differs")
    assert set(bad) == {"index", "uid", "stream", "seq", "fault", "why"}
    assert bad["index"] == list_of_ids().index(id_of(case, 2))
    code, out, _ = ykb("journal", "verify")
    assert code == 1
    assert f"流 case:{case.number}，序号 2，uid {bad['uid']}：列与原文不符" in out


def list_of_ids() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM journal_event ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def id_of(case, seq: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM journal_event WHERE stream = %s AND seq = %s", [f"case:{case.number}", seq]
        )
        return int(cursor.fetchone()[0])


def test_verify_says_how_many_payloads_were_erased(office, ykb):
    case = office.receive()
    first = next(reading.events(f"case:{case.number}"))
    erase(first.uid, ground="个人信息保护法第四十七条", actor=Actor("staff:s-1"), pen=office.pen)
    code, out, _ = ykb("journal", "verify")
    assert code == 0
    assert "1 份个人信息已依据留痕删除" in out


def test_a_missing_trigger_is_a_fault_of_the_whole_and_check_sees_it_too(office, ykb):
    office.receive()
    name = "journal_event_no_delete" if connection.vendor == "sqlite" else "journal_event_no_truncate"
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON journal_event"
        cursor.execute(f"DROP TRIGGER {name}{on}")
    code, out, _ = ykb("journal", "verify", "--json")
    assert code == 1
    assert json.loads(out)["faults"] == {"trigger": 1}
    code, out, _ = ykb("check")
    assert code == 1
    assert name in out


def test_a_database_that_breaks_off_is_no_verdict(office, ykb, monkeypatch):
    def away(**_kwargs):
        raise DatabaseError("disk I/O error")

    monkeypatch.setattr("yukuaiban.journal.verifying.verify", away)
    code, out, err = ykb("journal", "verify", "--json")
    assert (code, out) == (2, "")
    assert "disk I/O error" in err


def test_a_database_of_another_version_is_refused_with_the_way_out(db, ykb, monkeypatch):
    monkeypatch.setattr("yukuaiban.site.django.pending_migrations", lambda: ["cases.0009_new"])
    code, out, err = ykb("journal", "verify")
    assert (code, out) == (2, "")
    assert "./ykb migrate" in err


def test_rebuild_shows_the_difference_and_touches_nothing(office, ykb):
    case = office.in_review()
    repaint(case)
    code, out, err = ykb("journal", "rebuild", case.number)
    assert code == 1
    assert f"{case.number} committed#1: due_at 为 2026-04-30" in out
    assert "没有改动" in err
    assert office.due(case) == "2026-04-30T17:30"


def test_rebuild_with_write_mends_rows_counts_and_leaves_an_event(office, ykb):
    case, other = office.in_review(), office.receive()
    repaint(case)
    fresh(case).__class__.objects.filter(pk=case.pk).update(agency="sp-0003", head=b"x", seq=9)
    Clock.objects.create(
        case=case, code="made_up", ordinal=1, started_at=office.now, version=1, kind="statutory"
    )
    code, out, _ = ykb("journal", "rebuild", "--write")
    assert code == 0
    assert "agency 为 sp-0003" in out
    assert other.number not in out
    assert office.due(case) == "2026-03-16T17:30"
    assert ykb("journal", "verify")[0] == 0
    assert counters.counts(office.now) == counters.recount(office.now)
    last = list(reading.events(SYSTEM))[-1]
    assert (last.type, last.body["case"], last.actor) == ("rows.rebuilt", case.number, "system:console")


def test_rebuild_mends_a_case_that_has_only_its_first_event(office, ykb):
    case = office.receive()
    Clock.objects.filter(case=case).update(due_at=at("2026-04-30T17:30"))
    assert ykb("journal", "rebuild", case.number, "--write")[0] == 0
    assert office.due(case, "correction") == "2026-03-09T17:30"


def test_rebuild_does_not_launder_a_changed_journal(office, ykb):
    case = office.in_review()
    repaint(case)
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_event SET hash = %s WHERE stream = %s AND seq = 2",
            [b"x" * 32, f"case:{case.number}"],
        )
    triggers.install(connection)
    code, _, err = ykb("journal", "rebuild", case.number, "--write")
    assert code == 2
    assert "留痕本身有误" in err
    assert office.due(case) == "2026-04-30T17:30"


def test_rebuild_of_an_unknown_case_is_refused(office, ykb):
    code, _, err = ykb("journal", "rebuild", "nothing", "--write")
    assert code == 2
    assert "没有办件行" in err


def test_an_administrator_confirms_the_clock_and_the_worker_goes_on(office, ykb):
    code, _, err = ykb("journal", "confirm-clock", "--reason", "已比对")
    assert code == 2
    assert "没有疑问" in err
    case = office.receive()
    office.at("2026-03-02T08:00").receive()
    assert writing.clock_in_doubt()
    assert "时钟" in ykb("check")[1]
    assert office.tick("2026-03-10T09:00") == 0
    assert ykb("journal", "confirm-clock", "--reason", "已与授时服务器比对")[0] == 0
    assert not writing.clock_in_doubt()
    assert list(reading.events(SYSTEM))[-1].actor == CONSOLE.actor().ref
    assert office.tick("2026-03-10T09:00") == 2
    assert fresh(case).deemed_admitted


@pytest.mark.parametrize("option", ["--since", "--out"])
def test_what_is_not_built_yet_is_not_offered(ykb, option):
    code, _, err = ykb("journal", "verify", option, "x")
    assert code == 2
    assert option in err
