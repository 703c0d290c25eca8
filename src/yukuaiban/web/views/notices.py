"""通知: what the system has told this person; one button marks all as read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render

from yukuaiban.notices.models import Notice
from yukuaiban.web import scope

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_SHOWN = 100


def notices(request: HttpRequest) -> HttpResponse:
    """The newest notices, unread ones marked."""
    mine = Notice.objects.filter(recipient=request.subject.ref)  # type: ignore[attr-defined]
    return render(request, "web/notices.html", {"notices": list(mine.order_by("-at", "id")[:_SHOWN])})


def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    mine = Notice.objects.filter(recipient=request.subject.ref, read_at=None)  # type: ignore[attr-defined]
    mine.update(read_at=scope.now())
    return redirect("notices")
