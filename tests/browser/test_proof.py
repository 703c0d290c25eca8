"""验证存证, from the receipt to the verdict: in the browser, with nothing sent but what the form asks for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OFFICE, PHONE
from tests.browser.test_every_page import _SHOTS, _shoot, _violations
from tests.journal import handmade
from tests.journal.pyjudge import WHOLE, judge_proof
from yukuaiban.cases.facts import stream_of
from yukuaiban.journal import outside, sequencing
from yukuaiban.web.templatetags.ykb import qr

pytestmark = pytest.mark.browser
TAIL, NUMBER = "5678", "13912345678"


@pytest.fixture
def sign(office, tmp_path):
    """Give all events their leaf and sign a checkpoint, as the worker does every minute."""

    def signed(moment=None):
        if moment:
            office.at(moment)
        sequencing.advance(office.now, memory=tmp_path / "signed")

    return signed


@pytest.fixture
def case(office, sign):
    found = office.in_review(applicant="欧阳明月", phone=NUMBER)
    sign()
    return found


def drop(page, content, name="存证.json"):
    """Choose a file of that content."""
    data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    page.locator("#said").evaluate("(each) => { each.hidden = true; }")
    page.get_by_label("选择文件").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": data}
    )
    expect(page.locator("#said")).to_be_visible()
    return page.locator("#said")


def opened(visit, address="/proof", **options):
    page = visit(viewport=PHONE, **options)
    page.goto(address)
    page.locator("#proof[data-ready]").wait_for()
    expect(page.get_by_text("node verify.mjs")).to_be_hidden()
    return page


def test_from_the_code_of_a_receipt_to_the_verdict(case, house, enter, visit, axe, pytestconfig):
    desk = enter("xiaoyu")
    desk.goto(f"/cases/{case.number}/receipt")
    _shoot(desk, "receipt with proof", "office", pytestconfig)
    code = desk.locator(".qr .mono.no").inner_text()
    printed = f"{house.url}/proof#case={case.number}&h={code}"
    drawn = re.search(r' d="([^"]+)"', qr(printed, ""))[1]
    assert desk.locator(".p-qr path").nth(1).get_attribute("d") == drawn

    page, asked = opened(visit, printed), []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    expect(page.get_by_label("编号")).to_have_value(case.number)
    page.get_by_label("查询码").fill(case.query_code.lower())
    page.get_by_label("手机号后四位").fill(TAIL)
    _shoot(page, "proof form", "phone", pytestconfig)
    page.get_by_role("button", name="取证明并核对").click()
    said = page.locator("#said[data-kind=whole]")
    expect(said).to_contain_text("核对通过")
    expect(said).to_contain_text("3 条留痕与检查点完全相符，签名成立")
    expect(said).to_contain_text("已比对存证码")
    said.get_by_text("这个办件的 3 条留痕").click()
    expect(said.locator("li").first).to_contain_text("2026-03-02 09:00　收件")
    assert asked == [("POST", f"{house.url}/q/proof")]
    assert _violations(page, axe) == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    _shoot(page, "proof whole", "phone", pytestconfig)
    page.set_viewport_size(OFFICE)
    _shoot(page, "proof whole", "office", pytestconfig)


def test_a_changed_event_is_named_with_its_number_and_reason(case, visit, axe, pytestconfig):
    proof, page = outside.proof(stream_of(case.number)), opened(visit)
    assert "核对通过" in drop(page, proof).inner_text()
    changed = json.loads(json.dumps(proof))
    event = changed["events"][1]
    event["text"] = event["text"].replace("2026-03-02T01:00", "2026-03-02T00:00")
    said = drop(page, changed)
    assert said.get_attribute("data-kind") == "bad"
    expect(said).to_contain_text("第 2 条（2026-03-02 08:00 受理）有问题：时间早于上一条。")
    expect(said.locator("li.is-bad")).to_contain_text("第 2 条")
    assert said.locator("li.is-bad").count() == 1
    assert _violations(page, axe) == {}
    _shoot(page, "proof changed", "phone", pytestconfig)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def altered(proof, **changes):
    return proof | changes


# What a person does with the mouse; without a text a file of zeros, a byte too long.
_DROP = """(target, text) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text ?? new Uint8Array(20_000_001)], "存证.json"));
  target.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""
FOREIGN = re.compile("^yukuaiban[.]sample/journal")


def test_damaged_and_foreign_files_get_a_plain_sentence(case, visit):
    proof, page = outside.proof(stream_of(case.number)), opened(visit)
    text = json.dumps(proof, ensure_ascii=False).encode()
    elsewhere = {
        kind: FOREIGN.sub("yukuaiban.elsewhere/journal", note) for kind, note in proof["checkpoint"].items()
    }
    root = proof["checkpoint"]["sha256"]
    unsigned = proof["checkpoint"] | {"sha256": root[: root.index("\n\n") + 2]}
    for content, kind, sentence in (
        (text[:-400], "none", "这不是本系统出具的证明文件，或者文件不完整"),
        (b"%PDF-1.4\n", "none", "这不是本系统出具的证明文件"),
        (b"null", "none", "这不是本系统出具的证明文件"),
        (altered(proof, events=[{}]), "none", "这不是本系统出具的证明文件"),
        (altered(proof, checkpoint=elsewhere), "none", "另一本留痕账本“yukuaiban.elsewhere/journal/sha256”"),
        (altered(proof, checkpoint=unsigned), "none", "文件读不出"),
        (altered(proof, events=[]), "bad", "证明有问题：不全是"),
        (
            altered(proof, events=proof["events"][1:]),
            "bad",
            "第 2 条（2026-03-02 09:00 受理）有问题：它前面缺了留痕",
        ),
    ):
        said = drop(page, content)
        expect(said).to_contain_text(sentence)
        assert said.get_attribute("data-kind") == kind, sentence


