"""Case numbers: the example of the rules, and what a wrong digit gets."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from yukuaiban.core.errors import InputInvalid
from yukuaiban.people.case_number import CaseNumber, check_digit, grouped, make_number, parse_number

EXAMPLE = "320707001220260302000177"


def test_the_example_of_the_rules():
    assert make_number("320707", "0012", date(2026, 3, 2), 17) == EXAMPLE
    assert grouped(EXAMPLE) == ["320707", "0012", "20260302", "00017", "7"]
    assert parse_number(EXAMPLE) == CaseNumber("320707", "0012", date(2026, 3, 2), 17)
    assert str(parse_number("３２0707 0012-20260302 00017 7")) == EXAMPLE


def test_a_number_of_another_system_is_shown_as_it_is():
    assert grouped("SN-2026-17") == ["SN-2026-17"]


@given(st.text("0123456789", min_size=1, max_size=30))
def test_the_check_digit_is_that_of_the_standard(digits):
    assert check_digit(digits) == mod_11_10.calc_check_digit(digits)


@given(st.dates(date(2000, 1, 1)), st.integers(1, 99_999), st.integers(0, 23), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(day, sequence, place, digit):
    number = make_number("320707", "0012", day, sequence)
    wrong = number[:place] + digit + number[place + 1 :]
    if wrong != number:
        with pytest.raises(InputInvalid):
            parse_number(wrong)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12345", "应为 24 位数字，现为 5 位"),
        (EXAMPLE[:-1] + "8", "校验位不对"),
        ("32070700122026130200017" + check_digit("32070700122026130200017"), "日期 20261302 不存在"),
        ("X" * 24, "应为 24 位数字"),
    ],
)
def test_what_a_wrong_number_gets(text, why):
    with pytest.raises(InputInvalid, match=why) as caught:
        parse_number(text)
    assert "回执" in caught.value.problems[0].remedy


@pytest.mark.parametrize(
    ("area", "agency", "sequence"),
    [("32070", "0012", 1), ("320707", "12", 1), ("320707", "0012", 0), ("320707", "0012", 100_000)],
)
def test_parts_that_do_not_fit_are_refused(area, agency, sequence):
    with pytest.raises(InputInvalid):
        make_number(area, agency, date(2026, 3, 2), sequence)
