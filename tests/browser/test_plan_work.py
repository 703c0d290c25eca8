"""The plan worked in a browser: reported with evidence, sent back, accepted, closed by two, opened again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import HALL, OFFICE, PHONE
from tests.cast import fresh
from tests.plans.conftest import with_planners
from yukuaiban.plans.models import Undertaking

pytestmark = pytest.mark.browser
REGISTER = "建立帮办名册"  # led by the farm office, due 20 March
TRAINING = "完成窗口人员培训"  # led by the hall
LONG = "推动政务服务事项集成办理持续优化涉企服务全流程闭环管理" * 2 + "一二三四五六"
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}


def eleven():
    """A plan of eleven undertakings, as a district publishes it."""
    blocks = (
        f"{n}、第{n}项持续优化涉企服务的举措\n具体举措：完成第{n}项任务；按时办结率达到95%以上。\n"
        f"推进计划：一季度，摸清底数{n}；二季度，建立清单{n}；三、四季度，完成整改{n}。\n"
        "牵头单位：区农业农村局；责任单位：区市场监管局、区行政审批局。\n"
        for n in range(1, 12)
    )
    return "望海区2026年营商环境重点工作方案\n\n" + "\n".join(blocks)


def paper(name):
    return {"name": name, "mimeType": "application/pdf", "buffer": f"%PDF-1.4\n% {name}\n%%EOF\n".encode()}


@pytest.fixture
def planned(house):
    """The plan in force on Monday 2026-03-02, with the people who work it."""
    office = with_planners(house.office)
    office.in_force()
    return office


def report(page, text, file):
    page.goto("/plans/mine")
    page.get_by_role("link", name=re.compile(rf"填报\s*：.*{REGISTER}")).click()
    page.get_by_label("进展").fill(text)
    page.get_by_label("佐证材料").set_input_files(paper(file))
    page.get_by_label("种类").select_option(label="台账或统计表")
    page.get_by_label("成文日期").fill("2026-03-02")
    page.get_by_label("同时提交验收").check()
    page.get_by_role("button", name="填报").click()
    expect(page).to_have_url(re.compile("/plans/mine$"))


def do(page, case, action, **fields):
    page.goto(f"/cases/{case.number}/act/{action}")
    for label, value in fields.items():
        field = page.get_by_label(label, exact=False).first
        field.select_option(label=value) if label == "回访结论" else field.fill(value)
    page.locator("form.yk-form button[type=submit]").click()


def test_reported_sent_back_accepted_closed_by_two_and_opened_again(planned, enter):
    case = planned.task(REGISTER)
    reporter = enter("reporter")
    report(reporter, "已摸底四十三家", "名册（初稿）.pdf")

    planner = enter("planner")
    planner.goto("/plans/2026")
    planner.get_by_role("link", name="验收 1 个待验任务").click()
    planner.get_by_role("link", name=case.title).click()
    expect(planner.locator("#documents")).to_contain_text("名册（初稿）")
    do(planner, case, "return", 理由="缺联系人一栏")
    assert fresh(case).stage == "returned"

    reporter.goto("/plans/mine")
    expect(reporter.locator("tr", has_text=REGISTER)).to_contain_text("已退回")
    report(reporter, "已补齐", "名册（定稿）.pdf")
    do(planner, case, "accept", 意见="名册完整")
    do(planner, case, "propose_close_out")
    assert planner.goto(f"/cases/{case.number}/act/close_out").status == 403
    expect(planner.locator("main")).to_contain_text("督查室")
    watcher = enter("watcher")
    do(watcher, case, "close_out")
    assert fresh(case).stage == "closed_out"
    planner.goto("/plans/2026")
    expect(planner.locator(".pl-ms", has_text=REGISTER)).to_contain_text("已销号 03-02")

    planned.at("2026-05-11T09:00")
    watcher = enter("watcher")
    watcher.goto("/plans/waiting")
    watcher.get_by_role("link", name=case.title).click()
    do(
        watcher,
        case,
        "reopen",
        回访日期="2026-05-11",
        回访结论="问题反弹",
        回访情况="名册没有更新",
        整改到期="2026-06-12T17:30",
    )
    assert fresh(case).stage == "reopened"
    reporter = enter("reporter")
    reporter.goto("/plans/mine")
    expect(reporter.locator("tr", has_text=REGISTER)).to_contain_text("2026-06-12")


def test_the_reporting_agency_does_not_accept_and_nothing_is_closed_without_evidence(planned, enter):
    case = planned.task(TRAINING)
    planned.do(case, "report", "hall_reporter", on="2026-03-02", text="已培训")
    planned.do(case, "submit", "hall_reporter")
    own = enter("hall-planner")
    do_shut = f"/cases/{case.number}/act/accept"
    own.goto(do_shut)
    expect(own.get_by_role("alert").first).to_contain_text("牵头单位不能验收自己的任务")
    expect(own.get_by_role("button", name="验收", exact=True)).to_have_count(0)
    planner = enter("planner")
    do(planner, case, "accept")
    assert fresh(case).stage == "accepted"
    planner.goto(f"/cases/{case.number}/act/propose_close_out")
    expect(planner.get_by_role("alert").first).to_contain_text("不能销号")


@pytest.mark.parametrize(
    ("who", "path", "size"),
    [
        ("planner", "/plans/2026", OFFICE),
        ("planner", "/plans/2026", HALL),
        ("planner", "/plans/2026", PHONE),
        ("reporter", "/plans/mine", PHONE),
        ("planner", "/plans/waiting", PHONE),
        ("watcher", "/plans/candidates", OFFICE),
    ],
    ids=["board", "board-wide", "board-phone", "mine", "waiting", "candidates"],
)
def test_pages_with_late_tasks_and_long_names_are_for_everybody(planned, enter, axe, who, path, size):
    Undertaking.objects.filter(title__contains="上门帮办").update(title=LONG)
    planned.submitted(TRAINING, "hall_reporter")
    planned.at("2026-04-03T09:00")
    page = enter(who, viewport=size)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.evaluate(axe)
    found = page.evaluate("(rules) => axe.run(document, rules)", _RULES)["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


def test_the_wall_renews_itself_and_holds_everything_on_one_screen(planned, enter):
    page = enter("planner", viewport=HALL)
    page.clock.install()
    page.goto("/plans/2026/wall")
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert page.evaluate(size) == [HALL["width"], HALL["height"]]
    expect(page.locator(".h-red b")).to_have_text("0项举措")
    planned.at("2026-03-23T09:00")
    planned.office.tick()
    page = enter("planner", viewport=HALL)
    page.clock.install()
    page.goto("/plans/2026/wall")
    expect(page.locator(".h-red b")).to_have_text("1项举措")
    case = planned.submitted(REGISTER)
    planned.do(case, "accept", "planner")
    page.clock.run_for(5_000)
    expect(page.locator(".h-red b")).to_have_text("0项举措")


def test_eleven_undertakings_stand_on_one_wall_and_print_on_one_sheet_of_a3(house, enter):
    office = with_planners(house.office)
    office.in_force(eleven())
    page = enter("planner", viewport=HALL)
    page.goto("/plans/2026/wall")
    card = page.locator(".yk-hall-card").first
    assert card.locator("tbody tr").count() == 11
    assert card.evaluate("e => e.scrollHeight <= e.clientHeight")
    page.goto("/plans/2026")
    assert page.evaluate("document.documentElement.scrollHeight") <= 1200  # as drawn
    made = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1
    width, height = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", made).groups()
    assert (round(float(width)), round(float(height))) == (1191, 842)
