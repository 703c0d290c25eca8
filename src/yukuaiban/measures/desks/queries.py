"""Reads of the measure: the register of matters as of a day, desks, the pack's values, overruns, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from yukuaiban.cases import warningmodes
from yukuaiban.cases.models import Case, Clock
from yukuaiban.core.limits import Limit
from yukuaiban.measures.desks.models import Desk, Matter, MatterSheet, OverrunExplanation
from yukuaiban.measures.desks.rules import Bounds
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people.district import installed
from yukuaiban.people.identity import normalise

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from django.db.models import QuerySet

    from yukuaiban.people.access import Subject

MEASURE = "desks"
COMMITTED = "committed"
_NOT_SCORED = (WarningMode.OFF.value, WarningMode.TRIAL.value)


def zone() -> tzinfo:
    """The zone in which this district's days begin."""
    return ZoneInfo(installed().zone)


def day_of(moment: datetime) -> date:
    """The district's date at a moment."""
    return moment.astimezone(zone()).date()


def bounds(day: date) -> Bounds:
    """The pack's values for the rules of this measure on a day. NotYetInForce if one has no row."""
    district = installed()

    def count(code: str) -> int:
        """The number alone: of persons, of times, or of the working days of a limit."""
        value = district.value(code, day)
        return int(value.amount if isinstance(value, Limit) else str(value))

    cap = district.value("extension_cap", day)
    assert isinstance(cap, Limit)  # noqa: S101 - the loader has typed it by its unit
    return Bounds(
        extension_cap=cap,
        extension_count=count("extension_count"),
        site_check_staff=count("site_check_staff"),
        pause_outside_count=count("pause_outside_count"),
        pause_outside_after=count("pause_outside_after"),
        pause_leader_after=count("pause_leader_after"),
        correction_count=count("correction_count"),
    )


# ------------------------------------------------------------------------------------------ the register


def matters_in_force(day: date) -> QuerySet[Matter]:
    """Published matters that hold on a day."""
    return Matter.objects.filter(Q(until=None) | Q(until__gt=day), published=True, since__lte=day)


def search_matters(words: str, day: date, n: int = 20) -> list[Matter]:
    """Matters whose name holds all words, or whose pinyin initials begin so; shortest names first."""
    text = normalise(words).lower()
    found = matters_in_force(day)
    by_name = Q(code__iexact=words.strip())
    if text.isascii() and text.replace(" ", "").isalpha():
        by_name |= Q(initials__contains=text.replace(" ", ""))
    else:
        said = Q()
        for word in words.split():
            said &= Q(name__contains=word)
        by_name |= said
    hits = found.filter(by_name)[:200] if text else found.none()
    return sorted(hits, key=lambda matter: (len(matter.name), matter.name, matter.code))[:n]


def sheet_in_force(matter: Matter, day: date) -> MatterSheet | None:
    """The approved sheet that holds on a day: the newest `since` not after it.

    A sheet that was kept with findings was never published: a later good one does not bring it into force.
    """
    approved = matter.sheets.filter(approved_at__isnull=False, since__lte=day, findings=[])
    return approved.order_by("-since", "-number").first()


def waiting_sheet(matter: Matter) -> MatterSheet | None:
    """The proposal that waits for the approver, if there is one."""
    return matter.sheets.filter(approved_at=None, turned_down_at=None).first()


def desks_in_force(day: date) -> QuerySet[Desk]:
    """Desks that are open on a day."""
    open_then = Q(until=None) | Q(until__gt=day)
    return Desk.objects.filter(open_then, since__lte=day).select_related("hall").order_by("hall", "number")


def takes(desk: Desk, matter: Matter) -> bool:
    """Whether the desk takes cases of that matter: general desks take all, others those they are skilled in."""
    skills = desk.skills or []
    return (
        desk.kind == Desk.Kind.GENERAL
        or "*" in skills
        or matter.code in skills
        or matter.desk_group in skills
    )


# ------------------------------------------------------------------------------------------- cases at a desk


def find_cases(words: str, subject: Subject, n: int = 20) -> list[Case]:
    """Cases by number, credit code, telephone or name, among those of the person's agency; newest first."""
    text = normalise(words)
    if not text or subject.post is None:
        return []
    mine = Q(agency=subject.post.agency) | Q(receiving_agency=subject.post.agency)
    digits = text.replace("-", "")
    said = Q(number=digits) | Q(enterprise=text) | Q(external_no=words.strip())
    if digits.isdigit():
        said |= (
            Q(number__endswith=digits) if len(digits) == 4 else Q(applicant__phone__in=[digits, text, words])
        )
    else:
        said |= Q(applicant__name__startswith=words.strip())
    found = Case.objects.filter(mine & said, measure=MEASURE)
    return list(found.order_by("-opened_at", "id")[:n])


