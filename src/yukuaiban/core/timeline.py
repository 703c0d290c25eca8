"""The life of a case as a pure fold: `step(state, fact) -> state`, repeated over all facts.

A case row and its clock rows are nothing but a cached fold (architecture.md 3.2); `./ykb journal verify` repeats
it. Clocks are recomputed from their own start, pauses and extensions each time, never moved by an increment.

Facts done by people carry the code of an action. The platform's own facts are these:

| fact | data | meaning |
| --- | --- | --- |
| `clock.warned`, `clock.overdue`, `clock.escalated`, `clock.resumed` | `clock`, `ordinal`, `step` | a change came |
| `clock.calendar_changed` | `clock`, `ordinal` or none | a new calendar version moved that clock, or all |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from yukuaiban.core.casestate import (
    CALENDAR_CHANGED,
    ESCALATED,
    OVERDUE,
    PLATFORM_PREFIX,
    RESUMED,
    WARNED,
    CaseState,
    Change,
    ClockState,
    Fact,
    Request,
    Summary,
    pending,
    summary,
)
from yukuaiban.core.clocks import Due, Pause, due, fixed_due, protect
from yukuaiban.core.effective import in_force
from yukuaiban.core.errors import ActionRefused
from yukuaiban.core.evolving import evolve
from yukuaiban.core.fixeddues import fixed_moment, fixed_row
from yukuaiban.core.lights import ClockKind, Light, first_warning
from yukuaiban.core.limits import Limit, LimitRow, limit_row_from
from yukuaiban.core.procedures import Action, ClockRule, Effect, LadderStep, Procedure
from yukuaiban.core.workcalendar import WorkCalendar

__all__ = [
    "CALENDAR_CHANGED",
    "ESCALATED",
    "OVERDUE",
    "PLATFORM_PREFIX",
    "RESUMED",
    "WARNED",
    "CalendarOf",
    "CaseState",
    "Change",
    "ClockState",
    "Fact",
    "Request",
    "Summary",
    "explained",
    "fold",
    "limit_row_from",
    "pending",
    "step",
    "summary",
]

OFFICE = "office"  # deadlines set by hand are days of the office
CalendarOf = Callable[[str, str], WorkCalendar]
"""(code, version) -> compiled calendar; versions are immutable, so this is a pure look-up."""


def fold(procedure: Procedure, calendar_of: CalendarOf, facts: Iterable[Fact]) -> CaseState:
    """The state after all facts, in order. Raises ActionRefused for a fact that the procedure does not allow."""
    state = CaseState(procedure)
    for fact in facts:
        state = step(state, fact, calendar_of)
    return state


def step(state: CaseState, fact: Fact, calendar_of: CalendarOf) -> CaseState:
    """The state after one more fact."""
    if fact.action.startswith(PLATFORM_PREFIX):
        return _platform_step(state, fact, calendar_of)
    stage = state.procedure.after(state.stage, fact.action)
    action = state.procedure.action(fact.action)
    assert action is not None  # noqa: S101 - `after` has refused an unknown one
    data = _effective_data(state, action, fact)
    state = _remember(state, action, fact, data, stage)
    state = evolve(state, clocks=_stopped(state, fact))
    state = evolve(state, clocks=_changed(state, action, fact, data, calendar_of))
    return _start_clocks(state, fact.action, fact, _start_moment(state, action, fact), calendar_of)


def _effective_data(state: CaseState, action: Action, fact: Fact) -> Mapping[str, Any]:
    """The data of the action; a grant takes over what was asked for."""
    asked = action.confirms or action.declines
    if asked is None:
        return fact.data
    request = state.requests.get(asked)
    if request is None:
        raise ActionRefused(f"没有待批准的申请，不能“{action.title}”；请先由经办人提出申请。")
    return {**request.data, **fact.data}


def _remember(state: CaseState, action: Action, fact: Fact, data: Mapping[str, Any], stage: str) -> CaseState:
    """Stage, kept facts, open requests and moments after the action; clocks untouched."""
    requests = {code: each for code, each in state.requests.items() if code not in _closes(action)}
    if action.request:
        requests[action.code] = Request(action.code, fact.seq, fact.actor, fact.agency, fact.at, fact.data)
    final = state.procedure.stage(stage).final
    return evolve(
        state,
        stage=stage,
        seq=fact.seq,
        facts={**state.facts, **{name: data[name] for name in action.keeps if name in data}},
        limits={**state.limits, **data.get("limits", {})} if action.start else state.limits,
        requests={} if final else requests,
        moments={**state.moments, action.code: fact.at},
        counts={**state.counts, action.code: state.counts.get(action.code, 0) + 1},
        opened_at=state.opened_at or fact.at,
        closed_at=(state.closed_at or fact.at) if final else None,
        last_at=fact.at,
    )


def _closes(action: Action) -> tuple[str, ...]:
    return tuple(code for code in (action.confirms, action.declines) if code)


def _stopped(state: CaseState, fact: Fact) -> tuple[ClockState, ...]:
    """Clocks that this action stops; a final stage stops all of them."""

    def stops(clock: ClockState) -> bool:
        return clock.running and (not state.open or fact.action in clock.rule.stops)

    return tuple(_stop(clock, fact.at) if stops(clock) else clock for clock in state.clocks)


def _stop(clock: ClockState, at: datetime) -> ClockState:
    """Stopped at `at`; a pause that is still open ends there, so that what was counted stays true."""
    pauses = clock.pauses
    if (open_pause := clock.open_pause) is not None and at < open_pause.end:
        pauses = (*pauses[:-1], evolve(open_pause, end=max(at, open_pause.start), expected=False))
    return evolve(clock, stopped_at=at, pauses=pauses)


def _changed(
    state: CaseState, action: Action, fact: Fact, data: Mapping[str, Any], calendar_of: CalendarOf
) -> tuple[ClockState, ...]:
    """Clocks after a pause, a resumption or an extension."""
    clocks = state.clocks
    if action.effect is None:
        return clocks
    change = _EFFECTS[action.effect]
    changed = tuple(
        change(clock, state.procedure, fact, data) if clock.running else clock for clock in clocks
    )
    return tuple(
        after if after is before else _recomputed(before, after, state.procedure, fact, calendar_of)
        for before, after in zip(clocks, changed, strict=True)
    )


def _pause(clock: ClockState, procedure: Procedure, fact: Fact, data: Mapping[str, Any]) -> ClockState:
    category = procedure.pause_category(data["category"])
    if category is None:
        raise ActionRefused(f"没有“{data['category']}”这一中止事由；请从法定和约定的事由中选择。")
    if clock.code not in category.stops:
        return clock
    if clock.paused_at(fact.at):
        raise ActionRefused("这个时限已在中止中；请先恢复计时，再提出新的中止。")
    end = datetime.fromisoformat(data["planned_end"])
    if end <= fact.at:
        raise ActionRefused("预定结束时间不晚于中止开始；请填写将来的时间。")
    pause = Pause(fact.at, end, category=category.title, basis=data.get("basis", ""), expected=True)
    return evolve(clock, pauses=(*clock.pauses, pause))


def _resume(clock: ClockState, _: Procedure, fact: Fact, __: Mapping[str, Any]) -> ClockState:
    if (pause := clock.open_pause) is None or fact.at >= pause.end:
        return clock
    if fact.at < pause.start:
        raise ActionRefused("恢复的时间早于中止的时间；请核对后重填。")
    return evolve(clock, pauses=(*clock.pauses[:-1], evolve(pause, end=fact.at, expected=False)))


def _extend(clock: ClockState, _: Procedure, __: Fact, data: Mapping[str, Any]) -> ClockState:
    if not clock.rule.extendable:
        return clock
    if clock.fixed is not None:
        return evolve(clock, fixed=datetime.fromisoformat(data["due"]))
    return evolve(clock, extensions=(*clock.extensions, Limit.parse(data["limit"])))


_EFFECTS: Mapping[Effect, Callable[[ClockState, Procedure, Fact, Mapping[str, Any]], ClockState]] = {
    Effect.PAUSE: _pause,
    Effect.RESUME: _resume,
    Effect.EXTEND: _extend,
}


def _start_moment(state: CaseState, action: Action, fact: Fact) -> datetime:
    """When the clocks that the action starts begin: its own moment, or that of the action it counts from."""
    return state.moments.get(action.counts_from, fact.at) if action.counts_from else fact.at


def _start_clocks(
    state: CaseState, trigger: str, fact: Fact, at: datetime, calendar_of: CalendarOf
) -> CaseState:
    """The state with the clocks that `trigger` starts. A clock starts once, unless its rule says it restarts."""
    clocks = state.clocks
    for rule in state.procedure.started_by(trigger) if state.open else ():
        earlier = [clock for clock in clocks if clock.code == rule.code]
        fixed = fixed_moment(rule, state, earlier)
        row = _limit_row(rule, state, fact, at, calendar_of)
        if row is None or (earlier and not rule.restarts):
            continue
        clock = ClockState(
            code=rule.code,
            ordinal=len(earlier) + 1,
            rule=rule,
            owner=str(state.facts.get(rule.owner, "")),
            row=row,
            started_at=at,
            calendars=(fact.calendars[row.calendar],),
            matter=str(state.facts.get("subject", "")),
            fixed=fixed.now if fixed else None,
        )
        clock = _computed(clock, state.procedure, calendar_of)
        clocks = (*clocks, evolve(clock, original_due_at=fixed.first if fixed else clock.due_at))
    return evolve(state, clocks=clocks)


def _limit_row(
    rule: ClockRule, state: CaseState, fact: Fact, at: datetime, calendar_of: CalendarOf
) -> LimitRow | None:
    """The limit in force at the start of the clock, from the table or from the case; None if it has none."""
    if rule.limit_from:
        given = state.limits.get(rule.limit_from)
        return limit_row_from(given) if given else None
    zone_of = rule.limits[0].calendar if rule.limits else OFFICE
    calendar = calendar_of(zone_of, fact.calendars[zone_of])
    day = calendar.day(at)
    fixed = fixed_row(rule, state, day, calendar) if rule.due_from else None
    return fixed or (in_force(rule.limits, day) if rule.limits or not rule.due_from else None)


def _recomputed(
    before: ClockState, clock: ClockState, procedure: Procedure, fact: Fact, calendar_of: CalendarOf
) -> ClockState:
    """The clock in its next version, on the newest calendar unless an older one protected it as it was `before`.

    Steps that were done stay done if their moment has not moved into the future; a step that lies ahead again is
    told again (each clock, step and version notifies once).
    """
    calendars = _calendars(before, fact.calendars.get(clock.row.calendar), procedure, calendar_of)
    moved = _computed(evolve(clock, calendars=calendars, version=clock.version + 1), procedure, calendar_of)
    still = {change.step for change in moved.changes if change.at <= fact.at}
    return evolve(moved, done=tuple(step for step in clock.done if step in still))


def _calendars(
    clock: ClockState, newest: str | None, procedure: Procedure, calendar_of: CalendarOf
) -> tuple[str, ...]:
    """The versions that the clock counts on: the newest; older ones too where they give what it shows a later due.

    Whoever was in time on the old calendar stays in time (clocks.md section 5, no retroactive red). What is compared
    is the clock as it was shown, with the planned end of an open pause, without what happens to it now.
    """
    if newest is None or newest in clock.calendars:
        return clock.calendars
    old = _computed(clock, procedure, calendar_of).due_at
    new = _computed(evolve(clock, calendars=(newest,)), procedure, calendar_of).due_at
    earlier = old is not None and (new is None or new < old)
    return (*clock.calendars, newest) if earlier else (newest,)


def _computed(clock: ClockState, procedure: Procedure, calendar_of: CalendarOf) -> ClockState:
    """The clock with its due moment, warning and further changes."""
    best = _latest_due(clock, calendar_of)
    if best.at is None:
        return evolve(clock, due=best, warns_at=None, warned_by=None, changes=())
    calendar = calendar_of(clock.row.calendar, best.calendar_version)
    warned, rule = first_warning(
        clock.started_at,
        clock.row.limit,
        calendar,
        best.at,
        pauses=clock.pauses,
        extensions=clock.extensions,
        rules=clock.warn_rules(procedure.warns, calendar.day(clock.started_at)),
    )
    seen = evolve(clock, due=best, warns_at=warned, warned_by=rule)
    return evolve(seen, changes=_changes(seen, procedure.ladder, warned, best.at, calendar))


def _latest_due(clock: ClockState, calendar_of: CalendarOf, *, explain: bool = False) -> Due:
    """The due on each calendar version the clock is bound to, oldest first; a later old one protects."""
    if clock.fixed is not None:
        return fixed_due(clock.fixed, calendar_of(clock.row.calendar, clock.calendars[-1]))
    found: Due | None = None
    for version in clock.calendars:
        calendar = calendar_of(clock.row.calendar, version)
        new = due(
            clock.started_at,
            clock.row.limit,
            calendar,
            pauses=clock.pauses,
            extensions=clock.extensions,
            row=clock.row,
            explain=explain,
        )
        found = new if found is None else protect(found, new, calendar)
    assert found is not None  # noqa: S101 - a clock is bound to one calendar at least
    return found


def explained(clock: ClockState, calendar_of: CalendarOf) -> Due:
    """The clock's due moment with the steps from which a reader can redo the sum."""
    return _latest_due(clock, calendar_of, explain=True)


