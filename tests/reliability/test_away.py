"""What the product needs is away for a while (R16): refused, nothing acknowledged is lost, and back without a hand."""

from __future__ import annotations

import errno
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError, connections
from django.test import Client

from tests.cast import Office
from tests.installation import Installation
from tests.pens import HELD, HeldPen
from tests.reliability.disk import missing, mounted
from tests.reliability.own_database import own_sqlite
from tests.reliability.requests import receive, refused, signed_in
from yukuaiban.cases.models import Case
from yukuaiban.cases.rebuilding import case_streams, fold_differences
from yukuaiban.evidence import store
from yukuaiban.journal.verifying import verify
from yukuaiban.site.commands import serving
from yukuaiban.site.livepen import LivePen
from yukuaiban.web import failures


@pytest.fixture
def home(tmp_path) -> Iterator[Path]:
    """Where database and uploads lie: a disk that may be full or read-only, where there is FUSE."""
    (tmp_path / "backing").mkdir()
    if missing():
        yield tmp_path / "backing"
        return
    with mounted(tmp_path / "backing", tmp_path / "mount") as disk:
        yield disk.mount
        connections["default"].close()


@pytest.fixture
def office(django_db_setup, django_db_blocker, home, monkeypatch, settings) -> Iterator[Office]:
    """Real commits on that disk; requests live at the office's moment."""
    settings.MEDIA_ROOT, settings.YKB_PEN = home / "uploads", HELD
    monkeypatch.delenv("YKB_DATABASE_URL", raising=False)
    with own_sqlite(home, django_db_blocker):
        found = Office()
        monkeypatch.setattr(HeldPen, "clock", staticmethod(lambda: found.now))
        yield found


@pytest.fixture
def client(office: Office) -> Client:
    """小榆 at a program."""
    return signed_in(office.staff("xiaoyu"))


@contextmanager
def state(home: Path, name: str) -> Iterator[None]:
    """The disk is full, or takes no write."""
    (home.parent / name).touch()
    try:
        yield
    finally:
        (home.parent / name).unlink()


@contextmanager
def no_handles() -> Iterator[None]:
    """This process can open nothing more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def whole() -> bool:
    return verify(folds={"case:": fold_differences}, streams={"case:": case_streams}).ok


@pytest.mark.skipif(bool(missing()), reason=missing())
@pytest.mark.parametrize("fault", ["full", "readonly"])
def test_a_real_disk_that_is_full_or_read_only(office, client, home, fault):
    numbers = [receive(client, "before").json()["number"]]
    with state(home, fault):
        answers = [receive(client, f"k-{n}") for n in range(30)]
        kept = [answer.json()["number"] for answer in answers if answer.status_code == 201]
        for answer in answers[len(kept) :]:
            refused(answer)
        assert len(kept) < len(answers), "the disk never got full"
        with pytest.raises(OSError, match=r"\[Errno") as no_room:
            paper(office, numbers[0])
        assert failures.cannot_store(no_room.value)
    assert set(Case.objects.values_list("number", flat=True)) == {*numbers, *kept}
    assert receive(client, "k-29").status_code == 201
    assert paper(office, numbers[0])
    assert whole()


def paper(office: Office, number: str) -> str:
    """Store a paper; its hash."""
    content = ContentFile(f"%PDF-1.4\n% {number}\n%%EOF\n".encode(), name="告知书.pdf")
    moment, uid = office.now, office.pen.uid()
    stored = store.store(
        content, case_number=number, kind="notice", stored_by="staff:1", stored_at=moment, uid=uid
    )
    return stored.sha256


def test_out_of_file_handles(office, client):
    number = receive(client, "before").json()["number"]
    failures.keep_ready()  # as the server does when it starts
    with no_handles():
        with pytest.raises(OSError, match="Too many open files") as none_left:
            paper(office, number)
        assert failures.cannot_store(none_left.value)
        connections["default"].close()
        refused(receive(client, "k-1"))
        page = client.get("/")
        assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert list(Case.objects.values_list("number", flat=True)) == [number]
    assert receive(client, "k-1").status_code == 201
    assert receive(client, "before").json()["number"] == number
    assert whole()


_ASK = """
import django; django.setup()
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
print(*(client.get(path).status_code for path in ("/healthz", "/readyz", "/")))
"""


def test_a_database_whose_name_nobody_can_resolve(tmp_path):
    """The process answers, says that it is not ready, and refuses with 503; no page shows the host's name."""
    installation = Installation(tmp_path / "home")
    installation.url = "postgresql://nobody@db.invalid/ykb"
    done = installation.run("-c", _ASK)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["200", "503", "503"]
    assert "db.invalid" in done.stderr, "whoever keeps the log must see what could not be found"


@pytest.mark.parametrize(
    ("error", "stays"),
    [
        (OperationalError("database is locked"), True),
        (OSError(errno.ENOSPC, "full"), True),
        (ValueError(), False),
    ],
)
def test_the_worker_outlives_what_comes_back_and_nothing_else(error, stays):
    """Nobody would start it again: `serve` has no watchman, and lights would be told of no more."""

    def broken() -> bool:
        raise error

    if stays:
        assert serving._tried(broken) is None
    else:
        with pytest.raises(type(error)):
            serving._tried(broken)


def test_a_worker_that_starts_before_its_database_waits_for_it(monkeypatch):
    """After a power cut both start at once, and the server of the database takes longer."""
    tries: list[str] = []

    def existing() -> LivePen:
        tries.append("start")
        if len(tries) < 3:
            raise OperationalError("connection refused")
        return LivePen()

    def pass_now() -> bool:
        tries.append("pass")
        signal.raise_signal(signal.SIGTERM)
        return True

    monkeypatch.setattr(serving.site, "existing", existing)
    monkeypatch.setattr(serving, "_pass_now", pass_now)
    monkeypatch.setattr(serving, "_PAUSE_SECONDS", 0)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        assert serving.worker.callback is not None
        serving.worker.callback()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert tries == ["start", "start", "start", "pass"]
