"""What this measure tells the platform about itself; the settings name this module."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from yukuaiban.measures.demonstration import queries
from yukuaiban.measures.demonstration.actions import ACTIONS
from yukuaiban.registry import Indicator, Measure, NavEntry

_ROLES = ("coordinator", "legal_reviewer", "oversight")

INDICATORS = (
    Indicator(
        "evidence_coverage",
        _("材料覆盖率"),
        _("最新一版的全部末级指标"),
        queries.evidence_coverage,
        source=_("至少有一份种类相符、在所涉期间内的材料"),
    ),
    Indicator("self_assessed_rate", _("自评完成率"), _("最新一版的全部末级指标"), queries.self_assessed),
    Indicator("gap_closure_rate", _("缺口销号率"), _("当期发现的缺口"), queries.gap_closure),
)

MEASURE = Measure(
    code="demonstration",
    title=_("法治政府建设示范创建"),
    procedures=("demonstration", "demonstration_application"),
    actions=ACTIONS,
    indicators=INDICATORS,
    urls="yukuaiban.measures.demonstration.urls",
    permissions=Path(__file__).with_name("permissions.toml"),
    docs="demonstration.md",
    nav=(
        NavEntry("tree", _("示范创建指标"), "demonstration:tree", roles=_ROLES, icon="list"),
        NavEntry("board", _("创建准备"), "demonstration:board", roles=_ROLES, icon="flag"),
    ),
)
