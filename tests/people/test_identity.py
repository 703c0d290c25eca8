"""Identity numbers and phones: every example of rules/common.md section 2, real codes, and text as people type it."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import shared
from yukuaiban.core.errors import InputInvalid
from yukuaiban.people.identity import (
    USCC_LETTERS,
    Division,
    check_phone,
    check_resident_id,
    check_uscc,
    clean_name,
    inner_check,
    login_form,
    normalise,
    resident_check,
    uscc_check,
)

TODAY = date(2026, 3, 2)
GANYU = [
    Division("320721", "赣榆县", date(1983, 1, 1), date(2014, 5, 1)),
    Division("320707", "赣榆区", date(2014, 5, 1)),
]


def refusal(check, *args, **kwargs):
    """The one problem that a check finds."""
    with pytest.raises(InputInvalid) as caught:
        check(*args, **kwargs)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("code", ["91110000600037341L", "N2320707MA1ABC238Y", "121200004013590816"])
def test_valid_credit_codes(code):
    assert check_uscc(code).value == code
    assert check_uscc(code).warnings == ()


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("91320707MA1ABCDE0X", "第 18 位校验位应为 G，现为 X"),
        ("9132070OMA1ABCDE0G", "第 8 位“O”不是允许的字符"),
        ("91320707MA1ABCSE0G", "第 15 位“S”不是允许的字符"),
        ("913207A7MA1ABCDE0G", "第 7 位“A”应为数字"),
        ("91320707MA1ABCDE0", "应为 18 位，现为 17 位"),
        ("", "应为 18 位，现为 0 位"),
        ("９１３２０７０７ＭＡ１ＡＢＣＤＥ０Ｘ", "第 18 位校验位应为 G，现为 X"),
        ("91320707МА1ABCDE0G", "第 9 位“М”不是允许的字符"),  # Cyrillic letters in positions 9 and 10
    ],
)
def test_refused_credit_codes(code, why):
    problem = refusal(check_uscc, code)
    assert why in problem.why
    assert problem.remedy
    assert problem.field == "uscc"


def test_a_wrong_inner_code_is_a_warning_only():
    body = "91320707MA1ABCDE0"
    checked = check_uscc(body + uscc_check(body))
    assert checked.value == "91320707MA1ABCDE0G"
    (warning,) = checked.warnings
    assert f"应为 {inner_check('MA1ABCDE')}" in warning


def test_real_credit_codes_get_their_verdicts():
    with shared("identity/uscc.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    verdicts = {row["uscc"]: _passes(row["uscc"]) for row in rows}
    assert len(rows) == 153
    assert verdicts == {row["uscc"]: row["check_digit_ok"] == "True" for row in rows}


def _passes(code):
    try:
        check_uscc(code)
    except InputInvalid:
        return False
    return True


@pytest.mark.parametrize(
    ("number", "kind", "warned"),
    [
        ("320721198506151238", "resident_id", False),  # old county
        ("320707198506151230", "resident_id", True),  # the district did not exist then
        ("810000199408230021", "residence_permit", False),
        ("32072119850615123８", "resident_id", False),
    ],
)
def test_citizen_numbers(number, kind, warned):
    checked = check_resident_id(number, today=TODAY, divisions=GANYU)
    assert checked.kind == kind
    assert bool(checked.warnings) is warned
    assert checked.raw == number


def with_check(body):
    return body + resident_check(body)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("320721198506151237", "校验位应为 8，现为 7"),
        (with_check("32072119850230123"), "出生日期 1985-02-30 不存在"),
        (with_check("32072120270101123"), "出生日期 2027-01-01 在将来"),
        ("32072198506151", "现为 14 位"),
        ("320721850615123", "15 位旧号码已停用"),
        ("32072119850615X238", "第 15 位“X”不是允许的字符"),
    ],
)
def test_refused_citizen_numbers(number, why):
    assert why in refusal(check_resident_id, number, today=TODAY, divisions=GANYU).why


@pytest.mark.parametrize(
    ("area", "warned"),
    [("320723", True), ("110105", False), ("990101", True), ("320707", False)],
)
def test_a_code_outside_the_table_is_a_warning_only_where_the_table_knows_the_place(area, warned):
    number = with_check(f"{area}20200101123")
    assert bool(check_resident_id(number, today=TODAY, divisions=GANYU).warnings) is warned


@pytest.mark.parametrize(
    ("raw", "value", "kind"),
    [
        ("0518-86212345", "0518-86212345", "landline"),
        ("（0518）86212345", "0518-86212345", "landline"),
        ("+86 138 0000 1234", "13800001234", "mobile"),
        ("0086-13800001234", "13800001234", "mobile"),
        ("１３８００００１２３４", "13800001234", "mobile"),
        ("\u200b138\u202e00001234", "13800001234", "mobile"),
    ],
)
def test_phones(raw, value, kind):
    checked = check_phone(raw)
    assert (checked.value, checked.kind) == (value, kind)


@pytest.mark.parametrize("raw", ["12345", "400-123-4567", "95588", "12315"])
def test_service_numbers_only_where_the_field_is_for_hotlines(raw):
    assert check_phone(raw, hotline=True).kind == "hotline"
    assert "服务热线" in refusal(check_phone, raw).why


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("86212345", "缺少区号 0518"),
        ("12800001234", "第 2 位为 3 至 9"),
        ("1380000123", "现为 10 位"),
        ("010-62345678", "不是 0518 的固定电话"),
        ("八六二一二三四五", "只能有数字"),
        ("", "只能有数字"),
    ],
)
def test_refused_phones(raw, why):
    problem = refusal(check_phone, raw)
    assert why in problem.why
    assert "0518" in problem.remedy


def test_the_area_is_an_argument():
    assert check_phone("010-62345678", area="010").value == "010-62345678"


# ---------------------------------------------------------------------------------------------- properties

bodies = st.builds(
    "".join,
    st.tuples(
        st.text(USCC_LETTERS, min_size=2, max_size=2),
        st.text("0123456789", min_size=6, max_size=6),
        st.text(USCC_LETTERS, min_size=9, max_size=9),
    ),
)
NOISE = "\u200b\u200d\u202e\u2066\ufeff\u00ad -－—‐\u3000\t"


def noisy(text, noise, wide):
    """The text as somebody may paste it: full width, with invisible characters between."""
    shown = "".join(chr(ord(char) + 0xFEE0) for char in text) if wide else text.lower()
    return noise.join(shown)


@given(bodies, st.text(NOISE, max_size=3), st.booleans())
def test_noise_never_changes_a_credit_code(body, noise, wide):
    code = body + uscc_check(body)
    assert check_uscc(noisy(code, noise, wide)).value == code


@given(bodies, st.integers(0, 17), st.sampled_from(USCC_LETTERS))
def test_one_wrong_character_is_always_found(body, place, char):
    code = body + uscc_check(body)
    wrong = code[:place] + char + code[place + 1 :]
    if wrong != code:
        assert refusal(check_uscc, wrong).why


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.text(NOISE, max_size=3), st.booleans())
def test_noise_never_changes_a_citizen_number(born, sequence, noise, wide):
    number = with_check(f"320721{born:%Y%m%d}{sequence:03d}")
    checked = check_resident_id(noisy(number, noise, wide), today=TODAY, divisions=GANYU)
    assert checked.value == number
    assert bool(checked.warnings) is not (date(1983, 1, 1) <= born < date(2014, 5, 1))


@given(st.text())
def test_one_form_is_reached_at_once(text):
    assert normalise(normalise(text)) == normalise(text)
    assert clean_name(clean_name(text)) == clean_name(text)
    assert login_form(login_form(text)) == login_form(text)


def outcome(check, text):
    """The value kept, or the problems told."""
    try:
        return check(text)
    except InputInvalid as refused:
        return refused.problems


@given(st.text())
def test_any_text_is_answered_with_a_value_or_a_way_out(text):
    for check in (check_uscc, check_phone, lambda raw: check_resident_id(raw, today=TODAY)):
        found = outcome(check, text)
        assert found.raw == text if not isinstance(found, tuple) else all(each.remedy for each in found)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  张\u200b三 ", "张三"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("海州\n农 \t 场", "海州 农 场"),
        ("𬍛\ue000", "𬍛\ue000"),  # rare characters of names, also those of private use
    ],
)
def test_names_keep_what_was_typed_and_lose_what_nobody_sees(typed, kept):
    assert clean_name(typed) == kept
