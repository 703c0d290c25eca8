"""An installation of its own, driven by real processes: a folder, a database, the console script."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from tests import pgserver

PROJECT = Path(__file__).resolve().parents[1]
PATIENCE = 120  # seconds after which a process is taken to hang; never a measure of speed


class Process:
    """A process that goes on by itself: lines can be sent to it, and what it says is heard as it comes."""

    def __init__(self, started: subprocess.Popen[str]) -> None:
        self.popen = started
        self._lines: queue.Queue[str] = queue.Queue()
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    def _listen(self) -> None:
        for line in self.popen.stdout or ():
            self._lines.put(line)

    def tell(self, line: str) -> None:
        """Send it a line."""
        assert self.popen.stdin is not None
        self.popen.stdin.write(f"{line}\n")
        self.popen.stdin.flush()

    def line(self) -> str:
        """The next line that it says. Raises queue.Empty if it hangs or has ended."""
        return self._lines.get(timeout=PATIENCE)

    def end(self, how: int) -> list[str]:
        """Send the signal, wait for the end; whole lines that had not been read yet."""
        self.popen.send_signal(how)
        self.popen.wait(timeout=PATIENCE)
        self._ear.join(timeout=PATIENCE)
        for pipe in (self.popen.stdin, self.popen.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        rest = [self._lines.get() for _ in range(self._lines.qsize())]
        return [line for line in rest if line.endswith("\n")]


@dataclass
class Installation:
    """Where one installation lives and how its processes are started."""

    home: Path
    vendor: str = "sqlite"
    district: str = "sample"
    url: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        if self.vendor == "postgresql":
            self.url = pgserver.new_database(f"ykb_{self.home.name.lower().replace('-', '_')}")

    @property
    def database(self) -> Path:
        """The file of the embedded database."""
        return self.home / "yukuaiban.sqlite3"

    def environment(self, **more: str) -> dict[str, str]:
        """What its processes see."""
        foreign = ("YKB_", "YUKUAIBAN_", "COV_", "DJANGO_")
        found = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        found |= {"YKB_HOME": str(self.home), "YKB_DISTRICT": self.district, "PYTHONPATH": str(PROJECT)}
        found["DJANGO_SETTINGS_MODULE"] = "yukuaiban.site.settings"
        if self.url:
            found["YKB_DATABASE_URL"] = self.url
        return found | more

    def run(self, *words: str, patience: int = PATIENCE, **more: str) -> subprocess.CompletedProcess[str]:
        """A Python process to its end, `-m` and what follows."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=PROJECT,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=patience,
            check=False,
        )

    def start(self, *words: str, **more: str) -> Process:
        """A Python process that goes on by itself; its errors go to a file."""
        errors = self.home / "errors.txt"
        with errors.open("a", encoding="utf-8") as file:
            return Process(
                subprocess.Popen(
                    [sys.executable, *words],
                    cwd=PROJECT,
                    env=self.environment(**more),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=file,
                    text=True,
                )
            )

    def ykb(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """The console script."""
        return self.run("-m", "yukuaiban.site", *words, **more)
