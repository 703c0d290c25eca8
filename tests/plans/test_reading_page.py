"""The plan is taken in, checked, corrected and confirmed on its pages, as forms and links alone do it."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import pens
from tests.plans.papers import docx_of, html_of, pdf_of
from tests.plans.working import TEXT, PlanOffice
from yukuaiban.people.models import Agency, Staff
from yukuaiban.plans import deciding
from yukuaiban.plans.models import Plan, PlanVersion, Task
from yukuaiban.web import session

READING, CORRECT, LOOK, DECIDE = (f"/plans/2026/reading{way}" for way in ("", "/correct", "/look", "/decide"))
Enter = Callable[[str], Client]


@pytest.fixture
def enter(plans: PlanOffice, settings: Any, monkeypatch: Any) -> Enter:
    """A client signed in as one of the people of the plan."""
    settings.YKB_PEN = pens.HELD
    monkeypatch.setattr(pens.HeldPen, "clock", lambda: plans.office.now)

    def signed_in(who: str) -> Client:
        staff, client = Staff.objects.get(login=who.replace("_", "-")), Client()
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        session.keep_key(staff, client.session.session_key)
        return client

    return signed_in


def version() -> PlanVersion:
    return PlanVersion.objects.select_related("plan").order_by("-number")[0]


def entry(n: int) -> dict[str, Any]:
    found: dict[str, Any] = version().sheet["items"][n]
    return found


def sent(client: Client, form: str, at: int | str = 0, *, seen: int | None = None, **values: Any) -> Any:
    """A correction as the page sends it."""
    data = {"form": form, "at": at if isinstance(at, str) else entry(at)["key"], "edit": form}
    data |= {"seen": version().revision if seen is None else seen} | values
    return client.post(CORRECT, data)


def words_of(answer: Any) -> str:
    return answer.content.decode()


def test_a_pasted_text_becomes_a_reading_with_every_span_at_its_place(
    plans: PlanOffice, enter: Enter
) -> None:
    client = enter("planner")
    answer = client.post("/plans/new", {"year": 2026, "text": TEXT.replace("\n", "\r\n")})
    assert (answer.status_code, answer.headers["Location"]) == (302, READING)
    page = words_of(client.get(READING))
    assert version().text == TEXT
    shown = re.findall(r'data-at="(\d+)">([^<]*)<', page)
    assert "".join(words for _at, words in shown) == entry(0)["text"].replace("\n", "")
    assert all(TEXT.startswith(words, int(at)) for at, words in shown if "&" not in words)
    assert "读取中，未入库" in page
    assert "综合窗口" in page
    assert "2026-03-31 周二" in page


PAPERS = {
    "plan.txt": (TEXT.encode(), ""),
    "gbk.txt": (TEXT.encode("gb18030"), ""),
    "plan.docx": (docx_of(TEXT.split("\n")), ""),
    "plan.pdf": (pdf_of(TEXT.split("\n")), ""),
    "plan.html": (html_of(TEXT.split("\n")), ""),
    "scan.pdf": (pdf_of([]), "没有文字层，像是扫描件"),
    "locked.pdf": (pdf_of(["字"], encrypted=True), "已加密"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 .doc"),
    "empty.txt": (b"", "文件里没有文字"),
    "blank.txt": ("　\n \n".encode(), "文件里没有文字"),
    "noise.txt": (bytes(range(256)) * 8, "认不出文字编码"),
    "other.txt": ("今天天气很好。".encode(), "没有认出任何一项举措"),
}


@pytest.mark.parametrize("name", PAPERS)
def test_a_file_is_read_or_refused_with_a_sentence_at_its_field(enter: Enter, name: str) -> None:
    content, refused = PAPERS[name]
    upload = SimpleUploadedFile(name, content)
    answer = enter("planner").post(
        "/plans/new", {"year": 2026, "document_no": "望发〔2026〕1号", "file": upload}
    )
    if not refused:
        assert answer.status_code == 302
        assert (version().file, len(version().sheet["items"])) == (name, 7)
        return
    assert answer.status_code == 422
    assert refused in words_of(answer)
    assert "望发〔2026〕1号" in words_of(answer)
    assert not Plan.objects.exists()


def test_what_is_missing_or_twice_is_told_and_nothing_typed_is_lost(plans: PlanOffice, enter: Enter) -> None:
    client = enter("planner")
    assert "没有选择文件，也没有粘贴全文" in words_of(client.post("/plans/new", {"year": 2026}))
    file = SimpleUploadedFile("a.txt", TEXT.encode())
    both = client.post("/plans/new", {"year": 2026, "text": TEXT, "file": file})
    assert "只用一种" in words_of(both)
    assert "渔港小微企业" in words_of(both)
    plans.take_in()
    again = client.post("/plans/new", {"year": 2027, "text": TEXT})
    assert again.status_code == 422
    assert "已于 2026-01-12 录入为 2026 年方案第 1 版" in words_of(again)


def test_a_file_of_fifty_megabytes_is_refused_before_it_is_read_whole(enter: Enter) -> None:
    upload = io.BytesIO(bytes(21 * 1024 * 1024))
    upload.name = "large.txt"
    answer = enter("planner").post("/plans/new", {"year": 2026, "file": upload})
    assert answer.status_code == 413
    assert "20 MB" in words_of(answer)


def test_tracked_changes_are_told_on_the_page(enter: Enter) -> None:
    change = b'<w:ins w:id="1"><w:r><w:t> </w:t></w:r></w:ins></w:p>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx_of(TEXT.split("\n")))) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.infolist():
            part = old.read(each)
            new.writestr(
                each, part.replace(b"</w:p>", change, 1) if "document.xml" in each.filename else part
            )
    client = enter("planner")
    client.post("/plans/new", {"year": 2026, "file": SimpleUploadedFile("改.docx", out.getvalue())})
    assert "按接受全部修订后的文字读取" in words_of(client.get(READING))


def test_hostile_and_odd_signs_of_a_text_are_shown_as_they_are_at_their_offsets(
    plans: PlanOffice, enter: Enter
) -> None:
    odd = TEXT.replace("企业和群众的材料", "<script>alert(1)</script>&amp;𠮷e\u0301\u200b{{ x }}\x0c材料")
    client = enter("planner")
    upload = SimpleUploadedFile("方案e\u0301.txt", odd.encode())
    odd = odd.replace("e\u0301", "é")
    assert client.post("/plans/new", {"year": 2026, "file": upload}).status_code == 302
    page = words_of(client.get(READING))
    assert "<script>alert" not in page
    shown = re.findall(r'data-at="(\d+)">([^<]*)<', page)
    assert all(odd.startswith(html.unescape(words), int(at)) for at, words in shown)
    assert "".join(html.unescape(words) for _at, words in shown) == entry(0)["text"].replace("\n", "")
    sent(client, "retitle", title="e\u0301")
    assert entry(0)["title"] == "é"
    found = plans.looked(plans.answered(version()))
    deciding.confirm(found, seen=found.revision, hand=plans.hand("second_planner"))


def test_a_sign_that_no_database_keeps_is_refused(enter: Enter) -> None:
    upload = SimpleUploadedFile("a.txt", (TEXT + "补充" * 500).replace("窗口", "窗\0口", 1).encode())
    answer = enter("planner").post("/plans/new", {"year": 2026, "file": upload})
    assert (answer.status_code, "不能保存的控制字符" in words_of(answer)) == (422, True)


# ---------------------------------------------------------------------------------------------- correcting


def test_corrections_by_forms_change_what_was_read(plans: PlanOffice, enter: Enter) -> None:
    plans.take_in()
    client = enter("planner")
    assert sent(client, "retitle", title="一次收件").status_code == 302
    assert entry(0)["title"] == "一次收件"

    sent(client, "plan_title", title="望海区提升年方案")
    assert version().sheet["title"] == "望海区提升年方案"
    assert 'value="望海区提升年方案"' in words_of(client.get(READING, {"edit": "plan_title"}))

    step = entry(0)["milestones"][0]["key"]
    sent(client, "due", key=step, period="--04", due="2026-04-20")
    assert (entry(0)["milestones"][0]["period"], entry(0)["milestones"][0]["due"]) == ("--04", "2026-04-20")
    sent(client, "due", key=step, period="Q1", due="")
    assert entry(0)["milestones"][0]["due"] is None

    sent(client, "add_milestone", period="monthly", text="每月通报一次")
    assert entry(0)["milestones"][-1]["span"] is None
    sent(client, "add_target", comparison="<=", value="3", unit="次", first="企业和群众的材料", last="一次")
    added = entry(0)["targets"][-1]
    assert added["text"] == "企业和群众的材料只交一次"
    assert version().text[slice(*added["span"])] == added["text"]

    sent(client, "dismiss", key=added["key"])
    assert added["key"] not in [each["key"] for each in entry(0)["targets"]]
    moved = entry(0)["milestones"][1]["key"]
    sent(client, "move", key=moved, to=entry(1)["key"])
    assert moved in [each["key"] for each in entry(1)["milestones"]]


def test_items_are_split_joined_dropped_and_made(plans: PlanOffice, enter: Enter) -> None:
    plans.take_in()
    client = enter("planner")
    sent(client, "split", first="推进计划", title="推进")
    assert [entry(n)["title"] for n in (0, 1)] == ["综合窗口一次收件", "推进"]
    assert (len(entry(0)["milestones"]), len(entry(1)["milestones"])) == (0, 4)
    sent(client, "join")
    assert len(entry(0)["milestones"]) == 4
    gone = sent(client, "drop_item", at=6)
    assert f"at={entry(5)['key']}" in gone.headers["Location"]
    assert len(version().sheet["items"]) == 6
    lost = TEXT.index("公开结果。阶段")
    sent(client, "add_item", at="unread", kind="safeguard", first="公开结果。阶段", last="公开。")
    assert entry(6)["span"][0] == lost
    rest = version().sheet["unread"][0]
    sent(client, "respan", at="unread", key=entry(0)["key"], start=rest[0], end=entry(0)["span"][1])
    assert entry(0)["span"][0] == rest[0]


def test_a_sentence_becomes_a_goal_of_the_plan_with_its_figure_entered(
    plans: PlanOffice, enter: Enter
) -> None:
    plans.take_in()
    client = enter("planner")
    page = words_of(client.get(READING))
    assert "力争综合评价进入全市前三名”可列为年度总目标" in page
    start = TEXT.index("力争综合")
    end = start + len("力争综合评价进入全市前三名")
    sent(client, "goal", at="unread", goal="rank", start=start, end=end)
    (goal,) = version().sheet["goals"]
    assert (goal["text"], goal["kind"]) == ("力争综合评价进入全市前三名", "rank")
    sent(client, "figure", at="unread", key=goal["key"], figure="第 2 名", figure_source="市通报")
    assert version().sheet["goals"][0]["figure"] == "第 2 名"


def test_a_name_is_found_by_its_initials_and_assigned(plans: PlanOffice, enter: Enter) -> None:
    plans.take_in(TEXT.replace("东渔镇", "西渔镇"))
    client = enter("planner")
    (name,) = [each for each in entry(1)["agencies"] if each["name"] == "西渔镇"]
    page = words_of(client.get(READING, {"at": entry(1)["key"]}))
    assert "1 个对不上" in page
    assert "2 个已对上，1 个待定" in page
    found = words_of(client.get(READING, {"at": entry(1)["key"], "edit": name["key"], "words": "dyz"}))
    assert 'value="sp-0004"' in found
    sent(client, "assign", at=1, key=name["key"], codes=["sp-0004"], role="supporting")
    assert next(each for each in entry(1)["agencies"] if each["key"] == name["key"])["codes"] == ["sp-0004"]
    assert "都已对上" in words_of(client.get(READING, {"at": entry(1)["key"]}))


def test_an_agency_that_is_added_does_not_lead_unless_somebody_says_so(
    plans: PlanOffice, enter: Enter
) -> None:
    plans.take_in()
    client = enter("planner")
    page = words_of(client.get(READING, {"edit": "add_agency"}))
    assert '<option value="responsible" selected>' in page
    sent(client, "add_agency", codes=["sp-0006"], role="responsible", name="渔业服务中心")
    added = entry(0)["agencies"][-1]
    assert (added["name"], added["codes"], added["source"]) == ("渔业服务中心", ["sp-0006"], "entered")
    assert [each["role"] for each in entry(0)["agencies"]].count("lead") == 1


def test_an_agency_that_is_no_more_is_shown_as_unsettled(plans: PlanOffice, enter: Enter) -> None:
    plans.take_in()
    Agency.objects.filter(code="sp-0004").update(until="2026-01-01")
    page = words_of(enter("planner").get(READING, {"at": entry(1)["key"]}))
    assert "1 个待定" in page


@pytest.mark.parametrize(
    ("form", "values", "said"),
    [
        ("retitle", {"title": ""}, "aria-invalid"),
        ("add_milestone", {"period": "Q1"}, "没有写原文中的字"),
        ("add_milestone", {"period": "Q1", "first": "没有这句", "last": "话"}, "这里的原文中没有“没有这句”"),
        ("add_target", {"comparison": ">=", "value": "很多", "unit": "%", "text": "很多"}, "不是数"),
        ("add_target", {"comparison": ">=", "value": "NaN", "unit": "%", "text": "很多"}, "不是数"),
        ("split", {"first": "综合"}, "出现"),
        ("add_agency", {"role": "lead", "name": "某局"}, "aria-invalid"),
    ],
)
def test_a_wrong_form_comes_back_with_the_reason_and_what_was_written(
    plans: PlanOffice, enter: Enter, form: str, values: dict[str, str], said: str
) -> None:
    plans.take_in()
    answer = sent(enter("planner"), form, **values)
    assert answer.status_code == 422
    page = words_of(answer)
    assert said in page
    assert all(
        f'value="{value}"' in page for name, value in values.items() if name in ("first", "text", "value")
    )
    assert version().revision == 0


def test_of_two_who_correct_at_once_the_later_sees_what_changed_and_keeps_the_own_words(
    plans: PlanOffice, enter: Enter
) -> None:
    plans.take_in()
    first, second = enter("planner"), enter("second_planner")
    sent(first, "retitle", title="窗口一次收件", seen=0)
    answer = sent(second, "retitle", title="一次办成", seen=0)
    page = words_of(answer)
    assert answer.status_code == 409
    assert entry(0)["title"] == "窗口一次收件"
    assert "您打开以后，别人改了" in page
    assert "改标题：“窗口一次收件”：窗口一次收件" in page
    assert 'value="一次办成"' in page
    assert 'name="seen" value="1"' in page
    sent(second, "retitle", title="一次办成", seen=1)
    assert entry(0)["title"] == "一次办成"


def test_a_thing_that_somebody_has_taken_away_does_not_take_the_written_words_along(
    plans: PlanOffice, enter: Enter
) -> None:
    plans.take_in()
    step = entry(0)["milestones"][0]["key"]
    sent(enter("second_planner"), "dismiss", key=step)
    answer = sent(enter("planner"), "due", key=step, period="--05", due="2026-05-20", seen=0)
    assert answer.status_code == 409
    assert 'value="2026-05-20"' in words_of(answer)


# ------------------------------------------------------------------------------------------- confirming


def test_the_second_person_looks_at_everything_confirms_and_the_board_is_there(
    plans: PlanOffice, enter: Enter
) -> None:
    plans.take_in()
    first, second = enter("planner"), enter("second_planner")
    sent(first, "lead", at=3, key=entry(3)["agencies"][0]["key"], role="lead")
    seen = {"seen": version().revision}
    refused = first.post(DECIDE, seen | {"decision": "confirm"})
    assert refused.status_code == 403
    assert "第二人确认" in words_of(refused)
    early = second.post(DECIDE, seen | {"decision": "confirm"})
    assert (early.status_code, "还有 7 项没有看过" in words_of(early)) == (422, True)
    assert "已看 0 / 7 项，看完才能确认" in words_of(second.get(READING))
    for each in version().sheet["items"]:
        second.post(LOOK, seen | {"at": each["key"]})
    assert "都已看过，可以确认" in words_of(second.get(READING))
    second.post(DECIDE, seen | {"decision": "confirm"})
    assert "已确认，未生效" in words_of(first.get(READING))
    late = sent(first, "retitle", title="晚了")
    assert (late.status_code, "刚刚已由别人确认" in words_of(late), "晚了" in words_of(late)) == (
        409,
        True,
        True,
    )
    begun = first.post(DECIDE, seen | {"decision": "put_in_force"})
    assert begun.headers["Location"] == "/plans/2026"
    assert Plan.objects.get().status == "in_force"
    assert Task.objects.count() == 17
    assert "现行" in words_of(first.get("/plans"))


def test_two_confirm_at_once_and_the_later_is_told(plans: PlanOffice, enter: Enter) -> None:
    found = plans.looked(plans.looked(plans.answered(plans.take_in())), "hall_planner")
    deed = {"decision": "confirm", "seen": found.revision}
    assert enter("second_planner").post(DECIDE, deed).status_code == 302
    late = enter("hall_planner").post(DECIDE, deed)
    assert late.status_code == 409
    assert "刚刚已由别人确认" in words_of(late)


def test_whoever_looked_at_an_older_state_looks_again(plans: PlanOffice, enter: Enter) -> None:
    plans.take_in()
    sent(enter("planner"), "retitle", title="改过")
    answer = enter("second_planner").post(LOOK, {"at": entry(0)["key"], "seen": 0})
    assert answer.status_code == 409
    assert "改标题" in words_of(answer)
    assert version().sheet["looked"] == {}


def test_names_without_an_agency_keep_the_plan_out_of_force_and_are_named(
    plans: PlanOffice, enter: Enter
) -> None:
    plans.confirmed(TEXT.replace("东渔镇", "西渔镇"))
    client = enter("planner")
    assert "还有 1 处待定，现在不能生效" in words_of(client.get(READING))
    answer = client.post(DECIDE, {"decision": "put_in_force"})
    assert answer.status_code == 422
    assert "单位表里没有“西渔镇”" in words_of(answer)
    assert not Task.objects.exists()
    client.post(DECIDE, {"decision": "reopen", "reason": "西渔镇没有对上"})
    assert version().confirmed_at is None


def test_the_second_person_sends_back_with_a_reason(plans: PlanOffice, enter: Enter) -> None:
    plans.take_in()
    second = enter("second_planner")
    deed = {"decision": "send_back", "seen": 0}
    assert "没有写理由" in words_of(second.post(DECIDE, deed | {"reason": ""}))
    second.post(DECIDE, deed | {"reason": "标题太长"})
    assert "退回：标题太长" in words_of(enter("planner").get(READING))


def test_a_version_is_dropped_with_a_reason_and_the_list_tells_it(plans: PlanOffice, enter: Enter) -> None:
    plans.take_in()
    client = enter("planner")
    answer = client.post(DECIDE, {"decision": "drop", "reason": "录错了"})
    assert answer.headers["Location"] == "/plans"
    assert "已撤下" in words_of(client.get("/plans"))
    assert client.get(READING).status_code == 404


# -------------------------------------------------------------------------------------------- amended


def test_an_amended_text_is_shown_item_by_item_before_and_after(plans: PlanOffice, enter: Enter) -> None:
    plans.in_force()
    changed = TEXT.replace("二季度，上线现场核查预约；四季度，总结提速成效。", "三季度，上线现场核查预约。")
    plans.take_in(changed.replace("（二）公开结果。阶段成效和存在问题一并向社会公开。", ""))
    client = enter("planner")
    page = words_of(client.get("/plans/2026/changes"))
    assert "第 1 版 → 第 2 版" in page
    assert "<b>1</b> 改动" in page
    assert "<b>1</b> 删去" in page
    assert "<del>二</del><ins>三</ins>季度" in page
    assert "生效时取消" in page
    assert "沿用，改到期日" in page
    assert client.get("/plans/2026/changes?version=1").status_code == 200
    assert client.get("/plans/2026/changes?version=9").status_code == 404


def test_who_is_not_of_the_coordinating_office_may_read_the_list_and_no_more(
    plans: PlanOffice, enter: Enter
) -> None:
    plans.take_in()
    client = enter("reporter")
    assert client.get("/plans").status_code == 200
    assert {client.get(each).status_code for each in (READING, "/plans/new", "/plans/2026/changes")} == {404}
    assert client.post(CORRECT, {"form": "retitle"}).status_code == 404


def test_the_pages_ask_the_database_as_often_for_a_large_plan_as_for_a_small_one(
    plans: PlanOffice, enter: Enter
) -> None:
    many = "\n".join(
        f"（{n}）\n具体举措：第{n}项工作，完成{n}0%以上。\n推进计划：一季度，启动第{n}项；二季度，完成第{n}项。\n"
        f"责任单位：区农业农村局、某{n}局。"
        for n in range(1, 41)
    )
    client = enter("planner")
    warm = plans.take_in(TEXT + "。")
    client.get(READING)  # calendar and sessions are read the first time
    deciding.drop(warm, "试", hand=plans.hand())
    counts = []
    for text in (TEXT, many):
        found = plans.take_in(text)
        for path in (READING, "/plans/2026/changes", "/plans"):
            with CaptureQueriesContext(connection) as seen:
                client.get(path)
            counts.append(len(seen))
        deciding.drop(found, "再试", hand=plans.hand())
    assert counts[:3] == counts[3:]
    assert max(counts) <= 12
