"""An exported cell ran as a formula; cells that begin like one go out as text."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from yukuaiban.evidence.tables_out import About, Column, to_csv

ABOUT = About("清单", "陈科长", datetime(2026, 3, 2, 1, 0, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
HOSTILE = ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"]


@pytest.mark.parametrize("cell", HOSTILE)
def test_no_cell_begins_like_a_formula(cell):
    out = to_csv([Column("a", "甲")], [{"a": cell}], ABOUT).decode("utf-8-sig")
    (_, row) = csv.reader(io.StringIO(out, newline=""))
    assert row == [f"'{cell}"]


def test_other_cells_are_left_alone():
    out = to_csv([Column("a", "甲")], [{"a": "江苏=渔海"}, {"a": 5}, {"a": None}], ABOUT).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(out, newline="")))[1:] == [["江苏=渔海"], ["5"], [""]]
