"""Which rules for warnings hold for a clock: scope, kind of limit, day; and how a case carries them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.toy import ADMITTED, PROCEDURE, at, calendar_of, facts
from tests.core.warns import DEFAULTS, clock, row
from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.lights import ClockKind, parse_warn
from yukuaiban.core.limits import Limit
from yukuaiban.core.timeline import fold, step
from yukuaiban.core.warnrules import LimitTest, chosen, uncovered

TESTS = [
    ("hours", "1h", True), ("hours", "2sm", True), ("hours", "1wd", False), ("hours", "1mo", False),
    ("<=2wd", "2wd", True), ("<=2wd", "0wd", True), ("<=2wd", "2d", True), ("<=2wd", "3wd", False),
    ("<=2wd", "1mo", False), ("<=2wd", "1h", False),
    (">2wd", "3wd", True), (">2wd", "3d", True), (">2wd", "1mo", True), (">2wd", "1y", True),
    (">2wd", "2wd", False), (">2wd", "90sh", False),
]  # fmt: skip


@pytest.mark.parametrize(("test", "limit", "meets"), TESTS)
def test_a_kind_of_limit(test, limit, meets):
    assert LimitTest.parse(test).meets(Limit.parse(limit)) is meets


@pytest.mark.parametrize("text", ["hours", "<=2wd", ">10wd"])
def test_a_kind_of_limit_reads_back(text):
    assert str(LimitTest.parse(text)) == text


@pytest.mark.parametrize("text", ["", "2wd", "<2wd", ">2d", ">=2wd", "<=wd", "days", ">12345wd"])
def test_a_kind_of_limit_that_is_none_is_refused(text):
    with pytest.raises(InputInvalid, match=r"请写 hours、<=2wd 或 >2wd"):
        LimitTest.parse(text)


AGENCY = row("agency:a1", "50%")
MATTER = row("matter:m1", "3wd")
SHORT = row("limit", "2sh", "<=2wd")
STEP = row("step:committed", "2wd")
EVERY = (*DEFAULTS, AGENCY, MATTER, SHORT, STEP)
SELECTED = [
    # the default rules by the kind of limit
    (DEFAULTS, clock("10wd"), ["70%", "1wd"]),
    (DEFAULTS, clock("2wd"), ["4sh"]),
    (DEFAULTS, clock("2h"), ["50%"]),
    (DEFAULTS, clock("2mo"), ["70%", "1wd"]),
    # the narrowest scope wins alone
    ((*DEFAULTS, AGENCY), clock("10wd"), ["50%"]),
    ((*DEFAULTS, AGENCY), clock("10wd", agency="a2"), ["70%", "1wd"]),
    ((*DEFAULTS, AGENCY, MATTER), clock("10wd"), ["3wd"]),
    ((*DEFAULTS, AGENCY, MATTER), clock("10wd", matter="m2"), ["50%"]),
    ((*DEFAULTS, AGENCY, MATTER, SHORT), clock("2wd"), ["2sh"]),
    ((*DEFAULTS, AGENCY, MATTER, SHORT), clock("10wd"), ["3wd"]),
    (EVERY, clock("1wd"), ["2wd"]),
    (EVERY, clock("1wd", step="statutory"), ["2sh"]),
    # a scope that has nothing for this limit leaves it to the wider one
    ((*DEFAULTS, row("agency:a1", "50%", ">2wd")), clock("2wd"), ["4sh"]),
    # within a scope all hold, and the earliest moment wins later
    ((AGENCY, row("agency:a1", "1wd")), clock("10wd"), ["50%", "1wd"]),
    ((), clock("10wd"), []),
    # the day on which the clock starts decides: newest version, not before its day, not from its end on
    ((AGENCY, row("agency:a1", "60%", since="2026-03-01")), clock("9wd"), ["60%"]),
    ((AGENCY, row("agency:a1", "60%", since="2026-03-02")), clock("9wd"), ["60%"]),
    ((AGENCY, row("agency:a1", "60%", since="2026-03-03")), clock("9wd"), ["50%"]),
    ((row("agency:a1", "60%", since="2026-03-01"), AGENCY), clock("9wd"), ["60%"]),
    ((AGENCY, row("agency:a1", "1wd", since="2026-03-01")), clock("9wd"), ["50%", "1wd"]),
    ((AGENCY, row("agency:a1", "60%", ">2wd", since="2026-03-01")), clock("9wd"), ["50%", "60%"]),
    ((*DEFAULTS, replace(AGENCY, until=AGENCY.since.replace(2026, 3, 2))), clock("9wd"), ["70%", "1wd"]),
    ((*DEFAULTS, replace(AGENCY, until=AGENCY.since.replace(2026, 3, 3))), clock("9wd"), ["50%"]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "asked", "rules"), SELECTED)
def test_the_rules_of_a_clock(rows, asked, rules):
    assert [str(each) for each in chosen(rows, asked)] == rules


def test_limits_without_a_global_rule_are_named():
    assert uncovered(DEFAULTS) == []
    assert uncovered([row("global", "50%")]) == []
    assert [str(each) for each in uncovered(DEFAULTS[1:3])] == ["1h"]
    assert [str(each) for each in uncovered((DEFAULTS[2], DEFAULTS[3]))] == ["3wd"]
    assert [str(each) for each in uncovered((row("global", "1wd", ">3wd"), *DEFAULTS[2:]))] == ["3wd"]
    assert [str(each) for each in uncovered([AGENCY])] == ["1h", "0wd", "1wd"]


def warned(procedure, code="committed", *more):
    state = fold(procedure, calendar_of, facts(*ADMITTED, *more))
    found = state.clock(code)
    return found.warns_at, found.warned_by


def test_a_case_follows_the_rules_of_its_own_version_of_the_procedure():
    agency = replace(PROCEDURE, warns=(*DEFAULTS, row("agency:a1", "50%")))
    other = replace(PROCEDURE, warns=(*DEFAULTS, row("agency:a2", "50%")))
    assert warned(PROCEDURE) == (at("05-09T17:30"), DEFAULTS[0])
    assert warned(other) == warned(PROCEDURE)
    assert warned(agency) == (at("05-07T17:30"), agency.warns[-1])


def test_a_rule_that_begins_while_a_case_is_open_reaches_only_clocks_that_start_then():
    later = row("global", "10%", since="2026-04-28")
    changed = replace(PROCEDURE, warns=(later,))
    opened = fold(changed, calendar_of, facts(("receive", "04-27T09:00")))
    first = opened.clock("correction")
    assert (first.warned_by, first.warns_at) == (None, first.due_at)
    state = step(opened, replace(facts(*ADMITTED)[1], at=at("04-28T09:30")), calendar_of)
    assert state.clock("correction").warns_at == first.warns_at
    assert state.clock("committed").warned_by == later


def test_a_matter_is_what_the_case_is_about():
    keeps = replace(PROCEDURE.actions[0], keeps=("handling_agency", "subject"))
    rows = (*DEFAULTS, row("matter:S-1", "4wd"))
    procedure = replace(PROCEDURE, actions=(keeps, *PROCEDURE.actions[1:]), warns=rows)
    given = (("receive", "04-27T09:00", {"subject": "S-1"}), ("admit", "04-27T09:30"))
    mine = fold(procedure, calendar_of, facts(*given)).clock("committed")
    others = fold(procedure, calendar_of, facts(("receive", "04-27T09:00", {"subject": "S-2"}), given[1]))
    assert (mine.warns_at, mine.warned_by) == (at("05-08T17:30"), rows[-1])
    assert others.clock("committed").warned_by == DEFAULTS[0]


def test_a_clocks_own_list_wins_over_every_row():
    own = (parse_warn("1wd"),)
    clocks = tuple(replace(rule, warns=own) for rule in PROCEDURE.clocks)
    procedure = replace(PROCEDURE, clocks=clocks, warns=(row("step:committed", "5wd"),))
    assert warned(procedure) == (at("05-12T17:30"), own[0])


def test_an_extension_is_judged_by_the_whole_limit():
    short = replace(PROCEDURE.clocks[0], code="statutory", starts=("admit",), stops=("finish",), on_due="")
    rule = replace(short, kind=ClockKind.STATUTORY, extendable=True)
    limits = (replace(rule.limits[0], limit=Limit.parse("2wd")),)
    procedure = replace(PROCEDURE, clocks=(replace(rule, limits=limits),))
    assert warned(procedure, "statutory") == (at("04-29T11:30"), DEFAULTS[2])
    extended = ("extend", "04-28T09:00", {"limit": "8wd"})
    assert warned(procedure, "statutory", extended) == (at("05-09T17:30"), DEFAULTS[0])


def test_a_rule_names_whom_to_tell_in_place_of_the_ladder():
    told = row("step:committed", "50%", notify=("handling_agency.agency_leader",))
    procedure = replace(PROCEDURE, warns=(*DEFAULTS, told))
    state = fold(procedure, calendar_of, facts(*ADMITTED))
    yellow = {code: state.clock(code).changes[0].notify for code in ("committed", "statutory")}
    assert yellow == {
        "committed": ("handling_agency.agency_leader",),
        "statutory": ("handling_agency.handler",),
    }
