"""Every error in the product's frame, without a database query, and as JSON for the interface (ui.md section 12)."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError
from django.test import Client

from tests.web import town
from yukuaiban.core.errors import ActionRefused, InputInvalid, Problem
from yukuaiban.web import failures
from yukuaiban.web.views import portal

STATUSES = sorted(failures.SENTENCES)


def asked(rf, path):
    request = rf.get(path, headers={"host": "testserver", "referer": "http://testserver/queue"})
    request.request_id = "abc123def456"
    return request


@pytest.mark.parametrize("status", STATUSES)
def test_a_page_stands_in_the_frame_with_id_what_is_saved_and_a_way_on(rf, status):
    answer = failures.answer(asked(rf, "/cases"), status)  # without the mark `django_db` any query would fail
    text = answer.content.decode()
    code, title, sentence, saved = (str(each) for each in failures.SENTENCES[status])
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in text
    assert sentence in text
    assert saved in text
    assert "abc123def456" in text
    assert 'href="/queue"' in text
    assert "望海快办" in text
    assert code not in ("", None)


@pytest.mark.parametrize("status", STATUSES)
def test_the_interface_gets_the_same_sentence_as_json(rf, status):
    answer = failures.answer(asked(rf, "/api/v1/cases"), status)
    error = json.loads(answer.content)["error"]
    code, _title, sentence, _saved = (str(each) for each in failures.SENTENCES[status])
    assert answer.status_code == status
    assert (error["code"], error["message"]) == (code, sentence)
    assert error["request_id"] == "abc123def456"
    assert (error["fields"], error["open"]) == ([], [])


def test_a_wrong_value_names_its_field_and_the_way_out_in_both(rf):
    refusal = InputInvalid([Problem("没有这个事项", "请按名称查找", field="matter")])
    page = failures.answer(asked(rf, "/cases"), 422, refusal=refusal).content.decode()
    assert "没有这个事项；请按名称查找" in page
    error = json.loads(failures.answer(asked(rf, "/api/v1/x"), 422, refusal=refusal).content)["error"]
    assert error["fields"] == [{"name": "matter", "why": "没有这个事项；请按名称查找"}]


def test_a_shut_action_names_those_that_are_open(rf):
    refusal = ActionRefused("不能办理。", open_here=[("admit", "受理")])
    assert "受理" in failures.answer(asked(rf, "/cases"), 409, refusal=refusal).content.decode()
    error = json.loads(failures.answer(asked(rf, "/api/v1/x"), 409, refusal=refusal).content)["error"]
    assert error["open"] == [{"code": "admit", "title": "受理"}]


@pytest.mark.parametrize(("status", "wait"), [(429, 17), (503, None)])
def test_who_must_wait_is_told_how_long(rf, status, wait):
    answer = failures.answer(asked(rf, "/q"), status, retry_after=wait)
    assert answer.headers["Retry-After"] == str(wait or 60)


# ------------------------------------------------------------------------------------- by the real ways


@pytest.fixture
def stranger(settled):
    return Client(raise_request_exception=False)


@pytest.fixture
def broken(monkeypatch):
    """Make the public home page raise."""

    def by(error):
        def raises(_request):
            raise error

        monkeypatch.setattr(portal.panels, "shown", raises)

    return by


@pytest.mark.django_db
def test_a_missing_page_an_old_form_and_a_wrong_method(stranger):
    assert stranger.get("/no-such-page").status_code == 404
    assert stranger.put("/portal").status_code == 405
    old = Client(enforce_csrf_checks=True).post("/sign-in", {"username": "a"})
    assert old.status_code == 403
    assert "页面停留太久" in old.text


@pytest.mark.django_db
def test_a_fault_shows_its_id_and_nothing_of_its_inside(stranger, broken):
    broken(RuntimeError("secret of the inside"))
    answer = stranger.get("/portal")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    assert not any(word in answer.text for word in ("secret", "Traceback", "RuntimeError", "portal.py"))


@pytest.mark.django_db
def test_a_database_that_is_away_is_said_to_be_away(stranger, broken):
    broken(OperationalError("could not connect to 10.0.0.1"))
    answer = stranger.get("/portal")
    assert answer.status_code == 503
    assert "回执仍然有效" in answer.text
    assert "10.0.0.1" not in answer.text


@pytest.mark.django_db
def test_too_much_text_is_refused_with_the_limit(stranger):
    answer = stranger.post("/q", {"number": "9" * (3 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "2 MB" in answer.text


@pytest.mark.django_db
def test_unreadable_bytes_of_a_form_are_a_bad_request_or_a_plain_no(stranger):
    answer = stranger.post("/q", b"\xff\xfe--x", content_type="multipart/form-data; boundary=")
    assert answer.status_code == 400
    assert "请求读不懂" in answer.text


@pytest.mark.django_db
def test_a_foreign_case_looks_like_a_missing_one(enter):
    (row,) = town.put(town.case(1, agency=town.MARKET, receiving=town.MARKET))
    client = enter("handler")
    foreign = client.get(f"/cases/{row.number}")
    missing = client.get("/cases/000000000020200101000010")
    assert foreign.status_code == missing.status_code == 404

    def without_id(answer):
        return answer.text.replace(answer.headers["X-Request-ID"], "")

    assert without_id(foreign) == without_id(missing)
