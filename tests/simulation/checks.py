"""The nine invariants of reliability.md section 4, held after each step: the engine's rows against the oracle."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tests.simulation.engine import Engine
from tests.simulation.limits import consumed
from tests.simulation.minutes import HOUR, MINUTE, Minutes, instant, moment
from tests.simulation.oracle import Case as Expected
from tests.simulation.oracle import Clock as ExpectedClock
from tests.simulation.oracle import Entry
from tests.simulation.refusals import may
from tests.simulation.world import APPLICANT, ROSTER, World, may_be_told_at
from yukuaiban.cases import counters, facts, queries, versions
from yukuaiban.cases.models import Case, Clock, ClockEffect
from yukuaiban.cases.rebuilding import case_streams, fold_differences
from yukuaiban.core.clocks import Pause, elapsed
from yukuaiban.core.limits import Unit
from yukuaiban.journal.event import Event
from yukuaiban.journal.reading import events
from yukuaiban.journal.verifying import verify
from yukuaiban.notices.models import Message

PLATFORM = "clock."
TELLING = ("clock.warned", "clock.overdue", "clock.escalated", "clock.resumed")


class Broken(AssertionError):
    """An invariant does not hold."""


def must(number: int, case: object, what: str, *, found: object, wanted: object) -> None:
    """Raise Broken if the two differ; `number` is that of the invariant (0: the course of the case itself)."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        keys = [key for key in {**found, **wanted} if found.get(key) != wanted.get(key)]
        found, wanted = ({key: _plain(each.get(key)) for key in keys} for each in (found, wanted))
    if found != wanted:
        raise Broken(f"invariant {number}, case {case}, {what}: engine {found}, oracle {wanted}")


def _plain(value: object) -> object:
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else value


