"""Procedures: a table of stages, actions and clocks, read from a district pack.

The engine knows no measure; the table does. A procedure answers three questions and nothing else:
where does an action lead from here, which clocks does it start or stop, and who may do it. Everything that can
be checked without running is checked when a pack is read (`packs.procedurechecks`), with file and line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from yukuaiban.core.errors import ActionRefused
from yukuaiban.core.lights import ClockKind, Light, WarnRule
from yukuaiban.core.limits import Limit, LimitRow
from yukuaiban.core.warnrules import WarnRow


class Effect(StrEnum):
    """What an action does to the clocks of its case besides starting and stopping them."""

    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"


class SecondPerson(StrEnum):
    """Who must confirm an action that another person asked for (security.md section 3, T5)."""

    OTHER_PERSON = "other_person"
    OUTSIDE_AGENCY = "outside_agency"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a case stands. A `final` stage is closed: no clock runs in it."""

    code: str
    title: str
    title_en: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """One verb of the procedure.

    `sources` are the stages it is open in (empty: every stage that is not final); `to` is None for an action that
    leaves the stage as it is. `by` are `PARTY.ROLE` entries. `confirms` names the request that this action
    grants, `declines` the one it turns down: both need an open request, and `confirms` takes its data over.
    `request` marks an action that only asks. `counts_from` names an action whose moment is the start of the
    clocks that this one starts (deemed admission counts from receipt). `start` marks the action that opens a
    case. `system` actions are done by the worker alone. `keeps` names the fields of its data that stay facts of the
    case (its owner, its handler, its outcome). `late_entry` allows an earlier moment (补录) with reason and second
    person.
    """

    code: str
    title: str
    title_en: str = ""
    sources: tuple[str, ...] = ()
    to: str | None = None
    by: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    effect: Effect | None = None
    confirms: str | None = None
    declines: str | None = None
    request: bool = False
    second_person: SecondPerson | None = None
    counts_from: str | None = None
    keeps: tuple[str, ...] = ()
    start: bool = False
    system: bool = False
    late_entry: bool = False

    def open_at(self, stage: Stage | None) -> bool:
        """Whether the action may be done while the case stands at `stage` (None: it does not exist yet)."""
        if stage is None or self.start:
            return stage is None and self.start
        return stage.code in self.sources if self.sources else not stage.final


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A promise that runs from one action to another.

    Its limit is either dated rows of the table (`limits`) or one that the case brings with it (`limit_from`, for
    example the committed limit of its matter), or it ends on a day that was set by hand: `due_from` names the fact of
    the case that holds this moment, or a list of them; then the clock takes the next one each time `due_step` was
    done. With `limits` beside `due_from` the rows count where the case names no day. `starts` holds action codes,
    and `overdue:CLOCK` for a clock that begins when another one runs out. `on_due` is the action that the worker
    does when the limit has run out.
    `light = false` keeps an internal clock out of the light of its case; it still has a light of its own.
    `quiet_exempt` clocks send their notices at any hour.
    """

    code: str
    title: str
    kind: ClockKind
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    owner: str
    title_en: str = ""
    limits: tuple[LimitRow, ...] = ()
    limit_from: str = ""
    due_from: str = ""
    due_step: str = ""
    warns: tuple[WarnRule, ...] = ()
    restarts: bool = False
    extendable: bool = False
    on_due: str = ""
    quiet_exempt: bool = False
    light: bool = True


@dataclass(frozen=True, slots=True)
class PauseCategory:
    """A ground for a pause: which clocks it stops, for how long at most, and by which paper.

    `needs_sheet` categories stop the clock only where the published sheet of the matter says so.
    """

    code: str
    title: str
    stops: tuple[str, ...]
    source: str
    title_en: str = ""
    cap: Limit | None = None
    needs_sheet: bool = False


@dataclass(frozen=True, slots=True)
class LadderStep:
    """Who is told when a clock reaches a light, or has stood beyond its due for `after`."""

    code: str
    on: Light
    notify: tuple[str, ...]
    after: Limit | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """Stages, actions and clocks of one kind of case, in one version.

    `warns` are the district's rules for warnings as they were with this version; a clock's own list wins.
    """

    code: str
    title: str
    measure: str
    first: str
    stages: tuple[Stage, ...]
    actions: tuple[Action, ...]
    clocks: tuple[ClockRule, ...]
    version: str = ""
    source: str = ""
    title_en: str = ""
    parties: tuple[str, ...] = ()
    pause_categories: tuple[PauseCategory, ...] = ()
    ladder: tuple[LadderStep, ...] = ()
    warns: tuple[WarnRow, ...] = ()
    _stages: dict[str, Stage] = field(init=False, repr=False, compare=False)
    _actions: dict[str, Action] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_stages", {stage.code: stage for stage in self.stages})
        object.__setattr__(self, "_actions", {action.code: action for action in self.actions})

    def stage(self, code: str) -> Stage:
        """The stage of that code; KeyError if the table has none."""
        return self._stages[code]

    def action(self, code: str) -> Action | None:
        """The action of that code, or None."""
        return self._actions.get(code)

    def clock(self, code: str) -> ClockRule:
        """The clock rule of that code; KeyError if the table has none."""
        return next(rule for rule in self.clocks if rule.code == code)

    def pause_category(self, code: str) -> PauseCategory | None:
        """The pause category of that code, or None."""
        return next((each for each in self.pause_categories if each.code == code), None)

    def open_actions(self, stage: str | None) -> tuple[Action, ...]:
        """The actions that people may do at this stage, in the order of the table."""
        here = self._stages[stage] if stage is not None else None
        return tuple(action for action in self.actions if not action.system and action.open_at(here))

    def after(self, stage: str | None, action: str) -> str:
        """The stage that `action` leads to from `stage`.

        Raises ActionRefused, naming the actions that are open here, if it is unknown or not open.
        """
        rule = self._actions.get(action)
        here = self._stages[stage] if stage is not None else None
        if rule is None or not rule.open_at(here):
            raise ActionRefused.at(
                action=rule.title if rule else action,
                stage=here.title if here else "",
                open_here=[(each.code, each.title) for each in self.open_actions(stage)],
            )
        return rule.to or stage or self.first

    def started_by(self, action: str) -> tuple[ClockRule, ...]:
        """The clock rules that `action` starts."""
        return tuple(rule for rule in self.clocks if action in rule.starts)
