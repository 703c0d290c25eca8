"""How moments, remaining time and numbers are written (ui.md section 2), as plain functions.

A moment is always `2026-10-09 周五 17:30`; remaining time stands beside it, never alone, and says its kind where
it is not working time.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yukuaiban.core.clocks import remaining
from yukuaiban.core.limits import Unit
from yukuaiban.people.case_number import grouped

if TYPE_CHECKING:
    from yukuaiban.core.workcalendar import WorkCalendar

WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)
_TOTAL_SHOWN = 10_000


def day_text(day: date) -> str:
    """`2026-10-09 周五`."""
    return f"{day.isoformat()} {WEEKDAYS[day.weekday()]}"


def moment_text(at: datetime, zone: tzinfo) -> str:
    """`2026-10-09 周五 17:30`."""
    there = at.astimezone(zone)
    return f"{day_text(there.date())} {there:%H:%M}"


def short_moment_text(at: datetime, zone: tzinfo) -> str:
    """`10-09 17:30`, for steps and timelines under a stated year."""
    return f"{at.astimezone(zone):%m-%d %H:%M}"


def near_moment_text(at: datetime, now: datetime, zone: tzinfo) -> str:
    """今天 or 明天 with the hour; further away the date."""
    there, here = at.astimezone(zone), now.astimezone(zone)
    if word := _near_word(there.date(), here.date()):
        return f"{word} {there:%H:%M}"
    return f"{there:%m-%d %H:%M}"


def remaining_text(due_at: datetime, now: datetime, calendar: WorkCalendar) -> str:
    """What is left until `due_at`, or how far it is over, in working time: 明天，1 个工作日.

    Where no working time is left before a due moment of today, natural minutes are named as such.
    """
    if now > due_at:
        return _over(due_at, now, calendar)
    due_on = (due_at - timedelta(microseconds=1)).astimezone(calendar.zone).date()
    today = now.astimezone(calendar.zone).date()
    word = _near_word(due_on, today)
    if due_on == today:
        left = int(remaining(now, due_at, Unit.SERVICE_MINUTE, calendar))
        if left:
            return _("%(day)s，%(time)s") % {"day": word, "time": minutes_text(left)}
        return _("%(time)s（自然时间）") % {"time": minutes_text(int((due_at - now).total_seconds()) // 60)}
    days = _workdays(int(remaining(now, due_at, Unit.WORKDAY, calendar)))
    return _("%(day)s，%(time)s") % {"day": word, "time": days} if word else days


def _over(due_at: datetime, now: datetime, calendar: WorkCalendar) -> str:
    days = abs(int(remaining(now, due_at, Unit.WORKDAY, calendar)))
    if not days:
        return _("超时，不足 1 个工作日")
    return _("超时第 %(n)d 个工作日") % {"n": days}


def near_word(at: datetime, now: datetime, zone: tzinfo) -> str:
    """今天 or 明天 for a moment; empty further away."""
    return _near_word(at.astimezone(zone).date(), now.astimezone(zone).date())


def _near_word(day: date, today: date) -> str:
    return {0: _("今天"), 1: _("明天")}.get((day - today).days, "")


def _workdays(n: int) -> str:
    return ngettext("%(n)d 个工作日", "%(n)d 个工作日", n) % {"n": n}


def minutes_text(minutes: int) -> str:
    """`5 小时 04 分`, or `46 分`."""
    hours, rest = divmod(minutes, 60)
    if hours:
        return _("%(hours)d 小时 %(minutes)02d 分") % {"hours": hours, "minutes": rest}
    return _("%(minutes)d 分") % {"minutes": rest}


def case_number_parts(number: str) -> tuple[str, str]:
    """The number in its groups, as (division and agency, date, sequence and check digit)."""
    groups = grouped(number)
    return (" ".join(groups[:2]), " ".join(groups[2:])) if len(groups) > 1 else ("", number)


def case_number_text(number: str) -> str:
    """`320707 0012 20260302 00017 7`."""
    return " ".join(grouped(number))


def total_text(total: int) -> str:
    """The exact total up to 10,000, beyond it `10,000+`."""
    return f"{total:,}" if total <= _TOTAL_SHOWN else f"{_TOTAL_SHOWN:,}+"