@dataclass
class Seen:
    """What has been read of a case's journal."""

    entries: list[Entry] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class Checks:
    """Looks at one case after a step that touched it, and at everything after a pass of the worker."""

    def __init__(self, engine: Engine, world: World) -> None:
        self.engine = engine
        self.world = world
        self.seen: dict[int, Seen] = {}
        self.messages: dict[UUID, tuple[int, Entry, int]] = {}

    def after(self, k: int, now: int, *, written: bool) -> None:
        """One case. `written`: the engine has just written everything that has come up to now."""
        if k not in self.world.cases:
            return
        wanted = self.world.cases[k]
        if self._journal(k, wanted, written=written) and wanted.journal:
            row = self.engine.case(k)
            must(0, k, "stage", found=row.stage, wanted=wanted.stage)
            self._clocks(k, wanted, row, now)
            self._lights(k, wanted, row, now)
            self._fold(k, row)

    def everything(self, now: int, *, written: bool) -> None:
        """Counts and, after a pass (`written`), every case that has not ended, and the outbox."""
        if written:
            rows = {row.number: row for row in Case.objects.filter(closed_at=None)}
            for k, wanted in self.world.cases.items():
                ended = not wanted.open and len(self.seen[k].entries) == len(wanted.journal)
                if not ended and self._journal(k, wanted, written=True) and wanted.open:
                    self._lights(k, wanted, rows[self.engine.numbers[k]], now)
            self._outbox(now)
        self._counts(now, again=written)

    # -- 0, 4, 7, 8: the journal -----------------------------------------------------------------------------
    def _journal(self, k: int, wanted: Expected, *, written: bool) -> bool:
        """The new events are those that the oracle expects; whether nothing is missing."""
        seen = self.seen.setdefault(k, Seen())
        for event in events(facts.stream_of(self.engine.numbers[k]), after=len(seen.events)):
            if seen.events and event.recorded_at < seen.events[-1].recorded_at:
                raise Broken(f"invariant 7, case {k}: recorded_at falls at {event.seq}")
            seen.events.append(event)
            seen.entries.append(entry_of(event))
            self._permitted(k, wanted, event)
            if event.type in TELLING:
                self.messages[event.uid] = (k, seen.entries[-1], instant(event.recorded_at))
        n = len(seen.entries)
        must(4, k, "journal", found=told(seen.entries), wanted=told(wanted.journal[:n]))
        if written:
            must(4, k, "journal so far", found=told(seen.entries), wanted=told(wanted.journal))
            must(
                4,
                k,
                "effects",
                found=self._effects(k),
                wanted=sum(each[0] in TELLING for each in seen.entries),
            )
        return n == len(wanted.journal)

    def _effects(self, k: int) -> int:
        return ClockEffect.objects.filter(clock__case__number=self.engine.numbers[k]).count()

    def _permitted(self, k: int, wanted: Expected, event: Event) -> None:
        """Nobody acted beyond what the procedure's own lines say."""
        if event.type.startswith(PLATFORM) or wanted.law.actions[event.type.split(".")[1]].get("system"):
            if event.type != "clock.calendar_changed" and event.actor != "system:worker":
                raise Broken(f"invariant 8, case {k}: {event.actor} did {event.type}")
            return
        name = self.engine.names[event.actor]
        role, agency = ROSTER.get(name, (APPLICANT, ""))
        if (event.role or APPLICANT, event.agency or "") != (role, agency):
            raise Broken(f"invariant 8, case {k}: {name} acted as {event.role} of {event.agency}")
        # Handlers are named and renamed; the rule about the named one is part of `refused`.
        anybody = Expected(wanted.law, wanted.matter, wanted.receiving)
        if not may(anybody, event.type.split(".")[1], who=name, role=role, agency=agency):
            raise Broken(f"invariant 8, case {k}: {name} may not {event.type}")

    # -- 1, 2, 3: clocks and lights --------------------------------------------------------------------------
    def _clocks(self, k: int, wanted: Expected, row: Case, now: int) -> None:
        rows = list(Clock.objects.filter(case=row).order_by("id"))
        names = [(row.code, row.ordinal) for row in rows]
        must(1, k, "clocks", found=names, wanted=[(each.code, each.ordinal) for each in wanted.clocks])
        for each, clock in zip(rows, wanted.clocks, strict=True):
            must(1, k, f"clock {clock.code}", found=row_of(each), wanted=expected_row(clock))
        state = facts.state_from(row.procedure, row.procedure_version, self.seen[k].events)
        for found, clock in zip(state.clocks, wanted.clocks, strict=True):
            for at in sorted({now, *around(clock)}):
                must(
                    1,
                    k,
                    f"light of {clock.code}",
                    found=found.light(moment(at)).value,
                    wanted=clock.light(at),
                )
            if clock.paused_at(now) and found.light(moment(now)) != found.light(
                moment(clock.pauses[-1].begin)
            ):
                raise Broken(f"invariant 2, case {k}: {clock.code} changed its light while paused")
            spent(k, clock, found.pauses, now)

    def _lights(self, k: int, wanted: Expected, row: Case, now: int) -> None:
        if not wanted.open:
            return
        for at in sorted({now, *(at for clock in wanted.lit() for at in around(clock))}):
            must(
                1,
                k,
                f"light at {moment(at)}",
                found=queries.light_of(row, moment(at)).value,
                wanted=wanted.light(at),
            )

    # -- 6: fold = row ---------------------------------------------------------------------------------------
    def _fold(self, k: int, row: Case) -> None:
        must(
            6, k, "fold", found=fold_differences(facts.stream_of(row.number), self.seen[k].events), wanted=[]
        )

    # -- 5: counts -------------------------------------------------------------------------------------------
    def _counts(self, now: int, *, again: bool) -> None:
        held = counters.counts(moment(now))
        if again:
            must(5, "all", "counts", found=held, wanted=counters.recount(moment(now)))
        if all(len(self.seen[k].entries) == len(case.journal) for k, case in self.world.cases.items()):
            wanted: Counter[tuple[str, str, str]] = Counter()
            for case in filter(lambda each: each.open, self.world.cases.values()):
                wanted[case.handling, case.matter.code, case.light(now)] += 1
                if case.paused(now):
                    wanted[case.handling, case.matter.code, "paused"] += 1
            found = {(key.agency, key.subject, key.mark): n for key, n in held.items()}
            must(5, "all", "recount", found=found, wanted=dict(wanted))

    # -- 9: the outbox ---------------------------------------------------------------------------------------
    def _outbox(self, now: int) -> None:
        found: Counter[tuple[str, ...]] = Counter()
        for message in Message.objects.all():
            cause, _channel, recipient = message.key.split("/")
            if UUID(cause) not in self.messages:
                raise Broken(f"invariant 9: a message without a change: {message.subject}")
            k, (_type, _at, clock, ordinal, step), recorded = self.messages[UUID(cause)]
            found[str(k), clock, str(ordinal), step, self.engine.names[recipient]] += 1
            if message.attempts == 0 and message.state == Message.State.QUEUED:
                wanted = may_be_told_at(self.world.calendar, recorded)
                must(9, k, "notice hours", found=instant(message.next_try_at), wanted=wanted)
        wanted_all = Counter((str(k), *each) for k, case in self.world.cases.items() for each in case.told)
        must(9, "all", "messages", found=found, wanted=wanted_all)
        sent = set(Message.objects.filter(state=Message.State.SENT).values_list("key", flat=True))
        if not sent <= set(self.engine.received):
            raise Broken("invariant 9: a message counts as sent and never arrived")

    # -- at the end ------------------------------------------------------------------------------------------
    def whole(self) -> None:
        """The journal is whole, its leaves and checkpoints stand, rows are its fold."""
        report = verify(folds={"case:": fold_differences}, streams={"case:": case_streams})
        must(6, "all", "verify", found=(report.ok, str(report.first)), wanted=(True, "None"))


