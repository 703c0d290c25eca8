"""Who stands behind a case is erased by order: by two people, for good, and the journal stays whole."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Office
from yukuaiban.cases import erasing
from yukuaiban.cases.erasing import GONE, Order, erase_person
from yukuaiban.cases.models import Answer, Applicant, Case
from yukuaiban.cases.rebuilding import case_streams, fold_differences
from yukuaiban.core.errors import InputInvalid, NotPermitted, Refused
from yukuaiban.journal import reading
from yukuaiban.journal.event import SYSTEM
from yukuaiban.journal.verifying import verify
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.subject import PostRef, Subject

ORDER = Order("〔2026〕3号", "个人信息保护法第四十七条第一款第（一）项")
PERSON = {"applicant": "欧阳明月", "phone": "13912345678", "resident_id": "", "address": "海景路 8 号"}


@pytest.fixture
def lawyer(office: Office) -> Subject:
    """A legal reviewer of the oversight office."""
    staff = create_staff(login="lawyer", name="鲁法", by=CONSOLE, pen=office.pen, must_change_password=False)
    post = grant_post(
        staff, agency="sp-0005", role="legal_reviewer", by=CONSOLE, reason="到岗", pen=office.pen
    )
    place = PostRef("sp-0005", "legal_reviewer", post.pk)
    return Subject("staff", staff.ref, str(staff.uid), place, (place,), name="鲁法")


@pytest.fixture
def case(office: Office) -> Case:
    """A case of a person, withdrawn and so closed."""
    case = office.receive(**PERSON, key="a-key")
    office.do(case, "withdraw", "xiaoyu")
    return Case.objects.get(pk=case.pk)


def erased(office: Office, case: Case, lawyer: Subject, **more: Any) -> int:
    people = {"asked_by": office.chief, "consented_by": lawyer} | more
    return erase_person(case.number, ORDER, **people, pen=office.pen, source="console")


def test_two_people_erase_every_payload_and_the_journal_stays_green(office, case, lawyer):
    assert erased(office, case, lawyer) == 1
    first = next(reading.events(f"case:{case.number}"))
    assert reading.secret(first.uid) is None
    report = verify(folds={"case:": fold_differences}, streams={"case:": case_streams})
    assert (report.ok, report.erased) == (True, 1)
    noted = list(reading.events(SYSTEM))[-1]
    assert (noted.type, noted.actor, noted.second_actor) == ("payload.erased", office.chief.ref, lawyer.ref)
    assert (noted.body["order"], noted.body["ground"]) == (ORDER.number, ORDER.ground)


def test_the_applicant_is_gone_and_nothing_is_left_to_test_a_guess_on(office, case, lawyer):
    assert Answer.objects.filter(body__contains=case.number).exists()
    erased(office, case, lawyer)
    row = Applicant.objects.get(case=case)
    assert [row.name, row.phone, row.contact, row.address, row.document_tail] == [""] * 5
    assert bytes(row.document_sealed) == b""
    assert not Answer.objects.filter(body__contains=case.number).exists()
    assert Case.objects.get(pk=case.pk).applicant_shown == GONE


def test_the_public_name_of_an_enterprise_stays(office, lawyer):
    case = office.receive(uscc="91320700MA1MYG7L35")
    office.do(case, "withdraw", "xiaoyu")
    erased(office, case, lawyer)
    assert Case.objects.get(pk=case.pk).applicant_shown == "江苏渔海养殖有限公司"


@pytest.mark.parametrize(
    ("asks", "consents", "said"),
    [
        ("handler", "lawyer", "周办：由"),
        ("chief", "chief", "提出的人不能自己同意"),
        ("chief", "second", "吴办：由"),
        ("watcher", "lawyer", "督查员：由"),
        ("lawyer", "chief", "鲁法：由"),
    ],
)
def test_whose_duty_it_is_not_is_refused_with_the_reason(office, case, lawyer, asks, consents, said):
    people = dict(office.people) | {"lawyer": lawyer}
    with pytest.raises(NotPermitted, match=said):
        erased(office, case, lawyer, asked_by=people[asks], consented_by=people[consents])
    assert Applicant.objects.get(case=case).name == PERSON["applicant"]


def test_an_open_case_keeps_what_it_still_needs(office, lawyer):
    case = office.receive(**PERSON)
    with pytest.raises(Refused, match="还没有办结"):
        erased(office, case, lawyer)


def test_a_second_erasure_and_an_unknown_case_are_refused(office, case, lawyer):
    erased(office, case, lawyer)
    with pytest.raises(Refused, match="已经删除"):
        erased(office, case, lawyer)
    with pytest.raises(InputInvalid, match="没有办件"):
        erase_person(
            "nothing", ORDER, asked_by=office.chief, consented_by=lawyer, pen=office.pen, source="console"
        )


@pytest.mark.parametrize("order", [Order("", "x"), Order("x", " ")])
def test_without_order_and_ground_nothing_is_erased(office, case, lawyer, order):
    with pytest.raises(InputInvalid, match="文号"):
        erase_person(
            case.number, order, asked_by=office.chief, consented_by=lawyer, pen=office.pen, source="console"
        )


def test_if_one_payload_cannot_be_erased_none_is(office, case, lawyer, monkeypatch):
    def broken(_case):
        message = "the disk is full"
        raise OSError(message)

    monkeypatch.setattr(erasing, "_forget", broken)
    with pytest.raises(OSError, match="disk"):
        erased(office, case, lawyer)
    assert reading.secret(next(reading.events(f"case:{case.number}")).uid) is not None
