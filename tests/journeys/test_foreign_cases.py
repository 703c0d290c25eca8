"""A case of another agency looks like one that does not exist, on every page and for every action."""

from __future__ import annotations

import re

from tests.journeys.hall import Hall, words

MISSING = "990101000220260302999999"


def test_a_foreign_case_is_answered_like_a_missing_one(hall: Hall) -> None:
    case = hall.in_review()
    for name, *rest in (
        ("case",),
        ("desks:receipt",),
        ("desks:paper", 2),
        ("case_act", "decide"),
        ("case_act", "admit"),
        ("case_act", "nonsense"),
    ):
        foreign = hall.get("stranger", name, case.number, *rest)
        missing = hall.get("stranger", name, MISSING, *rest)
        assert foreign.status_code == missing.status_code == 404, name
        assert case.title not in words(foreign)
    sent = hall.post("stranger", "case_act", case.number, "decide", outcome="granted")
    assert sent.status_code == 404
    case.refresh_from_db()
    assert case.stage == "in_review"
    assert case.title not in words(hall.get("stranger", "queue"))
    assert case.number not in words(hall.get("stranger", "cases"))


def test_the_sentence_for_a_foreign_case_is_that_for_a_missing_one(hall: Hall) -> None:
    case = hall.in_review()
    pages = [words(hall.get("stranger", "case", number)) for number in (case.number, MISSING)]
    foreign, missing = (re.sub(r"\b[0-9a-f]{12}\b|\d{24}", "*", page) for page in pages)
    assert foreign == missing


def test_a_visitor_is_sent_to_sign_in_and_sees_nothing(hall: Hall) -> None:
    case = hall.in_review()
    answer = hall.get(None, "case", case.number)
    assert answer.status_code in (302, 404)
    assert case.title not in words(answer)


def test_a_right_person_at_the_wrong_action_is_told_whose_it_is(hall: Hall) -> None:
    case = hall.in_review()
    answer = hall.post("xiaoyu", "case_act", case.number, "decide", outcome="granted")
    assert answer.status_code == 403
    assert "区农业农村局" in words(answer)
