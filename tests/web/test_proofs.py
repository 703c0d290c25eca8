"""What pages say of proofs: receipt, public query, case page, bulletin; and who may fetch the proof of a case."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.journal.pyjudge import WHOLE, judge_proof
from tests.journal.site import name_of, registered
from tests.settled import START
from yukuaiban.cases.facts import stream_of
from yukuaiban.journal import keys, notes, places, sequencing, tree, witnesses
from yukuaiban.journal.notes import read_note
from yukuaiban.measures.desks import tries
from yukuaiban.people.models import Staff
from yukuaiban.site.witness.memory import signer
from yukuaiban.web import reveals, scope, session
from yukuaiban.web.templatetags.ykb import qr

NAME, PHONE = "欧阳明月", "13912345678"
HOST = "http://testserver"
MISSING = "990101000220260302000023"


@pytest.fixture
def office(installed_office, db, monkeypatch):
    found = installed_office.at(START)
    monkeypatch.setattr(scope, "now", lambda: found.now)
    monkeypatch.setattr("yukuaiban.site.livepen.LivePen.moment", lambda _self: found.now)
    return found


@pytest.fixture
def sign(office, tmp_path):
    def signed(moment=None):
        if moment:
            office.at(moment)
        sequencing.advance(office.now, memory=tmp_path / "signed")

    return signed


@pytest.fixture
def case(office):
    return office.in_review(applicant=NAME, phone=PHONE)


def cosign(office, folder):
    """Two witnesses are registered, and the first of them cosigns the newest checkpoint."""
    states, newest = registered(office, folder), tree.newest()
    key = signer(name_of(states["jiwei"]), states["jiwei"])
    lines = {
        name: notes.cosign(read_note(note), key, office.now).removesuffix("\n")
        for name, note in newest.notes.items()
    }
    witnesses.take(newest, lines, office.now)


def enter(who):
    staff, client = Staff.objects.get(login=who), Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    session.keep_key(staff, client.session.session_key)
    return client


def asked(case, **other):
    return {"number": case.number, "code": case.query_code, "tail": PHONE[-4:]} | other


def code_of(case):
    case.refresh_from_db()
    return bytes(case.head).hex()[:16]


# ----------------------------------------------------------------------------------------- the code of a receipt


def test_receipt_public_query_and_case_page_carry_one_code_whose_number_no_log_sees(case, client):
    """What follows the # of an address stays in the browser."""
    address = f"{HOST}/proof#case={case.number}&h={code_of(case)}"
    pages = (
        enter("xiaoyu").get(f"/cases/{case.number}/receipt"),
        client.post("/q", asked(case)),
        enter("handler").get(f"/cases/{case.number}"),
    )
    drawn = re.search(r' d="([^"]+)"', qr(address, ""))[1]
    assert [drawn in page.text for page in pages] == [True, True, True]
    assert html.escape(address) in pages[1].text
    assert [code_of(case) in page.text for page in pages[:2]] == [True, True]


def test_the_code_moves_with_the_newest_event(case, office):
    before = code_of(case)
    office.do(case, "add_evidence", "handler", evidence=[office.paper(case)])
    assert code_of(case) != before
    assert code_of(case) in enter("xiaoyu").get(f"/cases/{case.number}/receipt").text


# ------------------------------------------------------------------------------------------ fetching a proof


def test_number_code_and_digits_fetch_a_proof_that_holds_and_names_nobody(case, sign, client):
    sign()
    answer = client.post("/q/proof", asked(case))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Cache-Control"] == "no-store"
    assert judge_proof(answer.text) == (WHOLE, None)
    told = json.loads(answer.text)
    assert (told["stream"], len(told["events"]), told["waiting"]) == (stream_of(case.number), 3, 0)
    assert [word for word in (NAME, PHONE, case.query_code) if word in answer.text] == []


def test_wrong_and_missing_get_the_same_answer_after_the_same_questions(case, sign, client):
    """The number that was typed is echoed; besides it and what every page makes anew, nothing differs."""
    sign()
    client.post(
        "/q/proof", asked(case, number=MISSING[::-1])
    )  # the first try of an address opens its own count
    shapes, texts = [], []
    for number in (case.number, MISSING):
        with CaptureQueriesContext(connection) as made:
            answer = client.post("/q/proof", asked(case, number=number, code="WRONG1"))
        assert answer.status_code == 404
        shapes.append(
            [
                each["sql"].split(" WHERE ")[0].split(" VALUES ")[0]
                for each in made
                if "SAVEPOINT" not in each["sql"]
            ]
        )
        token = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.text)
        texts.append(token.replace(number, ""))
    assert texts[0] == texts[1]
    assert shapes[0] == shapes[1]


