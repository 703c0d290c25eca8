"""`calendar import` and `calendar read-notice`: shown first, stored on a yes, old deadlines beside the new ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cast import Office
from tests.shared_data import shared
from yukuaiban.cases import versions
from yukuaiban.journal.reading import events

KEYS = ["year", "days", "added", "removed", "deadlines", "stored"]
DEADLINE_KEYS = ["case", "clock", "old", "new"]
NOTICE = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至12日放假调休，共8天。1月31日（周日）、2月14日（周日）上班。
三、国庆节：10月1日至7日放假调休，共7天。
"""


def year_file(folder: Path, year: int, *more: tuple[str, str, bool], without: str = "") -> Path:
    """The days in force in that year, with more days, as a file to import."""
    spec = versions.current_calendar().spec
    days = {
        day.on.isoformat(): (day.name, day.kind == "off")
        for day in spec.days
        if day.on.year == year and day.on.isoformat() != without
    } | {on: (name, off) for on, name, off in more}
    rows = [{"name": name, "date": on, "isOffDay": off} for on, (name, off) in sorted(days.items())]
    path = folder / f"{year}.json"
    path.write_text(
        json.dumps({"year": year, "papers": ["国办发明电〔2026〕1号"], "days": rows}), encoding="utf-8"
    )
    return path


TYPHOON = ("2026-03-10", "台风停工", True)


def test_a_preview_as_json_stores_nothing(office: Office, ykb, tmp_path):
    case = office.in_review()
    path = year_file(tmp_path, 2026, TYPHOON)
    code, out, err = ykb("calendar", "import", path, "--json")
    found = json.loads(out)
    assert (code, list(found)) == (0, KEYS)
    assert "没有存入；确认无误后加 --yes 存入。" in err
    assert (found["year"], found["stored"]) == (2026, False)
    assert found["added"] == [{"date": "2026-03-10", "kind": "off", "name": "台风停工"}]
    assert found["removed"] == []
    assert {"date": "2026-10-10", "kind": "make_up"}.items() <= found["days"][-1].items()
    assert all(list(each) == DEADLINE_KEYS for each in found["deadlines"])
    assert {each["clock"]: (each["old"], each["new"]) for each in found["deadlines"]} == {
        "committed": ("2026-03-16T17:30:00+08:00", "2026-03-17T17:30:00+08:00"),
        "statutory": ("2026-03-30T17:30:00+08:00", "2026-03-31T17:30:00+08:00"),
    }
    assert {each["case"] for each in found["deadlines"]} == {case.number}
    assert office.due(case) == "2026-03-16T17:30"


def test_yes_stores_and_moves_exactly_what_was_shown(office: Office, ykb, tmp_path):
    case = office.in_review()
    path = year_file(tmp_path, 2026, TYPHOON)
    code, out, err = ykb("calendar", "import", path, "--yes", "--json")
    assert (code, json.loads(out)["stored"], err) == (0, True, "已存入。\n")
    assert office.due(case) == "2026-03-17T17:30"
    assert "2026-03-10" in {day.on.isoformat() for day in versions.current_calendar().spec.days}
    again, out, err = ykb("calendar", "import", path, "--yes", "--json")
    assert (again, json.loads(out)["stored"]) == (0, False)
    assert err == "没有存入：2026 年的日历与已生效的完全相同。\n"


def test_the_preview_for_people_names_days_deadlines_and_what_they_gain(office: Office, ykb, tmp_path):
    case = office.in_review()
    path = year_file(tmp_path, 2026, TYPHOON, without="2026-10-07")
    code, out, err = ykb("calendar", "import", path)
    assert (code, err) == (0, "没有存入；确认无误后加 --yes 存入。\n")
    lines = out.splitlines()
    assert lines[0].endswith("2 个时限会变动")
    assert lines[1] == "+ 2026-03-10 休息 台风停工"
    assert lines[2].startswith("- 2026-10-07 休息 ")
    assert f"{case.number} committed：2026-03-16 17:30 → 2026-03-17 17:30（推迟 1 日）" in lines


def test_a_running_clock_keeps_the_later_of_both(office: Office, ykb, tmp_path):
    case = office.in_review()
    path = year_file(tmp_path, 2026, ("2026-03-14", "补班", False))
    code, out, _ = ykb("calendar", "import", path, "--json", "--yes")
    found = json.loads(out)
    assert (code, found["added"][0]["kind"], found["deadlines"]) == (0, "make_up", [])
    assert office.due(case) == "2026-03-16T17:30"
    assert office.due(office.in_review()) == "2026-03-14T17:30"


