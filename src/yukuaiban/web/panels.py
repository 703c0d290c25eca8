"""Panels that measures bring: a function of the request that gives HTML, or nothing.

Those of the public home page stand in the order of the measures; those of a case belong to
one measure, or stand on the pages of every case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.cases.models import Case

Panel = Callable[["HttpRequest"], str]

CasePanel = Callable[["HttpRequest", "Case"], str]

_PANELS: list[Panel] = []
_OF_CASES: dict[str, CasePanel] = {}
_OF_EVERY_CASE: list[CasePanel] = []


def enlist(panel: Panel) -> None:
    """Take in a panel; called once at start, in the order of the measures."""
    if panel not in _PANELS:
        _PANELS.append(panel)


def shown(request: HttpRequest) -> list[str]:
    """The panels that have something to show."""
    return [html for panel in _PANELS if (html := panel(request))]


def enlist_case(measure: str, panel: CasePanel) -> None:
    """Take in what a measure shows on the pages of its cases; called once at start."""
    _OF_CASES[measure] = panel


def enlist_every_case(panel: CasePanel) -> None:
    """Take in what stands on the pages of the cases of all measures; called once at start."""
    if panel not in _OF_EVERY_CASE:
        _OF_EVERY_CASE.append(panel)


def of_case(request: HttpRequest, case: Case) -> str:
    """The own panel of the case's measure, then those of every case; empty if there are none."""
    own = _OF_CASES.get(case.measure)
    panels = [*([own] if own is not None else []), *_OF_EVERY_CASE]
    return mark_safe("".join(panel(request, case) for panel in panels))  # noqa: S308 - rendered by templates
