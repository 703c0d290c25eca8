"""The canary: a case with a two-minute limit turns yellow, then red, on the hall's screen; nobody touches it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import HALL
from tests.cast import TWO_MINUTES

pytestmark = pytest.mark.browser
POLL = 5_000


def test_a_two_minute_case_turns_yellow_and_red_without_a_reload(house, visit):
    office = house.office
    office.tick("2026-03-02T10:00")
    office.do(office.receive(TWO_MINUTES), "admit", "xiaoyu")
    screen = visit(viewport=HALL)
    screen.clock.install()
    screen.goto("/hall/main")
    loads = []
    screen.on("load", lambda page: loads.append(page.url))

    def shown(**lights):
        screen.clock.run_for(POLL)
        for light, n in lights.items():
            expect(screen.locator(f".h-{light} b")).to_have_text(f"{n}件")

    shown(green=1, yellow=0, red=0)
    office.tick("2026-03-02T10:01:50")
    shown(green=0, yellow=1, red=0)
    expect(screen.get_by_text("两分钟演示核验")).to_be_visible()
    office.tick("2026-03-02T10:02:01")
    shown(green=0, yellow=0, red=1)
    assert loads == []


def test_a_stopped_worker_is_said_and_after_ten_minutes_the_lights_are_hidden(house, visit):
    office = house.office
    office.tick("2026-03-02T10:00")
    office.do(office.receive(TWO_MINUTES), "admit", "xiaoyu")
    screen = visit(viewport=HALL)
    screen.clock.install()
    screen.goto("/hall/main")
    expect(screen.locator(".yk-hall-late")).to_have_count(0)
    office.at("2026-03-02T10:04")
    screen.clock.run_for(POLL)
    expect(screen.locator(".yk-hall-late")).to_be_visible()
    expect(screen.locator(".h-red b")).to_have_text("1件")
    office.at("2026-03-02T10:11")
    screen.clock.run_for(POLL)
    expect(screen.get_by_text("灯暂不显示")).to_be_visible()
    expect(screen.locator(".h-red")).to_have_count(0)


def test_no_name_and_no_number_stands_on_the_screen(house, visit):
    office = house.office
    case = office.receive(TWO_MINUTES, applicant="欧阳明月", phone="13912345678")
    office.do(case, "admit", "xiaoyu")
    office.tick("2026-03-02T09:02")
    screen = visit(viewport=HALL)
    screen.goto("/hall/main")
    text = screen.content()
    assert case.number[-4:] in text
    assert not any(word in text for word in ("欧阳", "明月", "13912345678", "5678", case.number))


def test_the_screen_does_not_scroll_and_its_smallest_text_is_28_pixels(town, house, visit):
    screen = visit(viewport=HALL)
    screen.goto("/hall/main")
    size = screen.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [HALL["width"], HALL["height"]]
    sizes = screen.evaluate(
        """() => [...document.querySelectorAll("main *")]
          .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
          .map((each) => parseFloat(getComputedStyle(each).fontSize))"""
    )
    assert min(sizes) >= 28
