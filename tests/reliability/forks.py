"""Clients and judges as forks of one process that has Django ready, so that a round costs no start of Python.

The parent never opens a connection of its own; each fork opens one, to the place it is given.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO


@dataclass
class Fork:
    """A child that says lines into a pipe."""

    pid: int
    pipe: IO[str]

    def busy(self) -> bool:
        """Whether it still runs."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def end(self) -> list[str]:
        """SIGKILL; the whole lines it had said."""
        os.kill(self.pid, signal.SIGKILL)
        return self.lines()

    def lines(self) -> list[str]:
        """Wait for its end; the whole lines it has said."""
        said = [line.rstrip("\n") for line in self.pipe if line.endswith("\n")]
        self.pipe.close()
        os.waitpid(self.pid, 0)
        return said


Say = Callable[[str], None]


def fork(deed: Callable[[Say], None], *, cut_off: bool = False) -> Fork:
    """Start `deed` in a child; what it says is a line in the pipe once `say` has returned.

    The error that ends a child is shown, unless it is to be `cut_off` from its database anyway.
    """
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid:
        os.close(theirs)
        return Fork(pid, os.fdopen(ours, encoding="utf-8"))
    os.close(ours)
    code = 0
    try:
        deed(lambda line: os.write(theirs, f"{line}\n".encode()) and None)
    except BaseException:  # noqa: BLE001 - a fork must never run on into its parent's code
        if not cut_off:
            sys.stderr.write(traceback.format_exc())
        code = 1
    os._exit(code)
