"""`./ykb report lights`: equal to a slow recount at every moment, and only for moments that have come."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest

from tests.cast import ON_THE_SPOT, Office, at
from yukuaiban.cases import facts, versions
from yukuaiban.cases.models import Case
from yukuaiban.core.timeline import fold
from yukuaiban.journal.reading import events

pytestmark = pytest.mark.django_db

MOMENTS = (
    "2026-02-20T09:00",
    "2026-03-02T09:00",
    "2026-03-02T11:30",
    "2026-03-04T10:00",
    "2026-03-09T08:30",
    "2026-03-13T16:59",
    "2026-03-16T17:30",
    "2026-03-20T12:00",
    "2026-04-20T12:00",
)


def months_of_work(office: Office) -> None:
    """Cases kept, late, paused and resumed, extended, withdrawn and left lying; the worker runs now and then."""
    went = [office.people[who].ref for who in ("handler", "second")]
    kept, late, paused, left = (office.in_review() for _ in range(4))
    office.at("2026-03-02T10:00").receive()
    office.receive(ON_THE_SPOT)
    gone = office.receive()
    office.at("2026-03-03T10:00").pause(paused, "2026-03-10T09:00")
    office.at("2026-03-04T09:00").do(gone, "withdraw", "xiaoyu", reason="改变计划")
    office.at("2026-03-05T09:00").do(kept, "decide", "handler", outcome="granted", checkers=went)
    office.do(kept, "complete", "handler")
    office.tick("2026-03-06T12:00")
    office.at("2026-03-09T09:00").do(paused, "resume", "handler")
    office.at("2026-03-10T09:00").do(left, "request_extension", "handler", limit="5wd", reason="核查")
    office.do(left, "extend", "chief")
    office.tick("2026-03-18T09:00")
    office.at("2026-03-19T09:00").do(late, "decide", "handler", outcome="granted", checkers=went)
    office.do(late, "explain_overrun", "handler", text="现场核查排期延后。")
    office.do(late, "complete", "handler")
    office.at("2026-04-20T12:00")


def recount(moment: str) -> Counter:
    """The same by hand: every case folded from all that had happened, every clock asked for its light."""
    found: Counter = Counter()
    until = at(moment)
    for case in Case.objects.all():
        stream = [facts.fact_of(event) for event in events(facts.stream_of(case.number))]
        # Admission by silence starts clocks in the past; what they brought was told only after it.
        known = next((n for n, fact in enumerate(stream) if fact.at > until), len(stream))
        rule = versions.procedure(case.procedure, case.procedure_version)
        for clock in fold(rule, versions.calendar, stream[:known]).clocks:
            key = (clock.code, clock.owner)
            if clock.stopped_at is not None:
                in_time = clock.due_at is None or clock.stopped_at <= clock.due_at
                found[*key, "in_time" if in_time else "late"] += 1
                continue
            if clock.due_at is None or until < clock.warns_at:
                light = "GREEN"
            elif until <= clock.due_at:
                light = "YELLOW"
            else:
                light = "BREACH" if clock.rule.kind == "statutory" else "RED"
            found[*key, light] += 1
            found[*key, "paused"] += any(pause.start <= until < pause.end for pause in clock.pauses)
    return +found


def told(document: dict) -> Counter:
    return +Counter(
        {
            (row["clock"], row["agency"], name): n
            for row in document["clocks"]
            for name, n in (row["open"] | row["closed"]).items()
        }
    )


def test_every_moment_of_the_past_equals_a_slow_recount(office, ykb) -> None:
    months_of_work(office)
    seen: Counter = Counter()
    for moment in MOMENTS:
        code, out, _ = ykb("report", "lights", "--as-of", moment, "--by", "agency", "--json")
        assert code == 0
        document = json.loads(out)
        assert told(document) == recount(moment), moment
        seen.update(
            {name for row in document["clocks"] for name, n in (row["open"] | row["closed"]).items() if n}
        )
    assert set(seen) == {"GREEN", "YELLOW", "RED", "BREACH", "paused", "in_time", "late"}


def test_without_agencies_the_same_numbers_stand_together(office, ykb) -> None:
    months_of_work(office)
    apart = json.loads(ykb("report", "lights", "--by", "agency", "--json")[1])
    document = json.loads(ykb("report", "lights", "--measure", "desks", "--json")[1])
    assert document["as_of"] == "2026-04-20T12:00:00+08:00"
    assert {row["agency"] for row in document["clocks"]} == {None}
    assert list(document["clocks"][0]) == ["measure", "clock", "agency", "open", "closed"]
    assert list(document["clocks"][0]["open"]) == ["GREEN", "YELLOW", "RED", "BREACH", "paused"]
    assert list(document["clocks"][0]["closed"]) == ["in_time", "late"]
    summed: Counter = Counter()
    for (clock, _, name), n in told(apart).items():
        summed[clock, None, name] += n
    assert told(document) == summed


def test_people_get_a_table_with_names(office, ykb) -> None:
    office.in_review()
    office.at("2026-03-02T12:00")
    code, out, _ = ykb("report", "lights", "--by", "agency")
    assert code == 0
    assert out.splitlines()[0] == "截至 2026-03-02T12:00:00+08:00"
    assert any("承诺时限" in line and "农" in line for line in out.splitlines())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as-of", "2026-03-02T09:01"), "还没有到"),
        (("--as-of", "上周"), "不是可以识别的时间"),
        (("--measure", "nix"), "可用：desks"),
        (("--by", "town"), "请用 agency"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_way_out(office, ykb, words, said) -> None:
    code, out, err = ykb("report", "lights", *words, "--json")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert said in err


def test_a_moment_of_this_very_instant_has_come(office, ykb) -> None:
    assert ykb("report", "lights", "--as-of", "2026-03-02T09:00", "--json")[0] == 0
    office.now += timedelta(minutes=1)
    assert ykb("report", "lights", "--as-of", "2026-03-02T01:01:00+00:00", "--json")[0] == 0
