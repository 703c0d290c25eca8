"""A threshold that changes reaches only what starts afterwards; rows and fold agree before and after."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cast import Office, at, fresh
from yukuaiban.cases import versions
from yukuaiban.cases.models import Case, Clock
from yukuaiban.cases.rebuilding import fold_differences
from yukuaiban.journal.reading import events
from yukuaiban.journal.verifying import verify
from yukuaiban.packs import District, load
from yukuaiban.people.access import CONSOLE

SAMPLE = Path(__file__).resolve().parents[2] / "districts" / "sample"
EARLIER = """
[[warn]]
scope = "global"
limits = ">2wd"
metric = "used_percent"
value = 30
unit = "percent"
light = "yellow"
since = 2026-03-03
source = "区政务办通知"
authority = "policy"
"""
FIRST, SOONER = "2026-03-11T17:30", "2026-03-06T17:30"


@pytest.fixture
def changed(tmp_path: Path) -> District:
    """The district after the office has written an earlier threshold, in force from 3 March."""
    folder = Path(shutil.copytree(SAMPLE, tmp_path / "sample"))
    with (folder / "rules.toml").open("a", encoding="utf-8") as rules:
        rules.write(EARLIER)
    return load(folder)


def put_in_force(office: Office, district: District) -> None:
    assert versions.install(district, subject=CONSOLE, pen=office.pen) == []


def warns(case: Case, code: str = "committed") -> object:
    return Clock.objects.get(case=case, code=code).warns_at


def warned_by(office: Office, case: Case, moment: str) -> list[str]:
    """The clocks of which the worker has recorded a warning up to a moment."""
    office.tick(moment)
    stream = events(f"case:{case.number}")
    return [each.body["data"]["clock"] for each in stream if each.type == "clock.warned"]


def agrees(*cases: Case) -> bool:
    return all(
        not fold_differences(f"case:{each.number}", list(events(f"case:{each.number}"))) for each in cases
    )


def test_a_changed_threshold_reaches_only_cases_taken_in_afterwards(
    office: Office, changed: District
) -> None:
    old = office.in_review()
    put_in_force(office, changed)
    office.at("2026-03-03T09:00")
    new = office.in_review()
    assert (warns(old), warns(new)) == (at(FIRST), at(SOONER))
    assert fresh(old).procedure_version != fresh(new).procedure_version
    assert office.state(new).clock("committed").warned_by.source == "区政务办通知"
    assert agrees(old, new)
    assert verify(folds={"case:": fold_differences}).ok


def test_an_old_case_keeps_its_rule_when_its_clock_is_counted_anew(office: Office, changed: District) -> None:
    case = office.in_review()
    put_in_force(office, changed)
    office.at("2026-03-04T10:00")
    office.pause(case, "2026-03-05T17:30")
    office.tick("2026-03-06T09:00")
    assert warns(case) == at("2026-03-12T17:30")
    assert agrees(case)


def test_a_threshold_announced_before_its_day_reaches_the_clocks_that_start_from_that_day_on(
    office: Office, changed: District
) -> None:
    put_in_force(office, changed)
    case = office.receive()
    before = warns(case, "correction")
    office.at("2026-03-03T09:00")
    office.do(case, "admit", "xiaoyu")
    assert before == warns(case, "correction") == at("2026-03-06T12:00")
    assert warns(case) == at(SOONER)
    assert agrees(case)


def test_yellow_comes_at_the_moment_of_the_rule(office: Office, changed: District) -> None:
    put_in_force(office, changed)
    office.at("2026-03-03T09:00")
    case = office.in_review()
    seen = [warned_by(office, case, moment) for moment in ("2026-03-06T17:29", "2026-03-06T17:30")]
    assert seen == [[], ["committed"]]


def test_rules_that_were_taken_back_take_force_again(office: Office, changed: District) -> None:
    first = versions.current_procedure("desks").version
    put_in_force(office, changed)
    office.at("2026-03-03T09:00")
    assert versions.current_procedure("desks").version != first
    put_in_force(office, load(SAMPLE))
    assert versions.current_procedure("desks").version == first
    case = office.in_review()
    assert warns(case) == at("2026-03-12T17:30")
    assert [each.body["version"] for each in events("rule:desks")][-1] == first
    assert agrees(case)
