"""What the plan room tells the platform about itself; the settings name this module."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from yukuaiban.plans.actions import ACTIONS
from yukuaiban.registry import Measure

MEASURE = Measure(
    code="plans",
    title=_("年度重点工作方案"),
    procedures=("plans",),
    actions=ACTIONS,
    urls="yukuaiban.plans.urls",
    permissions=Path(__file__).with_name("permissions.toml"),
    docs="plans.md",
)
