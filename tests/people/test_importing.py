"""Registers: agencies from a pack, enterprises from a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from yukuaiban.journal.reading import events
from yukuaiban.people import access
from yukuaiban.people.district import installed
from yukuaiban.people.enterprises import ENTERPRISES, import_enterprises, match_key, skeleton
from yukuaiban.people.importing import AGENCIES, import_agencies
from yukuaiban.people.models import Agency, Enterprise

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Row:
    code: str
    name: str
    parent: str | None = None
    number4: str | None = None
    short_name: str = ""
    kind: str = "department"
    organ_kind: str = "statutory"
    area_code: str = "990101"
    source: str = "测试"
    confirmed: bool = True
    since: date | None = date(2020, 1, 1)
    until: date | None = None


BRANCH = Row("b", "东港分局", parent="a", number4="0002")
OFFICE = Row("a", "区市场监管局", number4="0001")


def pack(*rows):
    return SimpleNamespace(code="sample", phone_area="0518", agencies=rows)


def test_agencies_come_as_a_tree_in_the_order_of_the_pack(pen):
    done = import_agencies(pack(BRANCH, OFFICE), by=access.CONSOLE, pen=pen)
    assert (done.added, done.changed, done.same) == (2, 0, 0)
    assert [each.code for each in Agency.objects.all()] == ["b", "a"]
    assert Agency.objects.get(code="b").parent_id == "a"
    (event,) = events(AGENCIES)
    assert event.body == {
        "changes": [{"code": "b", "change": "added"}, {"code": "a", "change": "added"}],
        "district": "sample",
    }


def test_the_same_pack_again_changes_nothing(pen):
    import_agencies(pack(OFFICE, BRANCH), by=access.CONSOLE, pen=pen)
    done = import_agencies(pack(OFFICE, BRANCH), by=access.CONSOLE, pen=pen)
    assert (done.added, done.changed, done.same) == (0, 0, 2)
    assert len(list(events(AGENCIES))) == 1


def test_a_changed_pack_changes_what_differs_and_forgets_nobody(pen):
    import_agencies(pack(OFFICE, BRANCH), by=access.CONSOLE, pen=pen)
    done = import_agencies(pack(replace(OFFICE, name="区市场局")), by=access.CONSOLE, pen=pen)
    assert (done.changed, Agency.objects.count()) == (1, 2)
    import_agencies(pack(replace(BRANCH, parent=None)), by=access.CONSOLE, pen=pen)
    changes = [event.body["changes"] for event in events(AGENCIES)][1:]
    assert changes == [[{"code": "a", "change": "changed"}], [{"code": "b", "change": "changed"}]]


def test_the_agencies_of_the_fictional_district(pen):
    district = installed()
    done = import_agencies(district, by=access.CONSOLE, pen=pen)
    assert (done.added, done.refused) == (len(district.agencies), 0)
    assert import_agencies(district, by=access.CONSOLE, pen=pen).same == done.added
    kinds = set(Agency.objects.values_list("kind", "organ_kind"))
    assert kinds == {(str(row.kind), str(row.organ_kind)) for row in district.agencies}


# --------------------------------------------------------------------------------------------- enterprises

ROWS = [
    {"统一社会信用代码": "91110000600037341L", "企业名称": "望海食品有限公司", "住所": "港城大道 1 号"},
    {"统一社会信用代码": "９１３２０７０７ＭＡ１ＡＢＣＤＥ０Ｇ", "企业名称": "望海机械厂"},
    {"统一社会信用代码": "91320707MA1ABCDE0X", "企业名称": "写错的"},
    {"企业名称": "老王菜摊", "住所": "东港市场 3 号", "联系电话": "138 0000 1234"},
    {"企业名称": "没有地址的摊"},
    {"统一社会信用代码": "91110000600037341L", "企业名称": "", "联系电话": "12345"},
]


def test_rows_are_taken_in_or_refused_one_by_one(pen):
    done = import_enterprises(ROWS, district=pack(), by=access.CONSOLE, pen=pen)
    assert (done.rows, done.added, done.refused) == (6, 3, 3)
    assert [(problem.line, problem.field) for problem in done.problems] == [
        (4, "uscc"),
        (6, "uscc"),
        (7, "name"),
        (7, "phone"),
    ]
    assert "应为 G" in done.problems[0].why
    assert [(warning.line, warning.field) for warning in done.warnings] == [(3, "uscc")]
    stall = Enterprise.objects.get(uscc=None)
    assert (stall.name, stall.phone, stall.unverified) == ("老王菜摊", "13800001234", True)
    assert Enterprise.objects.get(name="望海机械厂").raw["uscc"] == ROWS[1]["统一社会信用代码"]
    (event,) = events(ENTERPRISES)
    assert event.body["added"] == 3
    assert "望海" not in event.text.decode()


def test_the_same_table_again_adds_nothing(pen):
    import_enterprises(ROWS, district=pack(), by=access.CONSOLE, pen=pen)
    done = import_enterprises(ROWS, district=pack(), by=access.CONSOLE, pen=pen)
    assert (done.added, done.changed, done.same, done.refused) == (0, 0, 3, 3)


def test_a_known_enterprise_is_brought_up_to_date_and_empty_cells_erase_nothing(pen):
    import_enterprises(ROWS[:1], district=pack(), by=access.CONSOLE, pen=pen)
    row = {"uscc": "91110000600037341L", "name": "望海食品股份有限公司", "address": ""}
    done = import_enterprises([row], district=pack(), by=access.CONSOLE, pen=pen)
    assert done.changed == 1
    found = Enterprise.objects.get()
    assert (found.name, found.address) == ("望海食品股份有限公司", "港城大道 1 号")


def test_two_rows_that_contradict_each_other_are_not_played_out_against_each_other(pen):
    code = "91110000600037341L"
    rows = [
        {"uscc": code, "name": "望海食品"},
        {"uscc": code, "name": "望海饮品"},
        {"uscc": code, "name": "望海食品"},
    ]
    for run in (1, 2):
        done = import_enterprises(rows, district=pack(), by=access.CONSOLE, pen=pen)
        assert (done.changed, done.refused, done.added) == (0, 1, 1 if run == 1 else 0)
        assert [(each.line, each.field) for each in done.problems] == [(3, "uscc")]
    assert Enterprise.objects.get().name == "望海食品"


def test_a_list_of_codes_without_names_is_kept_with_a_warning(pen):
    done = import_enterprises([{"uscc": "91110000600037341L"}], district=pack(), by=access.CONSOLE, pen=pen)
    assert (done.added, done.refused) == (1, 0)
    assert Enterprise.objects.get().warnings == ["清单没有名称列，名称待补"]


def test_what_does_not_fit_its_column_refuses_the_row_alone(pen):
    rows = [{"name": "长" * 201, "address": "街"}, {"name": "短", "address": "街"}]
    done = import_enterprises(rows, district=pack(), by=access.CONSOLE, pen=pen)
    assert (done.added, done.refused) == (1, 1)
    assert "超过 200 个字符" in done.problems[0].why


def test_an_empty_table_is_no_event(pen):
    assert import_enterprises([], district=pack(), by=access.CONSOLE, pen=pen).rows == 0
    assert list(events(ENTERPRISES)) == []


def test_the_database_keeps_the_unverified_apart_and_once(pen):
    import_enterprises(ROWS[3:4], district=pack(), by=access.CONSOLE, pen=pen)
    stall = Enterprise.objects.get()
    with pytest.raises(IntegrityError, match="enterprise_without_code_unverified"), transaction.atomic():
        Enterprise.objects.filter(pk=stall.pk).update(unverified=False)
    stall.pk, stall.uid = None, pen.uid()
    with pytest.raises(IntegrityError), transaction.atomic():
        stall.save(force_insert=True)


# ------------------------------------------------------------------------------------------- look-alikes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HOPE 食品", "ＨＯＰＥ食品"),
        ("HOPE食品", "НОРЕ食品"),  # the second in Cyrillic letters
        ("望海（食品）厂", "望海(食品)厂"),
        ("望\u200b海", "望海"),
        ("Co. 10", "CO IO"),
    ],
)
def test_what_looks_alike_has_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other)
    assert match_key(one, "", "") == match_key(other, "", "")


def test_what_differs_stays_apart():
    assert skeleton("望海食品厂") != skeleton("望海饮品厂")
    assert match_key("甲", "乙", "") != match_key("甲乙", "", "")


@given(st.text(), st.text("\u200b\u202e\ufeff \u3000", max_size=4))
def test_invisible_characters_never_make_another_name(text, noise):
    assert skeleton(text + noise) == skeleton(text)
