"""A demonstration plays the plan that its pack brings, from the beginning of its year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from yukuaiban.cases import versions
from yukuaiban.core.lights import Light
from yukuaiban.people.district import installed
from yukuaiban.plans import queries
from yukuaiban.site.simulator.planlife import plan_text
from yukuaiban.site.simulator.run import play

UNTIL = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_half_a_year_leaves_tasks_of_every_kind_on_the_board(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    versions.forget()
    text = plan_text(installed(), UNTIL)
    assert text is not None
    since = UNTIL - timedelta(days=2)
    done = play(installed(), seed=5, since=since, until=UNTIL, cases=0, plan=text, progress=lambda _now: None)
    assert sum(done.refused.values()) == 0
    plan = queries.plan_of(2026)
    assert plan is not None
    board = queries.board(plan, UNTIL)
    tasks = [row for part in board.rows for row in part.tasks]
    assert len(tasks) == 17
    assert {"closed_out", "not_started"} <= {row.stage for row in tasks}
    assert board.counts[Light.GREEN] > 0
    assert board.counts[Light.YELLOW] + board.counts[Light.RED] > 0
    assert 0 < board.standing.progress < 1
    assert all(row.cards for row in tasks if row.stage == "closed_out")


def test_a_year_without_a_text_plays_no_plan() -> None:
    assert plan_text(installed(), datetime(2031, 1, 1, tzinfo=UTC)) is None
