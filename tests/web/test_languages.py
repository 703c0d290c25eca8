"""Switching the language or the size of letters breaks no page; what has no translation yet stays Chinese."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.web import town

PAGES = (
    (
        "",
        (
            "/portal",
            "/q",
            "/clock?start=2026-11-02T09:00&limit=10wd",
            "/matters",
            "/overdue",
            "/sign-in",
            "/nothing",
        ),
    ),
    ("handler", ("/queue", "/cases", "/notices", "/account", "/calendar", "/register/matters")),
    ("oversight", ("/oversight",)),
    ("clerk", ("/desk", "/desk/board")),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "paths"), PAGES, ids=lambda each: each if isinstance(each, str) else "")
def test_pages_answer_in_english_as_in_chinese(enter, who, paths):
    town.put(town.case(1, due=-2), town.case(2, due=40))
    client = enter(who) if who else Client()
    in_chinese = {path: client.get(path).status_code for path in paths}
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == in_chinese[path], path
        assert '<html lang="en"' in answer.text or answer.status_code == 404


@pytest.mark.django_db
def test_the_switch_keeps_language_and_large_letters_and_returns_to_the_page(settled):
    client = Client()
    answer = client.post("/switch", {"language": "en", "elder": "1", "next": "/q"})
    assert answer.headers["Location"] == "/q"
    page = client.get("/q").text
    assert 'lang="en"' in page
    assert 'class="elder"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_the_switch_never_leads_to_another_site(settled, target):
    assert Client().post("/switch", {"language": "en", "next": target}).headers["Location"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("ready", [True, False])
def test_english_is_offered_only_once_there_is_a_catalogue(settled, settings, ready):
    settings.YKB_ENGLISH_READY = ready
    assert (">English<" in Client().get("/portal").text) is ready
