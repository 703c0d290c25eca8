"""Lists people work in: tick, try out, confirm; keep a view; choose columns."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from yukuaiban.jobs.working import advance
from yukuaiban.site.longwork import KINDS

pytestmark = pytest.mark.browser


def work(office):
    """The worker, until it has nothing to do."""
    while advance(office.now, pen=office.pen, owner="w", kinds=KINDS):
        pass


def test_tick_try_out_confirm(town, house, office, enter):
    page = enter("handler")
    page.goto("/queue")
    boxes = page.locator('input[name="pick"]')
    boxes.nth(0).check()
    expect(page.locator("[data-picked]")).to_have_text("已选 1 件")
    page.locator("[data-pick-all]").check()
    expect(page.locator("[data-picked]")).to_have_text(f"已选 {boxes.count()} 件")
    page.get_by_role("button", name="批量办理所选").click()
    page.get_by_role("button", name="申请延期", exact=True).click()
    page.get_by_label("延长").first.fill("3wd")
    page.get_by_label("理由").first.fill("潮汐条件不具备，现场核查顺延")
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("试算：申请延期")
    work(office)
    page.reload()
    expect(page.get_by_text("到现在为止什么也没有改变")).to_be_visible()
    page.get_by_role("button", name="确认申请延期").click()
    work(office)
    page.reload()
    expect(page.get_by_text("已办理").first).to_be_visible()


def test_keep_a_view_with_columns_of_ones_own(town, house, enter):
    page = enter("handler")
    page.goto("/queue")
    page.get_by_text("列", exact=True).click()
    page.get_by_label("阶段").check()
    page.get_by_role("button", name="显示", exact=True).click()
    expect(page.get_by_role("columnheader", name="阶段")).to_be_visible()
    page.get_by_text("存为视图").click()
    page.get_by_label("视图名称").fill("带阶段")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("link", name="带阶段")).to_have_attribute("aria-current", "page")
    page.get_by_role("button", name="删除这个视图").click()
    expect(page.get_by_role("link", name="带阶段")).to_have_count(0)
