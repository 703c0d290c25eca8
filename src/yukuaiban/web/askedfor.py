"""What a second person must see before answering a request: all that was asked, and what it would do to each clock.

Nothing is done here: the core plays the grant on the folded state, and the two due moments are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from yukuaiban.cases import facts, versions
from yukuaiban.cases.catalogue import spec_of
from yukuaiban.core.errors import Refused
from yukuaiban.core.limits import Limit
from yukuaiban.core.timeline import PLATFORM_PREFIX, CaseState, Fact, Request, step
from yukuaiban.people.queries import agency_names
from yukuaiban.web import scope
from yukuaiban.web.wording import day_text, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from yukuaiban.cases.models import Case
    from yukuaiban.core.procedures import Procedure
    from yukuaiban.evidence.models import EvidenceFile
    from yukuaiban.journal.event import Event

Files = Mapping[str, "EvidenceFile"]


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that the asker stated: its title, and words or papers."""

    title: str
    text: str = ""
    files: tuple[EvidenceFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A running clock before and after; `expected` while the new moment hangs on the planned end of a pause."""

    title: str
    old: datetime | None
    new: datetime | None
    expected: bool

    @property
    def changed(self) -> bool:
        """Whether the due moment is another one."""
        return self.old != self.new


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A request that waits for a second person; `hindered` says why it cannot be granted as it stands."""

    title: str
    who: str
    at: datetime
    said: tuple[Said, ...]
    moved: tuple[Moved, ...]
    hindered: str = ""


def asked_for(state: CaseState, request: Request, who: str, files: Files, now: datetime) -> AskedFor:
    """The request as the second person reads it at a moment."""
    action = state.procedure.action(request.action)
    assert action is not None  # noqa: S101 - the fold has taken it from this table
    told = tuple(said(state.procedure, request.action, request.data, files))
    try:
        moved = _granted(state, request, now)
    except Refused as refusal:
        return AskedFor(action.title, who, request.at, told, (), refusal.message)
    return AskedFor(action.title, who, request.at, told, moved)


def _granted(state: CaseState, request: Request, now: datetime) -> tuple[Moved, ...]:
    """What the grant of a request at that moment would do to each running clock; nothing where none grants it."""
    grant = next((each for each in state.procedure.actions if each.confirms == request.action), None)
    if grant is None:
        return ()
    trial = Fact(state.seq + 1, grant.code, now, "", None, {}, versions.current_calendars())
    return moves(state, step(state, trial, versions.calendar))


def moves(before: CaseState, after: CaseState) -> tuple[Moved, ...]:
    """Each clock that was running, with its due moment before and after."""
    new = {(clock.code, clock.ordinal): clock for clock in after.clocks}
    pairs = ((clock, new[clock.code, clock.ordinal]) for clock in before.clocks if clock.running)
    return tuple(
        Moved(old.rule.title, old.due_at, now.due_at, bool(now.due and now.due.expected))
        for old, now in pairs
    )


def folded(case: Case, stream: Sequence[Event]) -> tuple[CaseState, dict[int, tuple[Moved, ...]]]:
    """The state after all events, and which due moments each pause, resumption or extension has moved."""
    state = CaseState(versions.procedure(case.procedure, case.procedure_version))
    found: dict[int, tuple[Moved, ...]] = {}
    for event in stream:
        after = step(state, facts.fact_of(event), versions.calendar)
        action = state.procedure.action(event.type.partition(".")[2])
        if not event.type.startswith(PLATFORM_PREFIX) and action is not None and action.effect:
            found[event.seq] = tuple(each for each in moves(state, after) if each.changed)
        state = after
    return state, found


def said(procedure: Procedure, code: str, data: Mapping[str, Any], files: Files) -> Iterator[Said]:
    """Everything that the data of an action state, in the order and words of its form."""
    for name, info in spec_of(procedure.measure, code).data.model_fields.items():
        value = data.get(name)
        extra: dict[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        title, widget = _(info.title or name), str(extra.get("widget", "text"))
        if value in (None, "", [], ()) or widget == "hidden":
            continue
        if widget == "choice":
            yield Said(title, _(extra["choices"].get(value, value)))
        elif widget == "files":
            yield Said(title, files=tuple(files[each] for each in value if each in files))
        else:
            yield Said(title, _words(procedure, widget, value))


def _words(procedure: Procedure, widget: str, value: Any) -> str:
    if widget == "category":
        return _category(procedure, value)
    if widget == "moment":
        return moment_text(datetime.fromisoformat(value), scope.zone())
    if widget == "date":
        return day_text(date.fromisoformat(value))
    if widget == "documents_stored":
        return _("%(n)d 份材料") % {"n": len(value)}
    if widget == "agency":
        return scope.once("agencies", agency_names).get(value, str(value))
    if widget == "limit":
        return Limit.parse(value).title()
    return "；".join(map(str, value)) if isinstance(value, list) else str(value)


def _category(procedure: Procedure, code: str) -> str:
    """The cause with the paper it stands in and the clocks that it stops."""
    category = procedure.pause_category(code)
    if category is None:
        return code
    words = {
        "title": category.title,
        "source": category.source,
        "clocks": "、".join(procedure.clock(each).title for each in category.stops),
    }
    return _("%(title)s（%(source)s；停止%(clocks)s）") % words


def by_digest(files: Iterable[EvidenceFile]) -> dict[str, EvidenceFile]:
    """The files of a case by the digest under which actions name them; the first where it was stored twice."""
    found: dict[str, EvidenceFile] = {}
    for file in files:
        found.setdefault(file.sha256, file)
    return found
