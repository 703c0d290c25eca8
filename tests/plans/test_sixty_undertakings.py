"""A plan of sixty undertakings as one report: whole, with all its numbers, in Word and in print."""

from __future__ import annotations

import io

import docx
import pypdfium2

from tests.plans.working import PlanOffice
from yukuaiban.evidence.store import content_of
from yukuaiban.plans import queries, reports
from yukuaiban.plans.drafting import numeral

_ITEM = """（{place}）第{place}件实事
具体举措：第{place}件实事由牵头单位办好，全年服务企业不少于{count}家。
推进计划：一季度，完成第{place}件实事。
牵头单位：区农业农村局。
"""


def test_sixty_undertakings_make_one_whole_report(plans: PlanOffice) -> None:
    items = "\n".join(_ITEM.format(place=numeral(place), count=place) for place in range(1, 61))
    plan = plans.in_force(f"望海区2026年重点工作方案\n\n一、重点工作\n\n{items}")
    plans.at("2026-04-20T09:00")
    report = reports.make(
        plan, 1, hand=plans.hand(), address=lambda uid: f"https://a.example/{uid}", pdf=False
    )
    paper = docx.Document(io.BytesIO(content_of(report.docx)))
    headings = [each.text for each in paper.paragraphs if each.style.name == "Heading 2"]
    assert len(headings) == len(queries.board(plan, plans.office.now).rows) == 60
    assert headings[-1].startswith("（六十）")
    assert len(report.numbers) == len(set(report.numbers)) == 7 + 60 * 5
    assert len(paper.tables[-1].rows) == len(report.numbers) + 1
    assert [each for each in report.blanks if "不少于" in each]
    if report.pdf is not None:
        with pypdfium2.PdfDocument(content_of(report.pdf)) as pdf:
            assert len(pdf) > 30
            assert "〔307〕" in "".join(page.get_textpage().get_text_bounded() for page in pdf)
