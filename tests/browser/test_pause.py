"""A pause is asked for by one person and granted by another; the bar of the clock shows it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.cast import fresh

pytestmark = pytest.mark.browser
NOTICE = {"name": "专家评审告知书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n% told\n%%EOF\n"}


def ask(page, case):
    page.goto(f"/cases/{case.number}")
    page.get_by_role("link", name="申请暂停计时").first.click()
    page.get_by_label("中止事由").select_option(label="专家评审")
    page.get_by_label("依据").fill("〔2026〕31号")
    page.get_by_label("书面告知申请人的日期").fill("2026-03-04")
    page.get_by_label("预定结束时间").fill("2026-03-10T17:30")
    page.locator("input[type=file]").set_input_files(NOTICE)
    page.get_by_role("button", name="申请暂停计时").click()


def test_asked_by_one_and_granted_by_another(office, enter):
    case = office.in_review()
    office.at("2026-03-04T10:00")
    handler = enter("handler")
    ask(handler, case)
    waiting = handler.get_by_role("region", name="待批准的申请")
    expect(waiting).to_contain_text("申请暂停计时")
    for told in ("专家评审", "2026-03-10 周二 17:30", "〔2026〕31号", "专家评审告知书.pdf"):
        expect(waiting).to_contain_text(told)

    handler.goto(f"/cases/{case.number}/act/pause")
    expect(handler.get_by_role("alert").first).to_contain_text("没有办理")
    expect(handler.get_by_role("button", name="批准暂停计时")).to_have_count(0)
    assert fresh(case).paused_from is None

    chief = enter("chief")
    chief.goto(f"/cases/{case.number}/act/pause")
    chief.get_by_role("button", name="批准暂停计时").click()
    clock = chief.get_by_role("region", name="承诺时限")
    expect(clock).to_contain_text("暂停计时")
    expect(clock).to_contain_text("2026-03-20 周五")
    assert clock.locator("rect.c-pause").count() == 4
    expect(clock.locator("svg.yk-days text", has_text="专家评审 4 日")).to_be_attached()
    expect(chief.locator("#how")).to_contain_text("专家评审")


def test_the_clock_goes_on_by_itself_when_the_pause_has_ended(office, enter):
    case = office.in_review()
    office.at("2026-03-04T10:00")
    office.pause(case, "2026-03-10T17:30")
    page = enter("handler")
    page.goto(f"/cases/{case.number}")
    expect(page.get_by_role("region", name="承诺时限")).to_contain_text("暂停计时")
    office.at("2026-03-11T09:00")
    page = enter("handler")
    page.goto(f"/cases/{case.number}")
    expect(page.get_by_role("region", name="承诺时限")).not_to_contain_text("暂停计时")