def test_wrong_tries_count_for_query_and_proof_together(case, sign, client):
    sign()
    for n in range(tries.WRONG_A_DAY):
        client.post(("/q", "/q/proof")[n % 2], asked(case, code="WRONG1"))
    assert client.post("/q/proof", asked(case)).status_code == 404
    assert client.post("/q", asked(case)).status_code == 404


def test_an_address_may_try_ten_times_a_minute(case, sign, client):
    sign()
    said = [client.post("/q/proof", asked(case)).status_code for _ in range(tries.PER_MINUTE + 1)]
    assert said == [200] * tries.PER_MINUTE + [429]


def test_a_proof_is_not_for_get_and_not_there_before_the_first_checkpoint(case, client):
    assert client.get("/q/proof", asked(case)).status_code == 405
    answer = client.post("/q/proof", asked(case))
    assert answer.status_code == 422
    assert "还没有签过检查点" in answer.text


@pytest.mark.parametrize(
    ("who", "status"), [("handler", 200), ("xiaoyu", 200), ("watcher", 200), ("stranger", 404)]
)
def test_staff_download_the_proof_of_what_they_may_open(case, sign, who, status):
    sign()
    answer = enter(who).get(f"/cases/{case.number}/proof")
    assert answer.status_code == status
    if status == 200:
        assert judge_proof(answer.text) == (WHOLE, None)


def test_the_page_hands_out_the_verifier_and_the_keys_of_this_installation_alone(office, client):
    page, program = client.get("/proof"), client.get("/proof/verify.mjs")
    assert program["Content-Type"] == "text/javascript; charset=utf-8"
    assert "export async function verifyProof" in program.content.decode()
    assert 'data-origin="yukuaiban.sample/journal/sha256"' in page.text
    assert "yukuaiban.sample/journal/sm3+" in page.text
    assert "&quot;desks.admit&quot;: &quot;受理&quot;" in page.text


# ------------------------------------------------------------------------------------------- the case page


def test_the_panel_says_where_the_newest_event_stands_and_what_is_still_missing(case, office, sign):
    client = enter("handler")
    page = client.get(f"/cases/{case.number}").text
    assert "还没有进账本的树" in page
    assert "下载证明文件" not in page
    sign("2026-03-02T09:01")
    found = places.place(stream_of(case.number), 3)
    assert found.checkpoint == tree.newest()
    page = client.get(f"/cases/{case.number}").text
    assert f"第 {found.index} 叶" in page
    assert (
        f'{found.checkpoint.size} · <span class="mono">{found.root[:8]}</span> · 2026-03-02 周一 09:01'
        in page
    )
    assert "还没有见证单位签名" in page
    assert f'href="/cases/{case.number}/proof"' in page


def test_the_first_checkpoint_over_an_event_stays_its_checkpoint(case, office, sign):
    sign("2026-03-02T09:01")
    first = tree.newest()
    office.receive()
    sign("2026-03-02T09:05")
    assert tree.newest().size > first.size
    assert places.place(stream_of(case.number), 3).checkpoint == first


def test_the_case_page_asks_at_most_twelve_questions_also_with_looks_and_witnesses(
    case, office, sign, tmp_path
):
    """What stands on the page may change it by one or two, never by how much of it there is."""
    sign("2026-03-02T09:01")
    cosign(office, tmp_path)
    for n in range(4):
        told = {"subject": office.handler, "pen": office.pen, "key": f"look-{n}"}
        reveals.reveal(case, "phone", reason="contact", text="约时间", **told)
    client = enter("chief")
    page = client.get(f"/cases/{case.number}")
    assert page.text.count("查看明文：联系电话<") == 4
    assert "区纪委监委" in page.text
    with CaptureQueriesContext(connection) as made:
        client.get(f"/cases/{case.number}")
    assert len(made) <= 12, "\n".join(each["sql"] for each in made)


