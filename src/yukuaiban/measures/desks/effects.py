"""The measure's own writes, in the transaction of the action: rows beside the case, numbered papers, explanations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from yukuaiban.cases import warningmodes
from yukuaiban.measures.desks import queries
from yukuaiban.measures.desks.models import DeskCase, MatterSheet, OverrunExplanation, Paper, PaperSequence
from yukuaiban.packs.vocabulary import WarningMode

if TYPE_CHECKING:
    from yukuaiban.cases.catalogue import Attempt, Effect
    from yukuaiban.cases.models import Case


def _case(attempt: Attempt) -> Case:
    assert attempt.case is not None  # noqa: S101 - effects run after the row is written
    return attempt.case


def received(attempt: Attempt) -> None:
    """The row beside the case: matter, sheet, what was handed in."""
    data = attempt.data
    sheet = MatterSheet.objects.get(matter_id=data["subject"], number=data["sheet"])
    case = _case(attempt)
    DeskCase.objects.create(
        case=case,
        matter_id=data["subject"],
        sheet=sheet,
        materials=list(data.get("materials", ())),
        warning_mode=warningmodes.mode_of(case, attempt.at).value,
    )


def supplement_asked(attempt: Attempt) -> None:
    """The list of gaps, and a mark where it was not the first."""
    repeated = attempt.state.counts["ask_supplement"] > 1
    own = DeskCase.objects.filter(case=_case(attempt))
    own.update(gaps=list(attempt.data["gaps"]))
    if repeated:
        own.update(repeat_notice=True)
    _paper(Paper.Kind.CORRECTION, attempt, {"gaps": list(attempt.data["gaps"])})


def supplemented(attempt: Attempt) -> None:
    """What came later lies with what came first."""
    own = _case(attempt).desk_case
    own.materials = [*own.materials, *attempt.data["materials"]]
    own.gaps = []
    own.save(update_fields=["materials", "gaps"])


def paused(attempt: Attempt) -> None:
    """The notice of the pause, with what was asked for."""
    clock = next((each for each in attempt.state.clocks if each.open_pause), None)
    pause = clock.open_pause if clock else None
    if pause is not None:
        told = {"category": pause.category, "basis": pause.basis, "planned_end": pause.end.isoformat()}
        _paper(Paper.Kind.PAUSE, attempt, told)


def extended(attempt: Attempt) -> None:
    """The notice of the extension with the new due moment; the reason stands in the request's event."""
    clock = attempt.state.clock("statutory")
    if clock is not None and clock.extensions and clock.due_at is not None:
        told = {"limit": str(clock.extensions[-1]), "new_due": clock.due_at.isoformat()}
        _paper(Paper.Kind.EXTENSION, attempt, told)


def decided(attempt: Attempt) -> None:
    """A denial as a numbered paper with reasons and remedies; what is granted is the permit itself."""
    if attempt.data["outcome"] == "denied":
        _paper(Paper.Kind.DENIAL, attempt, _named(attempt.data, "reasons", "review_organ", "court"))


def explained(attempt: Attempt) -> None:
    """The explanation, public from this moment where the hall warns live; one written in trial never becomes public."""
    clock = attempt.state.clock(attempt.data["clock"])
    assert clock is not None  # noqa: S101 - the guard has seen it
    assert clock.due_at is not None  # noqa: S101 - as above
    case = _case(attempt)
    OverrunExplanation.objects.create(
        case=case,
        clock=clock.code,
        seq=attempt.state.seq,
        text=attempt.data["text"],
        agency=case.agency,
        author=attempt.subject.ref,
        due_at=clock.due_at,
        published_at=attempt.at,
        public=warningmodes.mode_of(case, attempt.at) is WarningMode.LIVE,
    )


def paper_of(kind: Paper.Kind, *names: str) -> Effect:
    """An effect that only serves a paper with these fields of the data."""

    def serve(attempt: Attempt) -> None:
        _paper(kind, attempt, _named(attempt.data, *names))

    return serve


def _named(data: Any, *names: str) -> dict[str, Any]:
    return {name: data.get(name, "") for name in names}


def _paper(kind: Paper.Kind, attempt: Attempt, data: dict[str, Any]) -> None:
    """A paper with the next running number of its agency, kind and year.

    A desk's agency serves correction and admission, the handling agency the rest.
    """
    case = _case(attempt)
    by_desk = kind in (Paper.Kind.CORRECTION, Paper.Kind.ADMISSION)
    agency = case.receiving_agency if by_desk else case.agency
    year = queries.day_of(attempt.at).year
    Paper.objects.create(
        case=case,
        kind=kind,
        agency=agency,
        year=year,
        number=_next_number(agency, kind, year),
        seq=attempt.state.seq,
        data=data,
        at=attempt.at,
    )


def _next_number(agency: str, kind: str, year: int) -> int:
    """The next number; the row stays locked until the transaction ends, so none is given twice."""
    mine = PaperSequence.objects.filter(agency=agency, kind=kind, year=year)
    if not mine.update(last=F("last") + 1):
        PaperSequence.objects.get_or_create(agency=agency, kind=kind, year=year)
        mine.update(last=F("last") + 1)
    return mine.values_list("last", flat=True).get()
