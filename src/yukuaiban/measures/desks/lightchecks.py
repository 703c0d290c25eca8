"""灯的核对: in trial each agency says of its lights whether they are right; the coordinator finds whose fault it was.

Every step is an event on `register:lights`; the case itself does not change.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q

from yukuaiban.cases import versions, warningmodes
from yukuaiban.cases.models import Case, Clock
from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem, Refused
from yukuaiban.core.lights import ClockKind, Light
from yukuaiban.journal.writing import append
from yukuaiban.measures.desks import golive, queries
from yukuaiban.measures.desks.models import LightDispute
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people.district import installed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.access import Subject

STREAM = "register:lights"
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Word:
    """What an agency says of a light: its key, the stand, why."""

    key: str
    stand: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class GivenLight:
    """A light that a clock of a case has shown, since when, and whose promise it is."""

    clock: str
    title: str
    ordinal: int
    light: Light
    since: datetime
    agency: str

    @property
    def key(self) -> str:
        """What a form names it by."""
        return f"{self.clock}.{self.ordinal}.{self.light.value}"


# ------------------------------------------------------------------------------------------------ lights given


def lights_given(case: Case, at: datetime) -> list[GivenLight]:
    """Every yellow and red that the clocks of a case have shown up to the moment, in the order in which they came."""
    titles = _lit_clocks()
    rows = Clock.objects.filter(case=case, code__in=titles).order_by("started_at", "pk")
    found = [
        GivenLight(row.code, titles[row.code], row.ordinal, light, since, row.owner)
        for row in rows
        for light, since in _shown(row)
        if since is not None and since <= at and (row.stopped_at is None or row.stopped_at > since)
    ]
    return sorted(found, key=lambda each: each.since)


def _shown(row: Clock) -> tuple[tuple[Light, datetime | None], tuple[Light, datetime | None]]:
    over = Light.BREACH if row.kind == ClockKind.STATUTORY.value else Light.RED
    return (Light.YELLOW, row.warns_at), (over, row.due_at)


def _lit_clocks() -> dict[str, str]:
    """The clocks that give their case a light, with their titles."""
    return {
        each.code: each.title for each in versions.current_procedure(queries.MEASURE).clocks if each.light
    }


# ------------------------------------------------------------------------------------------------ the agency's word


def judge(case: Case, word: Word, subject: Subject, pen: Pen) -> LightDispute:
    """The agency confirms or disputes one light of its own, once. Refused outside a trial."""
    now = pen.moment()
    if warningmodes.mode_of(case, now) is not WarningMode.TRIAL:
        raise Refused("只有试运行的大厅核对灯；这个大厅现在没有试运行。")
    given = next((each for each in lights_given(case, now) if each.key == word.key), None)
    if problems := _faults(given, word):
        raise InputInvalid(problems)
    assert given is not None  # noqa: S101 - a fault otherwise
    _own_or_refused(given, subject)
    try:
        with transaction.atomic():
            row = _kept(case, given, word, subject, now)
            body = _named(row) | {"hall": row.hall, "stand": word.stand, "why": word.why}
            _event("light.judged", body, subject, pen)
            return row
    except IntegrityError as error:
        raise Refused("这个灯已经核对过；请在“灯的核对”里查看。") from error


def _kept(case: Case, given: GivenLight, word: Word, subject: Subject, at: datetime) -> LightDispute:
    return LightDispute.objects.create(
        case=case,
        hall=warningmodes.hall_of(case.desk),
        clock=given.clock,
        ordinal=given.ordinal,
        light=given.light.value,
        agency=given.agency,
        stand=word.stand,
        why=word.why,
        made_by=subject.ref,
        made_at=at,
    )


def _faults(given: GivenLight | None, word: Word) -> list[Problem]:
    found = []
    if given is None:
        found.append(Problem("没有这个灯", "请选择这个办件亮过的灯", field="light"))
    if word.stand not in LightDispute.Stand.values:
        found.append(Problem("没有选择意见", "请选择灯是对的或有异议", field="stand"))
    if word.stand == LightDispute.Stand.DISPUTED and not word.why.strip():
        found.append(Problem("有异议但没有写理由", "请写明灯为什么不对", field="why"))
    if len(word.why) > _LONGEST:
        found.append(Problem(f"理由超过 {_LONGEST} 字", "请写短一些", field="why"))
    return found


def _own_or_refused(given: GivenLight, subject: Subject) -> None:
    if subject.post is None or subject.post.agency != given.agency:
        raise NotPermitted(f"“{given.title}”是承办单位的时限；请由该单位核对。")


# --------------------------------------------------------------------------------------------- what was found


def decide(row: LightDispute, outcome: str, finding: str, subject: Subject, pen: Pen) -> None:
    """What was wrong with a disputed light. Another person than the one who disputed it; once."""
    if outcome not in LightDispute.Outcome.values:
        raise InputInvalid(Problem("没有选择裁定", "请选择数据有误、规则有误或灯无误", field="outcome"))
    if not finding.strip():
        raise InputInvalid(Problem("没有写裁定说明", "请写明查到了什么", field="finding"))
    with transaction.atomic():
        found = _locked(row)
        if found.stand != LightDispute.Stand.DISPUTED or found.outcome:
            raise Refused("这个灯没有待裁定的异议；请刷新页面查看结果。")
        if found.made_by == subject.ref:
            raise NotPermitted("不能裁定自己提出的异议；请转给另一人。")
        found.outcome, found.finding = outcome, finding[:_LONGEST]
        found.decided_by, found.decided_at = subject.ref, pen.moment()
        _event("light.decided", _named(found) | {"outcome": outcome, "finding": finding}, subject, pen)
        found.save(update_fields=["outcome", "finding", "decided_by", "decided_at"])


def mend(row: LightDispute, how: str, subject: Subject, pen: Pen) -> None:
    """The wrong rule was put right; from then on the dispute keeps no hall from going live."""
    if not how.strip():
        raise InputInvalid(Problem("没有写怎样改正", "请写明改了哪条规则、何时施行", field="mended"))
    with transaction.atomic():
        found = _locked(row)
        if found.outcome != LightDispute.Outcome.RULE_WRONG or found.mended_at is not None:
            raise Refused("这项异议不是待改正的规则；请刷新页面查看。")
        found.mended, found.mended_by, found.mended_at = how[:_LONGEST], subject.ref, pen.moment()
        _event("light.mended", _named(found) | {"mended": how}, subject, pen)
        found.save(update_fields=["mended", "mended_by", "mended_at"])


def _locked(row: LightDispute) -> LightDispute:
    return LightDispute.objects.select_for_update().select_related("case").get(pk=row.pk)


def _named(row: LightDispute) -> dict[str, Any]:
    return {"case": row.case.number, "light": f"{row.clock}.{row.ordinal}.{row.light}"}


def _event(type_: str, body: dict[str, Any], subject: Subject, pen: Pen) -> None:
    append(stream=STREAM, type=type_, body=body, actor=subject.actor(), pen=pen, source="web")


# ------------------------------------------------------------------------------------------------ the report


def report(hall: str, spell: warningmodes.Spell, at: datetime) -> Mapping[str, golive.TrialFigures]:
    """The figures of a trial by agency, up to the moment or its end; `""` holds the sum. Four queries."""
    until = min(at, spell.until or at)
    given = _given_by_agency(hall, spell.since, until)
    rows = LightDispute.objects.filter(hall=hall, made_at__gte=spell.since, made_at__lte=until)
    judged: dict[str, list[golive.Judged]] = {}
    for agency, light, stand, outcome in rows.values_list("agency", "light", "stand", "outcome"):
        judged.setdefault(agency, []).append(golive.Judged(light, stand, outcome))
    found = {
        code: golive.trial_figures(given[code], judged.get(code, ())) for code in sorted({*given, *judged})
    }
    return found | {"": golive.trial_figures(given.total(), _all(judged.values()))}


def _all(parts: Iterable[list[golive.Judged]]) -> list[golive.Judged]:
    return [each for part in parts for each in part]


def _given_by_agency(hall: str, since: datetime, until: datetime) -> Counter[str]:
    """How many lights came on in (since, until] for each agency: yellow ones and those beyond the due."""
    desks = ("", *(each.code for each in installed().desks))
    mine = [code for code in desks if warningmodes.hall_of(code) == hall]
    clocks = Clock.objects.filter(
        code__in=_lit_clocks(), case__measure=queries.MEASURE, case__desk__in=mine
    ).order_by()
    found: Counter[str] = Counter()
    for moment in ("warns_at", "due_at"):
        came = clocks.filter(
            Q(stopped_at=None) | Q(stopped_at__gt=F(moment)),
            **{f"{moment}__gt": since, f"{moment}__lte": until},
        )
        found.update(dict(came.values_list("owner").annotate(n=Count("pk"))))
    return found
