"""What the plan room tells the platform about itself; the settings name this module."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from yukuaiban.plans.actions import ACTIONS
from yukuaiban.registry import Measure, NavEntry

MEASURE = Measure(
    code="plans",
    title=_("年度重点工作方案"),
    procedures=("plans", "plan_results"),
    actions=ACTIONS,
    urls="yukuaiban.plans.urls",
    permissions=Path(__file__).with_name("permissions.toml"),
    docs="plans.md",
    nav=(
        NavEntry("board", _("方案台账"), "plans:now", roles=("coordinator", "oversight"), icon="cols"),
        NavEntry(
            "mine", _("方案任务"), "plans:mine", roles=("reporter", "handler", "agency_leader"), icon="list"
        ),
        NavEntry("waiting", _("待验收"), "plans:waiting", roles=("coordinator",), icon="check"),
        NavEntry("texts", _("年度方案"), "plans:plans", roles=("coordinator",), icon="book"),
        NavEntry("candidates", _("督办候选"), "plans:candidates", roles=("oversight",), icon="flag"),
        NavEntry(
            "results", _("阶段成效"), "plans:results", icon="star", public=True, hint=_("各项举措办成了什么")
        ),
    ),
)
