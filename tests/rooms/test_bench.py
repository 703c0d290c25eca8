"""`./ykb bench`: rows, goals, history and what got worse."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from yukuaiban.site.commands import bench as command

FAST = (
    "def run(size):\n    return [dict(case='due', n=10, seconds=[1.0, 2.0, 4.0], ratio={}, goal='>= 300')]\n"
)


@pytest.fixture
def areas(tmp_path, monkeypatch):
    """A project with a folder of benchmarks of its own, imported afresh."""
    folder = tmp_path / "benchmarks"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.setattr(command, "BENCHMARKS", folder)
    monkeypatch.setattr(command.home, "PROJECT", tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in command.sys.modules if name.split(".")[0] == "benchmarks"]:
        monkeypatch.delitem(command.sys.modules, name)
    return folder


@pytest.mark.parametrize(
    ("ratio", "goal", "slack", "answer"),
    [
        (300, ">= 300", 1.0, True),
        (299, ">= 300", 1.0, False),
        (240, ">= 300", 1.25, True),
        (239, ">= 300", 1.25, False),
        (1.2, "<= 1.2", 1.0, True),
        (1.3, "<= 1.2", 1.0, False),
        (1.5, "<= 1.2", 1.25, True),
        (5, None, 1.0, None),
        (None, ">= 5", 1.0, None),
    ],
)
def test_a_goal_is_reached_or_missed(ratio, goal, slack, answer) -> None:
    assert command.passed(ratio, goal, slack) is answer


def test_a_goal_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="a goal is written"):
        command.passed(1.0, "about 3")


def test_a_run_prints_rows_and_keeps_history(areas, tmp_path) -> None:
    (areas / "clock.py").write_text(FAST.format(412))
    out = tmp_path / "out.json"
    result = CliRunner().invoke(command.bench, ["--json", str(out)])
    assert result.exit_code == 0, result.output
    assert "pass  clock  due  n=10  2 s (1–4)  412  goal >= 300" in result.output
    kept = [json.loads(line) for line in (areas / "history.jsonl").read_text().splitlines()]
    assert [(row["area"], row["case"], row["ratio"], row["size"]) for row in kept] == [
        ("clock", "due", 412, "small")
    ]
    assert json.loads(out.read_text())["rows"][0]["passed"] is True


def test_a_missed_goal_and_a_wrong_answer_fail_the_command(areas) -> None:
    (areas / "clock.py").write_text(FAST.format(10))
    (areas / "lists.py").write_text("def run(size):\n    raise AssertionError('counts differ')\n")
    result = CliRunner().invoke(command.bench, [])
    assert result.exit_code == 1
    assert "FAIL  clock" in result.output
    assert "wrong answer: counts differ" in result.output


def test_an_unknown_area_is_refused_with_those_that_exist(areas) -> None:
    (areas / "clock.py").write_text(FAST.format(1))
    result = CliRunner().invoke(command.bench, ["cloak"])
    assert result.exit_code == 2
    assert "cloak" in result.output
    assert "clock" in result.output


def test_only_what_missed_its_goal_clearly_in_its_last_two_runs_is_told(areas) -> None:
    (areas / "clock.py").touch()
    ratios = {
        "twice": [400, 100, 110],
        "once": [400, 400, 100],
        "slightly": [290, 290],
        "mended": [1, 1, 400],
    }
    common = {"machine": "m", "size": "small", "area": "clock", "goal": ">= 300", "passed": None}
    entries = [{**common, "case": case, "ratio": ratio} for case, row in ratios.items() for ratio in row]
    (areas / "history.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    result = CliRunner().invoke(command.bench, ["--compare"])
    assert result.exit_code == 1
    assert [line.split()[1] for line in result.output.splitlines()] == ["twice"]