def entry_of(event: Event) -> Entry:
    """An event as the oracle writes it."""
    at = event.occurred_at or event.recorded_at
    at = min(at, event.recorded_at) if event.seq == 1 else at
    data = event.body["data"] if event.type.startswith(PLATFORM) else {}
    step = (
        data.get("step", "").split(":")[0]
        if data.get("step", "").startswith("resumed")
        else data.get("step", "")
    )
    return event.type, instant(at), data.get("clock", ""), data.get("ordinal", 0), step


def told(entries: list[Entry]) -> list[str]:
    """Entries as a reader can compare them."""
    return [
        f"{type_} {moment(at):%m-%d %H:%M:%S} {clock}#{n} {step}" for type_, at, clock, n, step in entries
    ]


def row_of(row: Clock) -> dict[str, object]:
    """A row of the engine in the oracle's terms."""
    moments = (
        "started_at",
        "due_at",
        "warns_at",
        "stopped_at",
        "paused_since",
        "paused_until",
        "next_change_at",
    )
    found = {name: getattr(row, name) for name in moments}
    return found | {"version": row.version, "owner": row.owner}


def expected_row(clock: ExpectedClock) -> dict[str, object]:
    """The same of the oracle's clock."""
    pause = clock.open_pause if clock.stopped is None else None
    moments = {
        "started_at": clock.start,
        "due_at": clock.due,
        "warns_at": clock.warns,
        "stopped_at": clock.stopped,
        "paused_since": pause.begin if pause else None,
        "paused_until": pause.end if pause else None,
        "next_change_at": clock.next.at if clock.next else None,
    }
    found: dict[str, object] = {name: None if at is None else moment(at) for name, at in moments.items()}
    return found | {"version": clock.version, "owner": clock.owner}


def around(clock: ExpectedClock) -> tuple[int, ...]:
    """The moments at which a light could be wrong: just before, at and just after each change."""
    return tuple(at + aside for at in (clock.warns, clock.due) for aside in (-1, 0, 1))


def spent(k: int, clock: ExpectedClock, pauses: tuple[Pause, ...], now: int) -> None:
    """Consumed as the engine counts it and as the minutes say; with what remains it is the limit."""
    unit, until = clock.limit.unit, now if clock.stopped is None else clock.stopped
    if unit in ("mo", "y") or until < clock.start:
        return
    open_ = clock.calendars[-1]
    calendar = versions.current_calendar()
    if len(clock.calendars) > 1 or calendar_differs(calendar.spec.days, open_):
        return
    found = elapsed(moment(clock.start), moment(until), Unit(unit), calendar, pauses=pauses)
    must(3, k, f"used of {clock.code}", found=round(float(found), 6), wanted=_in(clock, unit, until))
    inside = any(begin <= clock.due < end for begin, end in clock.spans)
    moved = any(clock.due == open_.closing_from(end) for _, end in clock.spans)
    if unit != "d" and not inside and not moved and clock.limit.n:
        left = elapsed(moment(clock.start), moment(clock.due), Unit(unit), calendar, pauses=pauses)
        must(3, k, f"sum of {clock.code}", found=float(left), wanted=float(clock.limit.n))


def _in(clock: ExpectedClock, unit: str, until: int) -> float:
    """What the minutes say has been used, in the unit of the limit."""
    used = consumed(clock.calendars[-1], unit, clock.start, until, clock.spans)
    length = {"h": HOUR, "sh": HOUR, "m": MINUTE, "sm": MINUTE}.get(unit, 1)
    return round(used / length, 6)


def calendar_differs(days: tuple, open_: Minutes) -> bool:
    """Whether the engine's calendar in force is another one than that of the clock."""
    return {day.on: day.kind for day in days} != open_.kinds
