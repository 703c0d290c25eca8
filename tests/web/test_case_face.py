"""What a case page says about time and persons: what is left, the strip of days, the one next step, who may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cast import ON_THE_SPOT, Office, at, fresh
from tests.core.warns import row as warn_row
from tests.web import town
from yukuaiban.core.lights import parse_warn
from yukuaiban.web import scope, session
from yukuaiban.web.casepage import gather
from yukuaiban.web.warned import warning_words


@pytest.fixture
def office(db, monkeypatch):
    """Monday 2026-03-02 09:00; pages believe in the office's moment."""
    made = Office()
    monkeypatch.setattr(scope, "now", lambda: made.now)
    return made


def page_of(office, case, who="handler", asked=""):
    return gather(fresh(case), office.people[who], office.now, asked)


def row(page, code):
    return next(each for each in page.rows if each.action.code == code)


def kinds(panel):
    return [square.kind for square in panel.strip.squares]


def test_the_two_promises_stand_first_and_share_a_scale(office):
    page = page_of(office, office.in_review())
    committed, statutory = page.main
    assert [committed.state.code, statutory.state.code] == ["committed", "statutory"]
    assert [each.x for each in committed.strip.squares] == [each.x for each in statutory.strip.squares]
    assert kinds(committed).count("c-left") == 10
    assert kinds(statutory).count("c-left") == 20
    assert {panel.state.code for panel in page.others}.isdisjoint({"committed", "statutory"})


def test_squares_count_what_is_used_paused_and_left_and_today(office):
    case = office.in_review()
    office.at("2026-03-05T10:00")
    office.pause(case, "2026-03-10T17:30")
    found = kinds(page_of(office.at("2026-03-13T10:00"), case).main[0])
    assert [found.count(kind) for kind in ("c-used", "c-pause", "c-today", "c-left")] == [5, 3, 1, 4]


def test_a_late_clock_says_how_far_it_is_over_and_today_is_black_behind_its_due(office):
    case = office.in_review()
    left = page_of(office.at("2026-03-16T18:00"), case).main[0].left
    assert (left.before, left.figure, left.unit) == ("已超", "不足 1", "个工作日")
    panel = page_of(office.at("2026-03-17T10:00"), case).main[0]
    assert panel.left.figure == "1"
    today = [square for square in panel.strip.squares if square.kind == "c-today"]
    assert [square.x > panel.strip.due_x for square in today] == [True]


def test_a_limit_of_no_day_still_has_its_square(office):
    case = office.receive(ON_THE_SPOT)
    office.do(case, "admit", "xiaoyu")
    panel = page_of(office, case, "xiaoyu").main[0]
    assert str(panel.state.row.limit) == "0wd"
    assert kinds(panel)[0] == "c-today"


def test_a_stopped_clock_has_nothing_left(office):
    case = office.in_review()
    office.at("2026-03-04T10:00").do(
        case,
        "decide",
        "handler",
        outcome="granted",
        checkers=[office.people[who].ref for who in ("handler", "second")],
    )
    statutory = page_of(office, case).main[1]
    assert statutory.left is None
    assert set(kinds(statutory)) == {"c-used", "c-after"}


def test_an_owed_explanation_comes_before_the_decision(office):
    case = office.in_review()
    assert page_of(office, case).primary.action.code == "decide"
    office.tick("2026-03-17T10:00")
    page = page_of(office, case)
    assert page.primary.action.code == "explain_overrun"
    assert page.offered[0].action.code == "decide"


def test_the_sum_that_was_asked_for_is_open_and_else_the_most_urgent(office):
    case = office.in_review()
    assert page_of(office, case).explained.state.code == "committed"
    assert page_of(office, case, asked="statutory-1").explained.state.code == "statutory"
    assert page_of(office, case, asked="nonsense").explained.state.code == "committed"


@pytest.mark.parametrize(
    ("who", "action", "reason"),
    [
        ("handler", "resume", "没有暂停中的时限"),
        ("handler", "explain_overrun", "没有超时的时限"),
        ("handler", "admit", "“审查中”阶段不办理"),
        ("chief", "extend", "没有待批准的申请"),
        ("watcher", "decide", "您现在的岗位不办理此项"),
        ("handler", "decide", ""),
    ],
)
def test_who_may_not_is_told_why_in_a_few_words(office, who, action, reason):
    found = row(page_of(office, office.in_review(), who), action)
    assert (found.reason, found.allowed) == (reason, not reason)


