"""Whether a hall may go live: the values that the gate of `golive` looks at, and the step itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from yukuaiban.cases import versions, warningmodes
from yukuaiban.core.clocks import elapsed
from yukuaiban.core.errors import NotPermitted, Refused
from yukuaiban.core.limits import Limit, Unit
from yukuaiban.measures.desks import golive, queries
from yukuaiban.measures.desks.limits import held
from yukuaiban.measures.desks.models import Desk, Hall, LightDispute, Matter, MatterSheet
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people.district import installed, local_day
from yukuaiban.people.models import Agency, Post, Staff, Training
from yukuaiban.people.trainings import passed_since

if TYPE_CHECKING:
    from datetime import date, datetime

    from yukuaiban.cases.models import WarningModeChange
    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.access import Subject

CLERK, COORDINATOR = "desk_clerk", "coordinator"


def matter_facts(day: date) -> list[golive.MatterFacts]:
    """What is stored of every matter in force on the day: three queries."""
    sheets = sheets_in_force(day)
    owners = set(Agency.objects.filter(Q(until=None) | Q(until__gt=day)).values_list("code", flat=True))
    found = queries.matters_in_force(day).order_by("agency", "code")
    return [_facts(each, sheets.get(each.code), owners, day) for each in found]


def sheets_in_force(day: date) -> dict[str, MatterSheet]:
    """The sheet that holds on a day for each matter that has one: one query."""
    approved = MatterSheet.objects.filter(approved_at__isnull=False, since__lte=day, findings=[])
    return {sheet.matter_id: sheet for sheet in approved.order_by("since", "number")}


def _facts(matter: Matter, sheet: MatterSheet | None, owners: set[str], day: date) -> golive.MatterFacts:
    if sheet is None:
        return golive.MatterFacts(matter.code, matter.agency, sheet=False)
    limits = held(sheet, matter.kind, day)
    return golive.MatterFacts(
        matter.code,
        matter.agency,
        # A filing or a subsidy has no limit in law; somebody's word that this was looked at stands for one.
        statutory_limit=limits["statutory"].title or sheet.note,
        committed_limit=limits["committed"].title,
        case_kind=sheet.case_kind,
        owner=matter.agency if matter.agency in owners else "",
        materials=sheet.materials,
        legal_basis=sheet.legal_basis,
    )


def readiness(hall: str, at: datetime) -> golive.Readiness:
    """Everything that the gate of a hall looks at, as of the moment."""
    day = local_day(at)
    clerks = clerks_of(hall, at)
    trained = passed_since(Training.Subject.SYSTEM, _valid_since(at))
    wrong = LightDispute.objects.filter(
        hall=hall, outcome=LightDispute.Outcome.RULE_WRONG, mended_at__isnull=True
    )
    return golive.Readiness(
        data=golive.completeness(matter_facts(day)),
        trial_days=trial_days(hall, at),
        trial_needed=int(limit_of("trial_least", day).amount),
        rule_wrong_open=wrong.count(),
        clerks=len(clerks),
        untrained=tuple(each.name for each in clerks if each.pk not in trained),
        year=day.year,
        calendar_published=versions.current_calendar().published(day),
    )


def clerks_of(hall: str, at: datetime) -> list[Staff]:
    """The desk clerks of the agencies that have an open desk in the hall."""
    day = local_day(at)
    agencies = queries.desks_in_force(day).filter(hall=hall).exclude(kind=Desk.Kind.DELIVERY)
    lasts = Q(until=None) | Q(until__gt=at)
    posts = Post.objects.filter(
        lasts,
        since__lte=at,
        role=CLERK,
        staff__is_active=True,
        agency__in=set(agencies.values_list("agency", flat=True)),
    )
    return list(Staff.objects.filter(pk__in=posts.values("staff_id")).order_by("name", "pk"))


def trial_days(hall: str, at: datetime) -> int | None:
    """Working days of the trial that runs at the moment; None where none runs."""
    running = running_trial(hall, at)
    if running is None:
        return None
    return int(elapsed(running.since, at, Unit.WORKDAY, versions.current_calendar()))


def running_trial(hall: str, at: datetime) -> warningmodes.Spell | None:
    """The trial that runs in the hall at the moment."""
    begun = [each for each in warningmodes.spells(hall) if each.since <= at]
    return begun[-1] if begun and begun[-1].mode is WarningMode.TRIAL else None


def last_trial(hall: str, at: datetime) -> warningmodes.Spell | None:
    """The newest trial that has begun, whether it still runs or not."""
    begun = [each for each in warningmodes.spells(hall) if each.since <= at]
    return next((each for each in reversed(begun) if each.mode is WarningMode.TRIAL), None)


def limit_of(code: str, day: date) -> Limit:
    """A value of the pack that is a limit. NotYetInForce if it has no row on the day."""
    value = installed().value(code, day)
    if not isinstance(value, Limit):
        raise Refused(f"区县数据包的 {code} 应为时限；请在 rules.toml 中改正。")
    return value


def _valid_since(at: datetime) -> date:
    """The first day on which a training that counts today was held."""
    day = local_day(at)
    return golive.months_before(day, int(limit_of("training_valid", day).amount))


def propose(step: warningmodes.Step, subject: Subject, pen: Pen) -> WarningModeChange:
    """A step that another person approves. Back from live is the coordinator's alone; others stay in their hall."""
    now = pen.moment()
    if subject.role != COORDINATOR:
        if warningmodes.mode_at(step.hall, now) is WarningMode.LIVE:
            raise NotPermitted("已经正式运行的大厅，只有营商办可以提出退回试运行。")
        if not Hall.objects.filter(code=step.hall, agency=subject.agency or "").exists():
            raise NotPermitted("只能为本单位的大厅提出切换；其他大厅请由营商办提出。")
    return warningmodes.propose(step, subject, pen)


