"""`clock batch`: what it computes, what it says of a bad row, and what it refuses as a whole."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.commands.clockfiles import CALENDAR, HEADER


@pytest.fixture
def calendar(tmp_path) -> Path:
    path = tmp_path / "office.toml"
    path.write_text(CALENDAR.format("closing"), encoding="utf-8")
    return path


@pytest.fixture
def batch(ykb, tmp_path, calendar):
    """Runs a batch of lines under the usual header; gives exit code, rows by id, standard error."""

    def run(
        *lines: str, header: str = HEADER, given: Path = calendar
    ) -> tuple[int, dict[str, dict[str, str]], str]:
        source, target = tmp_path / "in.csv", tmp_path / "out.csv"
        source.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        code, out, err = ykb("clock", "batch", "--calendar", given, source, target)
        assert out == ""
        with target.open(encoding="utf-8", newline="") as file:
            return code, {row["id"]: row for row in csv.DictReader(file)}, err

    return run


def test_every_unit_in_a_batch(batch):
    code, rows, err = batch(
        "1,due,2026-03-02T10:00,,3sh,,",
        "2,due,2026-03-02T10:00,,2wd,,",
        "3,due,2026-03-02T10:00,,1.5h,,",
        "4,due,2026-03-02T10:00,,90m,,",
        "5,due,2026-03-02T10:00,,30d,,",
        "6,due,2026-01-31T10:00,,1mo,,",
        "7,due,2026-03-02T10:00,,121sm,,",
        "8,due,2025-03-02T10:00,,1y,,",
        "9,due,2026-03-02T10:00,,0wd,,",
        "10,elapsed,2026-03-02T10:00,2026-03-03T10:00,,m,",
        "11,elapsed,2026-03-02T10:00,2026-03-03T10:00:20,,sm,",
        "12,elapsed,2026-03-02T10:00,2026-03-09T10:00,,wd,",
        "13,due,2026-03-02T10:00Z,,0sh,,",
        "14,elapsed,2026-03-02T10:00,2026-03-02T10:00,,sm,",
        "15,due,2026-03-02T10:00:00.5,,1h,,",
    )
    assert (code, err) == (0, "共 15 行，0 行未能计算。\n")
    assert {name: (row["result"], row["provisional"], row["error"]) for name, row in rows.items()} == {
        "1": ("2026-03-02T14:00:00+08:00", "false", ""),
        "2": ("2026-03-04T18:00:00+08:00", "false", ""),
        "3": ("2026-03-02T11:30:00+08:00", "false", ""),
        "4": ("2026-03-02T11:30:00+08:00", "false", ""),
        "5": ("2026-04-01T18:00:00+08:00", "false", ""),
        "6": ("2026-03-02T18:00:00+08:00", "false", ""),
        "7": ("2026-03-02T13:01:00+08:00", "false", ""),
        "8": ("2026-03-02T18:00:00+08:00", "false", ""),
        "9": ("2026-03-02T18:00:00+08:00", "false", ""),
        "10": ("1440", "false", ""),
        "11": ("480.3333333333", "false", ""),
        "12": ("5", "false", ""),
        "13": ("2026-03-02T18:00:00+08:00", "false", ""),
        "14": ("0", "false", ""),
        "15": ("2026-03-02T11:00:00.500000+08:00", "false", ""),
    }


def test_years_without_a_notice_are_marked(batch):
    _, rows, _ = batch(
        "1,due,2026-12-31T10:00,,1wd,,",
        "2,due,2026-12-31T10:00,,900h,,",
        "3,elapsed,2025-12-31T10:00,2026-01-05T10:00,,wd,",
        "4,elapsed,2025-12-31T10:00,2026-01-05T10:00,,m,",
        "5,elapsed,2026-03-02T10:00,2027-01-01T00:00,,sm,",
    )
    assert [row["provisional"] for row in rows.values()] == ["true", "false", "true", "false", "true"]


def test_pauses_of_a_batch(batch):
    five = ";".join(f"2026-03-{day:02}T10:00/2026-03-{day + 1:02}T09:00" for day in (3, 5, 10, 12, 17))
    _, rows, _ = batch(
        "1,due,2026-03-02T10:00,,5wd,,2026-03-03T10:00/2026-03-05T10:00",
        "2,due,2026-03-02T10:00,,8sh,,2026-03-02T11:00/2026-03-02T15:00;2026-03-02T14:00/2026-03-02T16:00",
        f"3,due,2026-03-02T10:00,,20wd,,{five}",
        f"4,elapsed,2026-03-02T10:00,2026-03-30T10:00,,wd,{five}",
        f"5,elapsed,2026-03-02T10:00,2026-03-03T11:00,,sm,{five}",
        "6,elapsed,2026-03-02T10:00,2026-03-02T12:00,,m,2026-03-01T10:00/2026-03-02T10:30",
        "7,due,2026-03-02T10:00,,1h,,;2026-03-02T10:00/2026-03-02T10:30; ",
        "8,due,2026-03-02T10:00,,21y,,2026-03-03T10:00/2026-03-05T10:00",
        f"9,due,2026-03-02T10:00,,21y,,{five}",
    )
    assert [row["result"] for row in rows.values()] == [
        "2026-03-11T18:00:00+08:00",
        "2026-03-03T15:00:00+08:00",
        "2026-04-06T18:00:00+08:00",
        "15",
        "480",
        "90",
        "2026-03-02T11:30:00+08:00",
        "",
        "",
    ]
    assert rows["9"]["error"].startswith("no_open_time：从开始起 20 年内找不到")


BAD_ROWS = [
    ("remind,2026-03-02T10:00,,1wd,,", "op：不认识“remind”；请写 due 或 elapsed"),
    (",2026-03-02T10:00,,1wd,,", "op：不认识“”"),
    ("due,,,1wd,,", "start：没有填写时间"),
    ("due,2026-13-02T10:00,,1wd,,", "start：“2026-13-02T10:00”不是可以识别的时间"),
    ("due,2026-02-30T10:00,,1wd,,", "start：“2026-02-30T10:00”不是可以识别的时间"),
    ("due,2026-03-02T25:00,,1wd,,", "start：“2026-03-02T25:00”不是可以识别的时间"),
    ("due,3/2/2026,,1wd,,", "start：“3/2/2026”不是可以识别的时间；请写 ISO 8601 时间"),
    ("due,1800-03-02T10:00,,1wd,,", "start：“1800-03-02T10:00”的年份不在 1901 至 2199 之间"),
    ("due,2026-03-02T10:00,,,,", "limit：没有填写时限；请写数量加单位，如 10wd"),
    ("due,2026-03-02T10:00,,10,,", "limit：“10”不是时限"),
    ("due,2026-03-02T10:00,,1.5d,,", "limit：“1.5d”：日不能有小数"),
    ("due,2026-03-02T10:00,,-3wd,,", "limit：“-3wd”的数量“-3”不是不小于 0 的数"),
    ("due,2026-03-02T10:00,,3x,,", "limit：“3x”的单位“x”不认识"),
    ("due,2026-03-02T10:00,,21y,,", "no_open_time：从开始起 20 年内找不到足够的开放时间"),
    ("elapsed,2026-03-02T10:00,2026-03-01T10:00,,m,", "end：结束早于开始；请核对 start 和 end 的先后"),
    ("elapsed,2026-03-02T10:00,,,m,", "end：没有填写时间"),
    ("elapsed,2026-03-02T10:00,2026-03-03T10:00,,,", "unit：没有填写单位；elapsed 的单位请写 m、sm 或 wd"),
    ("elapsed,2026-03-02T10:00,2026-03-03T10:00,,h,", "unit：不认识单位“h”"),
    ("due,2026-03-02T10:00,,1wd,,2026-03-02T10:00", "pauses：“2026-03-02T10:00”不是一段中止；请写 开始/结束"),
    ("due,2026-03-02T10:00,,1wd,,2026-03-02T10:00/", "pauses：“2026-03-02T10:00/”不是一段中止"),
    ("due,2026-03-02T10:00,,1wd,,a/b", "pauses：“a”不是可以识别的时间"),
    ("due,2026-03-02T10:00,,1wd,,2026-03-03T10:00/2026-03-02T10:00", "pauses：中止的结束早于开始"),
    ("due,2026-03-02T10:00,,1wd,,,,more", "这一行有 9 格，表头只有 7 格；请核对逗号和引号"),
    ("due,2026-03-02T10:00", "limit：没有填写时限"),
]


def test_a_bad_row_says_what_is_wrong_and_never_stops_the_others(batch):
    lines = [f"{at},{line}" for at, (line, _) in enumerate(BAD_ROWS)]
    code, rows, err = batch(*lines, "good,due,2026-03-02T10:00,,1wd,,")
    assert (code, err) == (1, f"共 {len(BAD_ROWS) + 1} 行，{len(BAD_ROWS)} 行未能计算。\n")
    for at, (_, says) in enumerate(BAD_ROWS):
        row = rows[str(at)]
        assert (row["result"], row["provisional"]) == ("", "")
        assert says in row["error"]
        assert "\n" not in row["error"]
    assert rows["good"]["result"] == "2026-03-03T18:00:00+08:00"


def test_a_local_time_that_does_not_exist_fails_its_row_alone(batch, calendar):
    calendar.write_text(
        CALENDAR.format("closing").replace("Asia/Shanghai", "Europe/Berlin"), encoding="utf-8"
    )
    code, rows, _ = batch(
        "1,due,2026-03-29T02:30,,1h,,", "2,due,2026-03-29T03:30,,1h,,", "3,due,2026-10-25T02:30,,2h,,"
    )
    assert code == 1
    assert "并不存在" in rows["1"]["error"]
    assert rows["2"]["result"] == "2026-03-29T04:30:00+02:00"
    assert rows["3"]["result"] == "2026-10-25T03:30:00+01:00"


def test_the_edges_of_the_years_fail_or_answer_row_by_row(batch):
    lines = [
        f"{at},due,{start},,{limit},,"
        for at, (start, limit) in enumerate(
            (start, limit)
            for start in (
                "1901-01-01T00:00",
                "1901-01-01T00:00+14:00",
                "2199-12-31T23:59",
                "2199-12-31T23:59-12:00",
            )
            for limit in ("1wd", "1sh", "1h", "1d", "1mo", "0wd", "19y")
        )
    ]
    code, rows, _ = batch(
        *lines, "e,elapsed,1901-01-01T00:00,2199-12-31T23:59,,wd,", "g,due,2026-03-02T10:00,,1wd,,"
    )
    assert code == 1  # before its first block the calendar has no open time
    assert rows["g"]["result"] == "2026-03-03T18:00:00+08:00"
    assert rows["e"]["error"] == ""
    assert all(bool(row["result"]) != bool(row["error"]) for row in rows.values())


def test_extra_columns_in_any_order_are_copied(batch):
    code, rows, _ = batch(
        '"甲,乙",1wd,x,2026-03-02T10:00,due,"换\n行"', header="note,limit,id,start,op,remark"
    )
    copied = ["note", "limit", "id", "start", "op", "remark"]
    assert (code, list(rows["x"])) == (0, [*copied, "result", "provisional", "error"])
    assert (rows["x"]["note"], rows["x"]["remark"]) == ("甲,乙", "换\n行")
    assert rows["x"]["result"] == "2026-03-03T18:00:00+08:00"


def test_a_file_with_a_mark_at_its_beginning_blank_lines_and_no_rows(batch):
    code, rows, err = batch("", "1,due,2026-03-02T10:00,,1wd,,", "", header="\ufeff" + HEADER)
    assert (code, list(rows), err) == (0, ["1"], "共 1 行，0 行未能计算。\n")
    assert batch() == (0, {}, "共 0 行，0 行未能计算。\n")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "表头缺少 op、start 列；第一行为表头：id,op,start"),
        (b"id,op,limit\n1,due,1wd\n", "表头缺少 start 列"),
        (
            (HEADER + "\n张三,due,2026-03-02T10:00,,1wd,,\n").encode("gb18030"),
            "不是 UTF-8 文本；请另存为 UTF-8 的 CSV",
        ),
        (b"\xff\xfe" + HEADER.encode("utf-16-le"), "不是 UTF-8 文本"),
        ((HEADER + '\n1,due,"' + "x" * 10_000_001 + '"\n').encode(), "不是有效的 CSV"),
        (None, "读写不了文件"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused_and_leaves_nothing(ykb, tmp_path, calendar, content, says):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    if content is not None:
        source.write_bytes(content)
    code, out, err = ykb("clock", "batch", "--calendar", calendar, source, target)
    assert (code, out) == (2, "")
    assert says in err
    assert str(source) in err
    assert (
        sorted(path.name for path in tmp_path.iterdir() if path.name not in ("in.csv", "office.toml")) == []
    )


def test_the_target_must_be_writable(ykb, tmp_path, calendar):
    source = tmp_path / "in.csv"
    source.write_text(HEADER + "\n", encoding="utf-8")
    code, _, err = ykb("clock", "batch", "--calendar", calendar, source, tmp_path / "missing" / "out.csv")
    assert (code, "读写不了文件" in err) == (2, True)


def test_a_batch_may_replace_its_own_file(ykb, tmp_path, calendar):
    source = tmp_path / "in.csv"
    source.write_text(HEADER + "\n1,due,2026-03-02T10:00,,1wd,,\n", encoding="utf-8")
    code, *_ = ykb("clock", "batch", "--calendar", calendar, source, source)
    assert (code, "2026-03-03T18:00:00+08:00" in source.read_text(encoding="utf-8")) == (0, True)


def test_more_rows_than_are_taken_at_once(batch):
    code, rows, err = batch(*(f"{n},due,2026-03-02T10:00,,{n % 9}wd,," for n in range(45_000)))
    assert (code, len(rows), err) == (0, 45_000, "共 45000 行，0 行未能计算。\n")
    assert len({row["result"] for row in rows.values()}) == 9


def test_the_calendar_is_used(batch, calendar):
    """The same row with and without a day off differs."""
    line = "1,due,2026-03-02T10:00,,1wd,,"
    before = batch(line)[1]["1"]["result"]
    text = CALENDAR.format("closing") + ""
    calendar.write_text(text.replace("2026-10-10", "2026-03-03").replace("make_up", "off"), encoding="utf-8")
    assert (before, batch(line)[1]["1"]["result"]) == (
        "2026-03-03T18:00:00+08:00",
        "2026-03-04T18:00:00+08:00",
    )
