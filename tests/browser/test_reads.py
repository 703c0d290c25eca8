"""The first screen of the discipline commission: the witnesses, and who saw or took out what."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OFFICE, PHONE
from tests.browser.test_every_page import _shoot, _violations
from tests.cast import OVERSIGHT
from yukuaiban.journal import sequencing
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.web import reveals

pytestmark = pytest.mark.browser


@pytest.fixture
def inspector(office, enter):
    staff = create_staff(
        login="inspector", name="严纪检", by=CONSOLE, pen=office.pen, must_change_password=False
    )
    grant_post(staff, agency=OVERSIGHT, role="discipline", by=CONSOLE, reason="到岗", pen=office.pen)
    return enter("inspector")


def test_discipline_lands_on_who_looked_narrows_it_and_opens_the_case(
    office, inspector, enter, axe, tmp_path, pytestconfig
):
    case = office.in_review(applicant="欧阳明月", phone="13912345678")
    for who, field, text in (
        ("handler", "phone", "约现场核查时间"),
        ("xiaoyu", "name", "核对委托书上的名字与申请表是否一致，申请人到场，已当面核对"),
    ):
        told = {"subject": office.people[who], "pen": office.pen, "key": f"{who}-1"}
        reveals.reveal(case, field, reason="contact", text=text, **told)
    watcher = enter("watcher")
    watcher.goto("/cases")
    with watcher.expect_download():
        watcher.get_by_role("button", name="导出").click()
    sequencing.advance(office.now, memory=tmp_path / "signed")

    inspector.goto("/")
    expect(inspector.get_by_role("heading", level=1)).to_have_text("查阅记录")
    expect(inspector.locator("#witnesses")).to_contain_text("还没有登记见证单位")
    expect(inspector.locator("tr[data-row]")).to_have_count(3)
    inspector.get_by_text("加条件").click()
    inspector.get_by_label("查阅人姓名或账号").fill("周办")
    inspector.get_by_role("button", name="筛选").click()
    expect(inspector.locator("tr[data-row]")).to_have_count(1)
    inspector.get_by_role("link", name="查阅人姓名或账号：周办").click()
    expect(inspector.locator("tr[data-row]")).to_have_count(3)
    assert _violations(inspector, axe) == {}
    _shoot(inspector, "reads with rows", "office", pytestconfig)
    inspector.set_viewport_size(PHONE)
    assert inspector.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    _shoot(inspector, "reads with rows", "phone", pytestconfig)
    inspector.get_by_role("link", name="联系电话").click()
    expect(inspector.get_by_role("heading", level=1)).to_have_text("水产苗种生产许可")
    expect(inspector.locator("#proof")).to_contain_text("第 3 条")
    _shoot(inspector, "case proof", "phone", pytestconfig)
    inspector.set_viewport_size(OFFICE)
    _shoot(inspector, "case proof", "office", pytestconfig)
