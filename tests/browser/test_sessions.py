"""Signing in as people meet it: lock-out with its way out, the end of an idle session, the forced new password."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.cast import PASSWORD
from yukuaiban.people.models import Staff

pytestmark = pytest.mark.browser


def sign_in(page, password=PASSWORD, login="handler"):
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def test_five_wrong_passwords_lock_the_account_and_a_quarter_of_an_hour_opens_it(house, visit):
    page = visit()
    for _try in range(4):
        page.goto("/sign-in")
        sign_in(page, "wrong-password-1")
        expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    page.goto("/sign-in")
    sign_in(page, "wrong-password-1")
    expect(page.get_by_role("alert")).to_contain_text("这个账号已锁定 15 分钟")
    expect(page.get_by_role("alert")).to_contain_text("请等 900 秒后再试")
    house.office.at("2026-03-02T09:14:59")
    page.get_by_role("link", name="返回上一页").click()
    sign_in(page)
    expect(page.get_by_role("alert")).to_contain_text("已锁定")
    house.office.at("2026-03-02T09:30")
    page.goto("/sign-in")
    sign_in(page)
    expect(page).to_have_url(f"{house.url}/queue")


def test_thirty_idle_minutes_end_the_session_and_signing_in_leads_back(house, enter):
    page = enter("handler")
    page.goto("/cases?light=red")
    house.office.at("2026-03-02T09:29")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("办件")
    house.office.at("2026-03-02T10:00")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("工作人员登录")
    expect(page.get_by_text("登录已经结束")).to_be_visible()
    sign_in(page)
    expect(page).to_have_url(f"{house.url}/cases?light=red")


def test_a_password_set_by_another_is_changed_before_anything_else(house, visit):
    Staff.objects.filter(login="handler").update(must_change_password=True)
    page = visit()
    page.goto("/sign-in")
    sign_in(page)
    expect(page.get_by_text("请先改成自己的密码")).to_be_visible()
    page.goto("/queue")
    expect(page).to_have_url(f"{house.url}/account")
    page.get_by_label("现在的密码").fill(PASSWORD)
    page.get_by_label("新密码", exact=True).fill("another-odd-phrase-7")
    page.get_by_label("再输一次新密码").fill("another-odd-phrase-8")
    page.get_by_role("button", name="改密码").click()
    expect(page.get_by_text("两次输入的新密码不一样")).to_be_visible()
    page.get_by_label("现在的密码").fill(PASSWORD)
    page.get_by_label("新密码", exact=True).fill("another-odd-phrase-7")
    page.get_by_label("再输一次新密码").fill("another-odd-phrase-7")
    page.get_by_role("button", name="改密码").click()
    expect(page.get_by_text("密码已经改好")).to_be_visible()
    page.goto("/queue")
    expect(page.get_by_role("heading", level=1)).to_have_text("待办")
