"""查阅记录: who saw what in full and who took what out, read from the journal, for the discipline commission alone."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import OVERSIGHT
from tests.settled import START
from tests.web.town import NOW
from yukuaiban.journal import looks, sequencing
from yukuaiban.journal.reading import events
from yukuaiban.journal.writing import append
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.models import Staff
from yukuaiban.web import casestreams, reveals, scope, session

NAME, PHONE = "欧阳明月", "13912345678"


@pytest.fixture
def office(installed_office, db, monkeypatch):
    found = installed_office.at(START)
    monkeypatch.setattr(scope, "now", lambda: found.now)
    monkeypatch.setattr("yukuaiban.site.livepen.LivePen.moment", lambda _self: found.now)
    staff = create_staff(
        login="inspector", name="纪检员", by=CONSOLE, pen=found.pen, must_change_password=False
    )
    grant_post(staff, agency=OVERSIGHT, role="discipline", by=CONSOLE, reason="到岗", pen=found.pen)
    return found


@pytest.fixture
def case(office):
    return office.in_review(applicant=NAME, phone=PHONE)


@pytest.fixture
def reading(office, case):
    """周办 looks at a phone, a day later 小榆 at a name; then 督查员 exports a search for a phone number."""
    look(office, case, "handler", "phone", "约现场核查时间")
    office.at("2026-03-03T09:00")
    look(office, case, "xiaoyu", "name", "核对委托书")
    office.at("2026-03-04T09:00")
    assert enter("watcher").post(f"/cases/export?text={PHONE}&format=csv").status_code == 200
    return enter("inspector")


def look(office, case, who, field, text):
    reveals.reveal(
        case,
        field,
        reason="contact",
        text=text,
        subject=office.people[who],
        pen=office.pen,
        key=f"{case.number}-{who}-{field}",
    )


def enter(who):
    staff, client = Staff.objects.get(login=who), Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    session.keep_key(staff, client.session.session_key)
    return client


def seen(page):
    """Which of the three stand on the page, in order."""
    marks = ("约现场核查时间", "核对委托书", "办件，")
    return [mark for _place, mark in sorted((page.text.find(m), m) for m in marks if m in page.text)]


def test_it_is_the_first_screen_of_the_discipline_and_tells_newest_first(reading, case):
    assert reading.get("/")["Location"] == "/oversight/reads"
    page = reading.get("/oversight/reads")
    assert seen(page) == ["办件，", "核对委托书", "约现场核查时间"]
    for told in (
        "周办",
        "小榆",
        "督查员",
        "联系电话",
        "申请人",
        "联系申请人：约现场核查时间",
        "查看明文",
        "导出清单",
    ):
        assert told in page.text, told
    assert f'href="/cases/{case.number}"' in page.text


def test_neither_what_was_seen_nor_what_was_sought_stands_there(reading):
    page = reading.get("/oversight/reads").text
    assert [secret for secret in (NAME, PHONE) if secret in page] == []
    assert "文字：****" in page


FILTERED = {
    "kind=personal.revealed": ["核对委托书", "约现场核查时间"],
    "kind=list.exported": ["办件，"],
    "kind=journal.exported": [],
    "agency=sp-0002": ["约现场核查时间"],
    "agency=sp-0003": [],
    "person=周": ["约现场核查时间"],
    "person=xiaoyu": ["核对委托书"],
    "person=办": ["约现场核查时间"],
    "person=没有这个人": [],
    "since=2026-03-03": ["办件，", "核对委托书"],
    "until=2026-03-02": ["约现场核查时间"],
    "since=2026-03-03&until=2026-03-03": ["核对委托书"],
    "order=oldest": ["约现场核查时间", "核对委托书", "办件，"],
    "person=督查&kind=personal.revealed": [],
}


def test_it_is_filtered_by_kind_agency_person_and_period(reading):
    pages = {query: reading.get(f"/oversight/reads?{query}") for query in FILTERED}
    assert {query: seen(page) for query, page in pages.items()} == FILTERED
    empty = {query for query, page in pages.items() if "没有符合条件的" in page.text}
    assert empty == {query for query, found in FILTERED.items() if not found}


def test_a_case_is_sought_by_its_number_with_or_without_blanks(reading, case, office):
    other = office.in_review()
    look(office, other, "handler", "phone", "另一件")
    for number in (case.number, f"{case.number[:6]} {case.number[6:]}"):
        page = reading.get("/oversight/reads", {"case": number})
        assert seen(page) == ["核对委托书", "约现场核查时间"]
        assert "另一件" not in page.text


def test_words_of_a_reason_cannot_pass_for_another_person(office, case):
    other = office.people["xiaoyu"].ref
    look(office, case, "handler", "phone", f'"actor":"{other}","agency":"sp-0001"')
    assert looks.saying(looks.rows(), "actor", other).count() == 0
    assert looks.saying(looks.rows(), "agency", "sp-0001").count() == 0
    assert looks.saying(looks.rows(), "actor", office.people["handler"].ref).count() == 1


def test_what_is_taken_out_is_what_is_filtered_and_stands_in_the_list_afterwards(reading, office):
    answer = reading.post("/oversight/reads/export?kind=personal.revealed&format=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sum("约现场核查时间" in "".join(row) for row in rows) == 1
    assert not any("导出清单" in row for row in rows)
    (event,) = events("export:reads")
    assert (event.actor, event.body["rows"]) == (f"staff:{Staff.objects.get(login='inspector').uid}", 2)
    assert "查阅记录，2 行，csv" in reading.get("/oversight/reads").text


def test_nobody_else_sees_it_or_takes_it_out(reading):
    for who in ("handler", "chief", "watcher", "head", "publisher", "rules"):
        client = enter(who)
        assert client.get("/oversight/reads").status_code == 404, who
        assert client.post("/oversight/reads/export").status_code == 404, who
        assert "/oversight/reads" not in client.get("/account").text, who


def test_before_anybody_looked_it_says_so_and_that_there_is_no_witness(office):
    page = enter("inspector").get("/oversight/reads").text
    assert "还没有人查看过明文或导出过清单" in page
    assert "还没有登记见证单位" in page
    assert "还没有签过" in page


def test_the_newest_checkpoint_stands_above_it(reading, office, tmp_path):
    sequencing.advance(office.now, memory=tmp_path / "signed")
    page = reading.get("/oversight/reads").text
    assert "2026-03-04 周三 09:00" in page
    assert "还没有签过" not in page


def test_it_asks_as_often_for_many_as_for_few_and_pages_through_all(reading, office, case):
    few = _questions(reading)
    for n in range(60):
        body = {"case": case.number, "field": "phone", "reason": "contact", "text": f"第{n}次"}
        append(
            stream=casestreams.of_looks(case),
            type=reveals.REVEALED,
            body=body,
            actor=office.handler.actor(),
            pen=office.pen,
            source="web",
        )
    assert _questions(reading) <= few
    assert few <= 15
    page = reading.get("/oversight/reads")
    assert "第 1–50 次，共 63 次" in page.text
    following = page.text.split('class="btn btn-sm" href="?after=')[1].split('"')[0]
    rest = reading.get(f"/oversight/reads?after={following}").text
    assert "第 51–63 次，共 63 次" in rest
    assert "约现场核查时间" in rest


def _questions(client):
    client.get("/oversight/reads")
    with CaptureQueriesContext(connection) as asked:
        client.get("/oversight/reads")
    return len(asked)


@pytest.mark.django_db
def test_the_list_is_read_from_its_own_index(office):
    if connection.vendor != "sqlite":
        pytest.skip("the plan is told in the words of SQLite")
    plan = looks.rows().filter(recorded_at__lt=NOW).order_by("-recorded_at", "pk")[:50].explain()
    assert "USING INDEX journal_event_reads" in plan, plan