@pytest.mark.parametrize(("answer", "stored"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_at_a_terminal_a_person_is_asked(office: Office, ykb, tmp_path, monkeypatch, answer, stored):
    path = year_file(tmp_path, 2026, TYPHOON)
    monkeypatch.setattr("yukuaiban.site.commands.calendar._at_a_terminal", lambda: True)
    code, out, err = ykb("calendar", "import", path, "--json", stdin=answer)
    assert (code, json.loads(out)["stored"]) == (0, stored)
    assert "+ 2026-03-10 休息 台风停工" in err
    assert "存入并改动以上时限？" in err


def test_a_year_that_is_not_published_yet_publishes_nothing(office: Office, ykb, tmp_path):
    before = dict(versions.current_calendars())
    path = tmp_path / "2027.json"
    path.write_text('{"year": 2027, "papers": [], "days": []}', encoding="utf-8")
    code, out, err = ykb("calendar", "import", path, "--yes", "--json")
    assert (code, json.loads(out)) == (
        0,
        {"year": 2027, "days": [], "added": [], "removed": [], "deadlines": [], "stored": False},
    )
    assert "2027 年的放假通知大概还没有公布" in err
    assert dict(versions.current_calendars()) == before
    assert 2027 not in versions.current_calendar().spec.published


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_notice_becomes_a_published_year(office: Office, ykb, tmp_path, encoding):
    case = office.at("2026-12-21T09:00").in_review()
    path = tmp_path / "notice.txt"
    path.write_bytes(NOTICE.encode(encoding))
    code, out, _ = ykb("calendar", "read-notice", path, "--year", "2027", "--yes", "--json")
    found = json.loads(out)
    assert (code, list(found), found["stored"], len(found["days"])) == (0, KEYS, True, 20)
    assert {"date": "2027-01-31", "kind": "make_up", "name": "春节"} in found["added"]
    assert "2027-06-09" in {day["date"] for day in found["removed"]}  # the notice alone rules its year
    spec = versions.current_calendar().spec
    assert 2027 in spec.published
    assert not office.state(case).clock("committed").due.provisional
    assert list(events("calendar:office"))[-1].type == "calendar.confirmed"


def test_the_years_of_the_state_council_change_no_deadline_of_the_pack(office: Office, ykb):
    path = shared("holidays/2026.json")
    code, out, _ = ykb("calendar", "import", path, "--json")
    found = json.loads(out)
    assert (code, found["deadlines"], len(found["days"])) == (0, [], 39)


REFUSED = [
    (("import", "none.json"), "读不了文件"),
    (("import", "broken.json"), "broken.json:1：不是有效的 JSON"),
    (("import", "image.json"), "既不是 UTF-8 也不是 GB 18030 文本；请另存为 UTF-8"),
    (("import", "wrong.json"), "wrong.json：days[0]：“x”不是日期；请写如 2027-01-01"),
    (("read-notice", "notice.txt"), "--year"),
    (("read-notice", "notice.txt", "--year", "27"), "请填写 2007 至 2100 的整数"),
    (("read-notice", "notice.txt", "--year", "2027"), "读不懂“5月1日张灯结彩”；请改成“…放假”或“…上班”"),
    (("read-notice", "broken.json", "--year", "2027"), "没有读到任何放假或上班的日期"),
]


@pytest.mark.parametrize(("words", "says"), REFUSED)
def test_what_cannot_be_read_is_one_sentence_and_exit_code_2(ykb, tmp_path, monkeypatch, words, says):
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "image.json").write_bytes(b"\xff\xff\xff\xff")
    (tmp_path / "wrong.json").write_text('{"year": 2027, "days": [{"date": "x"}]}', encoding="utf-8")
    (tmp_path / "notice.txt").write_text("5月1日张灯结彩。", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, out, err = ykb("calendar", *words)
    assert (code, out) == (2, "")
    assert says in err


@pytest.mark.django_db
def test_a_database_that_is_not_installed_is_refused_with_the_way_out(ykb, tmp_path):
    path = tmp_path / "2027.json"
    path.write_text('{"year": 2027, "papers": [], "days": []}', encoding="utf-8")
    code, out, err = ykb("calendar", "import", path)
    assert (code, out) == (2, "")
    assert "./ykb migrate" in err
