"""Both districts load, their examples hold, and what they say fits the program."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.shared_data import shared
from yukuaiban.core.errors import NotYetInForce
from yukuaiban.core.lights import ClockKind
from yukuaiban.core.limits import Authority, Limit
from yukuaiban.core.timeline import limit_row_from
from yukuaiban.core.warnrules import WarnScope
from yukuaiban.packs import load, run_example
from yukuaiban.packs.calendars import compiled
from yukuaiban.packs.procedures import parse_procedure
from yukuaiban.packs.rows import MatterRow
from yukuaiban.packs.vocabulary import ROLES, MatterKind, OrganKind

ROOT = Path(__file__).resolve().parents[2]
DISTRICTS = ROOT / "districts"
DAY = date(2026, 3, 2)
EXAMPLES = [
    pytest.param(district, number, id=f"{name}-{number}-{example.title}")
    for name, district in ((each, load(DISTRICTS / each)) for each in ("sample", "ganyu"))
    for number, example in enumerate(district.examples)
]


@pytest.fixture(params=["sample", "ganyu"])
def district(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize(("district", "number"), EXAMPLES)
def test_an_example_holds(district, number):
    assert run_example(district.examples[number], district) == []


def test_an_example_that_expects_something_else_is_told(sample):
    example = next(each for each in sample.examples if each.procedure == "desks")
    wrong = example.expect[1].model_copy(update={"due": example.expect[1].due.replace(day=17)})
    told = run_example(
        type(example)(**{name: getattr(example, name) for name in example.__slots__} | {"expect": (wrong,)}),
        sample,
    )
    place = f"{example.file}:{example.line}"
    why = "committed 的 due 应为 2026-03-17 17:30:00，实为 2026-03-16 17:30:00"
    assert told == [f"{place}：第 1 条预期：{why}"]


def test_an_act_that_should_be_refused_and_is_not_is_told(sample):
    example = next(each for each in sample.examples if each.procedure == "desks")
    acts = (example.acts[0].model_copy(update={"refused": "不行"}), *example.acts[1:])
    told = run_example(
        type(example)(**{name: getattr(example, name) for name in example.__slots__} | {"acts": acts}), sample
    )
    assert len(told) == 1
    assert "应被拒绝（不行），实为：已办理" in told[0]


def test_ganyu_has_its_towns_zones_and_the_agencies_of_the_plan(ganyu):
    kinds = Counter(agency.kind.value for agency in ganyu.agencies)
    assert (kinds["town"], kinds["park"], kinds["court"]) == (15, 4, 1)
    names = {agency.short_name for agency in ganyu.agencies}
    assert {"区委政法委", "区文化和旅游局", "区商务局", "区水利局", "区自然资源局", "赣榆生态环境局"} <= names
    assert {"区法院", "区科技局", "区住建局", "区督查室", "区纪委监委", "营商办", "12345中心"} <= names
    local = next(agency for agency in ganyu.agencies if agency.short_name == "柘汪临港产业区")
    assert (local.area_code, local.number4, local.organ_kind) == ("", "0901", OrganKind.ENTRUSTED)
    assert (ganyu.area_code, ganyu.brand, ganyu.phone_area) == ("320707", "榆快办", "0518")


def test_the_codes_of_ganyus_towns_and_zones_are_the_published_ones(ganyu):
    with shared("admin/lianyungang_streets.csv").open(encoding="utf-8") as file:
        published = {row[0]: row[1] for row in csv.reader(file) if row[0].startswith("320707")}
    own = {agency.area_code: agency.name for agency in ganyu.agencies if len(agency.area_code) == 9}
    assert set(own) == set(published)
    assert all(published[code] in name for code, name in own.items())


def test_typical_matters_are_marked_as_unconfirmed_and_none_promises_more_than_the_law(ganyu):
    assert len(ganyu.matters) >= 60
    assert not any(matter.confirmed for matter in ganyu.matters)
    shown = Counter(each.kind for each in ganyu.unconfirmed)
    assert shown["matter"] == len(ganyu.matters)
    assert {"agency", "hall", "desk", "value"} <= shown.keys()
    assert {matter.agency for matter in ganyu.matters} <= {agency.code for agency in ganyu.agencies}


def test_a_hall_that_is_live_names_its_document(sample):
    live = [hall for hall in sample.halls if hall.warning_mode == "live"]
    assert [hall.code for hall in live] == ["main"]
    assert "正式运行方案" in live[0].mode_source


def test_every_calendar_holds_the_published_years_and_2027_is_provisional(district):
    for spec in district.calendars.values():
        assert spec.published == {2023, 2024, 2025, 2026}
    office = compiled(district.calendars[district.calendar])
    worked = Counter(
        day.year
        for day in (
            date.fromordinal(n) for n in range(date(2023, 1, 1).toordinal(), date(2027, 1, 1).toordinal())
        )
        if office.is_workday(day)
    )
    assert worked == {2023: 249, 2024: 251, 2025: 248, 2026: 248}
    assert not office.is_workday(date(2027, 2, 8))


def test_the_calendar_says_where_its_days_come_from():
    for name in ("sample", "ganyu"):
        folder = DISTRICTS / name / "calendars"
        assert "Copyright (c) 2019 NateScarlet" in (folder / "LICENSE-holiday-cn").read_text(encoding="utf-8")
        text = (folder / "office.toml").read_text(encoding="utf-8")
        assert text.count("www.gov.cn/") >= 4


def test_a_summer_timetable_ends_the_day_at_six(sample):
    office = compiled(sample.calendars["office"])
    assert office.closing(date(2026, 7, 1)).astimezone(office.zone).time() == time(18)
    assert office.closing(date(2026, 9, 1)).astimezone(office.zone).time() == time(17, 30)
    assert compiled(sample.calendars["hall"]).is_workday(date(2026, 3, 7))


def test_values_are_typed_by_their_unit_and_dated(district):
    assert district.value("notice_from", DAY) == time(8)
    assert district.value("extension_cap", DAY) == Limit.parse("10wd")
    assert district.value("pause_outside_count", DAY) == 2
    assert district.value("data_completeness", DAY) == Fraction(1)
    assert district.row("extension_cap", DAY).authority is Authority.LAW
    assert district.row("extension_cap", DAY).version == "extension_cap=10wd@2004-07-01"
    with pytest.raises(NotYetInForce, match="2004-07-01"):
        district.value("extension_cap", date(1999, 1, 1))
    with pytest.raises(NotYetInForce, match="没有数值“nothing”"):
        district.value("nothing", DAY)


def test_the_warning_rules_of_the_pack_are_those_of_the_specification(district):
    wide = [row for row in district.warns if row.scope is WarnScope.GLOBAL]
    assert [(str(row.limits), str(row)) for row in wide] == [
        (">2wd", "70%"),
        (">2wd", "1wd"),
        ("<=2wd", "4sh"),
        ("hours", "50%"),
    ]
    assert all(row.source and row.authority is Authority.OURS for row in wide)


def test_every_procedure_carries_the_warning_rules_in_its_stored_text(district):
    for code, text in district.procedure_texts.items():
        assert district.procedures[code].warns == district.warns
        assert parse_procedure(text).warns == district.warns


def test_a_changed_threshold_is_a_new_version_of_the_procedure(pack, sample):
    rules = pack / "rules.toml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("value = 70", "value = 60"), encoding="utf-8")
    changed = load(pack).procedures["desks"]
    assert changed.version != sample.procedures["desks"].version
    assert str(changed.warns[0]) == "60%"


def test_odd_letters_in_a_rule_survive_the_stored_text(pack):
    rules = pack / "rules.toml"
    text = rules.read_text(encoding="utf-8")
    odd = r'source = "“引”\"号\"\\ \t\n\u007f甲#"'
    rules.write_text(text.replace('source = "本系统约定，与上一条取早"', odd), encoding="utf-8")
    district = load(pack)
    assert district.warns[1].source == '“引”"号"\\ \t\n\x7f甲#'
    assert parse_procedure(district.procedure_texts["desks"]) == district.procedures["desks"]


def test_texts_are_filled_and_carry_the_mandatory_remedies(district):
    refusal = district.text("refusal", DAY)
    words = dict.fromkeys(refusal.fields, "某") | {"court": "示例法院"}
    assert "六十日内" in refusal.filled(words)
    assert "向示例法院提起行政诉讼" in refusal.filled(words)
    assert {"pause_notice", "correction_notice", "overdue_public_note", "denial"} <= district.texts.keys()
    with pytest.raises(NotYetInForce):
        district.text("refusal", date(1999, 1, 1))


def test_a_stored_procedure_text_reads_back_in_the_same_version(district):
    for code, text in district.procedure_texts.items():
        again = parse_procedure(text, file=f"{code}@stored")
        assert again == district.procedures[code]
        commented = parse_procedure("# 另一个注释\n" + text)
        assert commented.version == again.version
        assert len(again.version) == 12
    changed = parse_procedure(
        district.procedure_texts["desks"].replace('title = "窗口办件"', 'title = "办件"')
    )
    assert changed.version != district.procedures["desks"].version


def test_the_desks_procedure_stops_the_statutory_clock_for_the_eight_causes_only(district):
    desks = district.procedures["desks"]
    statutory = {each.code for each in desks.pause_categories if "statutory" in each.stops}
    assert statutory == {
        "hearing",
        "tender",
        "auction",
        "inspection",
        "testing",
        "quarantine",
        "appraisal",
        "expert_review",
    }
    assert all(each.needs_sheet for each in desks.pause_categories if each.code not in statutory)
    assert desks.clock("delivery").kind is ClockKind.STATUTORY
    assert {stage.code for stage in desks.stages if stage.final} == {
        "delivered",
        "refused",
        "no_permit_needed",
        "redirected",
        "withdrawn",
    }
    assert all(each.title and each.title_en for each in (*desks.stages, *desks.actions, *desks.clocks))


def test_a_matter_brings_its_limits_to_a_case(sample):
    limits = sample.matter("S-0001", DAY).case_limits()
    row = limit_row_from(limits["committed"])
    assert (row.limit, row.since, row.authority) == (
        Limit(Decimal(10), Limit.parse("1wd").unit),
        date(2026, 1, 1),
        Authority.OURS,
    )
    assert sample.matter("S-0001", date(2025, 12, 31)).committed_limit == Limit.parse("15wd")
    assert "statutory" not in sample.matter("S-0011", DAY).case_limits()


def test_a_permit_that_states_no_law_brings_the_laws_own_limit(sample):
    permit = sample.matter("S-0007", DAY).model_copy(update={"statutory_limit": None})
    row = limit_row_from(permit.case_limits(sample.default_statutory(permit.matter_kind, DAY))["statutory"])
    assert (row.limit, row.since, row.authority) == (Limit.parse("20wd"), date(2004, 7, 1), Authority.LAW)
    assert row.source == "行政许可法第四十二条第一款"
    own = sample.matter("S-0010", DAY)
    law = sample.default_statutory(own.matter_kind, DAY)
    assert own.case_limits(law)["statutory"]["limit"] == "3mo"
    assert sample.default_statutory("permit", date(2004, 6, 30)) is None
    assert {kind for kind in MatterKind if sample.default_statutory(kind, DAY)} == {MatterKind.PERMIT}


def test_a_version_holds_on_its_days_alone(sample):
    with pytest.raises(NotYetInForce):
        sample.matter("S-0012", DAY)


def test_a_desk_takes_matters_by_code_by_group_or_all(ganyu):
    desks = {desk.code: desk for desk in ganyu.desks}
    fishing, food = ganyu.matter("GY-0016-02", DAY), ganyu.matter("GY-0015-01", DAY)
    assert desks["main-08"].takes(fishing.code, fishing.desk_group)
    assert not desks["main-08"].takes(food.code, food.desk_group)
    assert desks["main-01"].takes(food.code, food.desk_group)
    assert desks["main-09"].takes("anything")


def test_the_roles_of_procedures_are_roles_that_people_can_hold():
    from yukuaiban.people.roles import ROLES as HELD  # noqa: PLC0415 - needs Django

    assert {role.code for role in HELD.values()} == ROLES


def test_the_map_of_the_foreign_list_names_our_columns():
    found = tomllib.loads((ROOT / "examples" / "guangan_district.map.toml").read_text(encoding="utf-8"))
    assert set(found) == {"columns", "defaults"}
    assert {*found["columns"], *found["defaults"]} <= set(MatterRow.model_fields)
    with shared("matters/guangan_district.csv").open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    assert set(found["columns"].values()) <= set(header)