def my_open_cases(subject: Subject, n: int = 50) -> QuerySet[Case]:
    """Open cases that the person's agency has taken in, by the next change of light."""
    agency = subject.post.agency if subject.post else ""
    found = Case.objects.filter(closed_at=None, receiving_agency=agency, measure=MEASURE)
    return found.order_by(F("next_change_at").asc(nulls_last=True), "id")[:n]


def to_hand_out(subject: Subject, n: int = 20) -> QuerySet[Case]:
    """Completed cases whose papers wait at the person's agency to be delivered."""
    agency = subject.post.agency if subject.post else ""
    found = Case.objects.filter(stage="completed", closed_at=None, receiving_agency=agency, measure=MEASURE)
    return found.order_by("due_at", "id")[:n]


def to_supplement(subject: Subject, n: int = 20) -> QuerySet[Case]:
    """Cases that wait for the applicant's supplement."""
    agency = subject.post.agency if subject.post else ""
    found = Case.objects.filter(stage="supplement_asked", receiving_agency=agency, measure=MEASURE)
    return found.order_by("opened_at", "id")[:n]


# ----------------------------------------------------------------------------------------- overruns, figures


def public_overruns(at: datetime) -> QuerySet[OverrunExplanation]:
    """The explanations that the public may read at the moment: written in live mode, in halls that are live."""
    found = OverrunExplanation.objects.filter(public=True)
    return found.exclude(case__desk__in=warningmodes.desks_apart(at, WarningMode.LIVE))


def overruns(at: datetime, n: int = 50, *, before: int | None = None) -> list[OverrunExplanation]:
    """Published explanations of the halls that warn live at the moment, newest first.

    `before` is the id of the last one seen.
    """
    found = public_overruns(at).select_related("case", "case__desk_case__matter")
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-id")[:n])


Share = tuple[int, int]


def completed_in(since: datetime, until: datetime) -> QuerySet[Clock]:
    """The promises that ended in [since, until); what was withdrawn is no promise."""
    return Clock.objects.filter(
        code=COMMITTED, stopped_at__gte=since, stopped_at__lt=until, case__measure=MEASURE
    ).exclude(case__stage="withdrawn")


def in_scores(clocks: QuerySet[Clock]) -> QuerySet[Clock]:
    """Without those of cases that were opened while their hall was not live."""
    return clocks.exclude(case__desk_case__warning_mode__in=_NOT_SCORED)


def _stopped(since: datetime, until: datetime, agency: str | None) -> QuerySet[Clock]:
    found = in_scores(completed_in(since, until))
    return found if agency is None else found.filter(owner=agency)


def on_time(since: datetime, until: datetime, agency: str | None = None) -> Share:
    """Completed within the committed limit as first promised, of all completed in [since, until).

    Cases that were opened while their hall was not live enter no score.
    """
    found = _stopped(since, until, agency)
    return found.filter(stopped_at__lte=F("original_due_at")).count(), found.count()


def stopped_cases(since: datetime, until: datetime, agency: str | None = None) -> list[str]:
    """The numbers of the cases that `on_time` counts."""
    return list(
        _stopped(since, until, agency).order_by("case__number").values_list("case__number", flat=True)
    )


def _completed(since: datetime, until: datetime, agency: str | None) -> QuerySet[Case]:
    found = Case.objects.filter(measure=MEASURE, closed_at__gte=since, closed_at__lt=until, stage="delivered")
    return found if agency is None else found.filter(agency=agency)


def completed_cases(since: datetime, until: datetime, agency: str | None = None) -> list[str]:
    """The numbers of the cases that `one_go` and `full_online` count."""
    return list(_completed(since, until, agency).order_by("number").values_list("number", flat=True))


def one_go(since: datetime, until: datetime, agency: str | None = None) -> Share:
    """Cases without a repeated notice whose sheet needs at most one visit, of all delivered."""
    found = _completed(since, until, agency)
    good = found.filter(desk_case__repeat_notice=False, desk_case__sheet__visit_count__lte=1)
    return good.count(), found.count()


def full_online(since: datetime, until: datetime, agency: str | None = None) -> Share:
    """Cases that took no visit: handed in online under a sheet without visits, of all delivered."""
    found = _completed(since, until, agency)
    return found.filter(channel=Case.Channel.ONLINE, desk_case__sheet__visit_count=0).count(), found.count()


def deemed(since: datetime, until: datetime, agency: str | None = None) -> Share:
    """Cases that were admitted by silence, of all received."""
    found = _received(since, until, agency)
    return found.filter(deemed_admitted=True).count(), found.count()


def _received(since: datetime, until: datetime, agency: str | None) -> QuerySet[Case]:
    found = Case.objects.filter(measure=MEASURE, opened_at__gte=since, opened_at__lt=until)
    return found if agency is None else found.filter(receiving_agency=agency)


def received_cases(since: datetime, until: datetime, agency: str | None = None) -> list[str]:
    """The numbers of the cases that `deemed` counts."""
    return list(_received(since, until, agency).order_by("number").values_list("number", flat=True))
