"""What holds for one whole transaction: its moment, and the calendars in force.

And which moment counts: the transaction's own, or an earlier one that somebody may state (journal.md section 6).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from yukuaiban.cases import versions
from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem, Refused

if TYPE_CHECKING:
    from uuid import UUID

    from yukuaiban.core.procedures import Action
    from yukuaiban.core.timeline import CaseState
    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.access import Subject


class HeldPen:
    """A pen whose moment is read once: everything in one transaction happens at one moment, on one calendar."""

    def __init__(self, pen: Pen) -> None:
        self._pen = pen
        self._moment = pen.moment()
        self._calendars: dict[str, str] | None = None

    @property
    def calendars(self) -> dict[str, str]:
        """The calendar versions in force, read at most once."""
        if self._calendars is None:
            self._calendars = dict(versions.current_calendars())
        return self._calendars

    def moment(self) -> datetime:
        """The moment of this transaction."""
        return self._moment

    def renewed(self) -> HeldPen:
        """The same calendars at a moment read anew, for the next case of a long transaction."""
        later = HeldPen(self._pen)
        later._calendars = self.calendars
        return later

    def not_before(self, earliest: datetime) -> None:
        """Take the later of the two, so that `recorded_at` never falls within a case."""
        self._moment = max(self._moment, earliest)

    def uid(self) -> UUID:
        """A new identifier."""
        return self._pen.uid()

    def salt(self) -> bytes:
        """A new salt."""
        return self._pen.salt()


class Stated(Protocol):
    """A request that may state when it happened."""

    @property
    def occurred_at(self) -> datetime | None: ...
    @property
    def source(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def second_actor(self) -> str | None: ...
    @property
    def subject(self) -> Subject: ...


def lawful_moment(action: Action, wish: Stated, pen: HeldPen, state: CaseState | None) -> datetime:
    """The moment that clocks count for this request, or a refusal that says what is missing.

    Only a case's first event may state an earlier moment freely (paper or offline intake); any other late entry
    (补录) needs a reason and a second person. The worker and historical imports state the moment they act on.
    """
    now, stated = pen.moment(), wish.occurred_at
    if stated is None:
        return now
    if stated > now:
        raise InputInvalid(Problem("发生时间在将来", "请填写不晚于现在的时间", field="occurred_at"))
    if state is not None and state.last_at is not None and stated < state.last_at:
        raise InputInvalid(
            Problem("发生时间早于上一个经过", "补录的时间不能早于最后一次办理", field="occurred_at")
        )
    if wish.source == "worker" or wish.source.startswith("import:") or action.start:
        return stated
    if not action.late_entry:
        raise Refused(f"“{action.title}”不能补录较早的时间；请按现在的时间办理。")
    if not wish.reason or not wish.second_actor:
        raise Refused("补录较早的时间须写明理由，并由第二人确认。")
    if wish.second_actor == wish.subject.ref:
        raise NotPermitted("补录较早的时间须由本人以外的第二人确认；请请一位同事确认。")
    return stated
