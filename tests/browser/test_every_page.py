"""Every page: axe-core finds nothing of level A and AA, nothing scrolls sideways on a telephone, nothing is inline.

The pages come from the URL resolver, so a new one is looked at without being named here.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.browser.conftest import HALL, OFFICE, PHONE
from tests.browser.pages import every_page
from yukuaiban.web import demo

pytestmark = pytest.mark.browser

_SHOTS = Path(__file__).with_name("shots")
_LISTS = ("queue", "cases", "desks:register", "desks:matters")
_MOST = 60 * 1024
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
_LOOK = """() => ({
  lang: document.documentElement.lang,
  title: document.title,
  heads: [...document.querySelectorAll("h1")].map((each) => each.innerText.trim()),
  sources: [...document.querySelectorAll("[src], link[href], use[href], form[action]")].map(
    (each) => each.src || each.href?.baseVal || each.href || each.action),
  inline: document.querySelectorAll("script:not([src]), style, [style]").length,
  handlers: [...document.querySelectorAll("*")].filter(
    (each) => [...each.attributes].some((one) => one.name.startsWith("on") || one.name.startsWith("hx-on"))).length,
  unnamed: document.querySelectorAll("a[href^='http']:not([href^='" + location.origin + "'])").length,
})"""


@pytest.fixture
def marked_as_demo(settings, tmp_path):
    """The start page stands only in a demo's database."""
    settings.HOME = tmp_path
    accounts = [{"login": "handler", "role": "handler", "agency": "sp-0002"}]
    told = {"period_from": "2026-01-01", "period_to": "2026-03-20", "accounts": accounts}
    (tmp_path / demo.FILE).write_text(json.dumps(told), encoding="utf-8")


@pytest.mark.parametrize("asked", every_page(), ids=lambda each: each.name)
def test_page_is_for_everybody(asked, town, house, enter, visit, axe, marked_as_demo, pytestconfig):
    page = enter(asked.who) if asked.who else visit()
    hall = asked.name.startswith(("hall", "plans:wall"))
    page.set_viewport_size(HALL if hall else OFFICE)
    answer = page.goto(asked.address(town))
    assert answer.status == asked.status
    _look(
        page, page.evaluate(_LOOK), house.url, len(answer.body()), is_list=asked.name.split(",")[0] in _LISTS
    )
    found = _violations(page, axe)
    _shoot(page, asked.name, "hall" if hall else "office", pytestconfig)
    if not hall:
        page.set_viewport_size(PHONE)
        wide = page.evaluate("document.documentElement.scrollWidth")
        found |= {f"phone {rule}": where for rule, where in _violations(page, axe).items()}
        _shoot(page, asked.name, "phone", pytestconfig)
        assert wide <= PHONE["width"], f"scrolls sideways: {wide} px wide"
    assert found == {}


def _look(page, seen, home, size, *, is_list):
    assert seen["lang"] == "zh-CN"
    assert re.search(r"\S", seen["title"])
    assert len(seen["heads"]) == 1, seen["heads"]
    assert seen["heads"][0]
    foreign = [each for each in seen["sources"] if not each.startswith((home, "#", "data:"))]
    assert foreign == []
    assert (seen["inline"], seen["handlers"], seen["unnamed"]) == (0, 0, 0)
    assert is_list or size <= _MOST, f"{size} bytes of HTML"


def _violations(page, axe):
    page.evaluate(axe)
    found = page.evaluate("(rules) => axe.run(document, rules)", _RULES)
    return {
        each["id"]: [f"{node['target']}: {node['failureSummary']}" for node in each["nodes"][:4]]
        for each in found["violations"]
    }


def _shoot(page, name, size, config):
    if config.getoption("shots"):
        _SHOTS.mkdir(exist_ok=True)
        file = re.sub(r"[^a-z0-9]+", "-", name)
        page.screenshot(path=_SHOTS / f"{file}-{size}.png", full_page=size != "hall")
