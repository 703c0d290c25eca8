"""待办 asks what a person must do: handlers see what their agency handles, desks what their hall took in."""

from __future__ import annotations

import pytest

from tests.web import town


@pytest.fixture
def docket(settled):
    """One case of the farm office, one of the market office; the hall's own office took both in and handles one."""
    town.put(
        town.case(1, agency=town.FARM, title="动物防疫条件审查", due=30),
        town.case(2, agency=town.MARKET, title="食品经营许可", due=30),
        town.case(3, agency=town.HOME, title="公共场所卫生许可", due=30),
    )


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("handler", ["动物防疫条件审查"], ["食品经营许可", "公共场所卫生许可"]),
        ("clerk", ["动物防疫条件审查", "食品经营许可", "公共场所卫生许可"], []),
        ("office_handler", ["公共场所卫生许可"], ["动物防疫条件审查", "食品经营许可"]),
    ],
)
def test_the_queue_shows_what_waits_for_this_person(docket, enter, monkeypatch, who, seen, unseen):
    monkeypatch.setitem(town.POSTS, "office_handler", ("handler", town.HOME))
    page = enter(who).get("/queue").content.decode()
    assert [title for title in seen if title not in page] == []
    assert [title for title in unseen if title in page] == []
