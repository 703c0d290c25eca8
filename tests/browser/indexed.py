"""The example index of the fictional district half worked through: what pages of the demonstration show."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from tests.cast import FARM, MARKET, Office
from yukuaiban.cases.acting import act
from yukuaiban.cases.models import Case
from yukuaiban.evidence import documents, inspecting
from yukuaiban.evidence.documents import Hand, Said
from yukuaiban.measures.demonstration import editions
from yukuaiban.people.district import installed

TOKEN = "f" * 40
BATCH, OLD = "2026", "2024"


@dataclass(slots=True)
class Indexed:
    """Numbers of cases by what they show, and ids that addresses need."""

    numbers: dict[str, str]
    ids: dict[str, Any]


def play(office: Office) -> Indexed:
    """Two editions; of the newer one some leaves are assigned, proved, reviewed, found wanting."""
    _bring(office, OLD, "2024年度示范创建（旧版）")
    case = _bring(office, BATCH, "2026年度法治政府建设示范创建")
    for code in ("1.1.1", "1.1.2", "1.2.1", "2.1.1", "3.1.2"):
        _do(office, code, "assign_leaf", "office", handling_agency=FARM, supporting=[MARKET])
        _do(office, code, "take_on", "handler")
    _do(office, "4.1.1", "assign_leaf", "office", handling_agency=MARKET)
    uid, sha256 = _documents(office)
    _do(
        office, "1.1.1", "self_assess", "handler", grade="full", reason="清单已公布，上年调整两次，均已备案。"
    )
    _do(office, "1.2.1", "self_assess", "handler", grade="most", reason="进驻事项三百二十项，公布时限。")
    _do(office, "1.2.1", "find_gap", "office", finding="有三项没有公布时限", origin="mock")
    _application(office, case)
    numbers = {"leaf": _case("1.1.1").number, "gap": _case("1.2.1").number, "application": case.number}
    ids = {"document": uid, "sha256": sha256, "page": 1, "kind": "case", "key": numbers["leaf"]}
    return Indexed(numbers, ids | {"token": TOKEN, "leaf": "1.1.1"})


def _bring(office: Office, batch: str, name: str) -> Case:
    heading = editions.Heading(batch, name, "创建方案（虚构）", date(2025, 1, 1), date(2026, 12, 31))
    path = installed().root / "demonstration" / "index.csv"
    draft = editions.read_draft(path)
    return editions.store(draft, heading, subject=office.people["office"], pen=office.pen)


def _case(code: str) -> Case:
    return Case.objects.get(leaf__node__code=code, leaf__node__edition__batch=BATCH)


def _do(office: Office, code: str, action: str, who: str, **data: Any) -> None:
    act(_case(code), action, subject=office.people[who], data=data, key=None, pen=office.pen)


def _documents(office: Office) -> tuple[Any, str]:
    said = (
        Said("权责清单公布情况", "normative_document", "望政办〔2026〕12号", date(2026, 1, 15)),
        Said("大厅进驻事项台账", "ledger", "", date(2026, 2, 1), date(2026, 1, 1), date(2026, 3, 31)),
        Said("整理中的照片"),
    )
    kept = [_document(office, each, number) for number, each in enumerate(said)]
    for code, which in (("1.1.1", kept), ("1.2.1", kept[1:2])):
        _do(office, code, "attach_documents", "handler", documents=[str(each.uid) for each in which])
    documents.describe(
        kept[2], Said("窗口照片", "photo", "", date(2026, 3, 1)), Hand(office.handler, office.pen)
    )
    return kept[0].uid, documents.current(kept[0]).file.sha256


def _document(office: Office, said: Said, number: int) -> documents.Document:
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    content += b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    content += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 420]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF"
    upload = ContentFile(content + b"\n" * number, name=f"{number}.pdf")
    file = inspecting.inspect(upload, actor=office.handler.actor(), pen=office.pen, source="web")
    return documents.add(file, said, Hand(office.handler, office.pen))


def _application(office: Office, case: Case) -> None:
    def do(action: str, **data: Any) -> None:
        act(case, action, subject=office.people["office"], data=data, key=None, pen=office.pen)

    do("enter_survey", on="2026-03-10", asked=120, know=60, valid=96, satisfied=90, frame="两个镇随机入户")
    do("enter_survey", on="2026-03-18", asked=420, know=350, valid=400, satisfied=372, frame="全区电话抽样")
    do(
        "plan_visit",
        place="区政务服务大厅",
        on="2026-06-15",
        kind="real",
        leaves=["1.2.1"],
        points=["时限公示"],
    )
    do(
        "note_liaison",
        level="city",
        on="2026-03-19",
        office="市司法局",
        topic="推荐安排",
        said="预计六月推荐。",
    )
    token = hashlib.sha256(TOKEN.encode()).hexdigest()
    leaves = ["1.1.1", "1.2.1"]
    do(
        "invite_evaluator",
        evaluator="某大学法学院",
        letter="〔2026〕1号",
        until="2026-12-31",
        leaves=leaves,
        token_sha256=token,
    )
