"""Taking a case in through the whole stack, as a share of a bare Django view (performance.md section 5).

Whole stack: session, CSRF, gate, form, policy, procedure, journal, sealed payload, clocks, counters, the kept answer.
Both views run in this process on one database with `synchronous=FULL`, in turn, in wall time. The bare view has no
middleware at all.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import uuid4

import structlog

from benchmarks._desk import DATA, open_desk
from benchmarks._installation import database
from benchmarks._timing import median, percentile

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

SEED = 20260404
REQUESTS = {"small": 300, "full": 2000}
_WARM = 20
Handle = Callable[["HttpRequest"], "HttpResponseBase"]


def run(size: str) -> list[dict[str, Any]]:
    """All rows of the area."""
    print(f"seed {SEED}; synchronous=FULL, one client")
    with database("create"), Path(os.devnull).open("w", encoding="utf-8") as log:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(log))
        cookies = _signed_in()
        _check(cookies)
        whole, bare = _times(cookies, REQUESTS[size])
    n = len(whole)
    share = median(bare) / median(whole)
    return [
        {
            "case": "create a case",
            "n": n,
            "seconds": whole,
            "against": "of the bare view's speed",
            "ratio": share,
            "goal": ">= 0.75",
        },
        {"case": "create a case, p99", "n": n, "against": "s", "ratio": percentile(whole, 99), "goal": None},
        {
            "case": "bare view, p99",
            "n": n,
            "seconds": bare,
            "against": "s",
            "ratio": percentile(bare, 99),
            "goal": None,
        },
    ]


def _signed_in() -> dict[str, str]:
    """Cookies of a clerk with an open session."""
    from django.conf import settings  # noqa: PLC0415 - Django is set up by `database`
    from django.contrib import auth  # noqa: PLC0415
    from django.middleware.csrf import get_token  # noqa: PLC0415
    from django.test import RequestFactory  # noqa: PLC0415

    from yukuaiban.web import session  # noqa: PLC0415

    staff = open_desk(SEED).staff
    request = RequestFactory().get("/")
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    auth.login(request, staff, backend="django.contrib.auth.backends.ModelBackend")
    request.session.save()
    session.keep_key(staff, str(request.session.session_key))
    get_token(request)
    return {
        settings.SESSION_COOKIE_NAME: str(request.session.session_key),
        settings.CSRF_COOKIE_NAME: request.META["CSRF_COOKIE"],
    }


def _request(cookies: dict[str, str], path: str, token: str = "") -> HttpRequest:
    from django.conf import settings  # noqa: PLC0415 - Django is set up by `database`
    from django.test import RequestFactory  # noqa: PLC0415

    token = token or cookies[settings.CSRF_COOKIE_NAME]
    data = {**DATA, "key": str(uuid4()), "csrfmiddlewaretoken": token}
    form = urlencode(data, doseq=True)
    factory = RequestFactory(headers={"host": "127.0.0.1"})
    request = factory.post(path, form, content_type="application/x-www-form-urlencoded")
    request.COOKIES.update(cookies)
    return request


def _handlers() -> tuple[Handle, Handle]:
    """The whole site, and the bare view without any middleware."""
    from django.core.handlers.base import BaseHandler  # noqa: PLC0415 - Django is set up by `database`
    from django.test import override_settings  # noqa: PLC0415

    whole, bare = BaseHandler(), BaseHandler()
    whole.load_middleware()
    with override_settings(MIDDLEWARE=[]):
        bare.load_middleware()
    return whole.get_response, bare.get_response


def _check(cookies: dict[str, str]) -> None:
    """One request each: the whole stack makes a case that the journal knows; without the token it is refused."""
    from yukuaiban.cases.models import Case  # noqa: PLC0415 - Django is set up by `database`
    from yukuaiban.cases.rebuilding import fold_differences  # noqa: PLC0415
    from yukuaiban.journal.reading import events  # noqa: PLC0415

    whole, bare = _handlers()
    answer = whole(_request(cookies, "/desk/new"))
    assert answer.status_code == 302, f"status {answer.status_code}"
    case = Case.objects.get(receiving_agency="gy-0012")
    assert not fold_differences(f"case:{case.number}", list(events(f"case:{case.number}"))), "rows differ"
    assert whole(_request(cookies, "/desk/new", "x" * 32)).status_code == 403, "a forged form was taken"
    plain = _request(cookies, "/bare")
    plain.urlconf = "benchmarks._bare"  # type: ignore[attr-defined]
    assert bare(plain).status_code == 302
    assert Case.objects.count() == 2


def _times(cookies: dict[str, str], count: int) -> tuple[list[float], list[float]]:
    """Seconds of every request, whole and bare in turn."""
    whole, bare = _handlers()
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(count + _WARM):
        requests = (_request(cookies, "/desk/new"), _request(cookies, "/bare"))
        requests[1].urlconf = "benchmarks._bare"  # type: ignore[attr-defined]
        for handle, request, held in zip((whole, bare), requests, seconds, strict=True):
            began = time.perf_counter()
            answer = handle(request)
            took = time.perf_counter() - began
            answer.close()
            assert answer.status_code == 302, f"status {answer.status_code}"
            if number >= _WARM:
                held.append(took)
    return seconds
