"""The pages of working the plan through HTTP: board, own tasks, reports with evidence, sheets, calendar, wall."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from icalendar import Calendar

from tests import pens
from tests.cast import FARM, MARKET, at
from tests.plans.working import TEXT, PlanOffice
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import NotPermitted
from yukuaiban.evidence.tables_in import read_table
from yukuaiban.journal.reading import events
from yukuaiban.people.models import Staff
from yukuaiban.plans import queries
from yukuaiban.plans.models import LedgerEntry, Milestone, Undertaking
from yukuaiban.plans.views.wall import device_of
from yukuaiban.web import session

REGISTER = "建立帮办名册"  # due 20 March
JOINED = "抽查收件质量"  # third and fourth quarter
MOST_QUERIES = 21  # seventeen, and two for each of two bound indicators
Enter = Callable[[str], Client]


@pytest.fixture(scope="module")
def opened(settled: PlanOffice, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        settled.in_force()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def working(opened: None, plans: PlanOffice, settings: Any, monkeypatch: pytest.MonkeyPatch) -> PlanOffice:
    """The office on 2026-01-12 with its plan in force; pages have its moment."""
    settings.YKB_PEN = pens.HELD
    monkeypatch.setattr(pens.HeldPen, "clock", lambda: plans.office.now)
    return plans


@pytest.fixture
def enter(working: PlanOffice) -> Enter:
    """A client signed in as one of the people, while the plan is in force."""
    return _entering(working)


def _entering(office: PlanOffice) -> Enter:
    def signed_in(who: str) -> Client:
        client = Client()
        ref = office.people[who].ref.removeprefix("staff:")
        staff = Staff.objects.get(uid=ref)
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        session.keep_key(staff, client.session.session_key)
        return client

    return signed_in


def text(answer: Any) -> str:
    return str(answer.content.decode())


def report(client: Client, case: Case, **given: Any) -> Any:
    return client.post(
        f"/plans/mine/{case.number}/report", {"on": "2026-01-12", "text": "已摸底四十三家"} | given
    )


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("帮办名册.pdf", b"%PDF-1.4\n% one\n%%EOF\n")


# ---------------------------------------------------------------------------------------------------- the board


def test_the_board_shows_undertakings_quarters_lights_and_targets(working: PlanOffice, enter: Enter) -> None:
    page = text(enter("planner").get("/plans/2026"))
    assert page.count('class="pl-u"') == Undertaking.objects.count()
    assert 'colspan="2" data-q="三、四季度"' in page  # a joined milestone spans its columns
    assert 'rowspan="2"' in page  # what is due inside a joined one has a lane of its own
    assert "03-31 周二到期" in page
    assert '<rect class="exp"' in page
    assert "举措 5 项，保障措施 2 项" in page


def test_chips_narrow_the_board_and_their_counts_do_not_change(working: PlanOffice, enter: Enter) -> None:
    working.at("2026-03-23T09:00")  # the register was due on Friday
    client = enter("planner")
    page = text(client.get("/plans/2026?show=overdue"))
    assert page.count('class="pl-u"') == 1
    assert "超时第 1 个工作日" in page
    assert '有超时节点 <span class="num">1</span>' in page
    assert "没有符合这些条件的举措" in text(client.get("/plans/2026?show=overdue&lead=sp-0001"))
    everything = text(client.get("/plans/2026?show=nonsense&quarter=9"))
    assert everything.count('class="pl-u"') == Undertaking.objects.count()


def test_the_board_costs_the_same_number_of_queries_whatever_happened(
    working: PlanOffice, enter: Enter
) -> None:
    client = enter("planner")
    client.get("/plans/2026")
    with CaptureQueriesContext(connection) as before:
        client.get("/plans/2026")
    working.submitted(REGISTER)
    working.submitted("修订核查工作规范", "market_reporter")
    with CaptureQueriesContext(connection) as after:
        client.get("/plans/2026")
    assert len(after) <= MOST_QUERIES
    assert len(after) - len(before) <= 3  # the three questions about documents are asked where there are any


def test_an_agency_opens_its_own_tasks_and_of_others_the_undertaking(
    working: PlanOffice, enter: Enter
) -> None:
    own, other = working.task(REGISTER), working.task("修订核查工作规范")
    page = text(enter("reporter").get("/plans/2026"))
    assert f"/cases/{own.number}" in page
    assert f"/cases/{other.number}" not in page
    assert enter("reporter").get(f"/cases/{other.number}").status_code == 404
    assert f"/cases/{other.number}" in text(enter("planner").get("/plans/2026"))


def test_a_year_without_plan_says_so_and_one_that_is_only_read_is_empty(
    working: PlanOffice, enter: Enter
) -> None:
    client = enter("planner")
    assert "这一年还没有方案" in text(client.get("/plans/2031"))
    working.take_in(TEXT.replace("2026", "2027"), year=2027)
    assert "台账还是空的" in text(client.get("/plans/2027"))


def test_a_title_of_sixty_characters_stands_whole_on_the_board(working: PlanOffice, enter: Enter) -> None:
    long = "推动政务服务事项集成办理持续优化涉企服务全流程闭环管理" * 2 + "一二三四五六"
    Undertaking.objects.filter(lead_agency=FARM).update(title=long)
    assert len(long) == 60
    assert long in text(enter("planner").get("/plans/2026"))


def test_the_file_of_the_board_has_a_first_sheet_and_an_event(
    working: PlanOffice, enter: Enter, tmp_path: Any
) -> None:
    answer = enter("planner").post("/plans/2026/export", {"lead": MARKET})
    assert answer.status_code == 200
    (tmp_path / "board.xlsx").write_bytes(answer.content)
    first = list(read_table(tmp_path / "board.xlsx"))
    assert any("区市场监管局" in str(each.cells) for each in first)
    (event,) = list(events("export:plan-2026"))
    assert event.body["list"] == "plan_board"
    assert ["牵头单位", "区市场监管局"] in event.body["filters"]
    assert event.body["rows"] == 3


# ------------------------------------------------------------------------------------------------- working pages


def test_one_form_reports_attaches_and_hands_in(working: PlanOffice, enter: Enter) -> None:
    case, client = working.task(REGISTER), enter("reporter")
    assert case.title in text(client.get("/plans/mine"))
    given = {"file": paper(), "kind": "ledger", "issued_on": "2026-01-12", "submit": "on", "key": "a"}
    assert report(client, case, **given).status_code == 302
    case.refresh_from_db()
    assert case.stage == "submitted"
    assert LedgerEntry.objects.get(task__case=case).text == "已摸底四十三家"
    assert "帮办名册" in text(client.get(f"/cases/{case.number}"))
    given["file"] = paper()
    assert report(client, case, **given).status_code == 302  # the same form once more
    assert LedgerEntry.objects.filter(task__case=case).count() == 1


def test_what_is_refused_leaves_nothing_behind(working: PlanOffice, enter: Enter) -> None:
    case, client = working.task(REGISTER), enter("reporter")
    refused = report(client, case, file=paper(), submit="on")  # neither kind nor day
    assert refused.status_code == 422
    assert "缺种类、成文日期" in text(refused)
    assert "已摸底四十三家" in text(refused)  # nothing typed is lost
    case.refresh_from_db()
    assert case.stage == "not_started"
    assert not LedgerEntry.objects.filter(task__case=case).exists()


def test_reports_from_the_future_or_of_other_agencies_are_refused(working: PlanOffice, enter: Enter) -> None:
    case = working.task(REGISTER)
    assert "今天以后" in text(report(enter("reporter"), case, on="2026-01-13"))
    assert report(enter("market_reporter"), case).status_code == 404
    assert report(enter("planner"), case).status_code == 403


def test_the_coordinator_sees_what_waits_and_the_reporting_agency_does_not_accept(
    working: PlanOffice, enter: Enter
) -> None:
    case = working.submitted("完成窗口人员培训", "hall_reporter")
    page = text(enter("planner").get("/plans/waiting"))
    assert case.title in page
    own = text(enter("hall_planner").get("/plans/waiting"))
    assert "由其他单位的统筹人员验收" in own
    refused = enter("hall_planner").post(f"/cases/{case.number}/act/accept")
    assert refused.status_code == 403
    assert "不能验收自己的任务" in text(refused)
    assert "验收 1 个待验任务" in text(enter("planner").get("/plans/2026"))


def test_red_tasks_and_lagging_undertakings_are_candidates(working: PlanOffice, enter: Enter) -> None:
    assert "没有超时任务" in text(enter("watcher").get("/plans/candidates"))
    working.at("2026-03-23T09:00")
    page = text(enter("watcher").get("/plans/candidates"))
    assert working.task(REGISTER).title in page
    assert "超时任务 1 项" in page
    assert enter("reporter").get("/plans/candidates").status_code == 404


def test_the_sheet_of_an_agency_is_for_itself_and_for_those_who_see_all(
    working: PlanOffice, enter: Enter
) -> None:
    sheet = f"/plans/2026/agency/{FARM}"
    assert working.task(REGISTER).title in text(enter("reporter").get(sheet))
    assert enter("planner").get(sheet).status_code == 200
    assert enter("market_reporter").get(sheet).status_code == 404
    assert enter("planner").get("/plans/2026/agency/nowhere").status_code == 404


def test_the_page_of_a_task_tells_the_plans_words_and_the_day_before_an_extension(
    working: PlanOffice, enter: Enter
) -> None:
    case = working.task(REGISTER)
    due = at("2026-04-10T17:30").isoformat()
    working.do(case, "request_extension", "chief", due=due, reason="走访未完")
    working.do(case, "extend", "planner")
    page = text(enter("reporter").get(f"/cases/{case.number}"))
    assert "方案里怎么写的" in page
    assert escape(Milestone.objects.get(tasks__case=case).text) in page
    assert "原定 2026-03-20 周五 17:30" in page
    assert "原定 03-20" in text(enter("reporter").get("/plans/mine"))


# ------------------------------------------------------------------------------------------------------ calendar


def test_the_calendar_is_read_back_with_zone_stable_identifiers_and_folded_lines(
    working: PlanOffice, enter: Enter
) -> None:
    case, client = working.task(REGISTER), enter("planner")
    answer = client.get("/plans/2026/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    found = {str(each["UID"]): each for each in Calendar.from_ical(answer.content).walk("VEVENT")}
    event = found[f"{case.number}-0@testserver"]
    assert event["DTEND"].dt == at("2026-03-20T17:30")
    assert event["DTEND"].params["TZID"] == "Asia/Shanghai"
    assert REGISTER in str(event["SUMMARY"])
    assert Calendar.from_ical(answer.content).walk("VTIMEZONE")
    joined = working.task(JOINED)
    assert {f"{joined.number}-0@testserver", f"{joined.number}-1@testserver"} <= set(found)
    working.at("2026-01-13T09:00")
    again = Calendar.from_ical(enter("planner").get("/plans/2026/calendar.ics").content)
    assert {str(each["UID"]) for each in again.walk("VEVENT")} == set(found)


def test_commas_newlines_and_semicolons_come_back_as_they_were(working: PlanOffice, enter: Enter) -> None:
    hard = "建立名册, 一式两份; 备查\\存档"
    Undertaking.objects.filter(lead_agency=FARM).update(title=hard)
    events_ = Calendar.from_ical(enter("reporter").get("/plans/2026/calendar.ics").content).walk("VEVENT")
    assert any(str(each["DESCRIPTION"]).startswith(f"{hard}\n阶段") for each in events_)


def test_a_calendar_holds_what_one_may_see(working: PlanOffice, enter: Enter) -> None:
    def count(who: str, query: str = "") -> int:
        body = enter(who).get(f"/plans/2026/calendar.ics{query}").content
        return len(Calendar.from_ical(body).walk("VEVENT"))

    assert 0 < count("reporter") < count("planner")
    assert count("planner", f"?agency={FARM}") == count("reporter")
    assert count("reporter", "?person=me") == 0
    case = working.task(REGISTER)
    working.do(case, "name_person", "chief", handler=working.people["reporter"].ref)
    assert count("reporter", "?person=me") == 1
    assert enter("reporter").get(f"/plans/2026/calendar.ics?agency={MARKET}").status_code == 404
    assert Client().get("/plans/2026/calendar.ics").status_code in (302, 401)


# ---------------------------------------------------------------------------------------------------------- wall


def test_the_wall_opens_for_those_who_see_the_board_and_for_screens_with_a_signed_address(
    working: PlanOffice, enter: Enter
) -> None:
    stranger = Client()
    assert stranger.get("/plans/2026/wall").status_code == 404
    assert stranger.get("/plans/2026/wall?device=2026:forged").status_code == 404
    assert enter("publisher").get("/plans/2026/wall").status_code == 404
    assert enter("planner").get("/plans/2026/wall").status_code == 200
    page = stranger.get("/plans/2026/wall", {"device": device_of(2026)})
    assert page.status_code == 200
    assert stranger.get("/plans/2025/wall", {"device": device_of(2026)}).status_code == 404
    assert working.task(REGISTER).number not in text(page)


def test_the_wall_answers_304_until_something_changes(working: PlanOffice, enter: Enter) -> None:
    client = enter("planner")
    tag = client.get("/plans/2026/wall/figures")["ETag"]
    assert client.get("/plans/2026/wall/figures", headers={"If-None-Match": tag}).status_code == 304
    working.do(working.submitted(REGISTER), "accept", "planner")
    changed = client.get("/plans/2026/wall/figures", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


# ------------------------------------------------------------------------------------------------ interim results


def drafted(working: PlanOffice, client: Client, **given: str) -> Any:
    key = Undertaking.objects.get(milestones__tasks__case=working.task(REGISTER)).key
    data = {"quarter": "1", "title": "帮办名册建成", "text": "名册收录小微企业 120 家。"} | given
    return client.post(f"/plans/2026/undertakings/{key}/result", data)


def test_a_result_is_public_only_after_somebody_else_has_reviewed_it(
    working: PlanOffice, enter: Enter
) -> None:
    def public() -> str:
        return text(Client().get("/plans/2026/public"))

    assert "还没有发布阶段成效" in public()
    assert drafted(working, enter("planner")).status_code == 302
    number = Case.objects.get(procedure="plan_results").number
    assert enter("planner").post(f"/cases/{number}/act/submit_result").status_code == 302
    own = enter("planner").post(f"/cases/{number}/act/publish_result")
    assert own.status_code == 403
    assert "帮办名册建成" not in public()
    assert enter("second_planner").post(f"/cases/{number}/act/publish_result").status_code == 302
    assert "帮办名册建成" in public()
    working.do(Case.objects.get(number=number), "withdraw_result", "planner", reason="数据有误")
    assert "帮办名册建成" not in public()


def test_whoever_wrote_the_text_does_not_publish_it_though_another_handed_it_in(
    working: PlanOffice, enter: Enter
) -> None:
    drafted(working, enter("planner"))
    case = Case.objects.get(procedure="plan_results")
    working.do(case, "submit_result", "second_planner")
    with pytest.raises(NotPermitted, match="是您写的"):
        working.do(case, "publish_result", "planner")


@pytest.mark.parametrize(
    "words",
    [
        "联系 13800001234。",
        "电话 0518-8622 1234",
        "证号１１０１０５１９４９１２３１００２１",
        "账号 6222 0211",
    ],
)
def test_numbers_like_telephones_and_documents_stay_out_of_results(
    working: PlanOffice, enter: Enter, words: str
) -> None:
    refused = drafted(working, enter("reporter"), text=words)
    assert refused.status_code == 422
    assert "像电话或证件号" in text(refused)


def test_only_the_leading_agency_and_the_coordinating_office_draft(working: PlanOffice, enter: Enter) -> None:
    assert drafted(working, enter("market_reporter")).status_code == 403
    assert drafted(working, enter("reporter")).status_code == 302


# --------------------------------------------------------------------------------------------- the board of a past day


def test_the_board_of_a_past_day_shows_what_stood_in_the_journal_then(
    working: PlanOffice, enter: Enter
) -> None:
    case = working.submitted(REGISTER)
    working.at("2026-01-14T09:00").do(case, "accept", "planner")
    working.at("2026-03-23T09:00")
    plan = queries.plan_of(2026)
    assert plan is not None

    def row_at(moment: str, *, then: bool) -> Any:
        found = queries.board(plan, at(moment), then=then)
        return next(each for part in found.rows for each in part.tasks if each.case.pk == case.pk)

    assert row_at("2026-03-23T09:00", then=False).stage == "accepted"
    past = row_at("2026-01-13T18:00", then=True)
    assert (past.stage, past.task.passed, len(past.cards)) == ("submitted", 0, 1)
    assert past.due == at("2026-03-20T17:30")
    assert past.accept_by == at("2026-01-19T17:30")
    assert queries.board(plan, at("2026-01-11T18:00"), then=True).rows[0].tasks == ()
    page = text(enter("planner").get("/plans/2026?as_of=2026-01-12"))
    assert "这是 2026-01-12 周一 日终的样子" in page
    assert "01-12 已提交" in page
    assert "01-12 已提交" not in text(enter("planner").get("/plans/2026?as_of=2099-01-01"))


def test_a_past_board_of_today_is_the_board(working: PlanOffice) -> None:
    """Folding the journal up to now gives what the rows say, for every task in every stage."""
    plan = queries.plan_of(2026)
    assert plan is not None
    working.do(working.submitted(REGISTER), "accept", "planner")
    returned = working.submitted("修订核查工作规范", "market_reporter")
    working.do(returned, "return", "planner", reason="缺文件")
    working.submitted("完成窗口人员培训", "hall_reporter")
    now = working.at("2026-04-03T09:00").office.now
    live, folded = queries.board(plan, now), queries.board(plan, now, then=True)
    assert [(row.standing, row.light) for row in live.rows] == [
        (row.standing, row.light) for row in folded.rows
    ]
    for one, other in zip(live.rows, folded.rows, strict=True):
        for mine, past in zip(one.tasks, other.tasks, strict=True):
            assert replace(mine, task=past.task) == past
            assert (mine.stage, mine.task.points, mine.task.passed) == (
                past.stage,
                past.task.points,
                past.task.passed,
            )
