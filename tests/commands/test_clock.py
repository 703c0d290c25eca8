"""`clock due` and `clock batch`: what they print, what they refuse, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.clockfiles import CALENDAR, HEADER
from tests.core.redo import redo

PROJECT = Path(__file__).parents[2]
KEYS = ["start", "limit", "due", "due_on", "provisional", "explanation"]


@pytest.fixture
def calendar(tmp_path) -> Path:
    path = tmp_path / "office.toml"
    path.write_text(CALENDAR.format("closing"), encoding="utf-8")
    return path


# ---- due


def test_due_as_json_has_its_six_keys_and_can_be_redone(ykb):
    code, out, err = ykb("clock", "due", "--start", "2026-09-30T17:00", "--limit", "10wd", "--json")
    found = json.loads(out)
    assert (code, err, list(found)) == (0, "", KEYS)
    assert found["start"] == "2026-09-30T17:00:00+08:00"
    assert found["limit"] == "10wd"
    assert (found["due"], found["due_on"]) == ("2026-10-20T17:30:00+08:00", "2026-10-20")
    assert found["provisional"] is False
    assert all(list(step) == ["code", "from", "to", "amount", "text"] for step in found["explanation"])
    assert redo(found["explanation"]).isoformat() == found["due"]


def test_due_in_words(ykb):
    code, out, _ = ykb("clock", "due", "--start", "2026-10-09T17:00", "--limit", "1wd")
    lines = out.splitlines()
    assert (code, lines[0]) == (0, "2026-10-10T17:30:00+08:00")
    assert lines[1].startswith("2026-10-09 周五 17:00　起算。时限 1 个工作日")
    assert "周六调休上班" in out
    code, out, _ = ykb("clock", "due", "--start", "2026-10-09T17:00", "--limit", "1wd", "--english")
    assert "a make-up working Sat" in out


@pytest.mark.parametrize(
    ("start", "limit", "due", "due_on"),
    [
        ("2026-03-02T10:00", "3sh", "2026-03-02T14:00:00+08:00", "2026-03-02"),
        ("2026-03-02T02:00Z", "2sh", "2026-03-02T12:00:00+08:00", "2026-03-02"),
        ("2026-03-02 10:00:30", "121sm", "2026-03-02T13:01:30+08:00", "2026-03-02"),
        ("2026-03-02", "1wd", "2026-03-03T18:00:00+08:00", "2026-03-03"),
        ("2026-10-09T10:00", "1wd", "2026-10-10T18:00:00+08:00", "2026-10-10"),
        ("2026-03-02T10:00", "1mo", "2026-04-02T18:00:00+08:00", "2026-04-02"),
        ("2026-03-02T10:00+09:00", "1.5h", "2026-03-02T10:30:00+08:00", "2026-03-02"),
    ],
)
def test_due_on_a_calendar_of_ones_own(ykb, calendar, start, limit, due, due_on):
    code, out, _ = ykb("clock", "due", "--start", start, "--limit", limit, "--calendar", calendar, "--json")
    found = json.loads(out)
    assert (code, found["due"], found["due_on"]) == (0, due, due_on)


def test_a_day_that_ends_at_midnight_keeps_its_date(ykb, calendar):
    calendar.write_text(CALENDAR.format("midnight"), encoding="utf-8")
    code, out, _ = ykb(
        "clock", "due", "--start", "2026-03-02T10:00", "--limit", "1wd", "--calendar", calendar, "--json"
    )
    found = json.loads(out)
    assert (code, found["due"], found["due_on"]) == (0, "2026-03-04T00:00:00+08:00", "2026-03-03")


def test_a_year_without_a_notice_is_provisional(ykb):
    asked = ("clock", "due", "--start", "2026-12-31T10:00", "--limit", "1wd")
    code, out, _ = ykb(*asked)
    assert (code, out.splitlines()[0]) == (0, "2027-01-04T17:30:00+08:00　暂定")
    assert "2027 年的日历尚未载入" in out
    found = json.loads(ykb(*asked, "--json")[1])
    assert found["provisional"] is True
    assert "provisional" in [step["code"] for step in found["explanation"]]


def test_pauses_shift_a_due(ykb):
    code, out, _ = ykb(
        "clock", "due", "--start", "2026-04-27T10:00", "--limit", "10wd",
        "--pause", "2026-05-06T10:00/2026-05-12T10:00", "--json",
    )  # fmt: skip
    assert (code, json.loads(out)["due"]) == (0, "2026-05-20T17:30:00+08:00")


def test_without_an_answer_the_due_is_null_and_the_error_says_why(ykb):
    code, out, err = ykb("clock", "due", "--start", "2026-03-02T10:00", "--limit", "21y", "--json")
    found = json.loads(out)
    assert (code, found["due"], found["due_on"], found["error"]) == (1, None, None, "no_open_time")
    assert "20 年内没有足够的开放时间" in err
    code, out, err = ykb("clock", "due", "--start", "2026-03-02T10:00", "--limit", "21y")
    assert (code, "算不出" in out, "算不出" in err) == (1, True, True)


REFUSED = [
    (["--limit", "10wd"], "start"),
    (["--start", "2026-03-02T10:00"], "limit"),
    (["--start", "昨天", "--limit", "10wd"], "错误：start：“昨天”不是可以识别的时间；请写 ISO 8601 时间"),
    (["--start", "", "--limit", "10wd"], "start：没有填写时间"),
    (["--start", "1850-03-02T10:00", "--limit", "10wd"], "年份不在 1901 至 2199 之间"),
    (["--start", "2026-03-02T10:00", "--limit", "10"], "limit：“10”不是时限；请写数量加单位"),
    (["--start", "2026-03-02T10:00", "--limit", ""], "limit：没有填写时限"),
    (
        ["--start", "2026-03-02T10:00", "--limit", "10fortnights"],
        "单位“fortnights”不认识；可用的单位：h、m、sh",
    ),
    (["--start", "2026-03-02T10:00", "--limit", "10WD"], "单位“WD”不认识"),
    (["--start", "2026-03-02T10:00", "--limit=-1wd"], "数量“-1”不是不小于 0 的数"),
    (["--start", "2026-03-02T10:00", "--limit", "1e3wd"], "不是时限"),
    (["--start", "2026-03-02T10:00", "--limit", "1.5wd"], "个工作日不能有小数；小数只用于 h 和 sh"),
    (["--start", "2026-03-02T10:00", "--limit", "1.5m"], "分钟不能有小数"),
    (["--start", "2026-03-02T10:00", "--limit", "9999999999d"], "太长；数量不超过 1000000000"),
    (["--start", "2026-03-02T10:00", "--limit", "1wd", "--pause", "x"], "“x”不是一段中止；请写 开始/结束"),
    (["--start", "2026-03-02T10:00", "--limit", "1wd", "--pause", "2026-03-03/2026-03-02"], "早于开始"),
    (["--start", "2026-03-02T10:00", "--limit", "1wd", "--calendar", "/nowhere.toml"], "读不了文件"),
]


@pytest.mark.parametrize(("words", "says"), REFUSED)
def test_what_due_cannot_read_is_one_sentence_and_exit_code_2(ykb, words, says):
    code, out, err = ykb("clock", "due", *words)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1
    assert err.startswith("错误：")


def test_all_faults_of_a_calendar_file_are_told_with_their_lines(ykb, calendar):
    text = CALENDAR.format("noon").replace("[1, 2, 3, 4, 5]", "[0]")
    calendar.write_text(text, encoding="utf-8")
    code, _, err = ykb(
        "clock", "due", "--start", "2026-03-02T10:00", "--limit", "1wd", "--calendar", calendar
    )
    assert code == 2
    assert [f"{calendar}:3：day_end" in err, f"{calendar}:6：hours.weekdays" in err] == [True, True]


def test_a_calendar_file_in_another_encoding_is_refused_with_the_way_out(ykb, calendar):
    calendar.write_bytes(
        CALENDAR.format("closing").replace("2026-10-10", "2026-10-10 # 国庆").encode("gb18030")
    )
    code, _, err = ykb(
        "clock", "due", "--start", "2026-03-02T10:00", "--limit", "1wd", "--calendar", calendar
    )
    assert (code, "不是 UTF-8 文本；请另存为 UTF-8" in err) == (2, True)
    calendar.write_text("\ufeff" + CALENDAR.format("closing"), encoding="utf-8")
    code, *_ = ykb("clock", "due", "--start", "2026-03-02T10:00", "--limit", "1wd", "--calendar", calendar)
    assert code == 0


# ---- in processes of their own


def process(*words: object, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "yukuaiban.site", *map(str, words)],
        capture_output=True, encoding="utf-8", check=False, cwd=PROJECT, env=os.environ | env,
    )  # fmt: skip


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_the_zone_of_the_computer_does_not_matter(zone):
    done = process("clock", "due", "--start", "2026-03-08T02:30", "--limit", "1h", "--json", TZ=zone)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["due"] == "2026-03-08T03:30:00+08:00"


def test_a_batch_in_a_process_of_its_own(tmp_path, calendar):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(HEADER + "\n1,due,x,,1wd,,\n2,due,2026-03-02T10:00,,1wd,,\n", encoding="utf-8")
    done = process("clock", "batch", "--calendar", calendar, source, target)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "共 2 行，1 行未能计算。\n")
    done = process("clock", "batch", tmp_path / "none.csv", target)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("错误：")


def test_the_clock_needs_neither_database_nor_django(tmp_path):
    code = (
        "import sys; sys.argv = ['ykb', 'clock', 'due', '--start', '2026-03-02T10:00', '--limit', '1wd'];"
        "from yukuaiban.site.cli import main; main();"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'django']"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False,
        env=os.environ | {"YKB_HOME": str(tmp_path / "none")},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "none").exists()
