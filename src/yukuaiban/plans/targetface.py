"""A target as pages and files show it: what is promised, what stands there as n/m, and the verdict in a word."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yukuaiban.core.limits import Unit
from yukuaiban.plans.boardface import share
from yukuaiban.plans.indicators import Source, aim_of

if TYPE_CHECKING:
    from yukuaiban.plans.models import Target
    from yukuaiban.plans.queries import TargetRow

_SIGNS = {">=": "≥", "<=": "≤", "=": "", "about": "约"}


def promised(target: Target) -> str:
    """`≥ 20 %`, `1 次/季度`: sign, number, unit."""
    number = f"{Decimal(target.value).normalize():f}"
    unit = Unit(target.unit).title if target.unit in set(Unit) else target.unit
    return " ".join(part for part in (_SIGNS[target.comparison], number, unit) if part)


def stands(row: TargetRow) -> str:
    """`16/23 = 69.6 %`, `3/4`, `43`; why there is nothing where there is nothing."""
    figure, aim = row.figure, aim_of(row.target)
    if figure.source is Source.UNKNOWN:
        return _("未接入")
    if figure.part is None or (figure.whole == 0 and (aim.share or aim.limit)):
        return _("无数据")
    if figure.whole is None:
        return str(figure.part)
    counted = f"{figure.part}/{figure.whole}"
    return (
        f"{counted} = {share(Fraction(figure.part, figure.whole))}" if aim.share and figure.whole else counted
    )


def verdict(row: TargetRow) -> str:
    """已达, 未达, a dash where nothing can be said (无数据, 左右); a frequency that is not full yet is 进行."""
    if row.met is None:
        return "—"
    if row.met:
        return _("已达")
    return _("进行") if aim_of(row.target).frequency else _("未达")
