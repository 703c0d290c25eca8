"""A write that cannot be stored: 503 with the sentence what is saved and what is not, and nothing half-written."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile
from django.db import InternalError, OperationalError, connection, transaction
from django.test import Client

from tests.cast import Office
from tests.journal.test_append_only import everything
from tests.pens import HELD, HeldPen
from tests.reliability.own_database import own_sqlite
from tests.reliability.requests import receive, refused, signed_in
from yukuaiban.cases.models import Answer, Applicant, Case, CaseCountDelta, Clock
from yukuaiban.cases.rebuilding import case_streams, fold_differences
from yukuaiban.evidence import store
from yukuaiban.evidence.models import EvidenceFile
from yukuaiban.journal.verifying import verify
from yukuaiban.web import failures

SAVED = "本次提交没有保存；已经取得的回执仍然有效。"


@pytest.fixture
def office(django_db_setup, django_db_blocker, tmp_path, monkeypatch, settings) -> Iterator[Office]:
    """Real commits on a file, as in service; requests live at the office's moment."""
    settings.MEDIA_ROOT, settings.YKB_PEN = tmp_path / "uploads", HELD
    monkeypatch.delenv("YKB_DATABASE_URL", raising=False)
    with own_sqlite(tmp_path, django_db_blocker):
        found = Office()
        monkeypatch.setattr(HeldPen, "clock", staticmethod(lambda: found.now))
        yield found


@pytest.fixture
def client(office: Office) -> Client:
    """小榆 at a program."""
    return signed_in(office.staff("xiaoyu"))


def stored() -> tuple:
    tables = (Case, Clock, Applicant, Answer, CaseCountDelta)
    return (*everything(), *(model.objects.count() for model in tables))


@contextmanager
def full_disk():
    """The database may grow by a few pages, and then by none."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 60}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")


@contextmanager
def read_only():
    """The database takes no write."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = on")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = off")


def fill_up(client: Client) -> list[str]:
    """Write until nothing fits any more; the numbers that were acknowledged."""
    numbers: list[str] = []
    for n in range(500):
        answer = receive(client, f"k-{n}", "王" * 60)
        if answer.status_code != 201:
            refused(answer)
            return numbers
        numbers.append(answer.json()["number"])
    raise AssertionError("the disk never got full")


def test_a_full_disk_is_a_refusal_nothing_is_half_written_and_it_recovers_by_itself(office, client):
    with full_disk():
        acknowledged = fill_up(client)
        assert acknowledged
        before = stored()
        refused(receive(client, "k-again"))
        assert stored() == before
        assert client.get(f"/api/v1/cases/{acknowledged[0]}").status_code == 200
    assert set(Case.objects.values_list("number", flat=True)) == set(acknowledged)
    assert receive(client, "k-again").status_code == 201
    assert Case.objects.count() == len(acknowledged) + 1
    assert verify(folds={"case:": fold_differences}, streams={"case:": case_streams}).ok


def test_a_read_only_database_refuses_writes_and_still_shows_cases(office, client):
    case = office.receive()
    with read_only():
        before = stored()
        refused(receive(client, "k-1"))
        assert stored() == before
        assert client.get(f"/api/v1/cases/{case.number}").status_code == 200
    answer = receive(client, "k-1")
    assert answer.status_code == 201
    assert receive(client, "k-1").json() == answer.json()


def test_the_log_says_where_it_failed_and_no_value_of_the_request(office, client, capsys):
    with read_only():
        refused(receive(client, "k-1", "王海洋"))
    said = capsys.readouterr().err
    assert "readonly database" in said
    assert "cases/acting.py" in said
    for value in ("王海洋", "19900001234", "k-1"):
        assert value not in said


def test_the_page_says_what_is_saved_and_what_is_not(office, client, monkeypatch):
    def full(*_args, **_kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("yukuaiban.web.session.attach", full)
    page = client.get("/")
    assert page.status_code == 503
    assert SAVED in page.content.decode()
    assert "disk is full" not in page.content.decode()


def test_a_fault_of_ours_stays_a_fault(office, client, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("yukuaiban.web.session.attach", broken)
    assert client.get("/").status_code == 500


class _Postgres(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def caused(sqlstate: str) -> InternalError:
    error = InternalError("x")
    error.__cause__ = _Postgres(sqlstate)
    return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("database is locked"), True),
        (caused("25006"), True),
        (caused("25P02"), False),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EROFS, "Read-only file system"), True),
        (OSError(errno.ENOENT, "No such file"), False),
        (ZeroDivisionError(), False),
        (None, False),
    ],
)
def test_what_counts_as_away(error, away):
    assert failures.cannot_store(error) is away


def test_a_paper_that_does_not_fit_on_the_disk_leaves_no_piece_behind(office, monkeypatch, tmp_path):
    case = office.receive()

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    paper = ContentFile(b"%PDF-1.4\n%%EOF\n", name="x.pdf")
    with pytest.raises(OSError, match="No space left"), transaction.atomic():
        store.store(
            paper,
            case_number=case.number,
            kind="notice",
            stored_by="staff:1",
            stored_at=office.now,
            uid=office.pen.uid(),
        )
    assert [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()] == []
    assert not EvidenceFile.objects.exists()
