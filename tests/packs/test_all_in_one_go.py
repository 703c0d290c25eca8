"""All complaints of a pack come at once, and nothing is half-loaded."""

from __future__ import annotations

import pytest

from yukuaiban.core.errors import PackInvalid
from yukuaiban.packs import load
from yukuaiban.packs.procedures import parse_procedure


def _spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_faults_in_seven_files_come_in_one_go_in_the_order_of_files(pack):
    _spoil(pack / "agencies.csv", ",0003,990101,", ",0002,990101,")
    _spoil(pack / "calendars/office.toml", "Asia/Shanghai", "Asia/Nowhere")
    _spoil(pack / "desks.csv", "main-02,main,", "main-02,nowhere,")
    _spoil(pack / "district.toml", 'brand = "望海快办"\n', "")
    _spoil(pack / "examples/desks.toml", "2025-12-31T09:00:00", "2025-12-31T09:00")
    _spoil(pack / "matters.csv", "20wd,7wd,", "20wd,70wd,")
    _spoil(pack / "procedures/desks.toml", 'to = "redirected"', 'to = "gone"')
    with pytest.raises(PackInvalid) as caught:
        load(pack)
    files = [problem.file for problem in caught.value.problems]
    assert sorted(set(files)) == [
        "agencies.csv",
        "calendars/office.toml",
        "desks.csv",
        "district.toml",
        "examples/desks.toml",
        "matters.csv",
        "procedures/desks.toml",
    ]
    assert files == sorted(files)
    assert all(problem.why and problem.remedy for problem in caught.value.problems)


def test_the_message_holds_one_line_a_complaint_with_file_and_line(pack):
    _spoil(pack / "matters.csv", "20wd,7wd,", "20wd,70wd,")
    with pytest.raises(PackInvalid) as caught:
        load(pack)
    assert str(caught.value) == (
        "matters.csv:10：committed_limit：承诺时限 70 个工作日 比法定时限 20 个工作日 还长；承诺不超过 20wd"
    )


def test_a_gbk_table_is_told_and_its_rows_are_still_read(pack):
    path = pack / "matters.csv"
    text = path.read_text(encoding="utf-8").replace("20wd,7wd,", "20wd,70wd,", 1)
    path.write_bytes(text.encode("gb18030"))
    with pytest.raises(PackInvalid) as caught:
        load(pack)
    told = [(problem.line, problem.why) for problem in caught.value.problems]
    assert told == [
        (2, "文件不是 UTF-8 编码，看来是 GBK"),
        (10, "承诺时限 70 个工作日 比法定时限 20 个工作日 还长"),
    ]


def test_a_file_that_is_no_text_is_told(pack):
    (pack / "halls.csv").write_bytes(b"PK\x03\x04\xff\xff\xfe\xfe\x80")
    with pytest.raises(PackInvalid) as caught:
        load(pack)
    assert caught.value.problems[-1].why or caught.value.problems
    assert any(problem.file == "halls.csv" for problem in caught.value.problems)


def test_a_missing_file_is_told(pack):
    (pack / "rules.toml").unlink()
    with pytest.raises(PackInvalid) as caught:
        load(pack)
    assert [(problem.file, problem.why) for problem in caught.value.problems] == [
        ("rules.toml", "没有这个文件")
    ]


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(PackInvalid, match="没有这个数据包文件夹"):
        load(tmp_path / "nowhere")


def test_an_open_quote_in_a_table_is_told_with_the_line_where_it_begins(pack):
    _spoil(pack / "desks.csv", "main-02,main,02,综合,", 'main-02,main,02,"综合,')
    with pytest.raises(PackInvalid) as caught:
        load(pack)
    assert any(
        (problem.file, problem.line) == ("desks.csv", 3) and "引号不成对" in problem.why
        for problem in caught.value.problems
    )


def test_a_broken_toml_file_is_told_with_its_line():
    with pytest.raises(PackInvalid) as caught:
        parse_procedure('code = "x"\ntitle = 甲\n', file="procedures/x.toml")
    problem = caught.value.problems[0]
    assert (problem.file, problem.line) == ("procedures/x.toml", 2)
    assert "不是有效的 TOML" in problem.why


def test_one_fault_in_a_table_does_not_make_its_name_unknown(pack):
    """A stage with an unknown key still counts as defined: one complaint, not one for each action that leads there."""
    _spoil(pack / "procedures/desks.toml", 'code = "admitted"\n', 'code = "admitted"\nstatus = "ok"\n')
    with pytest.raises(PackInvalid) as caught:
        load(pack)
    assert [problem.why for problem in caught.value.problems] == ["不认识“status”"]


def test_a_committed_limit_longer_than_the_statutory_one_on_the_same_stretch():
    text = """
code = "short"
title = "短流程"
measure = "desks"
first = "open"
source = "甲"
parties = ["handling_agency"]
[[stage]]
code = "open"
title = "在办"
[[stage]]
code = "closed"
title = "办结"
final = true
[[action]]
code = "begin"
title = "开始"
start = true
to = "open"
by = ["any.desk_clerk"]
keeps = ["handling_agency"]
[[action]]
code = "close"
title = "办结"
from = ["open"]
to = "closed"
by = ["handling_agency.handler"]
[[clock]]
code = "law"
title = "法定"
kind = "statutory"
owner = "handling_agency"
starts = "begin"
stops = ["close"]
[[clock.limit]]
since = 2024-01-01
limit = "10wd"
source = "某法"
authority = "law"
[[clock]]
code = "promise"
title = "承诺"
kind = "committed"
owner = "handling_agency"
starts = "begin"
stops = ["close"]
[[clock.limit]]
since = 2024-01-01
limit = "12wd"
source = "某承诺"
authority = "policy"
"""
    with pytest.raises(PackInvalid) as caught:
        parse_procedure(text, file="procedures/short.toml")
    problem = caught.value.problems[0]
    assert problem.why == "承诺“承诺”12 个工作日，比法定“法定”10 个工作日还长"
    assert (problem.line, problem.remedy) == (
        text.splitlines().index('limit = "12wd"') + 1,
        "承诺不超过 10wd",
    )
    shorter = parse_procedure(text.replace('"12wd"', '"9wd"'))
    assert [clock.code for clock in shorter.clocks] == ["law", "promise"]
