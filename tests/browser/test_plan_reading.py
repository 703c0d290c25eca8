"""A plan in a browser: text in, corrected by mouse and keys, names settled, confirmed by a second person, in force."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.plans.working import MORE_PEOPLE, TEXT
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.plans.models import Plan, PlanVersion, Task

pytestmark = pytest.mark.browser
PLAN = TEXT.replace("东渔镇", "西渔镇")
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
# A stretch is marked as a mouse marks it: a range from letter to letter, and the button let go.
_MARK = """([from, to]) => {
  const body = document.querySelector(".rd-body");
  const walk = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const find = (words, end) => {
    walk.currentNode = body;
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const at = node.data.indexOf(words);
      if (at >= 0) return [node, end ? at + words.length : at];
    }
    throw new Error(words);
  };
  const range = document.createRange();
  range.setStart(...find(from, false));
  range.setEnd(...find(to, true));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  body.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
}"""


@pytest.fixture
def planners(house):
    """Three people of the coordinating offices."""
    for who in ("planner", "second_planner", "hall_planner"):
        name, role, agency = MORE_PEOPLE[who]
        pen = house.office.pen
        staff = create_staff(login=who, name=name, by=CONSOLE, pen=pen, must_change_password=False)
        grant_post(staff, agency=agency, role=role, by=CONSOLE, reason="到岗", pen=pen)
    return house


def newest():
    return PlanVersion.objects.order_by("-number").first()


def entry(n):
    return newest().sheet["items"][n]


def take_in(page, text=PLAN, year="2026"):
    page.goto("/plans/new")
    page.get_by_label("年度").fill(year)
    page.get_by_label("或粘贴全文").fill(text)
    page.get_by_role("button", name="读取").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("核对读取结果")


def look_at_everything(page):
    page.goto("/plans/2026/reading")
    for n in range(len(newest().sheet["items"])):
        expect(page.get_by_role("group", name="双人确认")).to_contain_text(f"已看 {n} / 7 项")
        page.get_by_role("button", name="本项无误").click()


def violations(page, axe):
    page.evaluate(axe)
    return [each["id"] for each in page.evaluate("(r) => axe.run(document, r)", _RULES)["violations"]]


def test_text_in_corrected_settled_confirmed_by_two_and_in_force(planners, enter, axe):
    first = enter("planner")
    take_in(first)
    expect(first.get_by_role("list", name="读取汇总")).to_contain_text("1 个对不上")
    assert violations(first, axe) == []

    # by the mouse: a step that was not read
    first.evaluate(_MARK, ["由窗口分送", "各单位"])
    expect(first.get_by_label("划选：从")).to_have_value("由窗口分送各单位")
    first.get_by_label("划选的是").select_option("add_milestone")
    first.get_by_role("button", name="下一步").click()
    first.get_by_label("时间").select_option("Q2")
    assert violations(first, axe) == []
    first.get_by_role("button", name="添加节点").click()
    expect(first.get_by_text("已保存：添加节点")).to_be_visible()
    added = entry(0)["milestones"][-1]
    assert (added["text"], PLAN[slice(*added["span"])]) == ("由窗口分送各单位", "由窗口分送各单位")

    # by a click on the coloured words, and by keys
    first.locator(".rd-body mark", has_text="形成综合收件工作规程").click()
    first.get_by_label("到期日").fill("2026-12-18")
    first.get_by_role("button", name="改时间").click()
    expect(first.get_by_role("table", name="节点")).to_contain_text("2026-12-18")
    first.get_by_label("标题").fill("一次收件")
    first.get_by_label("标题").press("Enter")
    expect(first.get_by_text("已保存：改标题")).to_be_visible()
    assert entry(0)["title"] == "一次收件"

    # the name that no agency stands behind, by initials
    first.get_by_role("link", name="1 个对不上").click()
    expect(first.locator(".rd-x-name")).to_have_text("西渔镇")
    first.get_by_role("link", name="另选").click()
    first.get_by_label("找单位").fill("dyz")
    first.get_by_role("button", name="查").click()
    expect(first.get_by_role("listbox", name="单位（可多选）").get_by_role("option")).to_have_count(1)
    first.get_by_role("listbox", name="单位（可多选）").select_option("sp-0004")
    first.get_by_role("button", name="就是它").click()
    expect(first.get_by_role("list", name="读取汇总")).to_contain_text("都已对上")
    first.goto(f"/plans/2026/reading?at={entry(3)['key']}")
    first.get_by_role("button", name="定为牵头").click()
    expect(first.get_by_text("已保存：定为牵头")).to_be_visible()
    # the first person cannot confirm: nobody offers it, and the rule says who may
    expect(first.get_by_role("button", name="确认", exact=True)).to_have_count(0)
    expect(first.get_by_role("group", name="双人确认")).to_contain_text("录入人和最后校核人以外的同事")

    second = enter("second_planner")
    look_at_everything(second)
    second.get_by_role("button", name="确认", exact=True).click()
    expect(second.get_by_text("已确认，未生效")).to_be_visible()
    second.get_by_role("button", name="生效", exact=True).click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("2026 年度")
    assert (Plan.objects.get().status, Task.objects.count()) == ("in_force", 18)
    expect(second.get_by_text("一次收件").first).to_be_visible()


def test_two_confirm_at_once_and_an_unsettled_name_keeps_it_out_of_force(planners, enter):
    take_in(enter("planner"))
    second, third = enter("second_planner"), enter("hall_planner")
    look_at_everything(second)
    look_at_everything(third)
    second.get_by_role("button", name="确认", exact=True).click()
    expect(second.get_by_text("已确认，未生效")).to_be_visible()
    third.get_by_role("button", name="确认", exact=True).click()
    expect(third.get_by_role("alert")).to_contain_text("刚刚已由别人确认")
    expect(second.get_by_role("button", name="生效", exact=True)).to_be_disabled()
    expect(second.get_by_role("group", name="双人确认")).to_contain_text("现在不能生效")
    assert not Task.objects.exists()


def test_two_correct_at_once_and_the_later_keeps_the_own_words(planners, enter):
    first, second = enter("planner"), enter("second_planner")
    take_in(first)
    second.goto("/plans/2026/reading")
    first.get_by_label("标题").fill("窗口一次收件")
    first.get_by_role("button", name="改标题").click()
    expect(first.get_by_text("已保存：改标题")).to_be_visible()
    second.get_by_label("标题").fill("一次办成")
    second.get_by_role("button", name="改标题").click()
    expect(second.get_by_role("alert")).to_contain_text("刚刚被别人改过")
    expect(second.get_by_role("alert")).to_contain_text("窗口一次收件")
    expect(second.get_by_label("标题")).to_have_value("一次办成")
    second.get_by_role("button", name="改标题").click()
    expect(second.get_by_text("已保存")).to_be_visible()
    assert entry(0)["title"] == "一次办成"


def test_when_the_server_does_not_answer_nothing_that_was_written_is_lost(planners, enter, browser):
    take_in(enter("planner"))
    context = browser.new_context()  # not watched: the failure is meant
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": planners.session_of("planner"),
        "url": planners.url,
    }
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{planners.url}/plans/2026/reading")
    page.route("**/reading/correct", lambda route: route.fulfill(status=503, body=""))
    page.get_by_label("标题").fill("一次收件")
    page.get_by_role("button", name="改标题").click()
    expect(page.get_by_role("alert")).to_contain_text("没有保存")
    expect(page.get_by_label("标题")).to_have_value("一次收件")
    page.unroute("**/reading/correct")
    page.get_by_role("button", name="改标题").click()
    expect(page.get_by_text("已保存：改标题")).to_be_visible()
    context.close()


def test_without_a_script_links_forms_and_words_do_the_same(planners, enter):
    page = enter("planner", java_script_enabled=False)
    take_in(page)
    page.get_by_label("划选：从").fill("由窗口分送")
    page.get_by_label("到", exact=True).fill("各单位")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="添加节点").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    assert entry(0)["milestones"][-1]["text"] == "由窗口分送各单位"


def test_on_a_telephone_nothing_scrolls_sideways_and_the_differences_are_there(planners, enter, axe):
    page = enter("planner", viewport=PHONE)
    take_in(page)
    for path in ("/plans/2026/reading", "/plans/2026/reading?at=unread", "/plans/2026/changes", "/plans"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        assert violations(page, axe) == []
