"""Through HTTP: importing with a dry run, the tree, many leaves at once, the evaluator's link, papers, two editions."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.cast import FARM, Office
from tests.demonstration.conftest import COLUMNS, TREE
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import InputInvalid
from yukuaiban.evidence import documents, inspecting, tables_in
from yukuaiban.evidence.documents import Hand, Said
from yukuaiban.journal.reading import events
from yukuaiban.measures.demonstration import papers, queries, selfreport
from yukuaiban.measures.demonstration.models import IndexEdition
from yukuaiban.measures.demonstration.tree import HEADINGS
from yukuaiban.people.district import installed

TODAY = date(2026, 3, 2)
HEADING = {
    "batch": "2026",
    "name": "2026年度示范创建",
    "kind": "comprehensive",
    "source": "创建方案（虚构）",
    "period_since": "2025-01-01",
    "period_until": "2026-12-31",
}


def table(rows=TREE) -> SimpleUploadedFile:
    return SimpleUploadedFile("index.csv", "\n".join([COLUMNS, *rows]).encode())


def test_the_template_is_read_as_it_is_handed_out(works, enter, tmp_path) -> None:
    answer = enter("office").get(reverse("demonstration:template"))
    path = tmp_path / "t.xlsx"
    path.write_bytes(answer.content)
    rows = list(tables_in.read_table(path))
    assert tuple(rows[0].cells) == HEADINGS
    assert [row.cells["编号"] for row in rows] == ["1", "1.1", "1.1.1"]


def test_a_dry_run_stores_nothing_and_names_every_wrong_row(works, enter) -> None:
    client, address = enter("office"), reverse("demonstration:import")
    tried = client.post(address, HEADING | {"file": table()})
    assert "试读通过，没有存入：9 项指标，其中末级 4 项（否决项 1 项）" in tried.content.decode()
    wrong = client.post(address, HEADING | {"file": table([*TREE, "9.9,2,无上级,,,,"]), "store": "1"})
    assert wrong.status_code == 422
    assert "第 11 行" in wrong.content.decode()
    empty = client.post(address, HEADING | {"period_until": "2024-01-01", "file": table()})
    assert "止日早于起日" in empty.content.decode()
    assert not IndexEdition.objects.exists()
    assert not Case.objects.exists()


def test_an_edition_is_imported_assigned_and_seen_by_its_owners(works, enter) -> None:
    client = enter("office")
    assert (
        client.post(reverse("demonstration:import"), HEADING | {"file": table(), "store": "1"}).status_code
        == 302
    )
    address = reverse("demonstration:assign")
    given = {"agency": FARM, "leaves": ["1.1.1", "1.2.1"]}
    assert client.post(f"{address}?batch=2026", given).status_code == 302
    assert client.post(f"{address}?batch=2026", {"agency": FARM}).status_code == 422
    works.do("1.1.2", "assign_leaf", "office", handling_agency=FARM)
    works.do("1.1.2", "find_gap", "office", finding="没有公示")
    chosen = re.findall(
        r'name="leaves" value="([\d.]+)"', client.get(reverse("demonstration:tree")).content.decode()
    )
    assert chosen == ["1.1.1", "1.2.1", "2.1.1"]
    page = enter("handler").get(reverse("demonstration:tree")).content.decode()
    assert page.count("</span>区农业农村局</td>") == 3
    assert "待分派" in page
    assert "否决项" in page
    queue = enter("handler").get("/queue").content.decode()
    assert "权责清单公开" in queue
    case = works.case("1.1.1")
    shown = enter("handler").get(reverse("case", args=[case.number])).content.decode()
    assert "指标与评分" in shown
    assert "关联材料" in shown
    assert "打印回执" not in shown


def test_a_leaf_is_worked_through_the_generic_pages(office: Office, works, edition, enter) -> None:
    case = works.case("1.1.1")

    def act(action: str, who: str, **data: object) -> None:
        answer = enter(who).post(reverse("case_act", args=[case.number, action]), data)
        assert answer.status_code == 302, answer.content.decode()[-3000:]

    act("assign_leaf", "office", handling_agency=FARM, supporting=["sp-0004"])
    act("take_on", "handler")
    form = enter("handler").get(reverse("case_act", args=[case.number, "attach_documents"]))
    assert form["Location"] == reverse("document_add", args=["case", case.number])
    upload = SimpleUploadedFile("报告.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
    said = {"file": upload, "title": "公开情况报告", "kind": "report", "issued_on": "2026-02-01"}
    assert enter("handler").post(form["Location"], said).status_code == 302
    act("self_assess", "handler", grade="most", reason="基本公开")
    act("review_leaf", "reviewer", grade="half", opinion="缺一项")
    act("find_gap", "office", finding="缺一项", origin="review")
    act("set_measure", "handler", measure="补一项")
    act("close_gap", "office", result="已补")
    assert works.case("1.1.1").stage == "sound"
    page = enter("office").get(reverse("case", args=[case.number])).content.decode()
    assert "公开情况报告" in page
    assert "曾销号" in page
    gaps = enter("chief").get(reverse("demonstration:gaps")).content.decode()
    assert "100.00%" in gaps
    assert "缺一项" in gaps


def test_a_document_attached_by_mistake_is_detached_by_an_action_of_the_leaf(works, edition, enter) -> None:
    works.assigned("1.1.1", "1.2.1")
    made, case = works.document("1.1.1", "1.2.1"), works.case("1.1.1")
    address = reverse("document_detach", args=[made.uid, "case", case.number])
    assert "取消关联" in enter("handler").get(reverse("document", args=[made.uid])).content.decode()
    assert enter("stranger").post(address, {"reason": "x"}).status_code == 404
    assert enter("handler").post(address, {"reason": ""}).status_code == 422
    assert enter("handler").post(address, {"reason": "传错了"}).status_code == 302
    assert queries.leaves(edition, TODAY, only=["1.1.1"])[0].marked == []
    assert len(queries.leaves(edition, TODAY, only=["1.2.1"])[0].counted) == 1
    assert enter("handler").post(address, {"reason": "再来"}).status_code == 422
    shown = enter("handler").get(reverse("case_act", args=[case.number, "detach_documents"]))
    assert shown["Location"].endswith("#documents")
    events_of_case = [event.type for event in events(f"case:{case.number}")]
    assert events_of_case[-1] == "demonstration.detach_documents"


def test_the_board_shows_everything_at_once(works, edition, enter) -> None:
    numbers = {"asked": 120, "know": 60, "valid": 99, "satisfied": 90}
    works.on(edition.case, "enter_survey", "office", on="2026-03-01", frame="两个镇", **numbers)
    works.on(
        edition.case, "plan_visit", "office", on="2026-06-15", place="服务中心", kind="real", leaves=["1.1.2"]
    )
    said = {"level": "city", "office": "市司法局", "topic": "推荐情况", "said": "待定"}
    works.on(edition.case, "note_liaison", "office", on="2026-03-02", **said)
    page = enter("office").get(reverse("demonstration:board")).content.decode()
    for words in ("样本不足", "前应模拟查看", "市司法局", "申报前还缺 4 项", "n=99", "无数据"):
        assert words in page, words
    shown = enter("office").get(reverse("case", args=[edition.case.number])).content.decode()
    assert "综合示范区" in shown


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [("handler", "board", 404), ("handler", "import", 404), ("handler", "invite", 404), ("xiaoyu", "tree", 404),
     ("watcher", "board", 200), ("office", "tree", 200), ("handler", "gaps", 200)],
)  # fmt: skip
def test_pages_are_for_whom_they_are(works, enter, who, name, status) -> None:
    answer = enter(who).get(reverse(f"demonstration:{name}"))
    assert answer.status_code == status
    missing = enter("office").get(f"{reverse('demonstration:tree')}?batch=1999")
    assert missing.status_code == 404


# -------------------------------------------------------------------------------------------- the evaluator


@pytest.fixture
def link(works, edition, enter) -> str:
    """A link for two leaves, valid until the end of the month."""
    works.sound("1.1.1")
    given = {
        "evaluator": "某大学法学院",
        "letter": "〔2026〕1号",
        "until": "2026-03-31",
        "leaves": "1.1.1\n1.1.2",
    }
    answer = enter("office").post(reverse("demonstration:invite"), given)
    return re.search(r"/evaluation/[0-9a-f]{40}", answer.content.decode())[0]


def test_an_evaluator_reads_and_scores_the_named_leaves_through_the_link(works, edition, enter, link) -> None:
    client = enter()
    page = client.get(link).content.decode()
    assert "权责清单公开" in page
    assert "重大决策" not in page
    digest = works.document("1.1.1", content=b"more")
    sha256 = documents.current(digest).file.sha256
    assert client.get(f"{link}/files/{sha256}").status_code == 200
    assert client.post(f"{link}/1.1.1", {"grade": "half", "finding": ""}).status_code == 422
    assert client.post(f"{link}/1.1.1", {"grade": "half", "finding": "少三项"}).status_code == 302
    leaf = works.leaf("1.1.1")
    assert (works.case("1.1.1").stage, leaf.outside_grade, leaf.self_grade) == ("gap", "half", "full")
    assert client.post(f"{link}/1.1.1", {"grade": "none", "finding": "更差"}).status_code == 302
    assert [gap.finding for gap in leaf.gaps.all()] == ["少三项", "更差"]
    shown = enter("office").get(reverse("case", args=[works.case("1.1.1").number])).content.decode()
    assert "第三方评估" in shown
    board = enter("office").get(reverse("demonstration:board")).content.decode()
    assert "自评全部符合，第三方不符合" in board


def test_a_wrong_ended_or_foreign_link_looks_like_a_missing_page(
    office: Office, works, edition, enter, link
) -> None:
    client = enter()
    assert client.get(f"/evaluation/{'0' * 40}").status_code == 404
    assert client.get(f"{link}/1.2.1").status_code == 404
    assert client.get(f"{link}/files/{'0' * 64}").status_code == 404
    office.at("2026-03-31T23:00")
    assert client.get(link).status_code == 200
    office.at("2026-04-01T00:01")
    assert client.get(link).status_code == 404


def test_an_evaluator_gets_personal_data_only_as_its_masked_copy(
    office: Office, works, edition, enter, link
) -> None:
    said = Said("信访名单", "report", "", date(2026, 2, 1), personal=True)
    made = works.document("1.1.1", said=said, content=b"names")
    original = documents.current(made).file.sha256
    assert enter().get(f"{link}/files/{original}").status_code == 404
    copy = inspecting.Inspected("遮.pdf", b"%PDF-1.4\n%%EOF masked", "unused")
    documents.add_masked(made, copy, Hand(office.handler, office.pen))
    masked = documents.current(made).masked.sha256
    assert enter().get(f"{link}/files/{masked}").status_code == 200
    assert enter().get(f"{link}/files/{original}").status_code == 404


def test_an_invitation_that_cannot_be_is_told_in_the_form(works, edition, enter) -> None:
    given = {"evaluator": "某大学", "letter": "1号", "until": "2026-03-01", "leaves": "1.1.1"}
    for wrong in ({"until": "2026-03-01"}, {"until": "2026-04-01", "leaves": "9.9"}, {"evaluator": ""}):
        assert enter("office").post(reverse("demonstration:invite"), given | wrong).status_code == 422


# --------------------------------------------------------------------------------------------------- papers


def test_the_evidence_lies_in_folders_and_twice_gives_the_same_bytes(
    office: Office, works, edition, enter
) -> None:
    works.assigned("1.1.1", "1.2.1")
    works.document("1.1.1", "1.2.1")
    views = queries.leaves(edition, TODAY)
    first = papers.evidence_zip(views, office.now)
    assert papers.evidence_zip(queries.leaves(edition, TODAY), office.now) == first
    later = papers.evidence_zip(views, office.at("2026-03-02T10:00").now)
    one, two = (zipfile.ZipFile(io.BytesIO(each)) for each in (first, later))
    assert one.namelist() == [
        "1/1.1/1.1.1/01 权责清单公开情况报告.pdf",
        "1/1.2/1.2.1/01 权责清单公开情况报告.pdf",
        "目录.csv",
        "SHA256SUMS",
    ]
    before, after = (each.read("目录.csv").decode("utf-8-sig").splitlines() for each in (one, two))
    assert before[0] != after[0]
    assert before[1:] == after[1:]
    rows = list(csv.DictReader(before[1:]))
    assert [row["指标编号"] for row in rows] == ["1.1.1", "1.2.1"]
    works.document("1.2.1", said=Said("=1+1", "report", "〔2026〕9号", date(2026, 2, 11)), content=b"2")
    third = papers.evidence_zip(queries.leaves(edition, TODAY), office.now)
    listed = zipfile.ZipFile(io.BytesIO(third)).read("目录.csv").decode("utf-8-sig")
    assert ",'=1+1," in listed
    answer = enter("office").post(reverse("demonstration:evidence"))
    assert answer["Content-Type"] == "application/zip"


def test_the_folder_of_a_place_holds_the_leaves_that_it_shows(works, edition, enter) -> None:
    works.assigned("1.1.1", "1.2.1")
    works.document("1.1.1", "1.2.1")
    works.on(edition.case, "plan_visit", "office", on="2026-06-15", place="服务中心", leaves=["1.2.1"])
    address = reverse("demonstration:evidence")
    answer = enter("office").post(f"{address}?visit=1")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert [name.split("/")[-2] for name in names if "/" in name] == ["1.2.1"]
    assert enter("office").post(f"{address}?visit=2").status_code == 404
    assert enter("office").post(f"{address}?visit=x").status_code == 404


def test_the_evidence_with_personal_data_asks_for_the_masked_copy(
    office: Office, works, edition, enter
) -> None:
    works.assigned("1.1.1")
    said = Said("信访名单", "report", "", date(2026, 2, 1), personal=True)
    made = works.document("1.1.1", said=said)
    with pytest.raises(InputInvalid, match=r"1\.1.1 的“信访名单”含个人信息"):
        papers.evidence_zip(queries.leaves(edition, TODAY), office.now)
    assert enter("office").post(reverse("demonstration:evidence")).status_code == 422
    copy = inspecting.Inspected("遮.pdf", b"%PDF-1.4\n%%EOF masked", "unused")
    documents.add_masked(made, copy, Hand(office.handler, office.pen))
    content = papers.evidence_zip(queries.leaves(edition, TODAY), office.now)
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.read(archive.namelist()[0]).endswith(b"masked")


def test_the_report_follows_the_index_cites_evidence_and_marks_what_is_missing(works, edition, enter) -> None:
    works.sound("1.1.1")
    answer = enter("office").post(reverse("demonstration:report"))
    paper = docx.Document(io.BytesIO(answer.content))
    lines = [each.text for each in paper.paragraphs]
    heads = [line for line in lines if re.match(r"\d+(\.\d+)* ", line)]
    assert [head.split()[0] for head in heads] == [
        "1",
        "1.1",
        "1.1.1",
        "1.1.2",
        "1.2",
        "1.2.1",
        "2",
        "2.1",
        "2.1.1",
    ]
    assert "清单已全部公开。" in lines
    assert any(line.startswith("依据材料：《权责清单公开情况报告》（〔2026〕8号）[") for line in lines)
    assert lines.count("责任单位：【待填】") == 3
    assert "依据材料：【待填】" in lines
    assert any("25.00%" in line and "25.00 / 100.00（未评 75.00）" in line for line in lines)
    assert paper.paragraphs[0].style.name == "Title"
    assert {each.style.name for each in paper.paragraphs if each.text in heads} == {"Heading 1", "Heading 2"}
    assert len(paper.tables[0].rows) == 2
    blanks = selfreport.report(edition, queries.leaves(edition, TODAY)).blanks
    assert "1.1.2 责任单位" in blanks
    assert not [each for each in blanks if each.startswith("1.1.1")]


def test_the_report_says_what_the_district_wrote_into_its_template(
    works, edition, enter, monkeypatch, tmp_path
) -> None:
    template = docx.Document()
    template.add_paragraph("本区自拟：{{ title }}，共{{ leaves }}项。")
    (tmp_path / "papers").mkdir()
    own = tmp_path / "papers" / "demonstration_report.docx"
    template.save(own)
    monkeypatch.setattr(selfreport, "installed", lambda: replace(installed(), root=tmp_path))
    answer = enter("office").post(reverse("demonstration:report"))
    lines = [each.text for each in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert lines == ["本区自拟：望海区2026年度示范创建自评报告，共4项。"]
    template.add_paragraph("{{ total }}")
    template.save(own)
    refused = enter("office").post(reverse("demonstration:report"))
    assert refused.status_code == 422
    assert "字段“total”不存在" in refused.content.decode()


# ------------------------------------------------------------------------------------------------- editions


def test_a_new_edition_stands_beside_the_old_one_and_takes_evidence_over_only_by_choosing(
    works, edition, enter
) -> None:
    works.assigned("1.1.1", "1.2.1")
    works.document("1.1.1", "1.2.1")
    changed = [
        *TREE[:2],
        "1.1.1,3,权责清单动态调整,25,书面,,报告或总结",
        *TREE[3:4],
        *TREE[6:],
        "1.2,2,决策,20,,,",
        "1.2.1,3,重大决策合法性审查,20,书面,是,",
    ]
    changed = [row for row in changed if not row.startswith("2")] + ["2,1,群众满意,40,,,", "2.1,2,评议,40,,,"]
    new = works.bring(changed, "2028")
    client, address = enter("office"), reverse("demonstration:difference")
    page = client.get(f"{address}?batch=2028&old=2026").content.decode()
    assert "权责清单动态调整" in page
    assert "可沿用的材料" in page
    assert queries.leaves(new, TODAY, only=["1.1.1"])[0].marked == []
    works.on(works.case("1.1.1", "2028"), "assign_leaf", "office", handling_agency=FARM)
    assert client.post(f"{address}?batch=2028&old=2026", {"codes": ["1.1.1"]}).status_code == 302
    assert len(queries.leaves(new, TODAY, only=["1.1.1"])[0].counted) == 1
    assert queries.leaves(new, TODAY, only=["1.2.1"])[0].marked == []
    assert client.get(f"{address}?batch=2028").status_code == 404
    assert IndexEdition.objects.count() == 2


def test_the_list_for_a_place_has_points_evidence_and_boxes(works, edition, enter) -> None:
    works.assessed("1.1.1")
    what = {"place": "政务服务大厅", "on": "2026-06-15", "kind": "real"}
    works.on(
        edition.case, "plan_visit", "office", leaves=["1.1.1", "1.1.2"], points=["公示栏是否最新"], **what
    )
    board = enter("office").get(reverse("demonstration:board")).content.decode()
    address = reverse("demonstration:site_sheet", args=[1])
    assert f'href="{address}?batch=2026"' in board
    page = enter("reviewer").get(f"{address}?batch=2026")
    text = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
    assert "公示栏是否最新 □ 符合 □ 不符合" in text
    assert "□ 《权责清单公开情况报告》〔2026〕8号" in text
    assert "待分派 还没有有效材料 □ 符合" in text
    assert "1.2.1" not in text
    assert enter("office").get(reverse("demonstration:site_sheet", args=[2])).status_code == 404
    assert enter("handler").get(address).status_code == 404