def _changes(
    clock: ClockState,
    ladder: Sequence[LadderStep],
    warned: datetime,
    due_at: datetime,
    calendar: WorkCalendar,
) -> tuple[Change, ...]:
    """All moments at which something changes, in order."""
    over = Light.BREACH if clock.rule.kind is ClockKind.STATUTORY else Light.RED

    def told(light: Light) -> tuple[str, ...]:
        rungs = (rung for rung in ladder if rung.on is light and rung.after is None)
        return tuple(who for rung in rungs for who in rung.notify)

    own = clock.warned_by.notify if clock.warned_by is not None else ()
    changes = [
        Change(warned, "warned", WARNED, Light.YELLOW, own or told(Light.YELLOW)),
        Change(due_at, "overdue", OVERDUE, over, told(over)),
    ]
    for rung in ladder:
        if rung.on is over and rung.after is not None:
            at = due(due_at, rung.after, calendar, explain=False).at
            if at is not None:
                changes.append(Change(at, f"ladder:{rung.code}", ESCALATED, None, rung.notify))
    if (pause := clock.open_pause) is not None:
        changes.append(Change(pause.end, f"resumed:{pause.end.isoformat()}", RESUMED))
    return tuple(sorted(changes, key=lambda change: change.at))


def _platform_step(state: CaseState, fact: Fact, calendar_of: CalendarOf) -> CaseState:
    """A fact of the platform's own: it moves no stage and counts no action."""
    state = evolve(state, seq=fact.seq, last_at=max(state.last_at or fact.at, fact.at))
    if fact.action == CALENDAR_CHANGED:
        return evolve(
            state, clocks=tuple(_rebound(state, clock, fact, calendar_of) for clock in state.clocks)
        )
    code, ordinal, name = fact.data["clock"], fact.data["ordinal"], fact.data["step"]
    clocks = tuple(
        _noted(clock, fact, name) if (clock.code, clock.ordinal) == (code, ordinal) else clock
        for clock in state.clocks
    )
    state = evolve(state, clocks=clocks)
    if fact.action == OVERDUE:
        return _start_clocks(state, f"overdue:{code}", fact, fact.at, calendar_of)
    return state


def _noted(clock: ClockState, fact: Fact, name: str) -> ClockState:
    """The clock with the step recorded; a pause whose planned end has come is over."""
    pauses = clock.pauses
    if fact.action == RESUMED and clock.open_pause is not None:
        pauses = (*pauses[:-1], evolve(pauses[-1], expected=False))
    expected = any(pause.expected for pause in pauses)
    due_now = evolve(clock.due, expected=expected) if clock.due and fact.action == RESUMED else clock.due
    return evolve(clock, pauses=pauses, due=due_now, done=(*clock.done, name))


def _rebound(state: CaseState, clock: ClockState, fact: Fact, calendar_of: CalendarOf) -> ClockState:
    meant = fact.data.get("clock") is None or (fact.data["clock"], fact.data["ordinal"]) == (
        clock.code,
        clock.ordinal,
    )
    moved = meant and clock.running and fact.calendars.get(clock.row.calendar) not in clock.calendars
    return _recomputed(clock, clock, state.procedure, fact, calendar_of) if moved else clock
