"""The two lists over the docket: 待办 (`queue`) for those who work on cases, 办件 (`cases`) for all one may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.cases import counters, queries, versions, warningmodes
from yukuaiban.cases.models import Case
from yukuaiban.core.lights import Light
from yukuaiban.people.access import may_act
from yukuaiban.people.identity import normalise
from yukuaiban.people.queries import agency_names
from yukuaiban.people.subject import visible_agencies
from yukuaiban.web import scope, wording
from yukuaiban.web.lists import Asked, Column, Filter, ListSpec, Order, Section, View
from yukuaiban.web.nextsteps import carrying_on
from yukuaiban.web.templatetags import ykb

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from yukuaiban.core.procedures import Action, Procedure

PAUSED, URGENT, ALL = "paused", "urgent", "all"
OPEN, CLOSED = "open", "closed"
_MARKS = ("breach", "red", "yellow", "green", PAUSED)
_MOST_ACTIONS = 2
_NO_LIGHT = gettext_lazy("预警未启用")
_DECIDING = {"handler", "town_officer", "agency_leader"}
_COUNTED_ALONE = {"agency", "state"}
# These work on what their hall took in; everybody else on what their agency has to handle.
_AT_THE_DESK = frozenset({"desk_clerk", "desk_head"})


@dataclass(frozen=True, slots=True)
class Row:
    """A case as a list shows it."""

    case: Case
    light: Light
    paused: bool
    agency: str
    stage: str
    left: str
    actions: tuple[Action, ...]
    dark: bool = False  # its hall does not warn: no light is shown

    @property
    def url(self) -> str:
        """The page of the case."""
        return reverse("case", args=[self.case.number])


# ---------------------------------------------------------------------------------------------- which cases


def visible(view: View) -> QuerySet[Case]:
    """The cases whose agencies the person may see."""
    agencies = visible_agencies(view.subject)
    if agencies is None:
        return Case.objects.all()
    return Case.objects.filter(Q(agency__in=agencies) | Q(receiving_agency__in=agencies))


def _waiting(view: View) -> QuerySet[Case]:
    """Open cases that may ask something of the person, not all that may be seen."""
    rows, agencies = visible(view).filter(closed_at=None), visible_agencies(view.subject)
    if agencies is None or view.subject.role in _AT_THE_DESK:
        return rows
    return rows.filter(agency__in=agencies)


def _sections(view: View) -> Sequence[Section]:
    """Red first, then what is due today, then the rest by its due moment; what is paused waits for others."""
    zone = scope.zone()
    today = view.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    red, still = Q(red_at__lt=view.now) | Q(breach_at__lt=view.now), queries.is_paused(view.now)
    not_red = (Q(red_at=None) | Q(red_at__gte=view.now)) & (Q(breach_at=None) | Q(breach_at__gte=view.now))
    running = (Q(paused_from=None) | Q(paused_from__gt=view.now) | Q(paused_until__lte=view.now)) & not_red
    soon = Q(due_at__lte=today + timedelta(days=1))
    later = Q(due_at=None) | Q(due_at__gt=today + timedelta(days=1))
    return (
        Section("red", _("超时"), red, _("先写超时说明，未说明不能办结")),
        Section("today", _("今天到期"), running & soon),
        Section("later", _("以后到期"), running & later, _("按到期先后")),
        Section("paused", _("暂停计时"), still & not_red, _("等待期满或恢复，所列到期为预计")),
    )


# -------------------------------------------------------------------------------------------------- filters


def _by_state(rows: QuerySet[Case], value: str, _view: View) -> QuerySet[Case]:
    return rows if value == ALL else rows.filter(closed_at__isnull=value == OPEN)


def _by_light(rows: QuerySet[Case], value: str, view: View) -> QuerySet[Case]:
    if value == PAUSED:
        return queries.paused(rows, view.now)
    if value == URGENT:
        return rows.filter(closed_at=None, warns_at__lte=view.now)
    return queries.with_light(rows, Light(value), view.now)


def _by_agency(rows: QuerySet[Case], value: str, _view: View) -> QuerySet[Case]:
    return rows.filter(agency=value)


def _by_kind(rows: QuerySet[Case], value: str, _view: View) -> QuerySet[Case]:
    return rows.filter(kind=value)


def _by_person(rows: QuerySet[Case], value: str, view: View) -> QuerySet[Case]:
    return rows.filter(handler=view.subject.ref) if value == "mine" else rows


def _since(rows: QuerySet[Case], value: str, _view: View) -> QuerySet[Case]:
    return rows.filter(opened_at__gte=scope.midnight(value))


def _until(rows: QuerySet[Case], value: str, _view: View) -> QuerySet[Case]:
    return rows.filter(opened_at__lt=scope.midnight(value) + timedelta(days=1))


def _by_text(rows: QuerySet[Case], value: str, _view: View) -> QuerySet[Case]:
    """Number (from its start), credit code, number of another system; title and shown applicant anywhere."""
    text = normalise(value)
    exact = Q(number__startswith=text) | Q(enterprise=text) | Q(external_no=text)
    return rows.filter(exact | Q(title__icontains=value) | Q(applicant_shown__icontains=value))


def _states(_view: View) -> Sequence[tuple[str, str]]:
    return ((OPEN, _("未办结")), (CLOSED, _("已办结")), (ALL, _("全部")))


def _lights(_view: View) -> Sequence[tuple[str, str]]:
    marks = ((PAUSED, str(ykb.MARK_WORDS["paused"])), (URGENT, _("预警和超时")))
    return (*((light.value, str(ykb.LIGHT_WORDS[light])) for light in Light), *marks)


def _agencies(view: View) -> Sequence[tuple[str, str]]:
    seen = visible_agencies(view.subject)
    return [
        (code, name)
        for code, name in scope.once("agencies", agency_names).items()
        if seen is None or code in seen
    ]


def _kinds(_view: View) -> Sequence[tuple[str, str]]:
    return [(code, str(title)) for code, title in Case.Kind.choices]


def _persons(_view: View) -> Sequence[tuple[str, str]]:
    return (("mine", _("分给我的")),)


def _light_counts(rows: QuerySet[Case], asked: Asked, view: View) -> Mapping[str, int]:
    """How many show each light: from the counters where nothing else is filtered, else by one aggregate.

    Closed cases show none.
    """
    if asked.values.get("state") == CLOSED:
        return dict.fromkeys(_MARKS, 0)
    if visible_agencies(view.subject) is None and set(asked.values) <= _COUNTED_ALONE:
        return _from_counters(asked, view)
    wanted = {light.value: Count("pk", filter=queries.shows_light(light, view.now)) for light in Light}
    found = rows.order_by().aggregate(**wanted, paused=Count("pk", filter=queries.is_paused(view.now)))
    return {code: found[code] for code in _MARKS}


def _known(asked: Asked, view: View) -> int | None:
    """How many open cases there are, where the counters say it: each shows one light."""
    whole = visible_agencies(view.subject) is None and set(asked.values) <= _COUNTED_ALONE
    if not whole or asked.values.get("state") != OPEN:
        return None
    found = _from_counters(asked, view)
    return sum(found[light.value] for light in Light)


def _from_counters(asked: Asked, view: View) -> Mapping[str, int]:
    found = dict.fromkeys(_MARKS, 0)
    agency = asked.values.get("agency")
    for key, n in scope.once("counts", lambda: counters.counts(view.now)).items():
        if agency is None or key.agency == agency:
            found[key.mark] += n
    return found


# ----------------------------------------------------------------------------------------------------- rows


def _dress(cases: Sequence[Case], view: View) -> Sequence[Row]:
    """Rows with light, agency, stage and the one or two actions with which this person carries them on."""
    names = scope.once("agencies", agency_names)
    rules = {
        (case.procedure, case.procedure_version): versions.procedure(case.procedure, case.procedure_version)
        for case in cases
    }
    running = queries.running_clocks(cases)
    return [
        _row(case, rules[case.procedure, case.procedure_version], running[case.pk], names, view)
        for case in cases
    ]


def _row(
    case: Case, procedure: Procedure, running: Collection[str], names: Mapping[str, str], view: View
) -> Row:
    light = queries.light_of(case, view.now)
    paused = bool(case.paused_from and case.paused_until and case.paused_from <= view.now < case.paused_until)
    left = ""
    if case.closed_at is None:
        left = (
            wording.remaining_text(case.due_at, view.now, scope.calendar()) if case.due_at else _("没有计时")
        )
    return Row(
        case=case,
        light=light,
        paused=paused,
        agency=names.get(case.agency, case.agency),
        stage=procedure.stage(case.stage).title,
        left=left,
        actions=_next(case, procedure, running, names, view),
        dark=warningmodes.is_dark(case, scope.once("dark", lambda: warningmodes.dark_desks(view.now))),
    )


def _next(
    case: Case, procedure: Procedure, running: Collection[str], names: Mapping[str, str], view: View
) -> tuple[Action, ...]:
    """Up to two actions: those that carry the case on, then what may be asked for."""
    if case.closed_at is not None:
        return ()
    facts = {"handling_agency": case.agency, "receiving_agency": case.receiving_agency}
    may = [
        action
        for action in procedure.open_actions(case.stage)
        if not (action.confirms or action.declines or action.effect)
        and may_act(view.subject, action.by, facts, handler=case.handler, names=names).allowed
    ]
    asking = [action for action in may if action.request]
    return (*carrying_on(may, procedure, running), *asking)[:_MOST_ACTIONS]


def _light_cell(row: Row) -> SafeString:
    if row.case.closed_at is not None:
        return format_html('<span class="badge-yk">{}</span>', row.stage)
    marks = ykb.mark("paused", "bare") if row.paused else ""
    vague = ykb.mark("provisional", "bare") if row.case.provisional else ""
    light = format_html('<span class="badge-yk">{}</span>', _NO_LIGHT) if row.dark else ykb.light(row.light)
    return format_html("{}{}{}", light, marks, vague)


def _light_text(row: Row) -> str:
    if row.case.closed_at is not None:
        return row.stage
    more = [
        str(ykb.MARK_WORDS[code])
        for code, on in (("paused", row.paused), ("provisional", row.case.provisional))
        if on
    ]
    return "；".join([str(_NO_LIGHT if row.dark else ykb.LIGHT_WORDS[row.light]), *more])


def _what_cell(row: Row) -> SafeString:
    text = '<a href="{}" data-open>{}</a><span class="sub">{}</span>'
    return format_html(text, row.url, row.case.title, row.case.applicant_shown)


def _left_cell(row: Row) -> SafeString:
    strong = " strong" if row.light is not Light.GREEN and row.case.closed_at is None else ""
    return format_html('<span class="num{}">{}</span>', strong, row.left)


def _next_cell(row: Row) -> SafeString:
    parts = [
        format_html(
            '<a class="{}" href="{}">{}</a>',
            "more" if n else "btn btn-sm",
            reverse("case_act", args=[row.case.number, action.code]),
            action.title,
        )
        for n, action in enumerate(row.actions)
    ]
    return format_html("{} {}", parts[0], parts[1] if len(parts) > 1 else "") if parts else SafeString("")


def _next_text(row: Row) -> str:
    return "、".join(action.title for action in row.actions)


def _number(row: Row) -> str:
    return row.case.number


_COLUMNS = (
    Column("light", gettext_lazy("灯"), _light_text, _light_cell, css="lightcell"),
    Column("title", gettext_lazy("事项与申请人"), lambda row: row.case.title, _what_cell, css="what"),
    Column("applicant", gettext_lazy("申请人"), lambda row: row.case.applicant_shown, on_page=False),
    Column(
        "number",
        gettext_lazy("办件编号"),
        lambda row: row.case.number,
        lambda row: ykb.number_parts(row.case.number),
        order="opened",
        css="no",
    ),
    Column(
        "due", gettext_lazy("到期"), lambda row: ykb.moment(row.case.due_at), order="due", css="nowrap num"
    ),
    Column("left", gettext_lazy("剩余（工作时间）"), lambda row: row.left, _left_cell, css="nowrap"),
    Column("stage", gettext_lazy("阶段"), lambda row: row.stage, on_page=False),
    Column("agency", gettext_lazy("承办单位"), lambda row: row.agency, on_page=False),
    Column("opened", gettext_lazy("收件时间"), lambda row: ykb.moment(row.case.opened_at), on_page=False),
)
_NEXT = Column("next", gettext_lazy("下一步"), _next_text, _next_cell, css="next")
_AGENCY = Column("agency_shown", gettext_lazy("承办"), lambda row: row.agency, css="nowrap small muted")

_DUE = Order("due", gettext_lazy("到期，近的在前"), "due_at")
_OPENED = Order("opened", gettext_lazy("收件，新的在前"), "opened_at", descending=True)
_LIGHT = Filter("light", gettext_lazy("灯"), _by_light, _lights, segment=True)
_TEXT = Filter("text", gettext_lazy("文字"), _by_text)
_MORE = (
    Filter("agency", gettext_lazy("单位"), _by_agency, _agencies),
    Filter("kind", gettext_lazy("类型"), _by_kind, _kinds),
    Filter("since", gettext_lazy("收件自"), _since, day=True),
    Filter("until", gettext_lazy("收件至"), _until, day=True),
)

QUEUE = ListSpec(
    code="queue",
    title=gettext_lazy("待办"),
    query=_waiting,
    columns=(*_COLUMNS, _NEXT),
    orders=(_DUE,),
    filters=(_LIGHT, Filter("person", gettext_lazy("经办"), _by_person, _persons), *_MORE, _TEXT),
    dress=_dress,
    sections=_sections,
    segments=_light_counts,
    nothing_yet=gettext_lazy("没有等您办理的办件。新的办件受理后会出现在这里。"),
    picks=_number,
)

CASES = ListSpec(
    code="cases",
    title=gettext_lazy("办件"),
    query=visible,
    columns=(*_COLUMNS, _AGENCY),
    orders=(_DUE, _OPENED),
    filters=(_LIGHT, Filter("state", gettext_lazy("状态"), _by_state, _states, default=OPEN), *_MORE, _TEXT),
    dress=_dress,
    segments=_light_counts,
    known=_known,
    nothing_yet=gettext_lazy("还没有办件。窗口收件后会出现在这里。"),
    picks=_number,
)


def exact(text: str, view: View) -> Case | None:
    """The one case whose full number was typed, if the person may see it."""
    number: Any = normalise(text)
    return visible(view).filter(number=number).first() if len(number) >= 20 else None
