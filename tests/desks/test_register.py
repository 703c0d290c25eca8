"""The register of matters: one proposes, another approves; versions have their day and never change the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.cast import HALL, Office
from yukuaiban.core.errors import InputInvalid, NotPermitted, Refused
from yukuaiban.core.limits import Limit
from yukuaiban.journal.reading import events
from yukuaiban.measures.desks import queries, register
from yukuaiban.measures.desks.drafts import MatterDraft, PromisedLimit, SheetDraft
from yukuaiban.measures.desks.installing import install
from yukuaiban.measures.desks.models import STANDARD_KINDS, Desk, Matter, MatterSheet
from yukuaiban.packs.vocabulary import MatterKind
from yukuaiban.people.district import installed
from yukuaiban.people.subject import PostRef, Subject

CODE = "S-0001"


def hand(office: Office, who: str, role: str) -> register.Hand:
    post = PostRef(HALL, role, 1)
    return register.Hand(Subject("staff", f"staff:{who}", who, post, (post,)), office.pen)


@pytest.fixture
def editor(office: Office) -> register.Hand:
    return hand(office, "editor", "register_editor")


@pytest.fixture
def approver(office: Office) -> register.Hand:
    return hand(office, "approver", "approver")


def draft(
    matter: Matter, since: date, committed: str = "8wd", statutory: str = "20wd", **more: object
) -> MatterDraft:
    sheet = SheetDraft(
        case_kind="committed",
        since=since,
        statutory=PromisedLimit(Limit.parse(statutory), "示例法规", "law", confirmed=True),
        committed=PromisedLimit(Limit.parse(committed), "窗口承诺", "policy", confirmed=True),
        materials=("申请表",),
        legal_basis="示例法规第一条",
        visit_count=1,
        visit_reason="核对原件",
    )
    return MatterDraft(
        code=matter.code,
        name=matter.name,
        agency=matter.agency,
        since=matter.since,
        sheet=replace(sheet, **more),
    )


def test_a_new_version_holds_from_its_day_and_old_days_keep_theirs(
    office: Office, editor: register.Hand, approver: register.Hand
) -> None:
    matter = Matter.objects.get(code=CODE)
    sheet = register.propose(matter, draft(matter, date(2026, 4, 1)), editor)
    assert queries.waiting_sheet(matter) == sheet
    assert queries.sheet_in_force(matter, date(2026, 4, 1)) != sheet
    register.approve(sheet, approver)
    days = (date(2025, 6, 1), date(2026, 3, 31), date(2026, 4, 1), date(2027, 1, 1))
    found = [queries.sheet_in_force(matter, day) for day in days]
    assert [each.committed_limit for each in found if each] == ["15wd", "10wd", "8wd", "8wd"]
    assert queries.sheet_in_force(matter, date(2023, 12, 31)) is None
    assert office.receive(CODE).desk_case.sheet.committed_limit == "10wd"
    assert office.at("2026-04-01T09:00").receive(CODE).desk_case.sheet.committed_limit == "8wd"


def test_every_edit_is_an_event_with_its_two_people(
    office: Office, editor: register.Hand, approver: register.Hand
) -> None:
    matter = Matter.objects.get(code=CODE)
    register.approve(register.propose(matter, draft(matter, date(2026, 4, 1)), editor), approver)
    proposed, approved = list(events(register.STREAM))[-2:]
    assert (proposed.type, proposed.actor) == ("matter.sheet_proposed", "staff:editor")
    assert (approved.type, approved.actor) == ("matter.sheet_approved", "staff:approver")
    assert proposed.body["sheet"]["committed_limit"] == "8wd"
    assert approved.body["number"] == proposed.body["number"] == 3


def test_nobody_approves_what_they_proposed_whatever_posts_they_hold(
    editor: register.Hand, approver: register.Hand
) -> None:
    matter = Matter.objects.get(code=CODE)
    sheet = register.propose(matter, draft(matter, date(2026, 4, 1)), editor)
    for answer in (
        lambda: register.approve(sheet, editor),
        lambda: register.turn_down(sheet, "不妥", editor),
    ):
        with pytest.raises(NotPermitted, match="自己提出"):
            answer()
    assert queries.waiting_sheet(matter) == sheet
    register.approve(sheet, approver)
    with pytest.raises(Refused, match="已经审批过"):
        register.approve(sheet, approver)


def test_one_proposal_waits_at_a_time_and_a_refused_one_keeps_its_number(
    editor: register.Hand, approver: register.Hand
) -> None:
    matter = Matter.objects.get(code=CODE)
    first = register.propose(matter, draft(matter, date(2026, 4, 1)), editor)
    with pytest.raises(Refused, match="已有一份待审批"):
        register.propose(matter, draft(matter, date(2026, 5, 1)), editor)
    with pytest.raises(InputInvalid, match="理由"):
        register.turn_down(first, "  ", approver)
    register.turn_down(first, "材料清单不全", approver)
    second = register.propose(matter, draft(matter, date(2026, 4, 1)), editor)
    assert (first.number, second.number) == (3, 4)
    assert queries.sheet_in_force(matter, date(2026, 6, 1)).committed_limit == "10wd"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"committed": "21wd"}, "committed_limit"),
        ({"committed": "10d"}, "committed_limit"),
        ({"committed": "0wd"}, "committed_limit"),
        ({"visit_count": 0}, "visit_count"),
        ({"visit_reason": ""}, "visit_reason"),
        ({"online_only": True}, "online_only"),
        ({"since": date(2026, 3, 1)}, "since"),
    ],
)
def test_a_sheet_that_may_not_be_published_is_not_even_proposed(
    editor: register.Hand, changed: dict[str, object], field: str
) -> None:
    matter = Matter.objects.get(code=CODE)
    since = changed.pop("since", date(2026, 4, 1))
    with pytest.raises(InputInvalid) as refused:
        register.propose(matter, draft(matter, since, **changed), editor)  # type: ignore[arg-type]
    assert [each.field for each in refused.value.problems] == [field]
    assert queries.waiting_sheet(matter) is None


def test_different_units_pass_with_the_word_of_a_person(editor: register.Hand) -> None:
    matter = Matter.objects.get(code=CODE)
    given = draft(matter, date(2026, 4, 1), committed="10d")
    given = replace(given, sheet=replace(given.sheet, note="已核对：十个自然日短于二十个工作日"))
    assert register.propose(matter, given, editor).committed_limit == "10d"


def test_the_pack_a_second_time_changes_nothing_and_edits_stay_ahead(
    office: Office, editor: register.Hand, approver: register.Hand
) -> None:
    matter = Matter.objects.get(code=CODE)
    register.approve(register.propose(matter, draft(matter, date(2026, 4, 1)), editor), approver)
    before = (Matter.objects.count(), MatterSheet.objects.count(), len(list(events(register.STREAM))))
    assert install(installed(), office.pen) == {"halls": 0, "desks": 0, "matters": 0}
    assert (Matter.objects.count(), MatterSheet.objects.count(), len(list(events(register.STREAM)))) == before
    assert queries.sheet_in_force(matter, date(2026, 4, 2)).committed_limit == "8wd"  # type: ignore[union-attr]


def test_a_matter_of_the_pack_is_what_the_pack_says_it_is_in_law(office: Office) -> None:
    said = {row.code: row.matter_kind.value for row in installed().matters}
    assert dict(Matter.objects.values_list("code", "kind")) == said
    assert (said["S-0007"], said["S-0011"], said["S-0012"]) == ("permit", "payment", "other")
    assert {kind.value for kind in MatterKind} == set(Matter.Kind.values) == set(STANDARD_KINDS)


def test_an_installation_made_before_packs_named_the_kind_learns_it_once(office: Office) -> None:
    Matter.objects.update(kind="other")
    sheets = MatterSheet.objects.count()
    known = Matter.objects.exclude(code__in=["S-0006", "S-0012"]).count()
    assert install(installed(), office.pen)["matters"] == known
    assert install(installed(), office.pen)["matters"] == 0
    assert Matter.objects.get(code="S-0007").get_kind_display() == "行政许可"
    assert MatterSheet.objects.count() == sheets


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("食品小作坊", ["S-0001"]),
        ("spxzf", ["S-0001"]),
        ("小作坊 登记", ["S-0001"]),
        ("s-0007", ["S-0007"]),
        ("没有这样的事", []),
        ("渔家民宿", []),  # ended with 2025
    ],
)
def test_a_desk_finds_matters_in_force_by_words_initials_or_code(
    office: Office, words: str, found: list[str]
) -> None:
    assert [each.code for each in queries.search_matters(words, date(2026, 3, 2))] == found


def test_desks_stay_readable_as_of_a_day_and_take_what_they_are_skilled_in(office: Office) -> None:
    then = {each.code for each in queries.desks_in_force(date(2025, 12, 31))}
    now = {each.code for each in queries.desks_in_force(date(2026, 1, 1))}
    assert then - now == {"main-04"}
    gone = Desk.objects.get(code="main-04")
    assert (gone.merged_into, gone.reason) == ("main-02", "并入综合窗口")
    matter = Matter.objects.get(code="S-0002")
    takes = {each.code for each in queries.desks_in_force(date(2026, 3, 2)) if queries.takes(each, matter)}
    assert takes == {"main-01", "main-02", "main-03", "main-05", "dongyu-01"}
    farm = Matter.objects.get(code="S-0008")
    takes = {each.code for each in queries.desks_in_force(date(2026, 3, 2)) if queries.takes(each, farm)}
    assert "main-03" not in takes
