"""What a case page shows, gathered from one fold of the case's events; no decision is made here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yukuaiban.cases import queries, versions, warningmodes
from yukuaiban.core.lights import ClockKind, Light
from yukuaiban.core.steps import tell
from yukuaiban.core.timeline import PLATFORM_PREFIX, CaseState, ClockState, explained
from yukuaiban.evidence.models import EvidenceFile
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people import masks
from yukuaiban.people.district import installed
from yukuaiban.people.queries import agency_names
from yukuaiban.people.roles import role_title
from yukuaiban.web import casestreams, scope
from yukuaiban.web.askedfor import AskedFor, Files, Moved, Said, asked_for, by_digest, folded, said
from yukuaiban.web.clockface import Left, Strip, left_of, strips
from yukuaiban.web.warned import warning_words
from yukuaiban.web.whomay import Looking, MayRow, next_step, next_steps, who_may

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case
    from yukuaiban.core.procedures import Action
    from yukuaiban.core.steps import Step
    from yukuaiban.core.workcalendar import WorkCalendar
    from yukuaiban.journal.event import Event
    from yukuaiban.people.access import Subject
    from yukuaiban.web.casestreams import Streams


@dataclass(frozen=True, slots=True)
class ClockPanel:
    """One promise: its light, what is left, the strip, and the steps of its sum."""

    state: ClockState
    light: Light
    paused: bool
    left: Left | None
    strip: Strip | None
    limit: str
    lines: tuple[StepLine, ...]
    in_time: bool | None
    calculator: str

    @property
    def code(self) -> str:
        """What names this clock in an address."""
        return f"{self.state.code}-{self.state.ordinal}"

    @property
    def promised(self) -> bool:
        """Whether the case has brought the limit with it: the two promises that stand at the top of the page."""
        return bool(self.state.rule.limit_from)

    @property
    def limit_since(self) -> str:
        """The day since which the limit has been in force; the version of a limit ends with it."""
        return self.state.due.limit_version.partition("@")[2] if self.state.due else ""

    @property
    def warning(self) -> str:
        """The rule by which it turns yellow, with its paper."""
        return warning_words(self.state)


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of the sum as the page shows it."""

    when: str
    text: str
    sum: str
    css: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    at: datetime
    title: str
    who: str
    detail: str
    late: bool
    key: bool
    said: tuple[Said, ...] = ()
    moved: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything on the page."""

    case: Case
    state: CaseState
    light: Light
    clocks: tuple[ClockPanel, ...]
    rows: tuple[MayRow, ...]
    timeline: tuple[Entry, ...]
    people: Mapping[str, str]
    agencies: Mapping[str, str]
    requests: tuple[AskedFor, ...]
    files: tuple[EvidenceFile, ...]
    stage: str
    head: str
    count: int
    desk: str

    asked: str = ""
    dark: bool = False  # its hall does not warn: no light is shown

    @property
    def main(self) -> Sequence[ClockPanel]:
        """The committed and the statutory limit; before there are any, the clock that runs."""
        promised = [panel for panel in self.clocks if panel.promised]
        return (
            sorted(promised, key=lambda panel: panel.state.rule.kind is not ClockKind.COMMITTED)
            or self.clocks[:1]
        )

    @property
    def others(self) -> Sequence[ClockPanel]:
        """The other clocks, running ones first."""
        main = self.main
        return [panel for panel in self.clocks if panel not in main]

    @property
    def in_order(self) -> Sequence[ClockPanel]:
        """All clocks as they stand on the page."""
        return [*self.main, *self.others]

    @property
    def explained(self) -> ClockPanel | None:
        """The clock whose sum is open: the one that was asked for, else the most urgent of the two promises."""
        chosen = [panel for panel in self.clocks if panel.code == self.asked]
        urgent = sorted(self.main, key=lambda panel: (panel.state.stopped_at is not None, -panel.light.rank))
        return next(iter([*chosen, *urgent]), None)

    @property
    def has_strip(self) -> bool:
        """Whether the legend of the strips is needed."""
        return any(panel.strip for panel in self.main)

    @property
    def primary(self) -> MayRow | None:
        """The one action to offer first, if this person may do any."""
        return next_step(self.rows, self.state)

    @property
    def offered(self) -> Sequence[MayRow]:
        """The further actions that stand beside it: what carries the case on, what is asked for, the rest."""
        first, *steps = next_steps(self.rows, self.state) or (None,)
        rest = [row for row in self.rows if row.allowed and row not in (first, *steps)]
        others = sorted(rest, key=lambda row: (not row.action.request, bool(row.action.to)))
        return [*steps, *others][:_MOST_BUTTONS]

    @property
    def open_rows(self) -> Sequence[MayRow]:
        """Actions that somebody may do as the case stands."""
        return [row for row in self.rows if not row.shut]

    @property
    def shut_rows(self) -> Sequence[MayRow]:
        """Actions that nobody may do as the case stands."""
        return [row for row in self.rows if row.shut]

    @property
    def years(self) -> str:
        """The years under which the short dates of the timeline stand."""
        found = sorted({f"{entry.at.astimezone(scope.zone()):%Y}" for entry in self.timeline})
        return "—".join(dict.fromkeys([found[0], found[-1]])) if found else ""


_MOST_BUTTONS = 2


def gather(
    case: Case, subject: Subject, now: datetime, asked: str = "", streams: Streams | None = None
) -> CasePage:
    """The page of a case for a person at a moment, with the sum of the clock that was asked for."""
    streams = streams or casestreams.read(case)
    stream, people = streams.own, streams.people
    state, moved = folded(case, stream)
    files = tuple(EvidenceFile.objects.filter(case_number=case.number).order_by("stored_at", "id"))
    digests = by_digest(files)
    agencies = scope.once("agencies", agency_names)
    known = masks.mask("name", people.get(case.handler, ""), "partial")
    told = _Told(state, moved, people, agencies, digests)
    return CasePage(
        case=case,
        state=state,
        light=queries.light_of(case, now),
        clocks=tuple(_panels(state, now)),
        rows=tuple(who_may(Looking(case, state, subject, now, agencies, known))),
        timeline=tuple(_entry(event, told) for event in reversed(stream)),
        people={ref: masks.mask("name", name, "partial") for ref, name in people.items()},
        agencies=agencies,
        requests=tuple(_requests(state, people, digests, now)),
        files=files,
        stage=state.procedure.stage(case.stage).title,
        head=bytes(case.head).hex()[:8],
        count=len(stream),
        desk=_desk(case.desk),
        asked=asked,
        dark=mode_of(case, now) is WarningMode.OFF,
    )


def mode_of(case: Case, now: datetime) -> WarningMode:
    """How the hall of the case warns, asked once a page."""
    return scope.once(f"mode:{case.pk}", lambda: warningmodes.mode_of(case, now))


def _desk(code: str) -> str:
    """Number and name of a desk; its code if the district no longer lists it."""
    return next((f"{desk.number} {desk.name}" for desk in installed().desks if desk.code == code), code)


def _panels(state: CaseState, now: datetime) -> Sequence[ClockPanel]:
    """Running clocks first, then those that have stopped; newest first within."""
    order = sorted(state.clocks, key=lambda clock: (not clock.running, not clock.rule.light))
    main = [clock for clock in order if clock.rule.limit_from] or order[:1]
    drawn = strips(main, now, _calendar(main[0])) if main else []
    strip_of = {(clock.code, clock.ordinal): strip for clock, strip in zip(main, drawn, strict=True)}
    return [
        _panel(clock, now, _calendar(clock), strip_of.get((clock.code, clock.ordinal))) for clock in order
    ]


def _panel(clock: ClockState, now: datetime, calendar: WorkCalendar, strip: Strip | None) -> ClockPanel:
    stopped = clock.stopped_at
    return ClockPanel(
        state=clock,
        light=clock.light(now),
        paused=clock.paused_at(now),
        left=left_of(clock, now, calendar) if clock.running else None,
        strip=strip,
        limit=_limit_words(clock),
        lines=tuple(step_lines(explained(clock, versions.calendar).steps)),
        in_time=None if stopped is None or clock.due_at is None else stopped <= clock.due_at,
        calculator=_calculator(clock, calendar),
    )


_CSS = {"skip_rest": "is-rest", "pause": "is-pause", "final": "is-final"}


def step_lines(steps: Sequence[Step]) -> list[StepLine]:
    """The steps of a sum in the language of the page."""
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    return [
        StepLine(line.when, line.sentence, line.total, _CSS.get(line.code, "")) for line in tell(steps, lang)
    ]


def _limit_words(clock: ClockState) -> str:
    if clock.fixed is not None:
        return _("到期日由文件写明")
    words = clock.row.limit.title()
    for extension in clock.extensions:
        words += _("，延长 %(more)s") % {"more": extension.title()}
    return words


def _requests(state: CaseState, people: Mapping[str, str], files: Files, now: datetime) -> Iterator[AskedFor]:
    for request in state.requests.values():
        who = masks.mask("name", people.get(request.actor, ""), "partial")
        yield asked_for(state, request, who, files, now)


def _calendar(clock: ClockState) -> WorkCalendar:
    return versions.calendar(clock.row.calendar, clock.calendars[-1])


def _calculator(clock: ClockState, calendar: WorkCalendar) -> str:
    """The query of the public calculator with this clock's values filled in; empty where a day was set by hand."""
    if clock.fixed is not None:
        return ""

    def local(moment: datetime) -> str:
        return moment.astimezone(calendar.zone).strftime("%Y-%m-%d %H:%M:%S")

    whole = clock.row.limit
    for extension in clock.extensions:
        whole = whole + extension
    pauses = ";".join(f"{local(pause.start)}/{local(pause.end)}" for pause in clock.pauses)
    return urlencode({"start": local(clock.started_at), "limit": str(whole), "pauses": pauses})


