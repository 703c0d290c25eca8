"""The worked examples of the rules of this measure, played through the whole engine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import Office, at, fresh
from yukuaiban.cases import queries as docket
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import ActionRefused
from yukuaiban.core.lights import Light
from yukuaiban.journal.reading import events

INSTANT = timedelta(microseconds=1)


def light(case: Case, moment: str, *, after: bool = False) -> Light:
    return docket.light_of(fresh(case), at(moment) + INSTANT * after)


def test_1_ten_days_promised_twenty_by_law_and_ten_more_granted(office: Office) -> None:
    case = office.in_review()
    assert (office.due(case, "committed"), office.due(case, "statutory")) == (
        "2026-03-16T17:30",
        "2026-03-30T17:30",
    )
    assert light(case, "2026-03-11T17:29") is Light.GREEN
    assert light(case, "2026-03-11T17:30") is Light.YELLOW
    assert light(case, "2026-03-16T17:30") is Light.YELLOW
    assert light(case, "2026-03-16T17:30", after=True) is Light.RED
    assert light(case, "2026-03-30T17:30") is Light.RED
    assert light(case, "2026-03-30T17:30", after=True) is Light.BREACH
    office.at("2026-03-27T10:00")
    office.do(case, "request_extension", "handler", limit="10wd", reason="须现场核实的水域在封冻期")
    office.do(case, "extend", "chief")
    assert office.due(case, "statutory") == "2026-04-14T17:30"
    assert office.due(case, "committed") == "2026-03-16T17:30"
    assert light(case, "2026-04-14T17:30") is Light.RED
    assert light(case, "2026-04-14T17:30", after=True) is Light.BREACH


def test_2_nothing_told_in_five_working_days_is_admitted_as_of_receipt(office: Office) -> None:
    case = office.at("2026-04-30T10:00").receive()
    assert office.due(case, "correction") == "2026-05-11T17:30"
    office.tick("2026-05-11T17:30")
    assert fresh(case).stage == "received"
    office.tick("2026-05-11T17:31")
    case = fresh(case)
    assert (case.stage, case.deemed_admitted) == ("admitted", True)
    assert office.due(case, "committed") == "2026-05-18T17:30"
    admitted = next(each for each in events(f"case:{case.number}") if each.type == "desks.deem_admit")
    assert admitted.occurred_at == at("2026-05-11T17:30")


def test_3_a_pause_that_ends_early_moves_the_due_by_what_was_paused(office: Office) -> None:
    case = office.at("2026-04-27T10:00").in_review()
    assert office.due(case) == "2026-05-13T17:30"
    office.at("2026-05-06T10:00").pause(case, "2026-05-15T17:30", by="watcher")
    assert office.due(case) == "2026-05-25T17:30"
    assert office.due(case, "statutory") > "2026-05-27T17:30"
    office.at("2026-05-12T10:00").do(case, "resume", "handler")
    assert office.due(case) == "2026-05-20T17:30"


def test_4_a_decision_is_delivered_within_ten_working_days(office: Office) -> None:
    case = office.at("2026-06-10T10:00").in_review("S-0001")
    office.at("2026-06-15T10:00").do(case, "decide", "stranger", outcome="granted")
    assert office.due(case, "delivery") == "2026-06-30T17:30"


def test_5_a_second_list_is_refused_with_the_way_out(office: Office) -> None:
    case = office.receive()
    office.do(case, "ask_supplement", "xiaoyu", gaps=["营业执照"])
    office.at("2026-03-04T09:00").do(case, "supplement", "xiaoyu", materials=["营业执照"])
    with pytest.raises(ActionRefused, match="已一次性告知") as refused:
        office.do(case, "ask_supplement", "xiaoyu", gaps=["章程"])
    assert "放行再次补正" in refused.value.message
    assert {"admit", "release_supplement"} <= dict(refused.value.open).keys()
