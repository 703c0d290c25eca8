"""A district with one case and an account for each role, all in one agency."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile

from tests.security.played import AtWork, listen, sign_all_in
from yukuaiban.cases import versions
from yukuaiban.cases.acting import act
from yukuaiban.cases.models import Case
from yukuaiban.evidence.models import Document, DocumentLink, DocumentVersion
from yukuaiban.evidence.store import store
from yukuaiban.journal.pen import SeededPen
from yukuaiban.measures.desks.installing import install
from yukuaiban.people.access import CONSOLE, PostRef, Subject
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.district import installed
from yukuaiban.people.importing import import_agencies
from yukuaiban.people.models import Agency
from yukuaiban.people.roles import STAFF_ROLES

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def district_at_work(db, monkeypatch):
    """The fictional district after its first intake."""
    pen, district = SeededPen(3, lambda: NOW), installed()
    import_agencies(district, by=CONSOLE, pen=pen)
    versions.install(district, subject=CONSOLE, pen=pen)
    install(district, pen)
    matter = next(each for each in district.matters if each.kind.value == "committed")
    desk = district.desks[0]
    staff = {role: _account(role, matter.agency, pen) for role in STAFF_ROLES}
    taker = _account("desk_clerk", desk.agency, pen, login="taker")
    clerk = Subject("staff", taker.ref, str(taker.uid), PostRef(desk.agency, "desk_clerk"))
    taken = act(
        None,
        "receive",
        procedure="desks",
        subject=clerk,
        data={"matter": matter.code, "desk": desk.code, "applicant": "李四", "phone": "13800001234"},
        key="first",
        pen=pen,
    )
    case = Case.objects.get(number=taken.number)
    paper = store(
        ContentFile(b"%PDF-1.4\n%%EOF\n", name="身份证明.pdf"),
        case_number=case.number,
        kind="receive",
        stored_by=taker.ref,
        stored_at=NOW,
        uid=pen.uid(),
    )
    kept = Document.objects.create(uid=pen.uid())
    DocumentVersion.objects.create(document=kept, number=1, file=paper, title="身份证明")
    DocumentLink.objects.create(
        document=kept, kind="case", key=case.number, linked_by=taker.ref, linked_at=NOW
    )
    codes = list(Agency.objects.exclude(kind="town").values_list("code", flat=True))
    elsewhere = next(code for code in codes if code != matter.agency)
    town = Agency.objects.filter(kind="town").values_list("code", flat=True).first()
    world = AtWork(
        case=case,
        staff=staff,
        arguments={
            "number": taken.number,
            "action": "add_evidence",
            "measure": "desks",
            "hall": district.halls[0].code,
            "code": matter.code,
            "uid": paper.uid,
            "document": kept.uid,
            "sha256": paper.sha256,
            "page": 1,
            "kind": "case",
            "key": taken.number,
            "token": "0" * 40,
            "leaf": "1.1",
            "digest": "sha256",
            "seq": 1,
            "day": "2026-03-02",
            "sheet": 1,
            "year": 2026,
            "agency": matter.agency,
            "visit": 1,
            "change": 1,
            "report": pen.uid(),
        },
        home=matter.agency,
        elsewhere=elsewhere,
        town=town,
    )
    sign_all_in(world)
    listen(world, monkeypatch)
    return world


def _account(role, agency, pen, login=""):
    login = login or f"t-{role.replace('_', '-')}"
    staff = create_staff(login=login, name="张三", by=CONSOLE, pen=pen, must_change_password=False)
    grant_post(staff, agency=agency, role=role, by=CONSOLE, reason="测试", pen=pen)
    return staff
