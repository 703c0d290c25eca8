"""The interface: described as it is, bounded, refusing in one shape, the same door as the pages."""

from __future__ import annotations

import json
import re
from itertools import count
from pathlib import Path

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.cast import PERMIT, Office, fresh
from yukuaiban.cases.models import Case
from yukuaiban.journal.models import JournalEvent

ROOT = Path(__file__).resolve().parents[2]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
INTAKE = {
    "matter": PERMIT,
    "desk": "main-01",
    "applicant": "江苏渔海养殖有限公司",
    "phone": "19900001234",
}


def post(client: Client, path: str, body: object, *, key: str = "", token: str = ""):
    sent = {"Idempotency-Key": key, "X-CSRFToken": token}
    headers = {name: value for name, value in sent.items() if value}
    return client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers)


# ---------------------------------------------------------------------------------------------- description


def test_the_committed_description_is_that_of_the_code(document: dict) -> None:
    kept = json.loads((ROOT / "openapi.json").read_text(encoding="utf-8"))
    assert kept == document, "run .venv/bin/python tools/openapi"


def test_every_operation_names_its_refusals_and_links_nowhere_else(document: dict, client: Client) -> None:
    for path, ways in document["paths"].items():
        for way, told in ways.items():
            wanted = {"400", "401", "403", "404", "405", "409", "413", "422", "429", "503"}
            assert wanted < set(told["responses"]), (way, path)
    assert not re.findall(r"https?://[^\s\"]+", json.dumps(document))
    served = client.get("/api/v1/openapi.json")
    assert (served.status_code, served.json()) == (200, document)
    assert client.get("/api/v1/docs").status_code == 404


# ---------------------------------------------------------------------------------------------- random requests


def signed(client: Client) -> dict[str, str]:
    """The cookies of a browser that has opened a page."""
    client.get("/account")
    return {name: each.value for name, each in client.cookies.items()}


@pytest.mark.parametrize("who", ["", "xiaoyu", "handler"])
def test_no_request_brings_a_fault_or_a_status_that_is_not_described(
    office: Office, enter, document: dict, who: str
) -> None:
    case = office.in_review()
    cookies = signed(enter(who)) if who else {}
    headers = {"X-CSRFToken": cookies["csrftoken"]} if who else {}
    for told in document["paths"].values():
        told.get("post", {}).pop("security", None)  # the cookie is ours to send, not to be made up
    schema = schemathesis.openapi.from_dict(document)
    schema.app = get_wsgi_application()
    seen, turn = set(), count()

    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=30,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(sent=operation.as_strategy())
        def ask(sent: schemathesis.Case) -> None:
            if next(turn) % 2 and "number" in (sent.path_parameters or {}):
                sent.path_parameters["number"] = case.number
            with transaction.atomic():
                response = sent.call(app=schema.app, cookies=cookies, headers=headers)
                transaction.set_rollback(True)
            seen.add((sent.operation.label, response.status_code))
            sent.validate_response(response, checks=CHECKS)

        ask()
    statuses = {status for _, status in seen}
    assert 422 in statuses
    assert statuses & ({404} if who else {401})


# ---------------------------------------------------------------------------------------------- one door


def test_a_case_is_opened_moved_on_and_read(office: Office, enter) -> None:
    client = enter("xiaoyu")
    opened = post(client, "/cases", {"procedure": "desks", "data": INTAKE})
    assert opened.status_code == 201, opened.content
    number = opened.json()["number"]
    done = post(client, f"/cases/{number}/actions", {"action": "admit", "expected_seq": 1})
    assert done.json() == {"number": number, "seq": 2, "stage": "admitted"}
    told = client.get(f"/api/v1/cases/{number}").json()
    assert (told["stage"], told["seq"]) == ("admitted", 2)
    assert {each["code"] for each in told["open"]} >= {"hand_over", "withdraw"}
    committed = next(each for each in told["clocks"] if each["code"] == "committed")
    assert committed["explanation"]
    listed = client.get("/api/v1/cases").json()
    assert [each.get("number") for each in listed.get("cases", [listed])] == [number], listed
    assert "江苏渔海" not in json.dumps(told, ensure_ascii=False)


def test_a_retry_with_its_key_gets_the_first_answer_byte_for_byte(office: Office, enter) -> None:
    client = enter("xiaoyu")
    body = {"procedure": "desks", "data": INTAKE}
    first, again = (post(client, "/cases", body, key="k-1") for _ in range(2))
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert Case.objects.count() == 1
    other = post(client, "/cases", body | {"data": INTAKE | {"phone": "19900004321"}}, key="k-1")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_reused")
    assert post(client, "/cases", body, key="k" * 101).status_code == 422


