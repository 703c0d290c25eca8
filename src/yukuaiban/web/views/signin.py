"""Signing in and out, changing the post, and the start page of a demo."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import auth
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from yukuaiban.cases import queries
from yukuaiban.people.models import Staff
from yukuaiban.people.roles import ROLES
from yukuaiban.web import context, demo, demostart, failures, forms, gate, scope, session
from yukuaiban.web.views.portal import portal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest


def home(request: HttpRequest) -> HttpResponse:
    """The one address everybody knows: staff land on their work, others on the portal or the demo's start."""
    subject = request.subject  # type: ignore[attr-defined]
    if subject.kind == "staff":
        return redirect(first_screen(request))
    return start(request) if demo.read() is not None else portal(request)


def first_screen(request: HttpRequest) -> str:
    """The page of the role with the work that waits; else the first page that the post may open."""
    subject = request.subject  # type: ignore[attr-defined]
    role = ROLES.get(subject.role)
    if role is not None:
        try:
            match = resolve(role.first)
        except Resolver404:
            match = None
        if match is not None and gate.may_open(subject, match.view_name):
            return role.first
    for _title, links in context.navigation(request, subject):
        return links[0].url
    return reverse("account")


def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password. A wrong name and a wrong password look the same."""
    following = _safe(request, request.POST.get("next") or request.GET.get("next", ""))
    form = forms.SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["username"]
        staff = auth.authenticate(request, login=name, password=form.cleaned_data["password"])
        if isinstance(staff, Staff):
            session.sign_in(request, staff, scope.now())
            return redirect(following or "home")
        form.add_error(None, _("账号或密码不对，请核对后再试。连续输错 5 次，账号锁定 15 分钟。"))
    status = 422 if request.method == "POST" else 200
    return render(request, "web/sign_in.html", {"form": form, "next": following}, status=status)


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, credentials: Mapping[str, str] | None
) -> HttpResponse:
    """What axes shows after five wrong passwords: how long to wait, never whether the account exists."""
    name = (credentials or {}).get(Staff.USERNAME_FIELD, "")
    last = AccessAttempt.objects.filter(username=name).order_by("-attempt_time").first()
    ends = (last.attempt_time if last else scope.now()) + timedelta(hours=settings.AXES_COOLOFF_TIME)
    wait = max(1, int((ends - scope.now()).total_seconds()))
    reason = _("连续输错密码，这个账号已锁定 15 分钟。")
    return failures.answer(request, 429, reason=reason, retry_after=wait)


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    session.sign_out(request)
    return redirect("home")


def take_post(request: HttpRequest) -> HttpResponse:
    """Act in another of the own posts."""
    wanted = request.POST.get("post", "")
    post = next((each for each in request.posts if str(each.pk) == wanted), None)  # type: ignore[attr-defined]
    if post is None:
        raise Http404
    session.take_post(request, post)
    return redirect("home")


def start(request: HttpRequest) -> HttpResponse:
    """One account a role; only where `demo` has made the database."""
    marked = demo.read()
    if marked is None:
        raise Http404
    rows = queries.lights_by_agency(scope.now())
    told = {
        "period": [_day(marked[name]) for name in ("period_from", "period_to") if marked.get(name)],
        "open_cases": queries.sum_of(rows.values()).total,
        "agencies": len(rows),
        "columns": demostart.columns(marked["accounts"]),
        "accounts": len(marked["accounts"]),
    }
    return render(request, "web/start.html", told)


def _day(text: str) -> date:
    """The district's day of a moment (or a day) in ISO 8601."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(scope.zone()).date() if moment.tzinfo else moment.date()


def enter(request: HttpRequest) -> HttpResponse:
    """Enter a demo as one of its accounts, without a password."""
    marked = demo.read()
    login = request.POST.get("login", "")
    if marked is None or login not in {each["login"] for each in marked["accounts"]}:
        raise Http404
    staff = Staff.objects.filter(login=login, is_active=True).first()
    if staff is None:
        raise Http404
    session.sign_in(request, staff, scope.now())
    return redirect("home")


def _safe(request: HttpRequest, target: str) -> str:
    """The page to go on to, if it is one of ours."""
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours else ""
