"""Tags and filters of the plan's pages: short days, targets in words, words of the plan that fit a cell."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from django import template

from yukuaiban.plans import targetface
from yukuaiban.plans.rows import stage_title
from yukuaiban.web import scope, wording
from yukuaiban.web.trend import percent as share_of

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case
    from yukuaiban.plans.models import Target
    from yukuaiban.plans.queries import TargetRow

register = template.Library()
_QUARTER = re.compile(r"^第?[一二三四](?:、第?[一二三四])*季度[，,：:、]")


def _day(at: datetime | date) -> date:
    return at.astimezone(scope.zone()).date() if isinstance(at, datetime) else at


@register.filter
def short_day(at: datetime | date | None) -> str:
    """`03-27`, under a stated year; a dash where there is none."""
    return f"{_day(at):%m-%d}" if at else "—"


@register.filter
def week_day(at: datetime | date | None) -> str:
    """`周四`."""
    return wording.day_text(_day(at)).partition(" ")[2] if at else ""


@register.filter
def board_words(text: str) -> str:
    """The words of the plan on one line, without the quarter in front that the column says already."""
    words = "".join(text.split())
    return _QUARTER.sub("", words) or words


@register.filter
def stands(row: TargetRow) -> str:
    """What a target stands at."""
    return targetface.stands(row)


@register.filter
def verdict(row: TargetRow) -> str:
    """已达 or 未达."""
    return targetface.verdict(row)


@register.filter
def promised(target: Target) -> str:
    """What a target promises, as sign, number and unit."""
    return targetface.promised(target)


@register.filter
def stage_of(case: Case) -> str:
    """The stage in words."""
    return stage_title(case)


@register.simple_tag
def percent(part: int, whole: int) -> str:
    """A share with one decimal."""
    return share_of(part, whole)
