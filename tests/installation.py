"""An installation of its own, driven by real processes: a folder, a database, the console script."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests import pgserver

PROJECT = Path(__file__).resolve().parents[1]
PATIENCE = 120  # seconds after which a process is taken to hang; never a measure of speed


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

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A Python process to its end, `-m` and what follows."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=PROJECT,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        """A Python process that goes on by itself; its output is read from `stdout`, errors go to a file."""
        errors = self.home / "errors.txt"
        with errors.open("a", encoding="utf-8") as file:
            return subprocess.Popen(
                [sys.executable, *words],
                cwd=PROJECT,
                env=self.environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )

    def ykb(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """The console script."""
        return self.run("-m", "yukuaiban.site", *words, **more)
