"""What only the outermost floor can give a request: the pen that reads the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yukuaiban.site.livepen import LivePen

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class PenMiddleware:
    """Hands each request a pen: moment, identifiers and salts come from it and from nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pen = LivePen()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the pen and go on."""
        request.pen = self.pen  # type: ignore[attr-defined]
        return self.get_response(request)
