"""Why a clock turns yellow when it does: the rule for its warning in words, with its scope, day and paper."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.core.warnrules import WarnRow, WarnScope

if TYPE_CHECKING:
    from yukuaiban.core.lights import WarnRule
    from yukuaiban.core.timeline import ClockState

_SCOPES = {
    WarnScope.GLOBAL: gettext_lazy("全区规则"),
    WarnScope.AGENCY: gettext_lazy("本单位的规则"),
    WarnScope.MATTER: gettext_lazy("本事项的规则"),
    WarnScope.LIMIT: gettext_lazy("这类时限的规则"),
    WarnScope.STEP: gettext_lazy("这个环节的规则"),
}


def warning_words(clock: ClockState) -> str:
    """`已用 70%（全区规则，自 2020-01-01 起施行；本系统约定）`; empty where no rule gives a warning."""
    rule = clock.warned_by
    if rule is None:
        return ""
    if not isinstance(rule, WarnRow):
        return f"{_amount(rule)}（{_('流程为这个时限写明')}）"
    since = _("自 %(day)s 起施行") % {"day": rule.since.isoformat()}
    unsure = "" if rule.confirmed else _("，未经确认")
    return f"{_amount(rule)}（{_SCOPES[rule.scope]}，{since}{unsure}；{rule.source}）"


def _amount(rule: WarnRule) -> str:
    if isinstance(rule.value, Fraction):
        return _("已用 %(share)s") % {"share": str(rule)}
    return _("剩余 %(left)s") % {"left": rule.value.title()}
