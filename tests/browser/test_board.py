"""From a red number on the board to the case, and to every line of why it is red."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from yukuaiban.web.lists import PAGE

pytestmark = pytest.mark.browser


def test_a_red_light_leads_to_the_case_and_its_sum_line_by_line(town, house, enter):
    page = enter("watcher")
    page.goto("/oversight")
    row = page.locator("tr", has_text="区农业农村局").filter(has=page.locator("td.red"))
    red = row.locator("td.red a").first
    n = int(red.inner_text())
    red.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("办件")
    rows = page.locator("tr[data-row]")
    assert rows.count() == n, "the number on the board is the number of rows behind it"
    rows.filter(has_text="水产苗种生产许可").first.get_by_role("link").first.click()
    how = page.locator("#how")
    expect(how.get_by_text("这个时限怎么算的")).to_be_visible()
    lines = how.locator("ol.yk-steps li")
    told = [line.inner_text() for line in lines.all()]
    assert "2026-03-02" in told[0]
    assert "2026-03-16" in told[-1]
    assert any("周末" in line or "休息" in line or "星期" in line for line in told), told


def test_the_sum_can_be_done_again_with_the_values_filled_in(town, house, enter):
    page = enter("watcher")
    page.goto(f"/cases/{town.numbers['overdue']}")
    page.get_by_role("link", name="自己算一遍").click()
    expect(page.get_by_label("期限")).to_have_value("10wd")
    expect(page.locator(".pub-next .v")).to_have_text("2026-03-16 周一 17:30")


def test_every_number_of_the_board_is_a_link_to_as_many_cases(town, house, enter):
    page = enter("watcher")
    page.goto("/oversight")
    links = page.locator(".yk-stats a")
    wanted = [
        (each.get_attribute("href"), int(each.locator(".yk-figure").inner_text().split("件")[0]))
        for each in links.all()
    ]
    for address, n in wanted:
        page.goto(address)
        assert page.locator("tr[data-row]").count() == min(n, PAGE), address
