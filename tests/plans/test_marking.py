"""The text in coloured pieces, periods in words, and stretches found by their first and last words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuaiban.core.errors import InputInvalid
from yukuaiban.plans.locating import stretch
from yukuaiban.plans.marking import Kind, Mark, markers, pieces
from yukuaiban.plans.periodwords import choices, words

RAW = "前言。\r\n具体举措:公开清单,压降20%以上。\n责任单位：商务局、水利局。"


def test_a_piece_shows_the_narrowest_of_what_covers_it_and_its_label_once() -> None:
    marks = [
        Mark(Kind.ENTRY, 5, 37),
        *markers(RAW, (5, 37)),
        Mark(Kind.MILESTONE, 10, 22, "1.1", "m"),
        Mark(Kind.TARGET, 15, 21, "1.a", "t"),
        Mark(Kind.AGENCY, 29, 32, key="a"),
    ]
    found = [(each.kind.value, each.text, each.label, each.breaks) for each in pieces(RAW, (5, 37), marks)]
    assert found == [
        ("m", "具体举措:", "", False),
        ("q", "公开清单,", "1.1", False),
        ("t", "压降20%以", "1.a", False),
        ("q", "上", "", False),
        ("u", "。", "", True),
        ("m", "责任单位：", "", False),
        ("o", "商务局", "", False),
        ("u", "、水利局。", "", False),
    ]


@given(st.lists(st.tuples(st.sampled_from(Kind), st.integers(0, 40), st.integers(0, 40)), max_size=8))
def test_whatever_the_marks_every_character_stands_in_one_piece_at_its_offset(drawn) -> None:
    marks = [Mark(kind, min(a, b), max(a, b)) for kind, a, b in drawn]
    found = pieces(RAW, (0, len(RAW)), marks)
    assert all(RAW.startswith(each.text, each.start) for each in found)
    covered = [n for each in found for n in range(each.start, each.start + len(each.text))]
    assert covered == [n for n, letter in enumerate(RAW) if letter not in "\r\n"]


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("Q1", "一季度"),
        ("Q2,Q3", "二、三季度"),
        ("2025-Q2", "2025年二季度"),
        ("--06", "6月"),
        ("2022-10", "2022年10月"),
        ("--09-01", "9月1日"),
        ("--07-21/--08-20", "7月21日至8月20日"),
        ("2025", "2025年"),
        ("year", "年内"),
        ("bimonthly", "每两月"),
        ("", "未写明"),
        ("Q4,year", "四季度、年内"),
    ],
)
def test_periods_in_words(period, said) -> None:
    assert words(period) == said
    assert (period, said) in choices(period)


def test_a_stretch_is_found_by_its_first_and_last_words_whatever_the_line_ends() -> None:
    raw = "全面排查建立联\n席会议，全面排查到位；完成。"
    assert stretch(raw, (0, len(raw)), "建立联席会议") == (4, 11)
    assert stretch(raw, (0, len(raw)), "建立", "到位") == (4, 18)
    assert stretch(raw, (11, len(raw)), "全面排查") == (12, 16)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("全面", "", "出现 2 次"),
        ("没有", "", "没有“没有”"),
        ("建立", "没有", "没有“没有”"),
        (" ", "", "没有写"),
    ],
)
def test_words_that_do_not_name_one_stretch_are_refused_with_the_way_out(first, last, said) -> None:
    raw = "全面排查建立联席会议，全面到位。"
    with pytest.raises(InputInvalid, match=said):
        stretch(raw, (0, len(raw)), first, last)
