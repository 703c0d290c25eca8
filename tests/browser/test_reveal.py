"""A clerk sees a telephone number in full for a minute, and the leader sees that it was looked at."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_every_page import _shoot, _violations

pytestmark = pytest.mark.browser
NUMBER = "13912345678"


def test_a_number_is_seen_for_a_minute_and_the_leader_sees_who_looked(office, enter, axe, pytestconfig):
    case = office.in_review(applicant="欧阳明月", phone=NUMBER)
    handler = enter("handler")
    handler.goto(f"/cases/{case.number}")
    expect(handler.locator("#person")).to_contain_text("139****5678")
    _shoot(handler, "case, person", "office", pytestconfig)
    handler.get_by_role("link", name="查看明文：联系电话").click()
    expect(handler.get_by_label("查看哪一项")).to_have_value("phone")
    handler.get_by_label("理由").select_option(label="联系申请人")
    handler.get_by_label("说明").fill("约现场核查时间")
    _shoot(handler, "reveal", "office", pytestconfig)
    handler.get_by_role("button", name="查看一分钟").click()
    expect(handler.locator(".rv-value")).to_have_text(NUMBER)
    expect(handler.locator("main")).to_contain_text("60 秒后回到办件")
    assert _violations(handler, axe) == {}
    _shoot(handler, "revealed", "office", pytestconfig)
    handler.set_viewport_size(PHONE)
    assert handler.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    _shoot(handler, "revealed", "phone", pytestconfig)
    handler.get_by_role("link", name="看完了").click()
    expect(handler.locator("main")).not_to_contain_text(NUMBER)

    chief = enter("chief")
    chief.goto(f"/cases/{case.number}")
    expect(chief.locator("ol.yk-time")).to_contain_text("查看明文：联系电话")
    chief.get_by_role("link", name="谁看过明文").click()
    expect(chief.get_by_role("row").nth(1)).to_contain_text("周办")
    _shoot(chief, "reads", "office", pytestconfig)
