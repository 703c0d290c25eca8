"""The screen of a hall shows lights only where the warning system runs live there."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from tests.journeys.hall import words
from yukuaiban.cases import warningmodes
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people.district import installed

LIGHTS = 'class="h-green"'


@pytest.fixture
def due_soon(hall):
    hall.in_review()
    hall.office.tick("2026-03-12T10:00")


def test_a_live_hall_shows_lights_and_what_runs_out_next(hall, due_soon):
    page = hall.get(None, "hall", "main")
    assert LIGHTS in page.content.decode()
    assert "水产苗种生产许可" in words(page)


@pytest.mark.parametrize("route", ["hall", "hall_figures"])
def test_a_hall_in_trial_says_so_and_shows_no_light_and_no_case(hall, due_soon, route):
    page = hall.get(None, route, "dongyu")
    assert LIGHTS not in page.content.decode()
    assert "时限预警正在试运行" in words(page)
    assert "今日窗口收件" in words(page)
    for secret in ("水产苗种生产许可", "即将到期", "各单位在办", "数据延迟"):
        assert secret not in words(page).replace("数据延迟：与服务器的连接中断，所列为中断前的数据", "")


@pytest.mark.parametrize(
    ("mode", "since", "shown"),
    [
        (WarningMode.OFF, date(2026, 1, 1), "时限预警没有启用"),
        (WarningMode.LIVE, date(2026, 3, 13), "时限预警没有启用"),
        (WarningMode.LIVE, date(2026, 3, 12), "即将到期"),
    ],
)
def test_a_mode_counts_from_its_day(hall, due_soon, monkeypatch, mode, since, shown):
    district = installed()
    halls = tuple(
        each.model_copy(update={"warning_mode": mode, "mode_since": since}) for each in district.halls
    )
    monkeypatch.setattr(warningmodes, "installed", lambda: dataclasses.replace(district, halls=halls))
    assert shown in words(hall.get(None, "hall", "main"))
