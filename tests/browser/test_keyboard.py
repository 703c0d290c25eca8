"""Everything by keyboard: skip link, a focus one can see, the keys of the lists."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
_RING = """() => {
  const look = getComputedStyle(document.activeElement);
  return [document.activeElement.tagName, look.outlineStyle, look.outlineWidth, look.boxShadow];
}"""


def test_the_first_tab_is_the_skip_link_and_it_leads_into_the_page(town, house, enter):
    page = enter("handler")
    page.goto("/queue")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize(("who", "path"), [("handler", "/queue"), ("", "/portal"), ("", "/sign-in")])
def test_each_of_the_first_stops_shows_that_it_has_the_focus(town, house, enter, visit, who, path):
    page = enter(who) if who else visit()
    page.goto(path)
    stops = 0
    for _press in range(12):
        page.keyboard.press("Tab")
        tag, style, width, shadow = page.evaluate(_RING)
        if tag == "BODY":  # round the end of the page
            continue
        stops += 1
        assert (style != "none" and width != "0px") or shadow != "none", page.evaluate(
            "document.activeElement.outerHTML.slice(0, 200)"
        )
    assert stops > 5


def test_slash_searches_j_and_k_move_enter_opens(town, house, enter):
    page = enter("handler")
    page.goto("/queue")
    rows = page.locator("tr[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_contain_class("is-focus")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_contain_class("is-focus")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_contain_class("is-focus")
    page.keyboard.press("/")
    expect(page.locator("#head-search")).to_be_focused()
    page.keyboard.type("j/k")
    expect(page.locator("#head-search")).to_have_value("j/k")
    page.reload()
    first = rows.nth(0).locator("a[data-open]").get_attribute("href")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{house.url}{first}")


def test_the_table_of_keys_opens_and_gives_the_focus_back(town, house, enter):
    page = enter("handler")
    page.goto("/queue")
    page.locator("#head-search").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_keys_can_be_switched_off(town, house, enter):
    page = enter("handler")
    page.goto("/account")
    page.get_by_role("button", name="关闭快捷键").click()
    expect(page.get_by_text("快捷键已关闭")).to_be_visible()
    page.goto("/queue")
    page.keyboard.press("j")
    expect(page.locator("tr.is-focus")).to_have_count(0)
