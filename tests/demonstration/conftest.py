"""An office that works along an index: a coordinator, reviewers, and a small imported tree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from tests import pens
from tests.cast import FARM, HALL, MARKET, Office
from tests.settled import installed_office
from yukuaiban.cases.acting import Acted, act
from yukuaiban.cases.models import Case
from yukuaiban.evidence import documents, inspecting
from yukuaiban.evidence.documents import Hand, Said
from yukuaiban.evidence.models import Document
from yukuaiban.evidence.store import store
from yukuaiban.measures.demonstration import editions
from yukuaiban.measures.demonstration.models import IndexEdition, Leaf
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.models import Staff
from yukuaiban.people.subject import PostRef, Subject
from yukuaiban.web import scope, session

__all__ = ["installed_office"]

COLUMNS = "编号,级别,内容,权重,方式,否决项,材料种类"
TREE = (
    "1,1,依法履职,60,,,",
    "1.1,2,职能,40,,,",
    "1.1.1,3,权责清单公开,25,书面,,报告或总结",
    "1.1.2,3,一窗受理,15,实地,,",
    "1.2,2,决策,20,,,",
    "1.2.1,3,重大决策合法性审查,20,书面,是,",
    "2,1,群众满意,40,,,",
    "2.1,2,测评,40,,,",
    "2.1.1,3,群众满意度,40,测评,,",
)
PEOPLE = {
    "office": ("法治办", "coordinator", HALL),
    "reviewer": ("核老师", "legal_reviewer", MARKET),
    "own_reviewer": ("农核", "legal_reviewer", FARM),
}


class Works:
    """The office at work on one edition."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder
        for who, (name, role, agency) in PEOPLE.items():
            staff = create_staff(login=who, name=name, by=CONSOLE, pen=office.pen, must_change_password=False)
            post = grant_post(staff, agency=agency, role=role, by=CONSOLE, reason="到岗", pen=office.pen)
            place = PostRef(agency, role, post.pk)
            office.people[who] = Subject("staff", staff.ref, str(staff.uid), place, (place,), name=name)

    def read(self, rows: Iterable[str], name: str = "index.csv") -> editions.Draft:
        path = self.folder / name
        path.write_text("\n".join([COLUMNS, *rows]), encoding="utf-8")
        return editions.read_draft(path)

    def bring(self, rows: Iterable[str] = TREE, batch: str = "2026") -> IndexEdition:
        heading = editions.Heading(
            batch, f"{batch}年度示范创建", "创建方案（虚构）", date(2025, 1, 1), date(2026, 12, 31)
        )
        draft = self.read(rows)
        editions.store(draft, heading, subject=self.office.people["office"], pen=self.office.pen)
        return IndexEdition.objects.get(batch=batch)

    def case(self, code: str, batch: str = "2026") -> Case:
        return Case.objects.get(leaf__node__code=code, leaf__node__edition__batch=batch)

    def leaf(self, code: str) -> Leaf:
        return Leaf.objects.get(node__code=code)

    def do(self, code: str, action: str, who: str, **data: object) -> Acted:
        return self.on(self.case(code), action, who, **data)

    def on(self, case: Case, action: str, who: str, **data: object) -> Acted:
        return act(case, action, subject=self.office.people[who], data=data, key=None, pen=self.office.pen)

    def assigned(self, *codes: str, agency: str = FARM) -> None:
        for code in codes:
            self.do(code, "assign_leaf", "office", handling_agency=agency)
            self.do(code, "take_on", "handler" if agency == FARM else "stranger")

    def document(
        self, *codes: str, said: Said | None = None, content: bytes = b"", who: str = "handler"
    ) -> Document:
        whole = said or Said("权责清单公开情况报告", "report", "〔2026〕8号", date(2026, 2, 10))
        upload = ContentFile(b"%PDF-1.4\n%%EOF" + content, name="报告.pdf")
        subject = self.office.people[who]
        file = inspecting.inspect(upload, actor=subject.actor(), pen=self.office.pen, source="web")
        made = documents.add(file, whole, Hand(subject, self.office.pen))
        for code in codes:
            self.do(code, "attach_documents", who, documents=[str(made.uid)])
        return made

    def assessed(self, code: str, grade: str = "full") -> None:
        self.assigned(code)
        self.document(code, content=code.encode())
        self.do(code, "self_assess", "handler", grade=grade, reason="清单已全部公开。")

    def sound(self, code: str) -> None:
        self.assessed(code)
        self.do(code, "review_leaf", "reviewer", grade="full", opinion="属实")
        self.do(code, "find_sound", "office")

    def paper(self, case: Case, name: str = "来文.pdf") -> str:
        stored = store(
            ContentFile(f"%PDF-1.4\n{name}\n%%EOF".encode(), name=name),
            case_number=case.number,
            kind="step",
            stored_by="staff:x",
            stored_at=self.office.now,
            uid=self.office.pen.uid(),
        )
        return stored.sha256


@pytest.fixture
def office(installed_office: Office, db: None, settings, tmp_path) -> Office:
    """The office on Monday 2026-03-02 at 09:00, with a folder of its own for evidence."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return installed_office.at("2026-03-02T09:00")


@pytest.fixture
def works(office: Office, tmp_path: Path) -> Works:
    return Works(office, tmp_path)


@pytest.fixture
def edition(works: Works) -> IndexEdition:
    return works.bring()


@pytest.fixture
def enter(office: Office, monkeypatch: pytest.MonkeyPatch, settings):
    """A browser of one of the people, at the office's moment."""
    settings.YKB_PEN = pens.HELD
    monkeypatch.setattr(pens.HeldPen, "clock", lambda: office.now)
    monkeypatch.setattr(scope, "now", lambda: office.now)

    def signed_in(who: str = "") -> Client:
        client = Client()
        if who:
            staff = Staff.objects.get(login=who)
            client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
            session.keep_key(staff, client.session.session_key)
        return client

    return signed_in
