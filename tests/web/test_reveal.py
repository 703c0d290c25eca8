"""查看明文: a value in full for a minute, with a reason, written down before it is shown (ui.md section 5)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import FARM, OVERSIGHT, Office
from yukuaiban.cases.erasing import Order, erase_person
from yukuaiban.journal.reading import events
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.identity import resident_check
from yukuaiban.people.models import Staff
from yukuaiban.people.subject import PostRef, Subject
from yukuaiban.web import scope, session

pytestmark = pytest.mark.django_db
NAME, PHONE, BODY = "欧阳明月", "13912345678", "11010519491231002"
DOCUMENT = BODY + resident_check(BODY)
ADDRESS = "海景路 8 号 3 幢 502 室"
SECRETS = (NAME, PHONE, DOCUMENT, ADDRESS)


@pytest.fixture
def office(db, monkeypatch):
    office = Office()
    monkeypatch.setattr("yukuaiban.site.livepen.LivePen.moment", lambda _self: office.now)
    monkeypatch.setattr(scope, "now", lambda: office.now)
    for login, name, role, agency in (
        ("inspector", "纪检员", "discipline", OVERSIGHT),
        ("adviser", "营商员", "coordinator", OVERSIGHT),
        ("leader", "马局", "agency_leader", "sp-0003"),
    ):
        staff = create_staff(login=login, name=name, by=CONSOLE, pen=office.pen, must_change_password=False)
        grant_post(staff, agency=agency, role=role, by=CONSOLE, reason="到岗", pen=office.pen)
    return office


@pytest.fixture
def case(office):
    return office.in_review(applicant=NAME, phone=PHONE, resident_id=DOCUMENT, address=ADDRESS)


def enter(who):
    staff, client = Staff.objects.get(login=who), Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    session.keep_key(staff, client.session.session_key)
    return client


def key_on(page):
    return re.search(r'name="key" value="([^"]+)"', page.text)[1]


def look(client, case, field="phone", *, reason="contact", text="约现场核查时间", key=None):
    key = key or key_on(client.get(f"/cases/{case.number}/reveal?field={field}"))
    given = {"field": field, "reason": reason, "text": text, "key": key}
    return client.post(f"/cases/{case.number}/reveal", given)


def looks(case):
    return list(events(f"reveal:{case.number}"))


def test_the_value_is_shown_after_it_was_written_down_who_looked_and_why(office, case):
    answer = look(enter("handler"), case)
    assert answer.status_code == 200
    assert PHONE in answer.text
    (noted,) = looks(case)
    assert (noted.type, noted.actor, noted.agency, noted.role) == (
        "personal.revealed",
        office.handler.ref,
        FARM,
        "handler",
    )
    assert noted.body == {
        "case": case.number,
        "field": "phone",
        "reason": "contact",
        "text": "约现场核查时间",
    }
    assert noted.secret is None
    assert [secret for secret in SECRETS if secret.encode() in noted.text] == []


def test_the_page_carries_viewer_and_moment_ends_by_itself_and_is_kept_nowhere(case):
    answer = look(enter("handler"), case)
    assert answer["Refresh"] == f"60; url=/cases/{case.number}"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.text.count("周办 2026-03-02") >= 40
    assert [secret for secret in SECRETS if secret in answer.text] == [PHONE]


def test_within_the_minute_the_same_request_is_the_same_look_and_after_it_none(office, case):
    client = enter("handler")
    key = key_on(client.get(f"/cases/{case.number}/reveal"))
    assert PHONE in look(client, case, key=key).text
    office.now += timedelta(seconds=59)
    again = look(client, case, key=key)
    assert PHONE in again.text
    assert again["Refresh"].startswith("1;")
    assert len(looks(case)) == 1
    office.now += timedelta(seconds=1)
    over = look(client, case, key=key)
    assert over.status_code == 409
    assert "一分钟已过" in over.text
    assert PHONE not in over.text


def test_a_key_of_another_look_or_of_another_person_opens_nothing(case):
    client = enter("handler")
    key = key_on(client.get(f"/cases/{case.number}/reveal"))
    look(client, case, key=key)
    for other, field in ((client, "resident_id"), (enter("second"), "phone")):
        answer = look(other, case, field, key=key)
        assert answer.status_code == 409
        assert [secret for secret in SECRETS if secret in answer.text] == []
    assert len(looks(case)) == 1


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"reason": "curious"}, {"text": " "}, {"text": "x" * 201}, {"field": "salt"}]
)
def test_without_a_reason_from_the_list_and_own_words_nothing_is_shown(case, wrong):
    answer = look(enter("handler"), case, **({"field": "phone"} | wrong))
    assert answer.status_code == 422
    assert PHONE not in answer.text
    assert looks(case) == []


@pytest.mark.parametrize(
    ("who", "fields"),
    [
        ("handler", {"name", "phone", "resident_id", "address"}),
        ("xiaoyu", {"name", "phone", "resident_id", "address"}),
        ("chief", {"name", "phone", "resident_id", "address"}),
        ("inspector", {"name", "phone", "resident_id"}),
    ],
)
def test_each_role_may_ask_for_what_the_masks_let_it(case, who, fields):
    page = enter(who).get(f"/cases/{case.number}").text
    assert set(re.findall(r"reveal\?field=(\w+)", page)) == fields
    assert [secret for secret in SECRETS if secret in page] == []
    assert "139****5678" in page


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 404), ("leader", 404), ("adviser", 404), ("watcher", 404)]
)
def test_whose_case_it_is_not_is_offered_nothing_and_gets_nothing(case, who, status):
    client = enter(who)
    assert "reveal?field" not in client.get(f"/cases/{case.number}").text
    assert client.get(f"/cases/{case.number}/reveal").status_code == status
    assert look(client, case, key="k-1").status_code == status
    assert looks(case) == []


def test_after_the_end_the_address_is_not_offered_any_more(office, case):
    office.do(case, "withdraw", "xiaoyu")
    client = enter("handler")
    page = client.get(f"/cases/{case.number}").text
    assert set(re.findall(r"reveal\?field=(\w+)", page)) == {"name", "phone", "resident_id"}
    assert look(client, case, "address", key="k-2").status_code == 422


def test_the_name_of_an_enterprise_is_public_and_needs_no_reason(office):
    case = office.in_review(uscc="91320700MA1MYG7L35")
    page = enter("handler").get(f"/cases/{case.number}").text
    assert set(re.findall(r"reveal\?field=(\w+)", page)) == {"phone"}
    assert "江苏渔海养殖有限公司" in page


def test_looks_stand_in_the_timeline_for_those_who_must_know_and_for_the_viewer(office, case):
    look(enter("handler"), case)
    office.now += timedelta(minutes=5)
    look(enter("xiaoyu"), case, "name", reason="identity", text="核对委托书")
    for who, seen in (
        ("chief", 2),
        ("inspector", 2),
        ("handler", 1),
        ("xiaoyu", 1),
        ("second", 0),
        ("watcher", 0),
    ):
        page = enter(who).get(f"/cases/{case.number}").text
        assert page.count("查看明文：联系电话<") + page.count("查看明文：申请人<") == seen, who
    assert "联系申请人：约现场核查时间" in enter("chief").get(f"/cases/{case.number}").text


def test_the_list_of_looks_names_people_in_full_for_discipline_and_the_leader_alone(case):
    look(enter("handler"), case)
    for who in ("inspector", "chief"):
        page = enter(who).get(f"/cases/{case.number}/reads")
        assert "周办" in page.text
        assert "约现场核查时间" in page.text
        assert [secret for secret in SECRETS if secret in page.text] == []
    for who in ("handler", "xiaoyu", "stranger", "watcher"):
        assert enter(who).get(f"/cases/{case.number}/reads").status_code == 404


def test_looking_changes_nothing_of_the_case_so_that_an_open_form_still_counts(office, case):
    before = (case.seq, bytes(case.head))
    look(enter("handler"), case)
    case.refresh_from_db()
    assert (case.seq, bytes(case.head)) == before


def test_the_page_says_how_long_the_case_its_persons_and_the_looks_are_kept(case):
    page = enter("handler").get(f"/cases/{case.number}").text
    assert "办件档案保存 30 年（未经确认）" in page
    assert "查看明文的记录至少保存 3 年</span>" in page
    assert 'title="个人信息保护法第五十六条第二款（处理情况记录）"' in page


def test_after_an_erasure_the_pages_stay_open_and_know_nobody(office):
    case = office.receive(applicant=NAME, phone=PHONE, resident_id=DOCUMENT, address=ADDRESS)
    office.do(case, "ask_supplement", "xiaoyu", gaps=["营业执照"])
    office.do(case, "withdraw", "xiaoyu")
    staff = create_staff(login="lawyer", name="鲁法", by=CONSOLE, pen=office.pen, must_change_password=False)
    grant_post(staff, agency=OVERSIGHT, role="legal_reviewer", by=CONSOLE, reason="到岗", pen=office.pen)
    place = PostRef(OVERSIGHT, "legal_reviewer")
    lawyer = Subject("staff", staff.ref, str(staff.uid), place, (place,), name="鲁法")
    order = Order("〔2026〕3号", "个人信息保护法第四十七条")
    erase_person(
        case.number, order, asked_by=office.chief, consented_by=lawyer, pen=office.pen, source="console"
    )
    client, seq = enter("handler"), case.papers.values_list("seq", flat=True)[0]
    for path in ("", "/reveal", "/receipt", f"/papers/{seq}"):
        answer = client.get(f"/cases/{case.number}{path}")
        assert answer.status_code == 200, path
        assert [secret for secret in SECRETS if secret in answer.text] == [], path
    page = client.get(f"/cases/{case.number}").text
    assert "（已依法删除）" in page
    assert "申请人信息" not in page
    assert look(client, case, key="k-3").status_code == 422
    for tail in (PHONE[-4:], DOCUMENT[-4:], ""):
        given = {"number": case.number, "code": case.query_code, "tail": tail}
        assert Client().post("/q", given).status_code == 404
