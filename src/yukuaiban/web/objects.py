"""Objects that an operation is about: how each kind is found from an address, and how it relates to a subject.

A policy entry names its kind (`object = "case"`); the gate loads it here and hands it to the view, so that no view
can forget to ask. Rooms above fill the table with their own kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yukuaiban.cases.models import Case
from yukuaiban.people.models import Agency
from yukuaiban.people.policy import Relation
from yukuaiban.people.subject import relation_of

if TYPE_CHECKING:
    from yukuaiban.people.subject import Subject


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of object. `find` gets the URL's arguments, `relate` says what the object is to the subject."""

    find: Callable[[Mapping[str, Any]], object | None]
    relate: Callable[[Subject, Any], Relation]


_KINDS: dict[str, Kind] = {}
_ASKED_ALONG: dict[str, Any] = {}
_BROUGHT_NEAR: dict[str, Callable[[Subject, Case], bool]] = {}


def enlist(code: str, kind: Kind) -> None:
    """Take in a kind of object; called once at start by the room that knows it."""
    _KINDS[code] = kind


def ask_along(name: str, expression: object) -> None:
    """Let a room have something about a case read in the query that loads it; it stands on the case under that name.

    Called once at start: what most pages need no more of costs them no query of its own.
    """
    _ASKED_ALONG[name] = expression


def bring_near(measure: str, works_on: Callable[[Subject, Case], bool]) -> None:
    """Let a measure say who else works on its cases (supporting agencies, reviewers): to them a case is their agency's.

    Called once at start; asked only where the case would else be a foreign one.
    """
    _BROUGHT_NEAR[measure] = works_on


def load(code: str, subject: Subject, arguments: Mapping[str, Any]) -> tuple[Relation, object | None]:
    """The object of an address and what it is to the subject; `deleted` and None where there is none.

    KeyError names a policy entry whose kind nobody has enlisted (a fault of the program).
    """
    kind = _KINDS[code]
    thing = kind.find(arguments)
    return (Relation.DELETED, None) if thing is None else (kind.relate(subject, thing), thing)


class _Towns:
    """The codes of towns and parks, asked for only where a case is foreign anyway."""

    def __contains__(self, code: object) -> bool:
        towns = (Agency.Kind.TOWN, Agency.Kind.PARK)
        return Agency.objects.filter(code=code, kind__in=towns).exists()


def _find_case(arguments: Mapping[str, Any]) -> Case | None:
    found = Case.objects.filter(number=arguments["number"]).annotate(**_ASKED_ALONG)
    return found.select_related("applicant").first()


def relate_case(subject: Subject, case: Case) -> Relation:
    """What a case is to a subject, by its two agencies and its handler, and by what its measure says of others."""
    parties = {"handling_agency": case.agency, "receiving_agency": case.receiving_agency}
    found = relation_of(subject, parties, handler=case.handler, number=case.number, towns=_Towns())
    near = found in (Relation.OWN, Relation.AGENCY) or case.measure not in _BROUGHT_NEAR
    return found if near or not _BROUGHT_NEAR[case.measure](subject, case) else Relation.AGENCY


enlist("case", Kind(_find_case, relate_case))
