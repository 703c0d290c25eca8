"""Signing in and out: generic refusals, lock-out, one session a person, idle end, posts, forced password change."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.web import town
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import grant_post
from yukuaiban.web import demo, scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler(settled):
    return town.hire("handler", *town.POSTS["handler"])


def sign_in(client, login="handler", password=town.PASSWORD, **more):
    return client.post(reverse("sign_in"), {"username": login, "password": password, **more})


def test_lands_on_the_first_screen_of_the_role(handler):
    client = Client()
    assert sign_in(client).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/queue"


@pytest.mark.parametrize(
    ("who", "first"),
    [
        ("clerk", "/desk"),
        ("head", "/desk/board"),
        ("handler", "/queue"),
        ("leader", "/queue"),
        ("oversight", "/oversight"),
        ("rules", "/calendar"),
        ("publisher", "/calendar"),
        ("admin", "/calendar"),
    ],
)
def test_each_role_lands_on_its_own_first_screen(enter, who, first):
    client = enter(who)
    assert client.get("/").headers["Location"] == first
    assert client.get(first).status_code == 200


def test_goes_back_to_the_page_that_was_asked_for(handler):
    client = Client()
    asked = client.get("/queue?light=red")
    assert asked.headers["Location"] == "/sign-in?next=%2Fqueue%3Flight%3Dred"
    assert sign_in(client, next="/queue?light=red").headers["Location"] == "/queue?light=red"


def test_never_leads_to_another_site(handler):
    assert sign_in(Client(), next="https://elsewhere.example/").headers["Location"] == "/"


@pytest.mark.parametrize(("login", "password"), [("handler", "wrong-password-1"), ("nobody", town.PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_look_the_same(handler, login, password):
    answer = sign_in(Client(), login, password)
    assert answer.status_code == 422
    assert "账号或密码不对" in answer.text
    assert town.PASSWORD not in answer.text


def test_five_wrong_passwords_lock_the_account_and_say_how_long(handler):
    client = Client()
    for _try in range(4):
        assert sign_in(client, password="wrong-password-1").status_code == 422
    locked = sign_in(client, password="wrong-password-1")
    assert locked.status_code == 429
    assert int(locked.headers["Retry-After"]) > 0
    assert "秒" in locked.text
    assert sign_in(client).status_code == 429, "the right password does not open a locked account"


def test_a_new_sign_in_ends_the_old_session(handler):
    first, second = Client(), Client()
    sign_in(first)
    assert first.get("/queue").status_code == 200
    sign_in(second)
    assert second.get("/queue").status_code == 200
    assert first.get("/queue").status_code == 302


def test_thirty_idle_minutes_end_the_session(handler, monkeypatch):
    client = Client()
    sign_in(client)
    monkeypatch.setattr(scope, "now", lambda: town.NOW + timedelta(minutes=29))
    assert client.get("/queue").status_code == 200
    monkeypatch.setattr(scope, "now", lambda: town.NOW + timedelta(minutes=58))
    assert client.get("/queue").status_code == 200, "each page starts the half hour anew"
    monkeypatch.setattr(scope, "now", lambda: town.NOW + timedelta(minutes=89))
    assert client.get("/queue").status_code == 302


def test_signing_out_ends_it(handler):
    client = Client()
    sign_in(client)
    assert client.post(reverse("sign_out")).status_code == 302
    assert client.get("/queue").status_code == 302


def test_a_locked_account_is_out_at_once(handler):
    client = Client()
    sign_in(client)
    handler.is_active, handler.locked_reason = False, "测试"
    handler.save()
    assert client.get("/queue").status_code == 302


def test_switching_the_post_changes_what_is_open(handler, enter):
    grant_post(handler, agency=town.OVERSIGHT, role="oversight", by=CONSOLE, reason="测试", pen=town.pen_at())
    client = enter("handler")
    assert client.get("/oversight").status_code == 404
    other = handler.posts.get(role="oversight")
    assert client.post(reverse("take_post"), {"post": other.pk}).status_code == 302
    assert client.get("/queue").status_code == 404


def test_nobody_takes_the_post_of_another(enter):
    stranger = town.hire("stranger", *town.POSTS["stranger"])
    client = enter("handler")
    assert client.post(reverse("take_post"), {"post": stranger.posts.get().pk}).status_code == 404


def test_a_password_set_by_another_must_be_changed_first(settled):
    town.hire("handler", *town.POSTS["handler"], must_change=True)
    client = Client()
    sign_in(client)
    assert client.get("/queue").headers["Location"] == "/account"
    new = "another-odd-phrase-7"
    wrong = client.post(reverse("change_password"), {"current": "no", "password": new, "again": new})
    assert wrong.status_code == 422
    weak = client.post(
        reverse("change_password"), {"current": town.PASSWORD, "password": "12345", "again": "12345"}
    )
    assert weak.status_code == 422
    assert (
        client.post(
            reverse("change_password"), {"current": town.PASSWORD, "password": new, "again": new}
        ).status_code
        == 302
    )
    assert client.get("/queue").status_code == 200, "the session goes on"
    assert sign_in(Client(), password=new).status_code == 302


@pytest.fixture
def demo_mark(settings, tmp_path):
    def mark(*accounts):
        settings.HOME = tmp_path
        told = {"period_from": "2026-07-01", "period_to": "2026-11-23", "accounts": list(accounts)}
        (tmp_path / demo.FILE).write_text(json.dumps(told))

    return mark


def test_a_demo_offers_its_accounts_and_says_what_it_is(handler, demo_mark):
    demo_mark({"login": "handler", "role": "handler", "agency": town.FARM})
    client = Client()
    page = client.get("/")
    assert "演示环境" in page.text
    assert "经办人" in page.text
    assert client.post(reverse("enter"), {"login": "handler"}).status_code == 302
    assert client.get("/queue").status_code == 200


def test_without_the_mark_nobody_enters_without_a_password(handler):
    client = Client()
    assert client.get(reverse("start")).status_code == 404
    assert client.post(reverse("enter"), {"login": "handler"}).status_code == 404
    assert client.get("/queue").status_code == 302


def test_a_demo_lets_in_only_the_accounts_it_names(handler, demo_mark):
    demo_mark({"login": "somebody", "role": "handler", "agency": town.FARM})
    assert Client().post(reverse("enter"), {"login": "handler"}).status_code == 404
