"""The board's counts leave the matters out; they are still the sums of a recount, before and after a tick."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.cast import ON_THE_SPOT, PERMIT, TWO_MINUTES, Office
from yukuaiban.cases import counters
from yukuaiban.cases.models import CaseCount


def sums(counts):
    total = Counter()
    for key, n in counts.items():
        total[key.measure, key.agency, key.mark] += n
    return dict(total)


@pytest.mark.parametrize("ticked", [False, True])
def test_counts_without_matters_are_the_sums_of_a_recount(office: Office, ticked) -> None:
    for matter in (PERMIT, PERMIT, ON_THE_SPOT, TWO_MINUTES):
        office.receive(matter)
    office.at("2026-03-02T09:05")
    if ticked:
        office.tick()
    wanted = counters.recount(office.now)
    assert len({key.subject for key in wanted}) > 1
    found = counters.counts(office.now, by_matter=False)
    assert {key.subject for key in found} == {""}
    assert sums(found) == sums(wanted)


def test_a_count_that_is_there_is_added_to_and_a_new_one_made(office: Office) -> None:
    office.receive(PERMIT)
    office.tick("2026-03-02T09:01")
    office.receive(PERMIT)
    office.receive(ON_THE_SPOT)
    office.tick("2026-03-02T09:02")
    held = {(row.subject, row.mark): row.n for row in CaseCount.objects.exclude(n=0)}
    assert held[PERMIT, "green"] == 2
    assert sum(n for (_, mark), n in held.items() if mark != counters.PAUSED) == 3
