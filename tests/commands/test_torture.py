"""`torture` runs the tests of an id, sums up what they recorded, and says plainly what it cannot run."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.installation import PROJECT
from yukuaiban.site.commands import torture
from yukuaiban.site.commands.torture import told

PAIN = """
import pytest

def test_it_holds(seed, record_property):
    record_property("acknowledged", 40)
    record_property("drawn", seed)

@pytest.mark.slow
@pytest.mark.parametrize("kills", [3, 4])
def test_it_holds_for_long(seed, record_property, kills):
    record_property("acknowledged", seed)
    record_property("kills", kills)
    assert seed != 13
"""
RUN = """
import sys
from pathlib import Path
from yukuaiban.site.commands import torture
torture.TABLE = Path(sys.argv.pop(1))
torture.torture()
"""


@pytest.fixture
def torment(tmp_path):
    """The command as a process of its own, with a table of one id."""
    (tmp_path / "test_pain.py").write_text(PAIN, encoding="utf-8")
    table = f'[X1]\ntitle = "疼"\ntests = ["{tmp_path / "test_pain.py"}"]\n'
    (tmp_path / "sizes.toml").write_text(table, encoding="utf-8")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", RUN, str(tmp_path / "sizes.toml"), *words]
        return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120)

    return run


def test_the_long_form_sums_up_what_its_tests_recorded_and_a_failure_can_be_played_again(torment):
    done = torment("X1", "--seed", "13")
    first, line = done.stdout.splitlines()
    assert first.startswith("种子 13，提交 ")
    assert line.startswith("X1  没有通过  0/2 项测试  acknowledged 26  kills 7  ")
    assert done.returncode == 1
    assert "seed 13, commit " in done.stderr
    assert "-m slow --seed 13" in done.stderr


def test_the_short_form_runs_what_the_suite_runs(torment):
    done = torment("--short", "--seed", "7")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].startswith("X1  通过  1/1 项测试  acknowledged 40  drawn 7  ")


def test_an_unknown_id_is_answered_with_the_list(ykb):
    code, out, err = ykb("torture", "R1", "R99")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "没有这个编号：R99；可选：R1（" in err
    assert torture._table()["R1"]["title"] in err


def test_without_the_tests_it_says_how_to_get_them(monkeypatch, tmp_path, ykb):
    monkeypatch.setattr(torture, "TABLE", tmp_path / "none.toml")
    code, out, err = ykb("torture")
    assert (code, out) == (2, "")
    assert "./ykb test" in err


def line(outcome: str, why: str = "") -> dict:
    return {"test": "t", "outcome": outcome, "seconds": 1.5, "figures": {"lost": 0}, "why": why}


@pytest.mark.parametrize(
    ("lines", "passed", "said"),
    [
        ([line("passed"), line("passed")], True, "R2  通过  2/2 项测试  lost 0  3.0 秒"),
        ([line("passed"), line("failed")], False, "R2  没有通过  1/2 项测试  lost 0  3.0 秒"),
        ([line("skipped", "no FUSE")], False, "R2  没有通过  0/1 项测试  lost 0  1.5 秒  跳过：no FUSE"),
        ([], False, "R2  没有通过  0/0 项测试  0.0 秒"),
    ],
)
def test_what_was_skipped_or_never_ran_proves_nothing(lines, passed, said):
    assert told("R2", lines) == (passed, said)