def test_pages_of_a_list_are_bounded_and_follow_each_other(office: Office, enter) -> None:
    numbers = [office.in_review().number for _ in range(5)]
    client, seen, after = enter("handler"), [], ""
    for _ in range(3):
        page = client.get(f"/api/v1/cases?limit=2{after}").json()
        seen += [each["number"] for each in page["cases"]]
        after = f"&after={page['next']}"
    assert (sorted(seen), page["next"]) == (sorted(numbers), None)
    for wrong in ("limit=0", "limit=201", "limit=9999999999999999999999", "limit=x", "after=x"):
        answer = client.get(f"/api/v1/cases?{wrong}")
        assert (wrong, answer.status_code) == (wrong, 422)


@pytest.mark.parametrize(
    ("who", "path", "body", "status", "code"),
    [
        ("", "/cases", {"procedure": "desks", "data": INTAKE}, 401, "not_signed_in"),
        ("handler", "/cases", {"procedure": "desks", "data": INTAKE}, 403, "not_permitted"),
        ("xiaoyu", "/cases", {"procedure": "desks", "data": {}}, 422, "input_invalid"),
        ("xiaoyu", "/cases", {"procedure": "none", "data": INTAKE}, 422, "refused"),
        ("xiaoyu", "/cases", {"procedure": "desks", "extra": 1}, 422, "input_invalid"),
        ("xiaoyu", "/cases", {"procedure": "desks", "action": "fly"}, 409, "action_not_open"),
        ("xiaoyu", "/cases/CASE/actions", {"action": "fly"}, 409, "action_not_open"),
        ("xiaoyu", "/cases/CASE/actions", {"action": "admit"}, 409, "action_not_open"),
        ("xiaoyu", "/cases/CASE/actions", {"action": "withdraw", "expected_seq": 1}, 409, "case_moved"),
        ("handler", "/cases/CASE/actions", {"action": "decide"}, 422, "input_invalid"),
        ("stranger", "/cases/CASE/actions", {"action": "admit"}, 404, "not_found"),
        ("xiaoyu", "/cases/none/actions", {"action": "admit"}, 404, "not_found"),
    ],
)
def test_a_refusal_has_one_shape_and_names_the_request(
    office: Office, enter, who: str, path: str, body: dict, status: int, code: str
) -> None:
    case = office.in_review()
    before = JournalEvent.objects.count()
    answer = post(enter(who) if who else Client(), path.replace("CASE", case.number), body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert set(error) == {"code", "message", "fields", "open", "request_id"}
    assert error["message"]
    assert answer["X-Request-ID"] == error["request_id"]
    assert bool(error["fields"]) == (code == "input_invalid")
    assert bool(error["open"]) == (code == "action_not_open")
    assert JournalEvent.objects.count() == before
    assert fresh(case).seq == 3


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "null", '{"action": "\\ud800"}', "\x00"])
def test_a_body_that_cannot_be_read_is_told_so(office: Office, enter, body: str) -> None:
    case = office.in_review()
    answer = enter("xiaoyu").post(
        f"/api/v1/cases/{case.number}/actions", body, content_type="application/json"
    )
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["message"]


def test_a_page_elsewhere_cannot_act_with_the_cookie_of_somebody_signed_in(office: Office, enter) -> None:
    case = office.in_review()
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = enter("xiaoyu").cookies
    answer = post(forged, f"/cases/{case.number}/actions", {"action": "withdraw"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "token_missing")
    assert fresh(case).seq == 3
    forged.get("/account")
    token = forged.cookies["csrftoken"].value
    own = post(forged, f"/cases/{case.number}/actions", {"action": "withdraw"}, token=token)
    assert own.json()["stage"] == "withdrawn"


@pytest.mark.parametrize(
    "query", ["start=2026-03-02T09:00&limit=10wd", "start=2026-03-02T09:00:00Z&limit=2h"]
)
def test_a_due_moment_is_told_with_its_sum_to_anybody(office: Office, query: str) -> None:
    answer = Client().get(f"/api/v1/clock/due?{query}")
    assert answer.status_code == 200
    assert answer.json()["due"]
    assert set(answer.json()["explanation"][0]) == {"code", "from", "to", "amount", "text"}