def approve(change: WarningModeChange, subject: Subject, pen: Pen) -> None:
    """Put a step into force. Going live is refused while the gate fails; every failed item is named with its figure."""
    items: tuple[golive.GateItem, ...] = ()
    if change.mode == WarningMode.LIVE:
        items = golive.gate(readiness(change.hall, pen.moment()))
        if failed := [str(each) for each in items if not each.passed]:
            raise Refused(f"还不能正式运行。{'；'.join(failed)}。请补齐后再批准。")
    told = [{"code": each.code, "figure": each.figure, "needed": each.needed} for each in items]
    warningmodes.approve(change, subject, pen, gate=told)


def scored(hall: str, since: datetime, until: datetime) -> tuple[int, int]:
    """Cases of the hall that were completed in [since, until): those that enter a score, and those left out.

    Refused where the hall was not live all the time. Left out are those that were opened before it was.
    """
    if since >= until:
        raise Refused("止日早于起日；请核对。")
    _refuse_unscorable(hall, since, until)
    desks = [each for each in ("", *_desk_codes(hall)) if warningmodes.hall_of(each) == hall]
    found = queries.completed_in(since, until).filter(case__desk__in=desks)
    counted = queries.in_scores(found).count()
    return counted, found.count() - counted


def _desk_codes(hall: str) -> list[str]:
    return [each.code for each in installed().desks if each.hall == hall]


def _refuse_unscorable(hall: str, since: datetime, until: datetime) -> None:
    """Refuse a score over days in which the hall was not live; the refusal names them."""
    spells = [golive.ModeSpell(each.mode.value, each.since, each.until) for each in warningmodes.spells(hall)]
    parts = golive.days_not_live(spells, since, until)
    if parts:
        said = "；".join(
            f"{local_day(each.since).isoformat()} 至 {local_day(each.until or until).isoformat()}"
            f"（{warningmodes.TITLES[WarningMode(each.mode)]}）"
            for each in parts
        )
        raise Refused(f"这段时间里大厅没有正式运行，不能评分：{said}。请选正式运行以后的时间。")