def test_a_file_that_is_too_large_is_not_read_and_a_dropped_one_is(case, visit):
    page, text = opened(visit), json.dumps(outside.proof(stream_of(case.number)))
    for content, sentence in ((None, "超过 20 MB"), (text, "核对通过")):
        page.locator("#drop").evaluate(_DROP, content)
        expect(page.locator("#said")).to_contain_text(sentence)


def test_keys_that_a_file_brings_along_are_not_believed(house, visit):
    """A whole journal under our name, signed with a key of the forger, who puts that key into the file as well."""
    forged = handmade.proof(handmade.sample(), "GY-2026-000003")
    assert judge_proof(json.dumps(forged)) == (WHOLE, None)
    said = drop(opened(visit), forged)
    expect(said).to_contain_text("没有 yukuaiban.sample/journal/sha256 自己的签名，或缺少它的公钥")
    assert said.get_attribute("data-kind") == "bad"


def test_what_sm2_alone_has_signed_is_called_checked_in_part(office, sign, visit, settings):
    settings.YKB_JOURNAL_SM2_KEY = bytes(range(7, 39))
    case = office.in_review()
    sign()
    said = drop(opened(visit), outside.proof(stream_of(case.number)))
    assert said.get_attribute("data-kind") == "part"
    expect(said).to_contain_text("这里不能计算检查点的签名（国密 SM2 签名）")
    expect(said).to_contain_text("yukuaiban.sample/journal/sha256 的签名（这里不能计算）")


def test_a_receipt_is_ahead_of_the_checkpoint_for_a_minute_and_otherwise_on_the_chain(
    case, office, sign, visit
):
    office.at("2026-03-02T09:30")
    office.do(case, "add_evidence", "handler", evidence=[office.paper(case)])
    case.refresh_from_db()
    proof = outside.proof(stream_of(case.number))
    page = opened(visit, f"/proof#case={case.number}&h={bytes(case.head).hex()[:16]}")
    said = drop(page, proof)
    expect(said).to_contain_text("最新的 1 条留痕还没有进检查点")
    assert said.get_attribute("data-kind") == "wait"
    sign("2026-03-02T09:32")
    assert "核对通过" in drop(page, outside.proof(stream_of(case.number))).inner_text()
    for code, kind, sentence in (
        ("0123456789abcdef", "bad", "链上没有回执所印的哈希：回执印出以后这个办件的留痕被改动过"),
        ("0123", "none", "存证码应是 16 位"),
    ):
        page.get_by_label("存证码").fill(code)
        said = drop(page, outside.proof(stream_of(case.number)))
        expect(said).to_contain_text(sentence)
        assert said.get_attribute("data-kind") == kind


def test_a_wrong_code_and_a_missing_case_look_the_same_and_a_pasted_proof_is_judged(case, visit):
    page, heard = opened(visit), []
    for number in (case.number, "990101000220260302000023"):
        page.get_by_label("编号").fill(number)
        page.get_by_label("查询码").fill("WRONG1")
        page.get_by_label("手机号后四位").fill("1234")
        with page.expect_response("**/q/proof") as answered:
            page.get_by_role("button", name="取证明并核对").click()
        heard.append((answered.value.status, page.locator("#said").inner_text()))
    assert heard[0] == heard[1]
    assert heard[0][0] == 404
    page.get_by_label("编号").fill(case.number)
    page.get_by_text("粘贴文件内容").click()
    page.get_by_label("证明文件的内容").fill(json.dumps(outside.proof(stream_of(case.number))))
    page.get_by_role("button", name="核对粘贴的内容").click()
    expect(page.locator("#said")).to_contain_text("核对通过")


def test_without_a_script_the_page_says_how_and_hands_out_the_file(case, visit):
    page = visit(viewport=PHONE, java_script_enabled=False)
    page.goto("/proof")
    expect(page.get_by_text("node verify.mjs 证明文件.json")).to_be_visible()
    page.get_by_label("编号").fill(case.number)
    page.get_by_label("查询码").fill(case.query_code)
    page.get_by_label("手机号后四位").fill(TAIL)
    with page.expect_download() as fetched:
        page.get_by_role("button", name="取证明并核对").click()
    proof = json.loads(Path(fetched.value.path()).read_text(encoding="utf-8"))
    assert proof == outside.proof(stream_of(case.number))
    assert fetched.value.suggested_filename == f"存证-{case.number}.json"


def test_the_bulletin_is_one_printed_page(case, office, sign, visit, axe, pytestconfig):
    office.at("2026-03-03T10:00").receive()
    sign()
    office.at("2026-03-04T08:00")
    page = visit()
    page.goto("/proof/bulletin")
    expect(page.get_by_role("heading", level=1)).to_have_text("存证公报")
    assert page.url.endswith("/proof/bulletin/2026-03-03")
    assert _violations(page, axe) == {}
    _shoot(page, "bulletin", "office", pytestconfig)
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(printed) as paper:
        assert len(paper) == 1
        told = paper[0].get_textpage().get_text_range()
    if pytestconfig.getoption("shots"):
        (_SHOTS / "bulletin-print.pdf").write_bytes(printed)
    assert "存证公报" in told
    assert "前一天" not in told
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    _shoot(page, "bulletin", "phone", pytestconfig)
