"""Panels of the public home page that measures bring: a function of the request that gives HTML, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

Panel = Callable[["HttpRequest"], str]

_PANELS: list[Panel] = []


def enlist(panel: Panel) -> None:
    """Take in a panel; called once at start, in the order of the measures."""
    if panel not in _PANELS:
        _PANELS.append(panel)


def shown(request: HttpRequest) -> list[str]:
    """The panels that have something to show."""
    return [html for panel in _PANELS if (html := panel(request))]
