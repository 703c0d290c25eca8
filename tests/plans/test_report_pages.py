"""Reports through pages: asked for, made by the worker, opened to cases and documents; the evidence book."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests import pens
from tests.journeys.hall import Hall, words
from tests.plans.working import PlanOffice
from yukuaiban.evidence import documents
from yukuaiban.evidence.inspecting import inspect
from yukuaiban.evidence.models import Document
from yukuaiban.evidence.store import content_of
from yukuaiban.jobs.models import Job
from yukuaiban.jobs.working import advance
from yukuaiban.journal.reading import events
from yukuaiban.papers import printing
from yukuaiban.plans import evidencebook, queries
from yukuaiban.plans.models import Lineage, ProgressReport, Task
from yukuaiban.registry import measure
from yukuaiban.site import django as site
from yukuaiban.site.commands.reporting import report as command
from yukuaiban.site.longwork import KINDS

REGISTER = "建立帮办名册"


@pytest.fixture(scope="module")
def opened(settled: PlanOffice, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        settled.in_force()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def prints() -> None:
    """Whoever asks for it gets the print too; the others save its time."""


@pytest.fixture(autouse=True)
def _word_alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "prints" not in request.fixturenames:
        monkeypatch.setattr(printing, "missing_fonts", lambda: "缺少字体")


@pytest.fixture
def hall(
    opened: None, plans: PlanOffice, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> Hall:
    """The plan in force, a task accepted with its paper; 20 April 2026."""
    settings.YKB_PEN, settings.YKB_RESULTS = pens.HELD, tmp_path / "results"
    monkeypatch.setattr(pens.HeldPen, "clock", lambda: plans.office.now)
    plans.do(plans.submitted(REGISTER), "accept", "planner")
    plans.at("2026-04-20T09:00")
    return Hall(plans.office)


def asked(hall: Hall, who: str = "planner", **given: str) -> Job:
    answer = hall.post(who, "plans:report_ask", 2026, **given)
    assert answer.status_code == 302, words(answer)
    assert advance(hall.office.now, pen=hall.office.pen, owner="w", kinds=KINDS)
    return Job.objects.latest("pk")


def test_a_report_is_asked_for_made_listed_and_opened(hall: Hall) -> None:
    assert "还没有报告" in words(hall.get("planner", "plans:reports", 2026))
    job = asked(hall, quarter="1", format="docx")
    assert job.state == Job.State.DONE, job.message
    assert "还有" in job.message
    assert "文号" in job.message
    page = words(hall.get("planner", "job", job.uid))
    assert "下载结果" in page
    paper = docx.Document(io.BytesIO(hall.get("planner", "job_file", job.uid).content))
    assert any("应完成节点中已验收1/5" in each.text for each in paper.paragraphs)
    (report,) = ProgressReport.objects.all()
    assert report.title in words(hall.get("watcher", "plans:reports", 2026))
    shown = words(hall.get("planner", "plans:report_shown", report.uid))
    for part in ("主送机关", "下载 Word", report.docx.sha256, "全案·已验收节点", "1/5"):
        assert part in shown
    kept = hall.get("watcher", "plans:report_file", report.uid, "docx")
    assert kept.content == content_of(report.docx)
    assert "sandbox" in kept["Content-Security-Policy"]
    assert "attachment" in kept["Content-Disposition"]


@pytest.mark.skipif(bool(printing.missing_fonts()), reason="no Chinese fonts here: install fonts-noto-cjk")
def test_a_pdf_is_asked_for(hall: Hall, prints: None) -> None:
    job = asked(hall, quarter="0", format="pdf")
    assert (job.file_mime, job.file_name) == ("application/pdf", "2026年度重点工作自评报告.pdf")
    report = ProgressReport.objects.get()
    assert hall.get("planner", "plans:report_file", report.uid, "pdf").content.startswith(b"%PDF")
    assert hall.get("planner", "plans:report_file", report.uid, "exe").status_code == 404


def test_the_code_of_a_number_leads_to_its_formula_cases_and_documents(hall: Hall, plans: PlanOffice) -> None:
    asked(hall, quarter="1", format="docx")
    paper = Document.objects.get()
    number = Lineage.objects.get(title="全案·佐证材料")
    page = words(hall.get("planner", "plans:lineage", number.uid))
    for part in (
        "同一份只计一次",
        f"办件 {Task.objects.count()} 件",
        "材料 1 份",
        "会议纪要",
        "相同",
        plans.task(REGISTER).title,
    ):
        assert part in page
    body = hall.get("planner", "plans:lineage", number.uid).content.decode()
    assert reverse("document", args=[paper.uid]) in body
    assert reverse("case", args=[plans.task(REGISTER).number]) in body
    bound = Lineage.objects.get(formula="desks.on_time_rate")
    assert "当期办结的办件" in words(hall.get("planner", "plans:lineage", bound.uid))
    assert hall.get("planner", "plans:lineage", "nothing").status_code == 404


def test_cases_and_documents_of_others_are_counted_and_not_shown(hall: Hall, plans: PlanOffice) -> None:
    asked(hall, quarter="1", format="docx")
    number = Lineage.objects.get(title="全案·佐证材料")
    page = words(hall.get("market-reporter", "plans:lineage", number.uid))
    assert re.search(r"本页另有 \d+ 件不在您的查看范围", page)
    assert "另有 1 份不在您的查看范围" in page
    assert "会议纪要" not in page
    assert plans.task(REGISTER).title not in page
    assert plans.task("修订核查工作规范").title in page  # the own one
    assert (
        plans.task("完成窗口人员培训").title in page
    )  # the plan names the own agency beside the leading one


def test_a_newer_version_of_a_document_is_told_beside_the_hash_that_was_counted(
    hall: Hall, plans: PlanOffice
) -> None:
    asked(hall, quarter="1", format="docx")
    upload = SimpleUploadedFile("新.pdf", b"%PDF-1.4\n% newer\n%%EOF\n")
    hand = plans.hand("reporter")
    file = inspect(upload, actor=hand.subject.actor(), pen=hand.pen, source="web")
    said = documents.Said("会议纪要", kind="minutes", issued_on=plans.office.now.date())
    documents.replace(Document.objects.get(), file, said, hand, reason="补正")
    number = Lineage.objects.get(title="全案·佐证材料")
    assert "已有新版本" in words(hall.get("planner", "plans:lineage", number.uid))


def test_bound_numbers_open_to_the_cases_of_the_other_measure(hall: Hall, plans: PlanOffice) -> None:
    case = plans.office.receive("S-0002")
    since, until = plans.office.now.replace(month=1), plans.office.now.replace(year=2027)
    for code, indicator in ((each.code, each) for each in measure("desks").indicators):
        assert indicator.cases is not None
        numbers = indicator.cases(since, until, None)
        assert len(numbers) == indicator.query(since, until, None)[1], code
    assert numbers == [case.number]  # the last one counts what was received


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"quarter": "1", "format": "exe"}, "没有这种格式"),
        ({"format": "docx"}, "没有选季度"),
        ({"quarter": "7", "format": "pdf"}, "没有选季度"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(hall: Hall, given: dict[str, str], why: str) -> None:
    answer = hall.post("planner", "plans:report_ask", 2026, **given)
    assert answer.status_code == 422
    assert why in words(answer)
    assert not Job.objects.exists()


def test_a_quarter_that_has_not_begun_fails_with_its_reason(hall: Hall) -> None:
    job = asked(hall, quarter="3", format="docx")
    assert (job.state, job.file_sha256) == (Job.State.FAILED, "")
    assert "第三季度还没有开始" in job.message


def test_only_the_coordinating_office_asks(hall: Hall) -> None:
    for who in ("reporter", "watcher", "chief", "xiaoyu"):
        assert hall.post(who, "plans:report_ask", 2026, quarter="1", format="docx").status_code in (403, 404)
        assert hall.post(who, "plans:evidence_index", 2026).status_code in (403, 404)
    assert hall.get("xiaoyu", "plans:reports", 2026).status_code in (403, 404)
    assert not Job.objects.exists()


# ------------------------------------------------------------------------------------------ the evidence book


def test_the_index_tells_every_document_with_its_hash_and_is_journaled(hall: Hall, plans: PlanOffice) -> None:
    answer = hall.post("planner", "plans:evidence_index", 2026)
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(1).to_python()
    assert rows[0][:4] == ["举措", "任务", "办件编号", "材料"]
    assert rows[1][:4] == [
        "渔港小微企业上门帮办",
        plans.task(REGISTER).title,
        plans.task(REGISTER).number,
        "会议纪要",
    ]
    assert re.fullmatch(r"[0-9a-f]{64}", str(rows[1][-1]))
    assert [each.body["name"] for each in events("export:plans")] == ["佐证目录"]
    plan = queries.plan_of(2026)
    assert plan is not None
    assert evidencebook.index_xlsx(plan, plans.hand()) == evidencebook.index_xlsx(plan, plans.hand())


def test_the_folders_hold_the_files_a_list_of_contents_and_their_hashes(
    hall: Hall, plans: PlanOffice
) -> None:
    job = asked(hall, format="zip")
    assert job.state == Job.State.DONE, job.message
    with zipfile.ZipFile(io.BytesIO(hall.get("planner", "job_file", job.uid).content)) as packed:
        first, *rest = packed.namelist()
        assert first.startswith("02 渔港小微企业上门帮办/01 3月20日前")
        assert first.endswith("/01 会议纪要.pdf")
        assert rest == ["目录.csv", "SHA256SUMS"]
        (card,) = queries.board(queries.plan_of(2026), plans.office.now).rows[1].tasks[0].cards  # type: ignore[arg-type]
        assert packed.read("SHA256SUMS").decode() == f"{card.file.sha256}  {first}\n"
        assert packed.read(first) == content_of(card.file)


def test_a_document_with_personal_data_goes_out_only_as_its_masked_copy(
    hall: Hall, plans: PlanOffice
) -> None:
    case = plans.task("修订核查工作规范")
    paper = plans.attach(case, "market_reporter", title="走访名单", personal=True)
    job = asked(hall, format="zip")
    assert job.state == Job.State.FAILED
    assert "走访名单" in job.message
    assert "脱敏副本" in job.message
    hand = plans.hand("market_reporter")
    covered = b"%PDF-1.4\n% covered\n%%EOF\n"
    file = inspect(
        SimpleUploadedFile("脱敏.pdf", covered), actor=hand.subject.actor(), pen=hand.pen, source="web"
    )
    documents.add_masked(paper, file, hand)
    again = asked(hall, format="zip")
    assert again.state == Job.State.DONE, again.message
    with zipfile.ZipFile(io.BytesIO(hall.get("planner", "job_file", again.uid).content)) as packed:
        name = next(each for each in packed.namelist() if "走访名单" in each)
        assert packed.read(name) == covered
        assert "脱敏副本" in packed.read("目录.csv").decode("utf-8-sig")


def test_the_pages_ask_a_constant_number_of_questions(hall: Hall) -> None:
    asked(hall, quarter="1", format="docx")
    report = ProgressReport.objects.get()
    client = hall.browser("planner")
    counted = {}
    for name, args in (("plans:reports", [2026]), ("plans:report_shown", [report.uid])):
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            assert client.get(reverse(name, args=args)).status_code == 200
        counted[name] = len(asked_for)
    assert max(counted.values()) <= 12, counted


# ------------------------------------------------------------------------------------------ the command


def test_the_command_writes_the_paper_and_tells_what_is_to_be_filled_in(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(site, "installed", lambda: hall.office.pen)
    out = tmp_path / "report.docx"
    done = CliRunner().invoke(
        command, ["plan", "2026", "--quarter", "1", "--out", str(out)], catch_exceptions=False
    )
    assert done.exit_code == 0
    assert "待填  文号" in done.stderr
    assert "发文机关" in done.stderr  # the console stands in no agency
    assert out.read_bytes() == content_of(ProgressReport.objects.get().docx)


@pytest.mark.parametrize(
    ("words_", "why"),
    [(["2026", "--out", "x.txt"], ".docx 或 .pdf"), (["2031", "--out", "x.pdf"], "没有 2031 年的方案")],
)
def test_the_command_says_what_is_wrong(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, words_: list[str], why: str
) -> None:
    monkeypatch.setattr(site, "installed", lambda: hall.office.pen)
    with pytest.raises(Exception, match=re.escape(why)):
        CliRunner().invoke(command, ["plan", *words_], catch_exceptions=False)
