"""The scanner for viruses, as the installation has one: a command that reads standard input, or clamd's socket.

Whatever is not a plain “clean” is not clean: a scanner that fails, hangs or answers oddly gives FAILED.
"""

from __future__ import annotations

import shlex
import socket
import subprocess
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from yukuaiban.evidence.models import Scan

_SECONDS = 60
_PIECE = 64 * 1024
_ANSWER = 4096
_SAID = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """What a scanner said: the state, and its own words where there is something to say."""

    state: Scan.State
    said: str = ""


class Scanner(Protocol):
    """Anything that looks at bytes. `scan` never raises."""

    @property
    def name(self) -> str:
        """What rows and events call it."""

    def scan(self, content: bytes) -> Finding:
        """The finding."""


@dataclass(frozen=True, slots=True)
class CommandScanner:
    """A command that reads the bytes from standard input: 0 is clean, 1 is infected, anything else failed."""

    line: str
    name: str = "command"

    def scan(self, content: bytes) -> Finding:
        """Run the command once, a minute at most."""
        try:
            done = subprocess.run(  # noqa: S603 - the line comes from the settings of the installation
                shlex.split(self.line), input=content, capture_output=True, timeout=_SECONDS, check=False
            )
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            return _failed(error)
        said = done.stdout.decode("utf-8", "replace").strip()[-_SAID:]
        states = {0: Scan.State.CLEAN, 1: Scan.State.INFECTED}
        return Finding(states.get(done.returncode, Scan.State.FAILED), said)


@dataclass(frozen=True, slots=True)
class ClamdScanner:
    """clamd, spoken to by INSTREAM: a path of a socket, or HOST:PORT."""

    place: str
    name: str = "clamd"

    def scan(self, content: bytes) -> Finding:
        """Hand the bytes over in pieces and read the verdict."""
        try:
            with self._connected() as wire:
                wire.sendall(b"zINSTREAM\x00")
                for start in range(0, len(content), _PIECE):
                    piece = content[start : start + _PIECE]
                    wire.sendall(len(piece).to_bytes(4, "big") + piece)
                wire.sendall(bytes(4))
                said = wire.recv(_ANSWER).rstrip(b"\x00").decode("utf-8", "replace").strip()
        except (OSError, ValueError) as error:
            return _failed(error)
        return _clamd_finding(said)

    def _connected(self) -> socket.socket:
        if self.place.startswith("/"):
            wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            wire.settimeout(_SECONDS)
            try:
                wire.connect(self.place)
            except OSError:
                wire.close()
                raise
            return wire
        host, _, port = self.place.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=_SECONDS)


def _clamd_finding(said: str) -> Finding:
    if said == "stream: OK":
        return Finding(Scan.State.CLEAN)
    state = Scan.State.INFECTED if said.endswith(" FOUND") else Scan.State.FAILED
    return Finding(state, said.removeprefix("stream: ")[:_SAID] or "没有回答")


def _failed(error: Exception) -> Finding:
    return Finding(Scan.State.FAILED, f"{type(error).__name__}: {error}"[:_SAID])


def scanner() -> Scanner | None:
    """The scanner of the settings: `command:LINE`, `clamd:/PATH` or `clamd:HOST:PORT`; None if there is none.

    ImproperlyConfigured for anything else; asked once at start, so that a misspelt scanner is never taken for none.
    """
    if not settings.YKB_SCANNER:
        return None
    kind, _, rest = settings.YKB_SCANNER.partition(":")
    if kind == "command" and rest.strip():
        return CommandScanner(rest)
    if kind == "clamd" and rest.strip():
        return ClamdScanner(rest)
    message = "YKB_SCANNER is command:LINE, clamd:/PATH or clamd:HOST:PORT"
    raise ImproperlyConfigured(message)
