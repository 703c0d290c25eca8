"""The demo's start page: one click and one is in."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.cast import PEOPLE
from yukuaiban.web import demo

pytestmark = pytest.mark.browser


def test_one_click_on_a_role_signs_in_and_lands_on_its_first_screen(house, visit, settings, tmp_path):
    settings.HOME = tmp_path
    accounts = [
        {"login": login, "role": role, "agency": agency} for login, (_n, role, agency) in PEOPLE.items()
    ]
    told = {"period_from": "2026-01-01", "period_to": "2026-03-02", "accounts": accounts}
    (tmp_path / demo.FILE).write_text(json.dumps(told), encoding="utf-8")
    page = visit()
    page.goto("/")
    expect(page.get_by_text("这是演示环境")).to_be_visible()
    page.get_by_role("button", name="经办人").first.click()
    expect(page).to_have_url(f"{house.url}/queue")
    expect(page.get_by_role("heading", level=1)).to_have_text("待办")
