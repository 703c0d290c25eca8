"""`./ykb demo`, `serve`, `migrate`: each in a process and a folder of its own, with the fictional district."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

UNTIL = ("--until", "2026-05-20T02:00:00")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo")


def ykb(home: Path, *words: object, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "yukuaiban.site", *(str(word) for word in words)],
        env={**os.environ, "YKB_HOME": str(home), "YKB_DISTRICT": "sample", **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def newest(home: Path) -> tuple[int, bytes]:
    """How many events there are, and the hash of the last."""
    with sqlite3.connect(home / "yukuaiban.sqlite3") as connection:
        (count,) = connection.execute("SELECT count(*) FROM journal_event").fetchone()
        (last,) = connection.execute("SELECT hash FROM journal_event ORDER BY id DESC LIMIT 1").fetchone()
    return count, last


def test_a_demo_is_played_once_served_only_if_asked_and_keeps_its_options(home) -> None:
    first = ykb(home, "demo", "--no-serve", "--cases", 5, "--seed", 0, *UNTIL)
    assert first.returncode == 0, first.stderr
    assert "共 5 件" in first.stderr
    mark = json.loads((home / "demo.json").read_text(encoding="utf-8"))
    assert mark["options"] == {"cases": 5, "seed": 0, "matters": None}
    assert all(account["login"] in first.stdout for account in mark["accounts"])
    before = newest(home)

    again = ykb(home, "demo", "--no-serve")
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert newest(home) == before

    other = ykb(home, "demo", "--no-serve", "--cases", 6, "--seed", 0)
    assert (other.returncode, len(other.stderr.splitlines())) == (2, 1)
    assert "--cases" in other.stderr
    assert "--seed" not in other.stderr
    assert "YKB_HOME" in other.stderr

    serve = ykb(home, "serve")
    assert (serve.returncode, "演示库" in serve.stderr, "--demo" in serve.stderr) == (2, True, True)

    # Killed after the work was committed and before the mark stood: the next start finishes it.
    (home / "demo.json").rename(home / "demo.draft")
    finished = ykb(home, "demo", "--no-serve")
    assert (finished.returncode, finished.stdout) == (0, first.stdout)
    assert newest(home) == before


def test_a_demo_that_was_killed_while_it_played_starts_over(tmp_path) -> None:
    words = ("demo", "--no-serve", "--cases", 300, *UNTIL)
    process = subprocess.Popen(
        [sys.executable, "-m", "yukuaiban.site", *(str(word) for word in words)],
        env={**os.environ, "YKB_HOME": str(tmp_path), "YKB_DISTRICT": "sample"},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    seen = next(line for line in process.stderr if "%" in line)
    process.kill()
    process.wait()
    process.stderr.close()
    assert "100 %" not in seen
    again = ykb(tmp_path, "demo", "--no-serve", "--cases", 3, *UNTIL)
    assert again.returncode == 0, again.stderr
    assert "共 3 件" in again.stderr


def test_an_installation_in_use_never_becomes_a_demo(tmp_path) -> None:
    assert ykb(tmp_path, "worker").returncode == 2
    made = ykb(tmp_path, "migrate")
    assert made.returncode == 0, made.stderr
    assert "./ykb user add" in made.stderr
    before = newest(tmp_path)
    assert ykb(tmp_path, "migrate").returncode == 0
    assert newest(tmp_path) == before, "a second time changes nothing"
    assert ykb(tmp_path, "tick").returncode == 0
    assert ykb(tmp_path, "check").returncode == 0
    refused = ykb(tmp_path, "demo", "--no-serve")
    assert (refused.returncode, "换一个 YKB_HOME" in refused.stderr) == (2, True)


def test_serve_on_an_empty_folder_makes_the_database_and_answers(tmp_path, unused_port) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "yukuaiban.site", "serve", "--port", str(unused_port)],
        env={**os.environ, "YKB_HOME": str(tmp_path), "YKB_DISTRICT": "sample"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert "还没有账号" in next(process.stdout)
        for path in ("healthz", "portal", "matters"):
            assert status(unused_port, path, process) == 200
    finally:
        process.terminate()
        process.wait(timeout=60)
        process.stdout.close()
    assert newest(tmp_path)[0] > 0


def status(port: int, path: str, process: subprocess.Popen[str]) -> int:
    """The status of a page, as soon as the server that is just starting answers."""
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            with contextlib.closing(connection):
                connection.request("GET", f"/{path}")
                return connection.getresponse().status
        except ConnectionRefusedError:
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
