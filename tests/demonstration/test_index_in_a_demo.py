"""A demonstration works along the index that its pack brings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from yukuaiban.cases import queries as docket
from yukuaiban.cases import versions
from yukuaiban.core.lights import Light
from yukuaiban.journal.heads import look
from yukuaiban.measures.demonstration import queries, readiness, rules
from yukuaiban.measures.demonstration.models import IndexEdition
from yukuaiban.people.district import installed
from yukuaiban.site.simulator.indexlife import index_file
from yukuaiban.site.simulator.run import months_before, play

UNTIL = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)
SINCE = months_before(UNTIL, 5)


def played(*, until: datetime = UNTIL, since: datetime = SINCE, seed: int = 5):
    versions.forget()
    index = index_file(installed(), until)
    assert index is not None
    how = {"seed": seed, "since": since, "until": until, "cases": 0, "progress": lambda _now: None}
    return play(installed(), index=index, **how)


@pytest.mark.django_db
def test_months_along_an_index_leave_leaves_of_every_kind(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    done = played()
    assert done.refused == {}
    edition = queries.edition("2026")
    assert edition is not None
    found = readiness.gather(edition, UNTIL)
    stages = {view.case.stage for view in found.views}
    assert stages >= {"assigned", "collecting", "self_assessed", "gap", "rectifying", "sound"}
    assert found.open_items == []
    assert edition.case.stage == "recommended_city"
    assert [view.node.code for view in found.stale]
    assert [view.node.code for view in found.lower]
    assert 0 < found.closure.part < found.closure.whole
    assert any(gap.reopened for gap in found.gaps)
    lights = {docket.light_of(view.case, UNTIL) for view in found.views}
    assert lights >= {Light.GREEN, Light.RED}
    assert [row.sufficient for row in found.surveys] == [False, True]
    assert {row.visit.passed for row in found.visits} == {True, False, None}
    assert 0 < found.coverage.part < found.coverage.whole
    assert any(why for view in found.views for _card, why in view.marked)


@pytest.mark.django_db
def test_the_same_seed_works_along_the_index_in_the_same_way(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    heads = []
    for seed in (5, 5, 6):
        with transaction.atomic():
            played(until=SINCE + timedelta(days=25), seed=seed)
            heads.append(look().newest)
            transaction.set_rollback(True)
    assert heads[0] == heads[1] != heads[2]


@pytest.mark.django_db
def test_a_demo_of_few_days_ends_where_it_is(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    done = played(since=UNTIL - timedelta(days=20))
    assert done.refused == {}
    assert IndexEdition.objects.get().case.stage == "preparing"
    standing = queries.standings(IndexEdition.objects.get())
    assert {each.stage for each in standing} <= {
        "unassigned",
        "assigned",
        "collecting",
        "self_assessed",
        "reviewed",
    }
    assert rules.open_items(standing)


def test_a_pack_without_an_index_plays_none(tmp_path: Path) -> None:
    assert index_file(replace(installed(), root=tmp_path), UNTIL) is None
