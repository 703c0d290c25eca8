"""A year of days off: read from the notice, looked at, proposed by one and confirmed by another."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from yukuaiban.cases import versions

pytestmark = pytest.mark.browser
NOTICE = (
    "一、元旦：2027年1月1日（周五）至3日（周日）放假调休，共3天。"
    "二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。"
)


def test_read_looked_at_proposed_and_confirmed_by_two_people(house, enter):
    house.office.at("2026-12-21T09:00")
    before = versions.current_calendar().version
    case = house.office.in_review()
    maker = enter("rules")
    maker.goto("/calendar?year=2027")
    expect(maker.get_by_text("暂定").first).to_be_visible()
    maker.get_by_role("spinbutton", name="年份").fill("2027")
    maker.get_by_label("文号").fill("国办发明电〔2026〕7号")
    maker.get_by_label("通知全文").fill(NOTICE)
    maker.get_by_role("button", name="读通知，看看会变什么").click()
    expect(maker.get_by_role("heading", level=1)).to_have_text("2027 年的放假安排")
    expect(maker.get_by_text("还没有保存")).to_be_visible()
    expect(maker.get_by_text("调休上班").first).to_be_visible()
    expect(maker.get_by_role("region", name="移动的时限")).to_contain_text(case.number[-6:-1])
    assert versions.current_calendar().version == before
    maker.get_by_role("button", name="提出，交发布人确认").click()
    expect(maker.get_by_text("提出的人不能自己确认")).to_be_visible()
    expect(maker.get_by_role("button", name="确认生效")).to_be_disabled()
    assert versions.current_calendar().version == before

    second = enter("publisher")
    second.goto("/calendar?year=2027")
    second.get_by_role("button", name="确认生效").click()
    second.goto("/calendar?year=2027")
    expect(second.get_by_text("已公布")).to_be_visible()
    expect(second.get_by_role("region", name="放假与调休")).to_contain_text("春节")
    assert versions.current_calendar().version != before


def test_a_notice_that_cannot_be_read_comes_back_with_the_reason(house, enter):
    page = enter("rules")
    page.goto("/calendar")
    page.get_by_label("通知全文").fill("今年没有安排。")
    page.get_by_role("button", name="读通知，看看会变什么").click()
    expect(page.get_by_label("通知全文")).to_have_value("今年没有安排。")
    expect(page.get_by_role("alert").first).to_be_visible()
