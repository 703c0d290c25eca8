"""The public pages on a telephone, and without any script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from yukuaiban.cases.models import Case

pytestmark = pytest.mark.browser
WITH_AND_WITHOUT_SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


@WITH_AND_WITHOUT_SCRIPT
def test_the_receipt_opens_the_way_of_the_case(house, visit, script):
    case = house.office.in_review(applicant="欧阳明月", phone="13912345678")
    page = visit(viewport=PHONE, java_script_enabled=script)
    page.goto("/portal")
    page.get_by_label("编号（回执上 24 位）").fill(case.number)
    page.get_by_label("查询码").fill(case.query_code.lower())
    page.get_by_label("手机号后四位").fill("5678")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("水产苗种生产许可")
    expect(page.locator(".pub-next")).to_contain_text("2026-03-16 周一 17:30")
    page.get_by_text("这个时限怎么算的").first.click()
    expect(page.locator("ol.yk-steps li").first).to_be_visible()
    text = page.content()
    assert not any(word in text for word in ("欧阳", "明月", "13912345678"))


def test_a_wrong_code_and_a_missing_case_get_the_same_sentence(house, visit):
    case = house.office.in_review()
    page, said = visit(viewport=PHONE), []
    for number in (case.number, "990101000220260302000023"):
        page.goto("/q")
        page.get_by_label("编号（回执上 24 位）").fill(number)
        page.get_by_label("查询码").fill("WRONG1")
        page.get_by_label("手机号后四位").fill("1234")
        page.get_by_role("button", name="查询").click()
        said.append(page.get_by_role("alert").inner_text())
    assert said[0] == said[1]
    assert "没有查到" in said[0]


@WITH_AND_WITHOUT_SCRIPT
def test_the_calculator_gives_the_due_moment_and_its_steps(house, visit, script):
    page = visit(viewport=PHONE, java_script_enabled=script)
    page.goto("/clock")
    page.get_by_label("起算时间").fill("2026-04-30T10:00")
    page.get_by_label("期限").fill("5wd")
    page.get_by_role("button", name="计算").click()
    expect(page.locator(".pub-next .v")).to_have_text("2026-05-11 周一 17:30")
    steps = page.locator("ol.yk-steps")
    expect(steps).to_contain_text("劳动节")
    assert steps.locator("li").count() > 3


def test_the_calculator_says_what_is_wrong_at_the_field(house, visit):
    page = visit(viewport=PHONE)
    page.goto("/clock?start=2026-04-30T10:00&limit=soon")
    expect(page.get_by_label("期限")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("期限")).to_be_focused()


def test_a_matter_is_found_by_its_initials_and_says_what_to_bring(house, visit):
    page = visit(viewport=PHONE)
    page.goto("/matters")
    page.get_by_label("名称中的几个字").fill("scmz")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="水产苗种生产许可").click()
    expect(page.get_by_role("main")).to_contain_text("10 个工作日")
    expect(page.get_by_role("main")).to_contain_text("营业执照")
    assert Case.objects.count() == 0
