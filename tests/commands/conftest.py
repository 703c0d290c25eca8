"""What the tests of commands share: the office whose pen the commands write with, and the console script."""

from __future__ import annotations

import io
import sys

import pytest

from tests.cast import Office
from yukuaiban.site.cli import main


@pytest.fixture
def office(db: None, monkeypatch) -> Office:
    """The office; commands write with its pen, so that they live at its moment."""
    found = Office()
    monkeypatch.setattr("yukuaiban.site.django.LivePen", lambda: found.pen)
    return found


@pytest.fixture
def ykb(monkeypatch, capsysbinary):
    """Runs `./ykb` with these words and that standard input; gives exit code, standard output, standard error."""

    def run(*words: object, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ykb", *(str(word) for word in words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsysbinary.readouterr()
        return code, out.decode(), err.decode()

    return run
