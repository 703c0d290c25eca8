"""What a masked value still shows (ui.md section 5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuaiban.people.masks import HIDDEN, KINDS, mask

TABLE = [
    ("name", "张三", "张*"),
    ("name", "张三丰", "张**"),
    ("name", "欧阳修", "欧阳*"),
    ("name", "欧阳娜娜", "欧阳**"),
    ("name", "欧阳", "欧*"),
    ("name", "张", "*"),
    ("name", "阿卜杜拉·买买提", "阿**"),
    ("phone", "13812345678", "138****5678"),
    ("phone", "0518-86212345", "0518-****2345"),
    ("phone", "051886212345", "0518-****2345"),
    ("phone", "12345", HIDDEN),
    ("phone", "+8613812345678", "****5678"),
    ("resident_id", "320721198506151234", "320***********1234"),
    ("resident_id", "E12345678", "*******78"),
    ("resident_id", "12345", HIDDEN),
    ("bank", "6222020200112233445", "****3445"),
    ("bank", "1234", HIDDEN),
    ("address", "青口镇某路 1 号", HIDDEN),
    ("text", "反映的内容", HIDDEN),
    ("signature", "data", HIDDEN),
    ("enterprise", "望海食品有限公司", "望海食品有限公司"),
    ("uscc", "91320707MA1ABCDE0G", "91320707MA1ABCDE0G"),
]


@pytest.mark.parametrize(("kind", "value", "shown"), TABLE)
def test_partial(kind, value, shown):
    assert mask(kind, value, "partial") == shown
    assert mask(kind, value, "none") == value
    assert mask(kind, value, "hidden") == HIDDEN


def test_every_kind_stands_in_the_table():
    assert {kind for kind, _, _ in TABLE} == KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("level", ["none", "partial", "hidden"])
def test_nothing_stays_nothing(kind, level):
    assert mask(kind, "", level) == ""


@pytest.mark.parametrize(("kind", "level"), [("colour", "partial"), ("name", "reveal")])
def test_an_unknown_kind_or_level_is_a_fault(kind, level):
    with pytest.raises(ValueError, match=kind if kind == "colour" else level):
        mask(kind, "x", level)


@given(st.text(min_size=1), st.sampled_from(["name", "phone", "resident_id", "bank", "address", "text"]))
def test_at_least_half_of_a_personal_value_is_gone_or_the_whole(value, kind):
    shown = mask(kind, value, "partial")
    assert shown != value or set(value) <= {"*"}
    kept = shown.replace("*", "")
    assert len(kept) <= max(7, (len(value) + 1) // 2)


@given(st.from_regex(r"[1-9]\d{16}[\dX]", fullmatch=True))
def test_an_identity_number_keeps_its_length_and_shows_seven(number):
    shown = mask("resident_id", number, "partial")
    assert len(shown) == 18
    assert shown.count("*") == 11