@dataclass(frozen=True, slots=True)
class _Told:
    """What the entries of a timeline are told with."""

    state: CaseState
    moved: Mapping[int, tuple[Moved, ...]]
    people: Mapping[str, str]
    agencies: Mapping[str, str]
    files: Files


def _entry(event: Event, told: _Told) -> Entry:
    action = None if event.type.startswith(PLATFORM_PREFIX) else _action(event, told.state)
    data = event.body["data"]
    asks = action is not None and action.request
    return Entry(
        at=event.occurred_at or event.recorded_at,
        title=action.title if action else _platform_title(event, told.state),
        who=_actor(event, told.people, told.agencies),
        detail=_detail(data),
        late=event.occurred_at is not None and event.source != "worker",
        key=action is not None and bool(action.to or action.effect),
        said=tuple(said(told.state.procedure, action.code, data, told.files)) if action and asks else (),
        moved=told.moved.get(event.seq, ()),
    )


def _action(event: Event, state: CaseState) -> Action | None:
    return state.procedure.action(event.type.split(".", 1)[1])


def _platform_title(event: Event, state: CaseState) -> str:
    data = event.body["data"]
    if "clock" not in data:
        return _("日历更新，时限重算")
    title = state.procedure.clock(data["clock"]).title
    words = {
        "clock.warned": _("%(clock)s转为预警"),
        "clock.overdue": _("%(clock)s已超时"),
        "clock.escalated": _("%(clock)s超时后逐级提醒"),
        "clock.resumed": _("中止期满，%(clock)s恢复计时"),
    }
    return words[event.type] % {"clock": title}


def _actor(event: Event, people: Mapping[str, str], agencies: Mapping[str, str]) -> str:
    if event.actor.startswith("system:"):
        return _("系统")
    if event.actor == "applicant":
        return _("申请人")
    if event.actor.startswith("evaluator:"):
        return role_title("external_reviewer")
    name = masks.mask("name", people.get(event.actor, ""), "partial")
    parts = (name, agencies.get(event.agency or "", ""), role_title(event.role) if event.role else "")
    return " · ".join(part for part in parts if part)


_SHOWN = ("reason", "opinion", "text", "basis", "gaps", "note")


def _detail(data: Mapping[str, Any]) -> str:
    """The sentence that the person wrote, where there is one; the rest stands in its own panel."""
    for name in _SHOWN:
        value = data.get(name)
        if value:
            return "；".join(map(str, value)) if isinstance(value, list) else str(value)
    return ""
