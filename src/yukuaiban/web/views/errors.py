"""Django's error hooks: the same pages as everywhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from yukuaiban.web import failures

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400."""
    return failures.answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403."""
    return failures.answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404."""
    return failures.answer(request, 404)


def fault(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database failed outside any view, as when the session is read.

    Django calls this hook while it handles the exception.
    """
    away = failures.cannot_store(sys.exc_info()[1])
    return failures.answer(request, 503 if away else 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - told to the log only
    """A form without its key: an old page, or one of another site."""
    said = failures.OLD_PAGE
    return failures.answer(request, 403, reason=str(said))
