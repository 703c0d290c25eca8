"""A measure is whole: a page, Chinese titles, access rules, examples (docs/adding-a-measure.md, section 5)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from yukuaiban import packs
from yukuaiban.cases.catalogue import specs_of
from yukuaiban.packs import District
from yukuaiban.people.access import policy
from yukuaiban.people.roles import ROLES
from yukuaiban.registry import Measure, measures

ROOT = Path(__file__).resolve().parents[2]
DISTRICTS = sorted(path.parent for path in (ROOT / "districts").glob("*/district.toml"))
MEASURES = measures()
HAN = re.compile(r"[\u4e00-\u9fff]")

every_measure = pytest.mark.parametrize("measure", MEASURES, ids=lambda each: each.code)
every_district = pytest.mark.parametrize("folder", DISTRICTS, ids=lambda each: each.name)


def district_of(folder: Path) -> District:
    return packs.load(folder)


def chinese(text: object) -> bool:
    return bool(HAN.search(str(text)))


def routes(patterns: list, space: str = "") -> list[str]:
    """The names of all addresses, with their namespaces, as the policy knows them."""
    found = []
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = ":".join(part for part in (space, each.namespace) if part)
            found += routes(each.url_patterns, inner)
        elif isinstance(each, URLPattern):
            found.append(":".join(part for part in (space, each.name or "") if part))
    return found


def test_there_are_measures_and_districts_to_look_at() -> None:
    assert "desks" in {each.code for each in MEASURES}
    assert {"sample", "ganyu"} <= {each.name for each in DISTRICTS}


@every_measure
def test_a_measure_has_a_page_that_names_it(measure: Measure) -> None:
    page = ROOT / "docs" / measure.docs
    assert page.is_file(), f"write docs/{measure.docs}"
    assert str(measure.title) in page.read_text(encoding="utf-8")


@every_measure
def test_titles_are_chinese(measure: Measure) -> None:
    assert chinese(measure.title)
    named = [*measure.indicators, *measure.nav, *measure.actions.values()]
    assert [each.code for each in named if not chinese(each.title)] == []
    assert [each.code for each in measure.indicators if not chinese(each.of)] == []


@every_measure
def test_the_catalogue_and_the_permissions_are_those_of_the_measure(measure: Measure) -> None:
    assert specs_of(measure.code) == dict(measure.actions)
    told = tomllib.loads(measure.permissions.read_text(encoding="utf-8"))
    assert {each["name"] for each in told["operation"]} <= set(policy().operations)


def test_every_address_has_an_access_rule_and_every_rule_an_address() -> None:
    found = set(routes(get_resolver().url_patterns))
    assert "" not in found
    assert found - set(policy().operations) == set()
    assert set(policy().operations) - found == set()


@every_measure
def test_every_line_of_the_navigation_leads_somewhere_for_known_roles(measure: Measure) -> None:
    for entry in measure.nav:
        assert reverse(entry.url_name).startswith("/")
        assert set(entry.roles) <= set(ROLES)
        assert entry.url_name in policy().operations


@every_measure
@every_district
def test_a_district_has_the_procedures_of_a_measure_and_each_action_its_code(
    measure: Measure, folder: Path
) -> None:
    district = district_of(folder)
    for code in measure.procedures:
        rule = district.procedures[code]
        assert rule.measure == measure.code
        titled = [*rule.stages, *rule.actions, *rule.clocks]
        assert [each.code for each in titled if not chinese(each.title)] == []
        assert {each.code for each in rule.actions} <= set(measure.actions)


@every_measure
@every_district
def test_a_district_has_an_example_of_each_procedure(measure: Measure, folder: Path) -> None:
    """That they run green is proved in tests/packs."""
    files = [tomllib.loads(each.read_text(encoding="utf-8")) for each in (folder / "examples").glob("*.toml")]
    assert set(measure.procedures) <= {each["procedure"] for told in files for each in told["example"]}
