"""Rules for warnings, shortly written; `DEFAULTS` are those of the table in the specification."""

from __future__ import annotations

from datetime import date
from typing import Any

from yukuaiban.core.lights import parse_warn
from yukuaiban.core.limits import Limit
from yukuaiban.core.warnrules import Concern, LimitTest, WarnRow, WarnScope


def row(scope: str, rule: str, limits: str = "", since: str = "2020-01-01", **more: Any) -> WarnRow:
    """`agency:a1` `50%` `<=2wd`: a rule of a scope, for all limits or some."""
    name, _, key = scope.partition(":")
    read = parse_warn(rule)
    return WarnRow(
        metric=read.metric,
        value=read.value,
        scope=WarnScope(name),
        key=key,
        limits=LimitTest.parse(limits) if limits else None,
        since=date.fromisoformat(since),
        **more,
    )


def clock(
    limit: Limit | str,
    day: str = "2026-03-02",
    agency: str = "a1",
    matter: str = "m1",
    step: str = "committed",
) -> Concern:
    """A clock of that limit, begun that day."""
    whole = Limit.parse(limit) if isinstance(limit, str) else limit
    return Concern(step, agency, matter, whole, date.fromisoformat(day))


DEFAULTS = (
    row("global", "70%", ">2wd"),
    row("global", "1wd", ">2wd"),
    row("global", "4sh", "<=2wd"),
    row("global", "50%", "hours"),
)
