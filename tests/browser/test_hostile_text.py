"""Script in text (security.md T18): payloads in every text field, looked at on every page; none may ever run."""

from __future__ import annotations

import pytest

from yukuaiban.cases.models import Case

pytestmark = pytest.mark.browser
PAYLOADS = (
    "<script>document.title='pwned'</script><svg onload=document.title='pwned'>{{7*7}}",
    "\"><img src=x onerror=document.title='pwned'>'};document.title='pwned'//",
    "javascript:document.title='pwned'",
)
_TEXT = (
    "main form input[type=text], main form input[type=tel], main form input:not([type]), main form textarea"
)
_NUMBERS = ("uscc", "resident_id", "phone", "limit", "late_at", "external_no")
_SHORT = ("contact", "agent")


def fill_in(page, payload):
    """The payload into every text field of the form, except where only a number passes."""
    for field in page.locator(_TEXT).all():
        if field.get_attribute("name") not in _NUMBERS:
            most = 60 if field.get_attribute("name") in _SHORT else 120
            field.fill(payload[:most])


def harmless(page, payload):
    assert page.title().find("pwned") < 0
    made = page.locator("img[src=x], main script, main svg[onload], a[href^='javascript:']")
    assert made.count() == 0


@pytest.mark.parametrize("payload", PAYLOADS)
def test_it_stays_text_from_intake_to_the_public_pages(house, enter, visit, payload):
    office = house.office
    desk = enter("xiaoyu")
    desk.goto("/desk/new?matter=S-0007")
    fill_in(desk, payload)
    desk.locator("#f-phone").fill("13912345678")
    desk.locator("#f-external_no").fill(payload)
    desk.get_by_role("button", name="收件并打印回执").click()
    case = Case.objects.get()
    harmless(desk, payload)
    desk.goto(f"/cases/{case.number}/act/ask_supplement")
    fill_in(desk, payload)
    desk.get_by_role("button", name="一次性告知补正").click()
    office.do(case, "supplement", "xiaoyu", materials=[payload])
    office.do(case, "admit", "xiaoyu", note=payload)
    office.do(case, "hand_over", "xiaoyu", note=payload)
    office.do(case, "request_extension", "handler", limit="2wd", reason=payload)
    office.tick("2026-03-23T09:00")
    office.do(case, "explain_overrun", "handler", clock="committed", text=payload)
    _look_everywhere(enter, visit, case, payload)


def _look_everywhere(enter, visit, case, payload):
    seq = case.papers.values_list("seq", flat=True)[0]
    rounds = {
        "xiaoyu": (
            "/desk",
            "/desk?words=苗种",
            f"/cases/{case.number}/receipt",
            f"/cases/{case.number}/papers/{seq}",
        ),
        "handler": ("/queue", f"/cases/{case.number}", f"/cases/{case.number}/act/decide"),
        "chief": (f"/cases/{case.number}/act/extend", "/notices"),
        "watcher": ("/oversight", "/cases"),
    }
    for who, paths in rounds.items():
        page = enter(who)
        for path in paths:
            assert page.goto(path).status == 200, path
            harmless(page, payload)
    page = visit()
    for path in ("/", "/overdue", "/hall/main", f"/q?number={payload}", f"/matters?words={payload}"):
        page.goto(path)
        harmless(page, payload)
    page.goto("/q")
    for label, value in (("编号", case.number), ("查询码", case.query_code), ("手机号后四位", "5678")):
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="查询").click()
    assert "水产苗种" in page.inner_text("h1")
    harmless(page, payload)
