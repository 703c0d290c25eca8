"""A small calendar file and the usual header of a batch."""

from __future__ import annotations

CALENDAR = """
timezone = "Asia/Shanghai"
day_end = "{}"
[[hours]]
from = 2024-01-01
weekdays = [1, 2, 3, 4, 5]
open = [["09:00", "12:00"], ["13:00", "18:00"]]
[[days]]
date = 2026-10-10
kind = "make_up"
[years]
published = [2026]
"""
HEADER = "id,op,start,end,limit,unit,pauses"
