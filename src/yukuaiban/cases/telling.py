"""Who is told when a clock changes: the ladder of the procedure, turned into messages in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from yukuaiban.cases import versions, warningmodes
from yukuaiban.core.errors import Refused
from yukuaiban.core.lights import Light
from yukuaiban.core.moments import local
from yukuaiban.core.steps import moment_words
from yukuaiban.notices.adapters import MAIL
from yukuaiban.notices.hours import next_allowed
from yukuaiban.notices.outbox import Letter, enqueue
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people.case_number import grouped
from yukuaiban.people.district import installed
from yukuaiban.people.queries import holders, with_address

if TYPE_CHECKING:
    from datetime import datetime

    from yukuaiban.cases.models import Case
    from yukuaiban.cases.moments import HeldPen
    from yukuaiban.core.timeline import CaseState, Change, ClockState
    from yukuaiban.core.workcalendar import WorkCalendar
    from yukuaiban.journal.event import Event

ANYWHERE = "any"
# Who watches others, is not told of lights that are only on trial.
_WATCHING = frozenset({"oversight", "discipline"})
OFFICE = "office"


def tell(case: Case, state: CaseState, come: tuple[ClockState, Change], event: Event, pen: HeldPen) -> None:
    """Put one message a recipient into the outbox, in the transaction of the event.

    The light changes at any hour; messages wait for the district's notification hours, except on clocks that are
    exempt. The key is event + channel + recipient, so a repeated delivery can be told from a new one.
    """
    clock, change = come
    now = pen.moment()
    told = _told_in(warningmodes.mode_of(case, now), change.notify) if change.notify else ()
    if not told:
        return
    recipients = sorted({uid for entry in told for uid in recipients_of(entry, state, now)})
    not_before = (
        now
        if clock.rule.quiet_exempt
        else notification_time(now, versions.calendar(OFFICE, pen.calendars[OFFICE]))
    )
    subject, text = wording(case, state, clock, change)
    for channel in settings.YKB_NOTICE_CHANNELS:
        for recipient in with_address(recipients) if channel == MAIL else recipients:
            letter = Letter(channel, recipient, subject, text, case.number)
            enqueue(letter, cause=event.uid, created_at=now, not_before=not_before)


def _told_in(mode: WarningMode, ladder: Sequence[str]) -> Sequence[str]:
    """Which entries of a ladder are told: all in a live hall, only those who do the work in trial, nobody while off."""
    if mode is WarningMode.LIVE:
        return ladder
    if mode is WarningMode.OFF:
        return ()
    return [entry for entry in ladder if entry.split(".", 1)[1] not in _WATCHING]


def recipients_of(entry: str, state: CaseState, at: datetime) -> list[str]:
    """The people a ladder entry `PARTY.ROLE` means; a handler who has been named stands for the role."""
    party, role = entry.split(".", 1)
    handler = str(state.facts.get("handler", ""))
    if role == "handler" and handler:
        return [handler]
    return holders(role, agency=None if party == ANYWHERE else str(state.facts.get(party, "")), at=at)


def notification_time(now: datetime, calendar: WorkCalendar) -> datetime:
    """The first moment from `now` on at which people may be written to (rules.toml, POLICY)."""
    today = calendar.day(now)
    district = installed()
    since, until = district.value("notice_from", today), district.value("notice_until", today)
    if not (isinstance(since, time) and isinstance(until, time)):
        raise Refused("区县数据包的 notice_from 和 notice_until 应为钟点；请在 rules.toml 中改正。")
    return next_allowed(now, calendar, since=since, until=until)


def wording(case: Case, state: CaseState, clock: ClockState, change: Change) -> tuple[str, str]:
    """Subject and text of a message: what happened to which promise, and what to do. No personal data."""
    assert clock.due_at is not None  # noqa: S101 - what never runs out brings no change
    zone = versions.calendar(clock.row.calendar, clock.calendars[-1]).zone
    words = {
        "title": case.title,
        "case": f"《{case.title}》（{' '.join(grouped(case.number))}）{clock.rule.title}",
        "due": moment_words(local(clock.due_at, zone)),
        "by_time": then.title if (then := state.procedure.action(clock.rule.on_due)) else "",
        "light": (change.light or Light.RED).title,
    }
    if change.step == "warned":
        return (
            _("预警：%(title)s") % words,
            _("%(case)s将于 %(due)s 到期，请尽快办理。") % words,
        )
    if change.step == "overdue":
        return _("%(light)s：%(title)s") % words, _overdue(state, clock) % words
    return (
        _("仍未办完：%(title)s") % words,
        _("%(case)s已于 %(due)s 到期，至今没有办完。请督促办理。") % words,
    )


def _overdue(state: CaseState, clock: ClockState) -> str:
    """What has happened at the due moment and what follows, for those who handle the case and those who watch it."""
    if clock.rule.on_due and clock.stopped_at is None:
        return _("%(case)s已于 %(due)s 到期，系统已自动办理“%(by_time)s”。")
    if any(f"overdue:{clock.code}" in rule.starts for rule in state.procedure.clocks):
        return _("%(case)s已于 %(due)s 到期，现在已经超时。请立即办理或督促办理，并写超时说明。")
    return _("%(case)s已于 %(due)s 到期，现在已经超时。请立即办理或督促办理。")