def test_witnesses_stand_on_the_bulletin_with_their_moments(case, office, sign, client, tmp_path):
    sign("2026-03-02T09:01")
    cosign(office, tmp_path)
    page = client.get("/proof/bulletin/2026-03-02").text
    assert '区纪委监委 <span class="num">2026-03-02 周一 09:01</span>（未满 2 家，现有 1 家）' in page
    assert "区数据局" not in page


def test_the_place_of_an_event_takes_one_question_or_two(case, sign, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert places.place(stream_of(case.number), 3) == places.Place()
    sequencing.add_leaves()
    with django_assert_num_queries(2):
        assert places.place(stream_of(case.number), 3).index is not None
    sign()
    newest = tree.newest()
    with django_assert_num_queries(1):
        assert places.place(stream_of(case.number), 3).checkpoint == newest


# -------------------------------------------------------------------------------------------- the bulletin


def test_a_bulletin_is_of_the_last_checkpoint_of_its_day_and_compares_with_the_one_before(
    case, office, sign, client
):
    sign("2026-03-02T09:01")
    first = tree.newest()
    for moment in ("2026-03-03T10:00", "2026-03-03T23:59:59"):
        office.at(moment).receive()
        sign()
    second = tree.newest()
    office.at("2026-03-04T00:00:00").receive()
    sign()
    page = client.get("/proof/bulletin/2026-03-03").text
    for half in second.roots.values():
        assert half.hex() in page
    assert f'<td class="num">{second.size}</td>' in page
    assert f"{first.size}，其后新增 {second.size - first.size} 条" in page
    assert first.roots["sha256"].hex() in page
    assert "2026-03-03 周二 23:59" in page
    assert "以下是当日最后一个检查点" in page
    assert [word for word in (NAME, PHONE, case.number) if word in page] == []


def test_a_bulletin_names_the_key_that_signed_it_also_after_the_key_was_replaced(
    case, sign, client, settings
):
    sign("2026-03-02T09:01")
    old = keys.own()
    settings.YKB_JOURNAL_KEY, settings.YKB_JOURNAL_KEYS = b"\x07" * 32, old
    page = client.get("/proof/bulletin/2026-03-02").text
    assert [html.escape(line) in page for line in old] == [True, True]
    assert html.escape(keys.own()[0]) not in page
    settings.YKB_JOURNAL_KEYS = []
    assert "已不在本系统的名单里" in client.get("/proof/bulletin/2026-03-02").text


def test_the_codes_of_a_bulletin_are_its_address_and_the_note_itself(case, sign, client):
    sign("2026-03-02T09:01")
    page = client.get("/proof/bulletin/2026-03-02").text
    note = tree.published(tree.newest())
    assert read_note(note).size == tree.newest().size
    drawn = [
        re.search(r' d="([^"]+)"', qr(content, ""))[1]
        for content in (f"{HOST}/proof/bulletin/2026-03-02", note)
    ]
    assert [each in page for each in drawn] == [True, True]


def test_a_day_without_a_checkpoint_says_so_and_repeats_the_last_one(case, office, sign, client):
    sign("2026-03-02T09:01")
    office.at("2026-03-05T09:00")
    page = client.get("/proof/bulletin/2026-03-04").text
    assert "这一天账本没有新内容" in page
    assert tree.newest().roots["sha256"].hex() in page
    assert "与上一份比对" not in page
    assert "还没有签过检查点" in client.get("/proof/bulletin/2026-03-01").text


def test_today_is_called_unfinished_and_days_to_come_and_no_days_are_not_found(case, sign, client):
    sign("2026-03-02T09:01")
    assert "当日还没有结束" in client.get("/proof/bulletin/2026-03-02").text
    for day in ("2026-03-03", "gestern", "2026-02-30", "9999-12-31", "0001-01-01x"):
        assert client.get(f"/proof/bulletin/{day}").status_code == 404, day


def test_the_bulletin_without_a_day_is_the_newest_one(case, office, sign, client):
    assert client.get("/proof/bulletin")["Location"] == "/proof/bulletin/2026-03-02"
    sign("2026-03-02T23:30")
    office.at("2026-03-09T09:00")
    assert client.get("/proof/bulletin")["Location"] == "/proof/bulletin/2026-03-02"
