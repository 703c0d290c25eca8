"""查进度: number, code and four digits; guesses learn nothing, get tired soon, and never see a name (T14)."""

from __future__ import annotations

from django.urls import reverse

from tests.journeys.hall import APPLICANT, PHONE, Hall, words
from yukuaiban.cases.models import Case

MISSING = "990101000220260302999999"


def test_the_applicant_sees_how_far_it_is_and_how_the_limit_is_counted(hall: Hall) -> None:
    case = hall.in_review()
    page = hall.query(case)
    said = words(page)
    assert page.status_code == 200
    assert "审查中" in said
    assert "最迟 2026-03-16 周一 17:30" in said
    assert "这个时限怎么算的" in said
    assert page.headers["Cache-Control"] == "no-store"
    for secret in (APPLICANT, PHONE, hall.office.staff("handler").name):
        assert secret not in said


def test_a_code_is_read_however_it_is_typed(hall: Hall) -> None:
    case = hall.received()
    spaced = " ".join(case.number[place : place + 6] for place in range(0, 24, 6))
    assert hall.query(case, number=spaced, code=case.query_code.lower()).status_code == 200


def test_without_a_phone_the_digits_of_the_document_count(hall: Hall) -> None:
    case = hall.received(applicant="王海", phone="", resident_id="320721198506151238")
    assert hall.query(case).status_code == 404
    found = hall.query(case, tail="1238")
    assert found.status_code == 200
    assert "王海" not in words(found)


def test_wrong_and_missing_look_the_same(hall: Hall) -> None:
    case = hall.received()
    wrong = [
        hall.query(case, code="ZZZZZZ"),
        hall.query(case, tail="0000"),
        hall.query(case, number=MISSING),
        hall.query(case, number="不是编号"),
        hall.query(case, tail=""),
    ]
    assert {each.status_code for each in wrong} == {404}
    numbers = [case.number, case.number, MISSING, "不是编号", case.number]
    bodies = {words(each).replace(number, "") for each, number in zip(wrong, numbers, strict=True)}
    assert len(bodies) == 1
    assert case.title not in bodies.pop()


def test_after_five_wrong_tries_a_case_is_closed_for_the_day_even_to_the_right_code(hall: Hall) -> None:
    case, other = hall.received(), hall.received()
    for _try in range(5):
        assert hall.query(case, code="ZZZZZZ").status_code == 404
    hall.at("2026-03-02T09:05")
    assert hall.query(case).status_code == 404
    assert hall.query(other).status_code == 200
    assert hall.at("2026-03-03T09:00").query(case).status_code == 200


def test_eleven_tries_a_minute_from_one_address_are_one_too_many(hall: Hall) -> None:
    case = hall.received()
    browser = hall.browser(None)
    given = {"number": case.number, "code": case.query_code, "tail": PHONE[-4:]}
    address = reverse("desks:query")
    answers = [browser.post(address, given).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    refused = browser.post(address, given)
    assert int(refused.headers["Retry-After"]) == 60
    assert browser.post(address, given, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert hall.at("2026-03-02T09:01").query(case).status_code == 200


def test_opening_the_form_shows_no_case(hall: Hall) -> None:
    case = hall.received()
    page = words(hall.get(None, "desks:query", number=case.number))
    assert case.title not in page
    assert Case.objects.count() == 1
