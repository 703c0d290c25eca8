"""A report of the plan in a browser: asked for, made by the worker, opened, one of its numbers followed to a case."""

from __future__ import annotations

import io

import docx
import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from yukuaiban.jobs.working import advance
from yukuaiban.papers import printing
from yukuaiban.plans.models import Lineage, ProgressReport
from yukuaiban.site.longwork import KINDS

pytestmark = pytest.mark.browser
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}


def worked(house):
    assert advance(house.office.now, pen=house.office.pen, owner="test", kinds=KINDS)


def downloaded(page, link):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).first.click()
    with open(waiting.value.path(), "rb") as file:  # noqa: PTH123 - the browser's own path
        return file.read()


def violations(page, axe):
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, rules)", _RULES)["violations"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found]


def test_a_report_is_made_opened_and_followed_to_a_case(house, town, enter, axe, tmp_path):
    before = ProgressReport.objects.count()
    page = enter("office")
    page.goto("/plans/2026")
    page.get_by_role("link", name="报告", exact=True).click()
    expect(page.get_by_role("heading", name="2026 年方案报告")).to_be_visible()
    assert violations(page, axe) == []
    page.get_by_label("报告", exact=True).select_option("0")
    page.get_by_label("格式").select_option("docx" if printing.missing_fonts() else "pdf")
    page.get_by_role("button", name="生成", exact=True).click()
    expect(page.get_by_role("heading", name="2026 年方案报告：年度自评")).to_be_visible()
    worked(house)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("待填")
    content = downloaded(page, "下载结果")
    if not printing.missing_fonts():
        with pypdfium2.PdfDocument(content) as pdf:
            assert "自评报告" in pdf[0].get_textpage().get_text_bounded()
    assert ProgressReport.objects.count() == before + 1

    page.goto("/plans/2026/reports")
    page.get_by_role("link", name="2026年度重点工作自评报告").click()
    expect(page.get_by_text("主送机关")).to_be_visible()
    assert violations(page, axe) == []
    paper = docx.Document(io.BytesIO(downloaded(page, "下载 Word")))
    assert any("一、总体情况" in each.text for each in paper.paragraphs)
    page.get_by_role("link", name="渔港小微企业上门帮办·已验收节点").click()
    expect(page.get_by_role("heading", name="公式")).to_be_visible()
    assert violations(page, axe) == []
    page.locator("tr[data-row] a").first.click()
    expect(page.get_by_text("建立帮办名册").first).to_be_visible()


def test_the_pages_fit_a_telephone(house, town, enter, axe):
    page = enter("office", viewport=PHONE)
    number = Lineage.objects.get(title="全案·已验收节点")
    for path in (
        "/plans/2026/reports",
        f"/plans/reports/{town.ids['report']}",
        f"/plans/lineage/{number.uid}",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert violations(page, axe) == [], path
