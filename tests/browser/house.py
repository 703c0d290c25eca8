"""The fictional district in a database file of its own, served by a thread; nothing here sleeps or reads a clock.

The rest of the suite runs in memory. A browser needs a server with threads, and threads need a file: one is
migrated and settled once a run, and copied for each test.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler

from tests.cast import PASSWORD, PEOPLE, Office
from tests.pens import HeldPen
from yukuaiban.cases import versions
from yukuaiban.people.models import Staff
from yukuaiban.web import session

MONDAY = "2026-03-02T09:00"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(slots=True)
class House:
    """A served district. `office.at` moves the moment of cast, pages and worker alike."""

    url: str
    office: Office

    def read_clock(self) -> datetime:
        """The moment of every request."""
        return self.office.now

    def session_of(self, who: str) -> str:
        """The key of a session as the sign-in page would open it."""
        staff = Staff.objects.get(login=who)
        client = Client()
        client.force_login(staff, backend=_BACKEND)
        key = str(client.session.session_key)
        session.keep_key(staff, key)
        return key


@contextmanager
def on_file(path: Path) -> Iterator[None]:
    """The default connection, of this thread and of all that begin meanwhile, on another database."""
    wrapper = connections["default"]
    memory, name = wrapper.connection, wrapper.settings_dict["NAME"]
    wrapper.connection, wrapper.settings_dict["NAME"] = None, str(path)
    versions.forget()
    try:
        yield
    finally:
        wrapper.close()
        wrapper.connection, wrapper.settings_dict["NAME"] = memory, name
        versions.forget()


def settle(path: Path) -> Office:
    """The district with its people, each with the password of the tests, in a new file."""
    with on_file(path):
        call_command("migrate", interactive=False, verbosity=0)
        office = Office(MONDAY)
        sample = office.staff(next(iter(PEOPLE)))
        sample.set_password(PASSWORD)
        Staff.objects.update(password=sample.password)
    return office


@contextmanager
def opened(settled: Path, office: Office, url: str, folder: Path) -> Iterator[House]:
    """A fresh copy of the settled district."""
    work = folder / "work.sqlite3"
    shutil.copyfile(settled, work)
    house = House(url, office)
    HeldPen.clock = house.read_clock
    with on_file(work):
        yield house


@contextmanager
def serving() -> Iterator[str]:
    """The whole application on 127.0.0.1; gives its address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler, allow_reuse_address=False)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, name="browser-server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
