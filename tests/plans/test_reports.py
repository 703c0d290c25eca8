"""Reports of the plan: what they say, what they leave to a person, where each number comes from; kept once."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
import pypdfium2
import pytest
from django.db import transaction
from docx.oxml.ns import qn

from tests.plans.working import PlanOffice
from yukuaiban.core.errors import InputInvalid, NotPermitted, Refused
from yukuaiban.evidence.store import content_of
from yukuaiban.journal.reading import events
from yukuaiban.papers import printing
from yukuaiban.papers.values import MARK
from yukuaiban.plans import queries, reports
from yukuaiban.plans.drafting import Period, numeral
from yukuaiban.plans.models import Lineage, ProgressReport, Undertaking

REGISTER, TRAINING = "建立帮办名册", "完成窗口人员培训"
QUARTER_END = "2026-04-20T09:00"


@pytest.fixture(scope="module")
def opened(settled: PlanOffice, django_db_blocker: Any) -> Iterator[None]:
    """The plan in force, one task accepted on 12 January; then it is 20 April."""
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
        monkeypatch.setattr(printing, "missing_fonts", lambda: "缺少字体；请安装 fonts-noto-cjk")


@pytest.fixture
def working(opened: None, plans: PlanOffice) -> PlanOffice:
    case = plans.submitted(REGISTER)
    plans.do(case, "accept", "planner")
    return plans.at(QUARTER_END)


def made(office: PlanOffice, quarter: int = 1, who: str = "planner", *, pdf: bool = False) -> ProgressReport:
    plan = queries.plan_of(2026)
    assert plan is not None
    hand = office.hand(who)
    return reports.make(plan, quarter, hand=hand, address=lambda uid: f"https://a.example/{uid}", pdf=pdf)


def paper_of(report: ProgressReport) -> Any:
    return docx.Document(io.BytesIO(content_of(report.docx)))


def text_of(report: ProgressReport) -> str:
    paper = paper_of(report)
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in paper.paragraphs), *cells])


def headings(report: ProgressReport, level: int) -> list[str]:
    return [each.text for each in paper_of(report).paragraphs if each.style.name == f"Heading {level}"]


def test_a_quarterly_report_has_a_part_for_each_undertaking_and_the_table_of_its_numbers(
    working: PlanOffice,
) -> None:
    report = made(working)
    assert headings(report, 1) == [
        "一、总体情况",
        "二、各项举措进展",
        "三、需要说明的其他情况",
        "附表1　数字溯源表",
    ]
    assert headings(report, 2)[:2] == ["（一）综合窗口一次收件", "（二）渔港小微企业上门帮办"]
    assert len(headings(report, 2)) == 5
    text = text_of(report)
    assert "2026年第一季度重点工作推进情况报告" in text
    assert "数据截至2026年4月20日" in text
    assert "区营商办" in text
    steps = next(table for table in paper_of(report).tables if REGISTER in table.rows[1].cells[0].text)
    line = [cell.text for cell in steps.rows[1].cells]
    assert line[1:4] == ["2026-03-20", "已验收", "2026-01-12"]
    assert re.fullmatch(r"《会议纪要》\[[0-9a-f]{8}\]", line[4])
    assert len(steps.rows) == 2  # the first quarter's step alone


def test_the_numbers_are_those_of_the_board(working: PlanOffice) -> None:
    text = text_of(made(working))
    # Five checkpoints are due by 31 March: training, register, rules for checks, the first talk, rules for reviews.
    assert "应完成节点中已验收1/5〔2〕" in text
    assert "超期未提交的任务4〔6〕项" in text
    board = queries.board(queries.plan_of(2026), working.office.now)  # type: ignore[arg-type]
    assert f"进度{float(board.rows[1].standing.progress * 100):.1f} %" in text


def test_a_year_takes_all_steps_and_adds_goals_conclusion_and_the_list_of_evidence(
    working: PlanOffice,
) -> None:
    report = made(working, 0)
    assert headings(report, 1)[1:4] == ["二、目标完成情况", "三、各项举措自评", "四、自评结论"]
    assert headings(report, 1)[-1] == "附表2　佐证材料目录"
    assert [cell.text for cell in paper_of(report).tables[-1].rows[1].cells][:2] == [
        "渔港小微企业上门帮办",
        "会议纪要",
    ]
    steps = next(table for table in paper_of(report).tables if REGISTER in table.rows[1].cells[0].text)
    assert len(steps.rows) == 5
    assert report.title == "2026年度重点工作自评报告"


def test_what_nobody_has_said_is_marked_and_listed_never_invented(working: PlanOffice) -> None:
    report = made(working)
    assert {"文号", "主送机关", "渔港小微企业上门帮办：目标“全年走访企业不少于120家”的完成值"} <= set(
        report.blanks
    )
    assert "综合窗口一次收件：原因和整改措施" in report.blanks  # it is late
    assert "渔港小微企业上门帮办：原因和整改措施" not in report.blanks  # it is not
    text = text_of(report)
    assert f"目标：全年走访企业不少于120家。结果：{MARK}，不作判断。" in text
    assert f"“{working.task(TRAINING).title}”已过到期时间（2026年3月31日）" in text
    assert text.count(MARK) >= len(report.blanks)
    assert "自评结论" not in report.blanks  # the quarterly paper has no place for it
    assert "自评结论" in made(working, 0).blanks


def test_every_number_has_a_lineage_with_formula_cases_files_and_a_code(working: PlanOffice) -> None:
    report = made(working)
    marks = re.findall(r"〔(\d+)〕", "\n".join(each.text for each in paper_of(report).paragraphs))
    assert [int(each) for each in marks] == list(range(1, len(report.numbers) + 1))
    table = paper_of(report).tables[-1]
    assert len(table.rows) == len(report.numbers) + 1
    pictures = table._tbl.xpath(".//pic:pic")
    assert len(pictures) == len(report.numbers)
    rows = {each.uid: each for each in Lineage.objects.filter(uid__in=report.numbers)}
    assert set(rows) == set(report.numbers)
    accepted = rows[report.numbers[1]]
    assert (accepted.share, accepted.formula, accepted.version) == ("1/5", "accepted", "1")
    assert working.task(REGISTER).number in accepted.cases
    documents = rows[report.numbers[6]]
    assert (documents.title, documents.text, documents.file_count) == ("全案·佐证材料", "1", 1)
    bound = next(each for each in rows.values() if each.formula == "desks.on_time_rate")
    assert "当期办结的办件" in bound.formula_text
    assert bound.version.startswith("desks@")


def test_the_same_state_is_the_same_report_and_is_kept_once(working: PlanOffice) -> None:
    first = made(working)
    assert made(working.at("2026-04-20T16:00")).pk == first.pk
    assert [each.type for each in events("plan:2026")].count("plan.reported") == 1
    told = next(each for each in events("plan:2026") if each.type == "plan.reported").body
    assert (told["docx"], told["numbers"]) == (first.docx.sha256, first.numbers)
    working.do(working.submitted("修订核查工作规范", "market_reporter"), "accept", "planner")
    second = made(working)
    assert second.pk != first.pk
    assert "应完成节点中已验收2/5" in text_of(second)
    assert "应完成节点中已验收1/5" in text_of(first)


def test_a_day_later_only_the_days_differ_where_nothing_else_does(working: PlanOffice) -> None:
    first = text_of(made(working))
    later = text_of(made(working.at("2026-04-21T09:00")))
    changed = [
        pair for pair in zip(first.splitlines(), later.splitlines(), strict=True) if pair[0] != pair[1]
    ]
    assert changed
    days = r"2026年4月2[01]日|2026-04-2[01]|[\d.-]+ %|[\d.-]+ 个百分点|\d+/\d+"
    assert [re.sub(days, "", a) for a, _b in changed] == [re.sub(days, "", b) for _a, b in changed]


def test_fonts_are_named_for_chinese_text(working: PlanOffice) -> None:
    paper = paper_of(made(working))
    named = {
        each.get(qn("w:eastAsia"))
        for part in (paper.styles.element, paper.element)
        for each in part.iter(qn("w:rFonts"))
        if each.get(qn("w:eastAsia"))
    }
    assert {"方正小标宋_GBK", "仿宋_GB2312", "黑体", "楷体_GB2312"} <= named


@pytest.mark.skipif(bool(printing.missing_fonts()), reason="no Chinese fonts here: install fonts-noto-cjk")
def test_the_pdf_says_what_the_word_file_says(working: PlanOffice, prints: None) -> None:
    report = made(working, pdf=True)
    assert report.pdf is not None
    with pypdfium2.PdfDocument(content_of(report.pdf)) as pdf:
        words = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    flat = re.sub(r"\s", "", words)
    for wanted in (
        "一、总体情况",
        "（二）渔港小微企业上门帮办",
        "应完成节点中已验收1/5〔2〕",
        "附表1数字溯源表",
    ):
        assert wanted in flat


def test_without_fonts_there_is_a_word_file_and_a_pdf_is_refused(working: PlanOffice) -> None:
    assert made(working).pdf is None
    with pytest.raises(Refused, match="fonts-noto-cjk"):
        made(working, pdf=True)


@pytest.mark.parametrize(
    ("who", "quarter", "why"),
    [("reporter", 1, "营商办"), ("planner", 3, "还没有开始"), ("planner", 5, "季度不对")],
)
def test_who_may_not_and_what_cannot_be_reported_is_refused(
    working: PlanOffice, who: str, quarter: int, why: str
) -> None:
    with pytest.raises((NotPermitted, InputInvalid), match=why):
        made(working, quarter, who)
    assert not ProgressReport.objects.exists()


EVIL = "</w:t><w:p/>{{ issuer }}{% for x in y %}{_{ #let x = 1 $x$ *b* `r` \\ <b>&amp; \x07\x0c\x00 =1+1 末"


def test_no_text_of_a_plan_is_taken_for_markup(working: PlanOffice, prints: None) -> None:
    Undertaking.objects.filter(title="渔港小微企业上门帮办").update(title=EVIL[:200], text=EVIL)
    report = made(working)
    shown = EVIL.translate(dict.fromkeys((0x07, 0x0C, 0x00))).replace("{_{", "{{")
    assert f"（二）{shown}" in headings(report, 2)
    assert report.pdf is None or "#let x = 1 $x$ *b*" in _printed(report)


def _printed(report: ProgressReport) -> str:
    with pypdfium2.PdfDocument(content_of(report.pdf)) as pdf:  # type: ignore[arg-type]
        return " ".join("".join(page.get_textpage().get_text_bounded() for page in pdf).split())


@pytest.mark.parametrize(
    ("place", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (60, "六十"), (99, "九十九")]
)
def test_sections_are_numbered_in_chinese(place: int, words: str) -> None:
    assert numeral(place) == words


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        (1, "2026-01-01", "2026-03-31"),
        (2, "2026-04-01", "2026-06-30"),
        (4, "2026-10-01", "2026-12-31"),
        (0, "2026-01-01", "2026-12-31"),
    ],
)
def test_a_period_has_its_days(quarter: int, first: str, last: str) -> None:
    period = Period(2026, quarter)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
