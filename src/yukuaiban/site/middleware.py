"""What only the outermost floor can give a request: the pen that reads the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class PenMiddleware:
    """Hands each request a pen: moment, identifiers and salts come from it and from nowhere else.

    The setting YKB_PEN names its class, so that browser tests can move time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pen = import_string(settings.YKB_PEN)()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the pen and go on."""
        request.pen = self.pen  # type: ignore[attr-defined]
        return self.get_response(request)
