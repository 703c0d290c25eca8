"""A wrong call of any command: exit 2 and one sentence; help comes without loading what the command needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from yukuaiban.site.cli import _COMMANDS


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nix",), "没有命令“nix”；可用：demo、serve"),
        (("import", "nix"), "可用：enterprises、index、matters"),
        (("demo", "--nix"), "没有选项 --nix；用法见 ./ykb"),
        (("demo", "--port", "99999999"), "请填写 1 至 65535 的整数"),
        (("demo", "--port"), "多半缺少它的值"),
        (("demo", "--cases", "0"), "请填写 1 至 100000 的整数"),
        (("demo", "extra"), "多了参数 extra"),
        (("demo", "--until", "soon"), "请写成 2026-03-02"),
        (("import", "matters"), "缺少参数 FILE"),
        (("import", "matters", "/nope.csv"), "没有这个文件"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_exit_2(ykb, words, said) -> None:
    code, out, err = ykb(*words)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert err.startswith("错误：")
    assert said in err


def test_a_group_alone_shows_its_commands(ykb) -> None:
    code, out, err = ykb("import")
    assert (code, out) == (2, "")
    assert "matters" in err


PROGRAM = """
import sys
from yukuaiban.site.cli import _COMMANDS, main
for command in sorted(_COMMANDS, key=lambda name: name == "clock"):
    sys.argv = ["ykb", command, "--help"]
    try:
        main()
    except SystemExit as end:
        assert not end.code
    heavy = {"django.db", "granian", "pydantic", "yukuaiban.packs", "numpy"} & set(sys.modules)
    assert heavy <= ({"numpy"} if command == "clock" else set()), (command, heavy)
"""


def test_help_of_each_command_loads_neither_django_nor_the_packs() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Usage: ") == len(_COMMANDS)
    assert "。." not in done.stdout
