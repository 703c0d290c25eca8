"""The registration of a measure: a composition, not a subclass (architecture.md section 3.5).

The list of measures stands in the settings, one line each; nothing is found by scanning. From a `Measure` the
platform derives navigation, addresses, permissions, titles and indicators.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from yukuaiban.cases.catalogue import ActionSpec

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Share = tuple[int, int]
"""Numerator and denominator; an empty denominator is shown as 无数据, never as 0 or 100."""

IndicatorQuery = Callable[[datetime, datetime, str | None], Share]
"""(from, to, agency or None) -> share; the interval is [from, to)."""

CaseQuery = Callable[[datetime, datetime, str | None], Sequence[str]]
"""(from, to, agency or None) -> the numbers of the cases that the denominator counts, in their order."""


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A line of the navigation: shown to whoever may open `url_name`. `roles` are those that see it first.

    `hint` says in a few words what a public page is for; the portal shows it below the title.
    """

    code: str
    title: str | _StrPromise
    url_name: str
    roles: tuple[str, ...] = ()
    icon: str = ""
    public: bool = False
    hint: str | _StrPromise = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure that plan and assessment may use: what is counted, of how many, and the query that does it.

    `cases` opens the figure to the cases behind it; without it only the counts are told.
    """

    code: str
    title: str | _StrPromise
    of: str | _StrPromise
    query: IndicatorQuery
    source: str | _StrPromise = ""
    cases: CaseQuery | None = None

    def value(self, since: datetime, until: datetime, agency: str | None = None) -> Fraction | None:
        """The exact share in [since, until), or None where nothing was there to count."""
        part, whole = self.query(since, until, agency)
        return Fraction(part, whole) if whole else None


@dataclass(frozen=True, slots=True)
class Measure:
    """Everything that the platform knows about a measure.

    `procedures` are codes of procedure tables in the packs, `actions` the specs by action code, `urls` the module
    of its addresses, `permissions` its file for the access policy, `docs` its page under `docs/`. Cases of a measure
    `at_desks` are those of applicants: the screens of the halls show them and no others.
    `case_links` are buttons on the page of each of its cases; their addresses take the number of the case.
    """

    code: str
    title: str | _StrPromise
    procedures: tuple[str, ...]
    actions: Mapping[str, ActionSpec]
    urls: str
    permissions: Path
    docs: str
    indicators: tuple[Indicator, ...] = ()
    at_desks: bool = False
    nav: tuple[NavEntry, ...] = field(default_factory=tuple)
    case_links: tuple[NavEntry, ...] = ()


_MEASURES: dict[str, Measure] = {}


def enlist(each: Measure) -> None:
    """Take a measure in; called once at start for each line of the settings, in their order."""
    _MEASURES[each.code] = each


def measures() -> tuple[Measure, ...]:
    """All measures, in the order of the settings."""
    return tuple(_MEASURES.values())


def at_desks() -> frozenset[str]:
    """The codes of the measures whose cases come in at desks."""
    return frozenset(each.code for each in _MEASURES.values() if each.at_desks)


def measure(code: str) -> Measure:
    """The measure of that code; KeyError if the settings do not list it."""
    return _MEASURES[code]
