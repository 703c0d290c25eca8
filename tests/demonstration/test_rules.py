"""The figures of the measure as exact fractions, and what they refuse to invent."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from yukuaiban.measures.demonstration import rules
from yukuaiban.measures.demonstration.rules import (
    Fresh,
    LeafFigure,
    LeafStanding,
    NoScore,
    Period,
    Proof,
    Share,
    SurveyFigures,
)

BOTH_YEARS = Period(date(2023, 1, 1), date(2024, 12, 31))
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(88, 104, "84.62%"), (6, 9, "66.67%"), (1, 3, "33.33%"), (1, 8, "12.50%"), (0, 5, "0.00%"),
     (5, 5, "100.00%"), (0, 0, "无数据"), (1, 2000, "0.05%"), (1, 20000, "0.01%")],
)  # fmt: skip
def test_a_share_is_exact_and_shown_with_two_digits_half_up(part: int, whole: int, text: str) -> None:
    assert Share(part, whole).text == text
    assert Share(part, whole).rate == (Fraction(part, whole) if whole else None)


@pytest.mark.parametrize(
    ("proof", "kinds", "why"),
    [
        (Proof("report", date(2023, 5, 1)), (), ""),
        (Proof("report", date(2023, 5, 1)), ("report",), ""),
        (Proof("report", date(2022, 5, 1)), (), "不在所涉期间内"),
        (Proof("report", date(2025, 1, 1)), (), "不在所涉期间内"),
        (Proof("report", date(2025, 1, 1), date(2024, 1, 1), date(2024, 12, 31)), (), ""),
        (Proof("report", date(2023, 1, 1), date(2021, 1, 1), date(2022, 12, 31)), (), "不在所涉期间内"),
        (Proof("report", date(2023, 1, 1), None, date(2023, 1, 1)), (), ""),
        (Proof("report", date(2023, 5, 1)), ("minutes",), "不是这一项要的种类"),
        (Proof("", date(2023, 5, 1)), (), "缺种类或成文日期"),
        (Proof("report", None), (), "缺种类或成文日期"),
    ],
)
def test_a_document_counts_by_kind_day_and_period(proof: Proof, kinds: tuple[str, ...], why: str) -> None:
    assert rules.not_counted(proof, kinds, BOTH_YEARS) == why


@pytest.mark.parametrize(
    ("until", "found"),
    [
        ([date(2026, 12, 31)], Fresh.FRESH),
        ([date(2026, 4, 2)], Fresh.FRESH),
        ([date(2026, 4, 1)], Fresh.SOON),
        ([date(2026, 3, 2)], Fresh.SOON),
        ([date(2026, 3, 1)], Fresh.STALE),
        ([date(2025, 3, 1), date(2026, 3, 20)], Fresh.SOON),
        ([date(2025, 3, 1), None], Fresh.FRESH),
        ([], None),
    ],
)
def test_a_leaf_grows_stale_with_the_last_period_that_covers_it(until, found) -> None:
    proofs = [Proof("report", date(2025, 1, 1), date(2025, 1, 1) if end else None, end) for end in until]
    assert rules.freshness(proofs, TODAY, 30) is found


def leaf(weight: int | None, share: Fraction | None, *, covered: bool = True) -> LeafFigure:
    return LeafFigure("1", None if weight is None else Fraction(weight), share, covered)


def test_the_score_sums_weights_and_tells_how_much_is_not_scored_yet() -> None:
    found = rules.score([leaf(40, Fraction(1, 2)), leaf(35, Fraction(1)), leaf(25, None)])
    assert found == rules.Score(Fraction(55), Fraction(100), Fraction(25))


@pytest.mark.parametrize(
    ("weights", "word"),
    [([None, None], NoScore.WITHOUT), ([40, None], NoScore.PARTLY), ([], NoScore.WITHOUT)],
)
def test_without_all_weights_no_total_is_invented(weights, word: NoScore) -> None:
    assert rules.score([leaf(weight, Fraction(1)) for weight in weights]) is word


def test_coverage_counts_leaves_whether_or_not_they_have_weights() -> None:
    leaves = [leaf(None, None, covered=number < 88) for number in range(104)]
    assert rules.coverage(leaves).text == "84.62%"


def test_the_mean_difference_is_exact_and_absent_without_pairs() -> None:
    half, full = Fraction(1, 2), Fraction(1)
    assert rules.mean_difference([(full, half), (half, half), (half, full)]) == 0
    assert rules.mean_difference([(full, Fraction(1, 3)), (full, full)]) == Fraction(1, 3)
    assert rules.mean_difference([]) is None


@pytest.mark.parametrize(
    ("figures", "awareness", "satisfaction", "enough"),
    [
        ((300, 240, 250, 225), "80.00%", "90.00%", True),
        ((120, 60, 100, 99), "50.00%", "99.00%", True),
        ((120, 60, 99, 99), "50.00%", "100.00%", False),
        ((0, 0, 0, 0), "无数据", "无数据", False),
    ],
)
def test_a_survey_gives_rates_with_their_n(figures, awareness, satisfaction, enough) -> None:
    found = SurveyFigures(*figures)
    assert found.problems() == []
    assert (found.awareness.text, found.satisfaction.text) == (awareness, satisfaction)
    assert found.sufficient(100) is enough


@pytest.mark.parametrize(
    "figures", [(100, 101, 90, 80), (100, 50, 101, 80), (100, 50, 80, 81), (100, -1, 80, 70)]
)
def test_a_survey_that_cannot_be_is_refused(figures) -> None:
    assert SurveyFigures(*figures).problems()


def test_a_veto_leaf_that_is_open_stands_in_the_way_whatever_the_coverage() -> None:
    leaves = [
        LeafStanding("1.1", "sound", veto=True),
        LeafStanding("1.2", "reviewed", veto=False),
        LeafStanding("1.3", "gap", veto=True),
        LeafStanding("1.4", "unassigned", veto=False),
    ]
    assert [(item.code, item.why) for item in rules.open_items(leaves)] == [
        ("1.3", "否决项还没有达标"),
        ("1.4", "还没有责任单位"),
    ]
    assert rules.open_items(leaves[:2]) == []


@pytest.mark.parametrize(
    ("on", "last", "document", "words"),
    [
        (date(2026, 3, 2), None, "x", ""),
        (date(2026, 3, 2), date(2026, 3, 2), "x", ""),
        (date(2026, 3, 2), None, "", "没有附这一步的文件"),
        (date(2026, 3, 3), None, "x", "今天以后"),
        (date(2026, 2, 1), date(2026, 2, 2), "x", "早于上一步的日期 2026-02-02"),
    ],
)
def test_an_outer_step_asks_for_its_document_and_the_order_of_days(on, last, document, words) -> None:
    found = rules.step_problem(on, TODAY, last, document)
    assert words in found
    assert bool(found) is bool(words)


def test_a_lower_score_from_outside_is_told_only_where_there_is_an_own_one() -> None:
    assert rules.lower(Fraction(1, 2), Fraction(3, 4))
    assert not rules.lower(Fraction(3, 4), Fraction(3, 4))
    assert not rules.lower(Fraction(0), None)


def test_two_editions_differ_in_what_is_new_removed_and_changed() -> None:
    found = rules.differences({"1": "a", "2": "b", "3": "c"}, {"1": "a", "3": "d", "4": "e"})
    assert found == {"new": ["4"], "removed": ["2"], "changed": ["3"], "same": ["1"]}
