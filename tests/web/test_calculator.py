"""The public calculator reads moments as people write them, and says how to where it cannot."""

from __future__ import annotations

import pytest

from tests.journeys.hall import words


@pytest.mark.parametrize(
    "start",
    [
        "2026-04-30 10:00",
        "2026-04-30T10:00",
        "2026-04-30 10:00:00",
        "2026/4/30 10:00",
        "2026.4.30 10:00",
        "2026年4月30日 10：00",
        "2026-04-30 周四 10:00",
        " 2026-04-30 ",
        "2026年4月30日",
        "2026-04-30T10:00:00+08:00",
    ],
)
def test_a_moment_is_read_as_people_write_it(settled, client, start):
    answer = client.get("/clock", {"start": start, "limit": "10wd"})
    assert answer.status_code == 200
    assert "2026-05-18 周一 17:30" in words(answer)


@pytest.mark.parametrize("start", ["昨天", "2026-02-30 10:00", "2026-04-30 25:00", "10:00", "4/30/2026"])
def test_what_is_no_moment_is_refused_with_an_example(settled, client, start):
    answer = client.get("/clock", {"start": start, "limit": "10wd"})
    assert answer.status_code == 422
    assert "请写日期和时间，例如 2026-09-30 17:00" in words(answer)
    assert "ISO" not in words(answer)


def test_a_pause_is_read_the_same_way(settled, client):
    given = {"start": "2026-04-27 10:00", "limit": "10wd", "pauses": "2026/5/6 10:00/2026-05-12 10:00"}
    assert client.get("/clock", given).status_code == 422
    given["pauses"] = "2026年5月6日 10:00/2026-05-12 周二 10:00"
    assert "2026-05-20 周三 17:30" in words(client.get("/clock", given))
    wrong = words(client.get("/clock", given | {"pauses": "昨天/今天"}))
    assert "例如 2026-09-30 17:00" in wrong
