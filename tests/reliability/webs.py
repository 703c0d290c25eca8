"""The real web server as it is served, and clients that speak to it over HTTP with keys."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from django.test import Client

from tests.cast import PERMIT
from tests.installation import PATIENCE
from tests.reliability.clients import PAIR
from tests.reliability.forks import Say
from yukuaiban.people.models import Staff
from yukuaiban.web import session

AGAIN = 0.05  # seconds before a client that got no answer asks again
BACKEND = "django.contrib.auth.backends.ModelBackend"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Server:
    """`./ykb serve` without its worker, in a group of processes of its own."""

    def __init__(self, port: int) -> None:
        self.words = [sys.executable, "-m", "yukuaiban.site", "serve", "--no-worker", "--port", str(port)]
        self.start()

    def start(self) -> None:
        quiet = subprocess.DEVNULL  # also so that nobody waits for its end who reads what this process says
        self.popen = subprocess.Popen(self.words, start_new_session=True, stdout=quiet, stderr=quiet)

    def kill(self) -> None:
        """SIGKILL of all its processes at once."""
        os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait(timeout=PATIENCE)


@contextmanager
def served(port: int) -> Iterator[Server]:
    """A server that does not outlive this."""
    server = Server(port)
    try:
        yield server
    finally:
        server.kill()


def signed_in(login: str) -> dict[str, str]:
    """The cookies of somebody who has signed in and opened a page."""
    staff, client = Staff.objects.get(login=login), Client(SERVER_NAME="127.0.0.1")
    client.force_login(staff, backend=BACKEND)
    session.keep_key(staff, client.session.session_key)
    client.get("/account")
    return {name: each.value for name, each in client.cookies.items()}


def writer(name: str, port: int, cookies: dict[str, str]) -> Callable[[Say], None]:
    """Opens cases and admits them, one after the other; asks with the same key until there is an answer."""

    def write(say: Say) -> None:
        number = ""
        for place in count():
            key = f"{name}-{place}"
            opens = place % PAIR == 0
            data = {"matter": PERMIT, "desk": "main-01", "applicant": "王海", "phone": "19900001234"}
            path = "/api/v1/cases" if opens else f"/api/v1/cases/{number}/actions"
            body = (
                {"procedure": "desks", "action": "receive", "data": data}
                if opens
                else {"action": "admit", "data": {}}
            )
            answer = _answered(port, path, body, _headers(cookies, key))
            number = answer["number"]
            say(json.dumps({"key": key, "stream": f"case:{number}", "seq": answer["seq"]}))

    return write


def _headers(cookies: dict[str, str], key: str) -> dict[str, str]:
    return {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": cookies["csrftoken"],
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }


def _answered(port: int, path: str, body: dict, headers: dict[str, str]) -> dict:
    """The answer, however often it takes to get one. Raises AssertionError for a refusal."""
    while True:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            line.request("POST", path, json.dumps(body), headers)
            answer = line.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            threading.Event().wait(AGAIN)
            continue
        finally:
            line.close()
        if answer.status == 503:
            threading.Event().wait(AGAIN)
            continue
        assert answer.status in {200, 201}, (answer.status, content)
        return json.loads(content)
