"""A case page as it stood at a past moment (ui.md section 4.8): what had been recorded by then, and no actions.

Facts entered late count from when they were recorded, for the page shows what people could see then.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yukuaiban.cases import facts, storing
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.web import scope
from yukuaiban.web.casepage import gather

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case
    from yukuaiban.people.access import Subject
    from yukuaiban.web.casepage import CasePage
    from yukuaiban.web.casestreams import Streams

PARAMETER, WORKER = "as_of", "worker"
_A_DAY = 10  # characters of a date without a time


def moment_of(text: str, now: datetime) -> datetime | None:
    """The moment an address asks for: a local time, or a day, which means its end. None if it asks for none.

    InputInvalid if it is no time or lies ahead.
    """
    if not text:
        return None
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise _wrong(_("不是日期或时间")) from error
    begins = given.replace(tzinfo=given.tzinfo or scope.zone())
    if begins > now:
        raise _wrong(_("这个时间还没有到"))
    return min(begins + timedelta(days=1), now) if len(text) == _A_DAY else begins


def gather_at(case: Case, subject: Subject, at: datetime, asked: str, streams: Streams) -> CasePage:
    """The page of a case as it stood; InputInvalid if there was none yet."""
    own = [event for event in streams.own if event.recorded_at <= at]
    if not own:
        raise _wrong(_("那时还没有这个办件"))
    then = copy(case)
    state = facts.state_from(case.procedure, case.procedure_version, own)
    for name, value in storing.columns(state).items():
        setattr(then, name, value)
    then.late_entered = any(event.occurred_at and event.source != WORKER for event in own)
    then.head, then.recorded_at = own[-1].hash, own[-1].recorded_at
    page = gather(then, subject, at, asked=asked, streams=replace(streams, own=own, looks=()))
    return replace(page, rows=(), files=tuple(file for file in page.files if file.stored_at <= at))


def _wrong(why: str) -> InputInvalid:
    remedy = _("请填收件以后、现在以前的时间，例如 2026-03-10 或 2026-03-10T09:30")
    return InputInvalid(Problem(why, remedy, field=PARAMETER))
