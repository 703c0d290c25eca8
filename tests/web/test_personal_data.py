"""Who sees how much of a person (ui.md section 5): by role on the pages of a case, nothing at all in public."""

from __future__ import annotations

import io
import re
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import PEOPLE, Office
from tests.security.routes import routes
from yukuaiban.people import access
from yukuaiban.people.identity import resident_check
from yukuaiban.people.models import Staff
from yukuaiban.web import scope, session

pytestmark = pytest.mark.django_db
NAME, PHONE, BODY = "欧阳明月", "13912345678", "11010519491231002"
DOCUMENT = BODY + resident_check(BODY)
ADDRESS = "海景路 8 号 3 幢 502 室"
SECRETS = (NAME, "明月", PHONE, DOCUMENT, ADDRESS)
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@pytest.fixture
def office(db, monkeypatch):
    office = Office()
    monkeypatch.setattr(scope, "now", lambda: office.now)
    return office


@pytest.fixture
def case(office):
    case = office.receive(
        applicant=NAME, phone=PHONE, resident_id=DOCUMENT, address=ADDRESS, contact="欧阳明月"
    )
    office.do(case, "ask_supplement", "xiaoyu", gaps=["营业执照"])
    office.do(case, "supplement", "xiaoyu", materials=["营业执照"])
    office.do(case, "admit", "xiaoyu")
    office.do(case, "hand_over", "xiaoyu")
    return case


def enter(who):
    staff, client = Staff.objects.get(login=who), Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    session.keep_key(staff, client.session.session_key)
    return client


def shown(text):
    return [secret for secret in SECRETS if secret in text]


def test_no_role_reads_more_than_the_mask_on_lists_and_the_case_page(case):
    for who in PEOPLE:
        _reads_masked(who, case)


def _reads_masked(who, case):
    client = enter(who)
    for path in (
        "/queue",
        "/cases",
        "/desk?words=欧阳",
        "/desk/board",
        "/oversight",
        f"/cases/{case.number}",
    ):
        answer = client.get(path)
        assert shown(answer.text) == [], f"{who} {path}"


def test_staff_see_the_surname(case):
    assert "欧阳**" in enter("watcher").get(f"/cases/{case.number}").text


@pytest.mark.parametrize(
    ("who", "full"),
    [("xiaoyu", True), ("handler", True), ("chief", True), ("stranger", None), ("watcher", None)],
)
def test_a_paper_names_the_applicant_only_for_those_who_work_on_the_case(case, who, full):
    seq = case.papers.values_list("seq", flat=True)[0]
    answer = enter(who).get(f"/cases/{case.number}/papers/{seq}")
    if full is None:
        assert answer.status_code in (403, 404)
    else:
        assert NAME in answer.text
    assert not any(secret in answer.text for secret in (PHONE, DOCUMENT))


def test_a_closed_case_names_its_applicant_no_longer(office, case):
    office.do(case, "withdraw", "xiaoyu")
    seq = case.papers.values_list("seq", flat=True)[0]
    assert NAME not in enter("handler").get(f"/cases/{case.number}/papers/{seq}").text


@pytest.mark.parametrize("who", ["watcher", "handler"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_export_holds_no_more_than_the_page(case, who, kind):
    answer = enter(who).post(f"/cases/export?format={kind}")
    assert answer.status_code == 200
    assert shown(answer.content.decode("utf-8-sig") if kind == "csv" else _texts(answer.content)) == []


def _texts(content):
    with ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def public_pages():
    """Every route that anybody may read, and whose address needs no secret."""
    values = {"hall": "main", "code": "S-0007", "digest": "sha256", "day": "2026-03-20", "year": 2026}
    values |= {"token": "0" * 40, "leaf": "1.1", "sha256": "0" * 64}
    for route in routes():
        entry = access.operation(route.name)
        if entry and "GET" in entry.methods and entry.word == access.PUBLIC:
            yield route.name, {name: values[name] for name in route.arguments}


def test_no_public_answer_holds_an_identity_or_a_mobile_number(office, case):
    office.do(case, "request_extension", "handler", limit="2wd", reason=f"请联系 {PHONE}")
    office.tick("2026-03-18T09:00")
    office.do(case, "explain_overrun", "handler", clock="committed", text="专家评审排期延后。")
    pages = dict(public_pages())
    assert {"portal", "desks:overdue", "hall"} <= set(pages)
    for name, arguments in pages.items():
        text = Client().get(reverse(name, kwargs=arguments)).content.decode()
        found = [*_IDENTITY.findall(text), *_MOBILE.findall(text), *shown(text)]
        assert found == [], name


def test_the_public_query_shows_no_name_and_no_number_of_a_person(case):
    given = {"number": case.number, "code": case.query_code, "tail": PHONE[-4:]}
    text = Client().post("/q", given).text
    assert "水产苗种生产许可" in text
    assert shown(text) == []
    assert _MOBILE.findall(text.replace(case.number, "")) == []
