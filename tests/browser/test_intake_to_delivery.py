"""A case from the desk to its delivery, by four people in their own browsers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from yukuaiban.cases.models import Case
from yukuaiban.evidence.models import EvidenceFile

pytestmark = pytest.mark.browser
PAPER = {"name": "现场核查记录.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n% checked\n%%EOF\n"}


def take_in(page, **more):
    """Find the matter by its initials, fill in the form, land on the receipt."""
    page.goto("/desk")
    page.locator("#words").fill("scmz")
    page.keyboard.press("Enter")
    page.locator("li", has_text="水产苗种生产许可").get_by_role("link", name="收件").click()
    given = {"申请人": "江苏渔海养殖有限公司", "联系电话": "13900001234"} | more
    for label, value in given.items():
        page.get_by_label(label, exact=False).first.fill(value)
    page.get_by_label("申请表").check()
    page.get_by_role("button", name="收件并打印回执").click()


def do(page, title):
    """Press the action's button on the case page and then in its form."""
    page.get_by_role("link", name=title, exact=True).first.click()
    page.get_by_role("button", name=title, exact=True).click()


def test_from_intake_to_delivery(house, enter):
    desk = enter("xiaoyu")
    take_in(desk)
    expect(desk.get_by_text("查询码", exact=True)).to_be_visible()
    case = Case.objects.get()
    expect(desk.locator(".no").first).to_have_text(" ".join(desk.locator(".no").first.inner_text().split()))
    assert desk.locator(".no").first.inner_text().replace(" ", "") == case.number
    assert "10 个工作日" in desk.inner_text("main")
    for code in ("扫码查进度", "扫码验证存证"):
        expect(desk.locator(".qr", has_text=code).locator("svg")).to_have_count(1)
    expect(desk.locator(".qr svg")).to_have_count(2)
    desk.get_by_role("link", name="打开办件").click()
    do(desk, "受理")
    do(desk, "流转到承办单位")
    expect(desk.get_by_text("审查中").first).to_be_visible()

    house.office.at("2026-03-06T10:00")
    handler = enter("handler")
    handler.goto("/queue")
    handler.get_by_role("link", name="水产苗种生产许可").click()
    handler.get_by_role("link", name="补充材料与证据").first.click()
    handler.locator("input[type=file]").set_input_files(PAPER)
    handler.get_by_role("button", name="补充材料与证据").click()
    expect(handler.get_by_role("link", name="现场核查记录.pdf")).to_be_visible()
    handler.get_by_role("link", name="现场核查记录.pdf").click()
    with handler.expect_download() as taken:
        handler.get_by_role("link", name="下载原件").click()
    assert taken.value.path().read_bytes() == PAPER["buffer"]
    handler.get_by_label("位置").get_by_role("link", name="水产苗种生产许可").click()
    handler.get_by_role("link", name="作出决定").first.click()
    handler.get_by_label("决定").select_option("granted")
    for name in ("周", "吴"):
        handler.get_by_label(name).check()
    handler.get_by_role("button", name="作出决定").click()
    handler.get_by_role("link", name="办结", exact=True).first.click()
    handler.get_by_label("结果文号").fill("望农许〔2026〕3号")
    handler.get_by_role("button", name="办结", exact=True).click()
    expect(handler.get_by_text("按时完成").first).to_be_visible()

    desk = enter("xiaoyu")
    desk.goto("/desk")
    desk.get_by_role("link", name="送达").click()
    desk.get_by_role("button", name="送达").click()
    case.refresh_from_db()
    assert case.stage == "delivered"
    assert EvidenceFile.objects.get().case_number == case.number


def test_a_file_that_is_not_what_its_name_says_comes_back_in_the_form(office, enter):
    case = office.in_review()
    page = enter("handler")
    page.goto(f"/cases/{case.number}/act/add_evidence")
    page.locator("input[type=file]").set_input_files(
        {
            "name": "核查.pdf",
            "mimeType": "application/pdf",
            "buffer": b"<html><script>alert(1)</script></html>",
        }
    )
    page.get_by_role("button", name="补充材料与证据").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert EvidenceFile.objects.count() == 0


def test_a_double_click_takes_a_case_in_once(house, enter):
    page = enter("xiaoyu")
    page.goto("/desk/new?matter=S-0007")
    page.get_by_label("申请人").first.fill("江苏渔海养殖有限公司")
    page.get_by_label("联系电话").fill("13900001234")
    page.get_by_role("button", name="收件并打印回执").dblclick()
    page.wait_for_url("**/receipt")
    assert Case.objects.count() == 1


def test_what_was_wrong_stands_at_its_field_and_nothing_is_lost(house, enter):
    page = enter("xiaoyu")
    page.goto("/desk/new?matter=S-0007")
    page.get_by_label("申请人").first.fill("江苏渔海养殖有限公司")
    page.get_by_label("联系电话").fill("13900001234")
    page.get_by_label("统一社会信用代码").fill("91320707MA1MABCD99")
    page.get_by_label("申请表").check()
    page.get_by_role("button", name="收件并打印回执").click()
    expect(page.get_by_label("统一社会信用代码")).to_be_focused()
    expect(page.get_by_label("申请人").first).to_have_value("江苏渔海养殖有限公司")
    expect(page.get_by_label("申请表")).to_be_checked()
    assert Case.objects.count() == 0
