"""What supervision tells the platform about itself; the settings name this module."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from yukuaiban.registry import Indicator, Measure, NavEntry
from yukuaiban.supervision import queries
from yukuaiban.supervision.actions import ACTIONS

INDICATORS = (
    Indicator(
        "answered_in_time_rate",
        _("督办按时答复率"),
        _("当期答复的督办"),
        queries.answered_in_time,
        source=_("在发出后的答复期限以内答复；重新答复的另计"),
    ),
    Indicator(
        "rectification_rate",
        _("督办整改率"),
        _("答复期限在当期届满的督办"),
        queries.rectified,
        source=_("核实通过的"),
    ),
)

MEASURE = Measure(
    code="supervision",
    title=_("督查督办"),
    procedures=("supervision",),
    actions=ACTIONS,
    indicators=INDICATORS,
    urls="yukuaiban.measures.oversight.urls",
    permissions=Path(__file__).with_name("permissions.toml"),
    docs="supervision.md",
    case_links=(NavEntry("letter", _("打印督办函"), "supervision:letter"),),
    nav=(
        NavEntry("candidates", _("待督办"), "supervision:candidates", roles=("oversight",), icon="alert"),
        NavEntry("orders", _("督办单"), "supervision:orders", roles=("oversight",), icon="flag"),
    ),
)
