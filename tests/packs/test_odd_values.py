"""Whatever stands in a file, the reader answers with complaints that have a line, never with a crash."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from yukuaiban.core.errors import PackInvalid, Problem
from yukuaiban.packs import load
from yukuaiban.packs.procedures import parse_procedure

DESKS = Path(__file__).resolve().parents[2] / "districts" / "sample" / "procedures" / "desks.toml"
ODD = (
    *("3", '"x"', "[]", "[3]", "{}", "true", "[{}]", "1.5", "2024-01-01", '[["a"]]', "{a=1}", '""'),
    *('["received"]', "[2024-01-01]", "-1", "08:00:00"),
)
CELLS = ("", "x", "-1", "0wd", "９", "2026-13-01", '"', "a|b", "true", "99999999999999999999wd", "1e5wd", "²")


def complaints(read: Callable[[], object]) -> tuple[Problem, ...]:
    """What the reader says; nothing if the odd value happens to be right."""
    try:
        read()
    except PackInvalid as refusal:
        return refusal.problems
    return ()


@pytest.mark.parametrize("seed", range(300))
def test_odd_values_in_a_procedure(seed):
    dice = random.Random(seed)
    lines = DESKS.read_text(encoding="utf-8").splitlines()
    keys = [at for at, line in enumerate(lines) if re.match(r"\s*\w+ = ", line)]
    for at in dice.sample(keys, dice.randint(1, 3)):
        lines[at] = f"{lines[at].split('=')[0]}= {dice.choice(ODD)}"
    found = complaints(lambda: parse_procedure("\n".join(lines), file="procedures/desks.toml"))
    assert all(problem.why and problem.remedy for problem in found)
    assert all(problem.line for problem in found if problem.field)


@pytest.mark.parametrize("seed", range(60))
def test_odd_cells_in_a_table(pack, seed):
    dice = random.Random(seed)
    path = pack / dice.choice(("matters.csv", "agencies.csv", "desks.csv", "halls.csv"))
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    row = dice.choice(rows[1:])
    row[dice.randrange(len(row))] = dice.choice(CELLS)
    path.write_text("\n".join(",".join(each) for each in rows), encoding="utf-8")
    assert all(problem.line and problem.remedy for problem in complaints(lambda: load(pack)))


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("rules.toml", "value = 3", "应写成 [[value]]"),
        ("rules.toml", "value = [3]", "应为一个表"),
        ("examples/desks.toml", "example = 3", "应写成 [[example]]"),
        (
            "examples/desks.toml",
            '[[example]]\ntitle = "a"\nprocedure = "desks"\nacts = 3\nexpect = []',
            "应为列表",
        ),
        ("district.toml", "", "没有写“area_code”"),
        ("matters.csv", "", "文件是空的"),
        ("matters.csv", "\n", "文件是空的"),
        ("agencies.csv", "code,code\n", "列“code”写了两次"),
        ("texts/receipt.toml", "body = 3", "应为文字"),
    ],
)
def test_a_file_of_nonsense_is_told(pack, file, text, why):
    (pack / file).write_text(text, encoding="utf-8")
    with pytest.raises(PackInvalid) as caught:
        load(pack)
    assert any(problem.file == file and why in problem.why for problem in caught.value.problems)
