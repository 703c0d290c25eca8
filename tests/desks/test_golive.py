"""When a hall may go live and what may enter a score: tables, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from yukuaiban.measures.desks.golive import (
    Completeness,
    Judged,
    MatterFacts,
    ModeSpell,
    Readiness,
    completeness,
    completeness_by_agency,
    days_not_live,
    gaps,
    gate,
    months_before,
    percent,
    trial_figures,
)

WHOLE = MatterFacts(
    "M-1",
    "a",
    statutory_limit="20 个工作日",
    committed_limit="5 个工作日",
    case_kind="committed",
    owner="a",
    materials=("申请表",),
    legal_basis="某条例第一条",
)
READY = Readiness(
    data=Completeness(4, 4, {}),
    trial_days=20,
    trial_needed=20,
    rule_wrong_open=0,
    clerks=2,
    untrained=(),
    year=2026,
    calendar_published=True,
)


@pytest.mark.parametrize(
    ("lack", "found"),
    [
        ({}, ()),
        ({"statutory_limit": ""}, ("statutory_limit",)),
        ({"committed_limit": ""}, ("committed_limit",)),
        ({"case_kind": ""}, ("case_kind",)),
        ({"owner": ""}, ("owner",)),
        ({"materials": ()}, ("materials",)),
        ({"legal_basis": ""}, ("legal_basis",)),
        ({"materials": (), "legal_basis": ""}, ("materials", "legal_basis")),
        ({"sheet": False, "materials": ()}, ("sheet",)),
    ],
)
def test_what_a_matter_lacks_is_named_field_by_field(lack, found):
    assert gaps(replace(WHOLE, **lack)) == found


def test_completeness_is_complete_matters_of_all_by_agency():
    matters = [WHOLE, replace(WHOLE, agency="b"), replace(WHOLE, agency="b", materials=())]
    assert completeness(matters) == Completeness(2, 3, {"materials": 1})
    found = completeness_by_agency(matters)
    assert {code: each.share for code, each in found.items()} == {"a": Fraction(1), "b": Fraction(1, 2)}


def test_no_matter_at_all_is_no_data_and_not_complete():
    assert completeness([]).share is None
    assert not completeness([]).whole


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Fraction(1), "100%"),
        (Fraction(0), "0%"),
        (Fraction(1, 2), "50%"),
        (Fraction(2, 3), "66.6%"),
        (Fraction(9999, 10000), "99.9%"),
    ],
)
def test_a_share_is_cut_so_that_only_all_are_one_hundred(share, words):
    assert percent(share) == words


@pytest.mark.parametrize(
    ("change", "failed", "figure"),
    [
        ({}, None, ""),
        ({"data": Completeness(3, 4, {"materials": 1})}, "data", "75%，3/4 项"),
        ({"data": Completeness(0, 0, {})}, "data", "无数据"),
        ({"trial_days": 19}, "trial", "19 个工作日"),
        ({"trial_days": None}, "trial", "没有试运行"),
        ({"rule_wrong_open": 1}, "disputes", "1 件"),
        ({"untrained": ("小海",)}, "training", "1/2 人"),
        ({"clerks": 0}, "training", "0/0 人"),
        ({"calendar_published": False}, "calendar", "未公布"),
    ],
)
def test_each_condition_fails_alone_and_says_its_figure(change, failed, figure):
    items = gate(replace(READY, **change))
    assert [each.code for each in items] == ["data", "trial", "disputes", "training", "calendar"]
    assert [each.code for each in items if not each.passed] == ([failed] if failed else [])
    if failed:
        assert next(each.figure for each in items if each.code == failed) == figure


def test_whoever_is_not_trained_is_named_in_the_sentence_and_not_in_the_figure():
    item = next(each for each in gate(replace(READY, untrained=("小海",))) if each.code == "training")
    assert str(item) == "窗口人员培训合格：1/2 人，未合格：小海（要求全部合格）"
    assert "小海" not in item.figure


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 3, 2), 12, date(2025, 3, 2)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 31), 2, date(2025, 11, 30)),
    ],
)
def test_months_go_back_to_the_corresponding_day(day, months, found):
    assert months_before(day, months) == found


def on(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


SPELLS = (
    ModeSpell("trial", on(5), on(10)),
    ModeSpell("live", on(10), on(20)),
    ModeSpell("trial", on(20), None),
)


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (on(10), on(20), []),
        (on(12), on(13), []),
        (on(8), on(12), [ModeSpell("trial", on(8), on(10))]),
        (on(1), on(12), [ModeSpell("off", on(1), on(5)), ModeSpell("trial", on(5), on(10))]),
        (on(19), on(22), [ModeSpell("trial", on(20), on(22))]),
        (on(1), on(3), [ModeSpell("off", on(1), on(3))]),
    ],
)
def test_the_days_on_which_a_hall_was_not_live(since, until, found):
    assert days_not_live(SPELLS, since, until) == found


def test_a_hall_without_any_mode_was_never_live():
    assert days_not_live((), on(1), on(2)) == [ModeSpell("off", on(1), on(2))]


def test_the_report_counts_disputes_by_cause():
    judged = [
        Judged("yellow", "confirmed", ""),
        Judged("red", "disputed", ""),
        Judged("red", "disputed", "data_wrong"),
        Judged("yellow", "disputed", "rule_wrong"),
        Judged("yellow", "disputed", "light_right"),
    ]
    found = trial_figures(9, judged)
    assert (found.given, found.confirmed, found.disputed, found.undecided) == (9, 1, 4, 1)
    assert (found.upheld, found.data_wrong, found.rule_wrong, found.light_right) == (2, 1, 1, 1)
