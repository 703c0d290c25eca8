"""The public home page: one question first, then everything that needs no sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from yukuaiban.web import panels

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_QUERY = "desks:query"


def portal(request: HttpRequest) -> HttpResponse:
    """Query form, services, what is published."""
    return render(request, "web/portal.html", {"query_url": _query_url(), "panels": panels.shown(request)})


def _query_url() -> str:
    """The public query; the form is left out of an installation without window cases."""
    try:
        return reverse(_QUERY)
    except NoReverseMatch:
        return ""
