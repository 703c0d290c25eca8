"""The application of an edition: outer steps with their documents, liaison, visits, what stands in the way."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import Office
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import ActionRefused, InputInvalid
from yukuaiban.measures.demonstration import readiness, rules
from yukuaiban.measures.demonstration.models import IndexEdition

SMALL = ["1,1,a,,,,", "1.1,2,清单,,书面,,", "1.2,2,审查,,书面,是,"]


@pytest.fixture
def ready(works) -> IndexEdition:
    """A small edition whose leaves are owned and whose veto leaf is sound."""
    edition = works.bring(SMALL)
    works.assigned("1.1")
    works.sound("1.2")
    return edition


def step(works, edition: IndexEdition, action: str, on: str) -> None:
    case = Case.objects.get(pk=edition.pk)
    works.on(case, action, "office", on=on, document=[works.paper(case, f"{action}.pdf")])


def stage(edition: IndexEdition) -> str:
    return Case.objects.get(pk=edition.pk).stage


def test_leaves_without_owner_and_open_veto_leaves_stand_in_the_way(works) -> None:
    edition = works.bring(SMALL)
    works.assessed("1.2")
    with pytest.raises(ActionRefused, match=r"1\.1 还没有责任单位；1\.2 否决项还没有达标"):
        step(works, edition, "submit_application", "2026-03-02")
    works.assessed("1.1")
    with pytest.raises(ActionRefused, match=r"还不能申报：1\.2 否决项"):
        step(works, edition, "submit_application", "2026-03-02")
    found = readiness.gather(edition, works.office.now)
    assert found.coverage == rules.Share(2, 2)
    assert [item.code for item in found.open_items] == ["1.2"]


def test_the_steps_go_their_way_each_with_its_document(office: Office, works, ready) -> None:
    steps = (
        "submit_application",
        "enter_city",
        "enter_province",
        "enter_evaluation",
        "enter_site_check",
        "enter_naming",
    )
    office.at("2026-03-20T09:00")
    for day, action in enumerate(steps, 3):
        step(works, ready, action, f"2026-03-{day:02}")
    assert stage(ready) == "named"
    found = readiness.gather(IndexEdition.objects.get(), office.now)
    assert [each.on for each in found.steps] == [date(2026, 3, day) for day in range(3, 9)]
    assert [each.here for each in found.steps] == [False] * 5 + [True]


def test_a_step_without_document_or_out_of_order_is_refused(office: Office, works, ready) -> None:
    case = ready.case
    with pytest.raises(InputInvalid):
        works.on(case, "submit_application", "office", on="2026-03-02", document=[])
    with pytest.raises(InputInvalid, match="文件没有存入本件"):
        works.on(case, "submit_application", "office", on="2026-03-02", document=["0" * 64])
    with pytest.raises(InputInvalid, match="今天以后"):
        step(works, ready, "submit_application", "2026-03-03")
    step(works, ready, "submit_application", "2026-03-02")
    with pytest.raises(InputInvalid, match="早于上一步的日期 2026-03-02"):
        step(works, ready, "enter_city", "2026-03-01")
    with pytest.raises(ActionRefused):
        step(works, ready, "enter_province", "2026-03-02")
    assert stage(ready) == "submitted"
    assert ready.steps.count() == 1


def test_what_was_heard_by_telephone_is_noted_and_moves_nothing(office: Office, works, ready) -> None:
    step(works, ready, "submit_application", "2026-03-02")
    said = {"level": "city", "office": "市司法局", "topic": "推荐情况", "said": "电话告知已列入推荐"}
    works.on(ready.case, "note_liaison", "office", on="2026-03-02", next_on="2026-03-16", **said)
    assert stage(ready) == "submitted"
    (note,) = ready.notes.all()
    assert (note.said, note.next_on) == ("电话告知已列入推荐", date(2026, 3, 16))
    with pytest.raises(InputInvalid, match="今天以后"):
        works.on(ready.case, "note_liaison", "office", on="2026-03-03", **said)


def test_twenty_working_days_without_a_contact_turn_yellow(office: Office, works, ready) -> None:
    step(works, ready, "submit_application", "2026-03-02")
    case = Case.objects.get(pk=ready.pk)
    assert case.warns_at is not None
    assert office.at("2026-03-30T17:30").now == case.warns_at
    said = {"level": "city", "office": "市司法局", "topic": "推荐", "said": "待定"}
    works.on(case, "note_liaison", "office", on="2026-03-20", **said)
    case.refresh_from_db()
    assert case.warns_at > office.now


def test_visits_show_until_when_a_mock_one_is_due_and_what_was_found(office: Office, works, ready) -> None:
    plan = {"place": "东渔镇便民服务中心", "leaves": ["1.1"]}
    with pytest.raises(InputInvalid, match=r"没有这些末级指标：9\.9"):
        works.on(ready.case, "plan_visit", "office", on="2026-06-15", place="x", leaves=["9.9"])
    works.on(ready.case, "plan_visit", "office", on="2026-06-15", kind="real", points=["公示栏"], **plan)
    (row,) = readiness.gather(ready, office.now).visits
    assert row.mock_until == office.at("2026-05-18T17:30").now
    office.at("2026-03-02T09:00")
    works.on(ready.case, "plan_visit", "office", on="2026-05-11", **plan)
    with pytest.raises(InputInvalid, match="没有写发现的问题"):
        works.on(ready.case, "enter_visit", "office", visit=2, passed="no")
    with pytest.raises(InputInvalid, match="没有这个点位"):
        works.on(ready.case, "enter_visit", "office", visit=3, passed="yes")
    works.on(ready.case, "enter_visit", "office", visit=2, passed="no", findings="公示栏过期")
    mock, real = readiness.gather(ready, office.now).visits
    assert (mock.visit.findings, mock.visit.passed, real.mocked) == ("公示栏过期", False, True)


def test_the_board_tells_what_is_stale_and_the_mean_difference(office: Office, works) -> None:
    edition = works.bring(SMALL)
    works.assessed("1.1", "half")
    works.do("1.1", "review_leaf", "reviewer", grade="none", opinion="材料不支持")
    found = readiness.gather(edition, office.now)
    assert (found.difference, found.compared) == ("50.00", 1)
    assert found.stale == []
    assert found.score == "无权重，不计总分"
