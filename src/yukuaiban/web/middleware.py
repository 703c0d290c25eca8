"""What stands around every view: request id and log, the acting subject, the gate.

RequestIdMiddleware   names the request, logs it once, turns refusals into the pages of security.md section 5
SubjectMiddleware     who acts: the active post of the session; ends idle sessions
GateMiddleware        asks the policy before any view runs; a view cannot go round it
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from yukuaiban.core.errors import (
    ActionRefused,
    CaseMoved,
    InputInvalid,
    KeyReused,
    NotPermitted,
    Refused,
)
from yukuaiban.people import access
from yukuaiban.web import failures, gate, scope, session

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.people.models import Staff

Handler = Callable[["HttpRequest"], HttpResponse]

_LOG = structlog.get_logger("ykb.request")
_STATUS: tuple[tuple[type[Refused], int], ...] = (
    (InputInvalid, 422),
    (NotPermitted, 403),
    (ActionRefused, 409),
    (KeyReused, 409),
    (CaseMoved, 409),
    (Refused, 422),
)


class RequestIdMiddleware:
    """Gives the request the id that stands on its error page and in the log."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = secrets.token_hex(6)  # type: ignore[attr-defined]
        began = time.monotonic()
        log = _LOG.bind(request_id=request.request_id)  # type: ignore[attr-defined]
        clock = request.pen.moment  # type: ignore[attr-defined]
        bound = structlog.contextvars.bound_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        with bound, scope.request_scope(clock):
            response = self.get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        match = request.resolver_match
        log.info(
            "request",
            method=request.method,
            operation=match.view_name if match else None,
            status=response.status_code,
            ms=round((time.monotonic() - began) * 1000),
            subject=getattr(getattr(request, "subject", None), "ref", None),
        )
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Refusals become their pages; a fault of ours is logged with its trace and left to the 500 page."""
        if isinstance(error, Refused):
            status = next(status for kind, status in _STATUS if isinstance(error, kind))
            return failures.answer(request, status, refusal=error)
        if isinstance(error, RequestDataTooBig):
            return failures.answer(request, 413)
        if failures.cannot_store(error):
            _LOG.exception("storage away", request_id=getattr(request, "request_id", ""))
            return failures.answer(request, 503)
        if not isinstance(error, failures.QUIET):
            _LOG.exception("fault", request_id=getattr(request, "request_id", ""))
        return None


class SubjectMiddleware:
    """`request.subject`: who acts, by the active post of the session."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session.attach(request)
        response = self.get_response(request)
        if request.subject.kind != "visitor":  # type: ignore[attr-defined]
            response.setdefault("Cache-Control", "no-store")
        return response


class GateMiddleware:
    """Asks the policy for every request; what it does not mention is refused."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None lets the view run; anything else is the answer instead."""
        match = request.resolver_match
        name = match.view_name if match else ""
        found = gate.judge(request, name, kwargs)
        if found.allowed:
            return _to_new_password(request, name)
        _LOG.info("refused", operation=name, status=found.status, reason=found.reason)
        if found.status == 401:
            return _to_sign_in(request)
        # A denied object looks exactly like a missing one: its reason stands in the log alone.
        reason = "" if found.status == access.MISSING else found.reason
        return failures.answer(request, found.status, reason=reason, allow=found.methods)


_WITH_OLD_PASSWORD = ("account", "change_password", "sign_out", "switch")


def _to_new_password(request: HttpRequest, name: str) -> HttpResponse | None:
    """Who has a password set by somebody else changes it before anything else."""
    due = request.subject.kind == "staff" and cast("Staff", request.user).must_change_password  # type: ignore[attr-defined]
    return redirect("account") if due and name not in _WITH_OLD_PASSWORD else None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, with the way back; the interface gets a plain 401."""
    if failures.wants_json(request):
        return failures.answer(request, 401)
    back = request.get_full_path() if request.method in ("GET", "HEAD") else _came_from(request)
    target = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponse(status=302, headers={"Location": target})


def _came_from(request: HttpRequest) -> str:
    """The path of the page that held the form, so that its text can be sent again after signing in."""
    referer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/"
    return "/" + referer.removeprefix(own) if referer.startswith(own) else "/"
