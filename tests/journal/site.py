"""The whole application on 127.0.0.1 over the database of the test, and two offices that watch its journal."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer
from django.db import connections

from tests.cast import OVERSIGHT, Office
from yukuaiban.journal import sequencing
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.subject import PostRef, Subject
from yukuaiban.people.witnessing import add_witness
from yukuaiban.site.witness.memory import signer

OFFICES = {"jiwei": "区纪委监委", "shuju": "区数据局"}


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Nothing."""


class Server(WSGIServer):
    """One request after the other, in a thread that uses the connection of the test."""

    def handle_error(self, *_about: Any) -> None:
        """A client that hangs up is no news."""


@contextmanager
def serving() -> Iterator[str]:
    """Gives the address."""
    server = Server(("127.0.0.1", 0), Quiet, allow_reuse_address=False)
    server.set_app(WSGIHandler())
    shared = connections["default"]
    shared.inc_thread_sharing()
    # The connection belongs to the test, whose transaction would end with it; requests leave it open.
    shared.close_if_unusable_or_obsolete = lambda: None  # type: ignore[method-assign]

    def serve() -> None:
        connections["default"] = shared
        server.serve_forever(poll_interval=0.01)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        del shared.close_if_unusable_or_obsolete
        shared.dec_thread_sharing()


def officer(office: Office, login: str, role: str) -> Subject:
    """Somebody of the oversight office in that role."""
    staff = create_staff(login=login, name=login, by=CONSOLE, pen=office.pen, must_change_password=False)
    post = grant_post(staff, agency=OVERSIGHT, role=role, by=CONSOLE, reason="到岗", pen=office.pen)
    place = PostRef(OVERSIGHT, role, post.pk)
    return Subject("staff", staff.ref, str(staff.uid), place, (place,), name=login)


def name_of(state: Path) -> str:
    return f"yukuaiban.sample/witness/{state.stem}"


def registered(office: Office, folder: Path) -> dict[str, Path]:
    """Both offices, each with a key beside its state, registered by two people; gives the states."""
    people = {
        "asked_by": officer(office, "security", "security_admin"),
        "consented_by": officer(office, "audit", "auditor"),
    }
    states = {code: folder / code / f"{code}.json" for code in OFFICES}
    for code, state in states.items():
        state.parent.mkdir()
        line = signer(name_of(state), state).verifier_line()
        add_witness(OFFICES[code], line, "年度见证", **people, pen=office.pen, source="console")
    return states


def sequence(office: Office) -> int:
    """Everything into the tree, and a checkpoint over it; gives its size."""
    while sequencing.add_leaves():
        pass
    size = sequencing.make_checkpoint(office.now)
    assert size is not None
    return size