def test_a_grant_is_not_offered_to_the_person_who_asked_and_says_why(office):
    case = office.in_review()
    office.do(case, "request_extension", "handler", limit="5wd", reason="须复核")
    assert page_of(office, case, "chief").primary.action.code == "extend"
    case = office.in_review("S-0006")
    office.do(
        case,
        "request_pause",
        "handler",
        category="expert_review",
        basis="〔2026〕31号",
        notice_on="2026-03-02",
        planned_end=at("2026-03-04T17:30").isoformat(),
        evidence=[office.paper(case)],
    )
    for action, reason in (("pause", "申请人以外的第二人"), ("decline_pause", "须由第二人答复")):
        found = row(page_of(office, case), action)
        assert not found.allowed
        assert not found.shut
        assert reason in found.reason
        assert row(page_of(office, case, "second"), action).allowed


def test_completing_is_not_offered_while_an_explanation_is_owed(office):
    case = office.in_review("S-0006")
    office.do(case, "decide", "handler", outcome="granted")
    assert page_of(office, case).primary.action.code == "complete"
    office.tick("2026-03-24T10:00")
    page = page_of(office, case)
    found = row(page, "complete")
    assert not found.allowed
    assert "须先写“超时说明”" in found.reason
    assert page.primary.action.code == "explain_overrun"
    office.do(case, "explain_overrun", "handler", clock="committed", text="检测设备检修。")
    assert page_of(office, case).primary.action.code == "complete"


def test_resuming_is_offered_once_something_is_paused(office):
    case = office.in_review()
    office.pause(case, "2026-03-06T17:30", by="chief")
    assert row(page_of(office.at("2026-03-05T10:00"), case), "resume").allowed


def test_the_hall_answers_not_modified_within_a_minute_and_keeps_the_page_it_was_stopped_at(office, client):
    office.do(office.receive(), "admit", "xiaoyu")
    office.tick("2026-03-02T09:05:10")
    first = client.get("/hall/main/figures")
    office.now = at("2026-03-02T09:05:15")
    assert client.get("/hall/main/figures", headers={"If-None-Match": first["ETag"]}).status_code == 304
    office.do(office.receive(), "admit", "xiaoyu")
    assert client.get("/hall/main/figures", headers={"If-None-Match": first["ETag"]}).status_code == 200
    held = client.get("/hall/main/figures?page=1").content.decode()
    assert "已停住" in held
    assert "已停住" not in client.get("/hall/main/figures?page=99").content.decode()


def test_the_start_page_shows_days_not_machine_time(enter, settings, tmp_path, client):
    settings.HOME = tmp_path
    told = '{"period_from": "2026-08-27T16:30:00+00:00", "period_to": "2026-11-23", "accounts": []}'
    (tmp_path / "demo.json").write_text(told, encoding="utf-8")
    page = client.get("/start").content.decode()
    assert "2026-08-28 至 2026-11-23" in page
    assert town.NOW.isoformat() not in page


def test_the_warning_of_a_clock_names_its_rule_and_paper(office):
    committed, statutory = page_of(office, office.in_review()).main
    source = "（全区规则，自 2020-01-01 起施行；本系统约定；恩施做法为 50% 黄、90% 红）"
    assert committed.warning == statutory.warning == f"已用 70%{source}"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (parse_warn("50%"), "已用 50%（流程为这个时限写明）"),
        (parse_warn("1wd"), "剩余 1 个工作日（流程为这个时限写明）"),
        (
            warn_row("agency:sp-0004", "4sh", source="镇办法", confirmed=False),
            "剩余 4 服务小时（本单位的规则，自 2020-01-01 起施行，未经确认；镇办法）",
        ),
        (warn_row("step:committed", "4sh"), "剩余 4 服务小时（这个环节的规则，自 2020-01-01 起施行；）"),
        (None, ""),
    ],
)
def test_a_rule_for_warnings_in_words(office, rule, words):
    clock = office.state(office.in_review()).clock("committed")
    assert warning_words(replace(clock, warned_by=rule)) == words


def test_the_page_shows_since_when_it_warns_and_why(office, client):
    case, staff = office.in_review(), office.staff("handler")
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    session.keep_key(staff, client.session.session_key)
    shown = client.get(f"/cases/{case.number}").text
    assert "2026-03-11 周三 17:30</time> 起预警：已用 70%（全区规则" in shown
