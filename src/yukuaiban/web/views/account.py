"""My account: password, keys, language, large text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import auth
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from yukuaiban.core.errors import InputInvalid
from yukuaiban.people.actions import set_password
from yukuaiban.people.roles import role_title
from yukuaiban.web import forms, session

if TYPE_CHECKING:
    from django.http import HttpRequest

_YEAR = 365 * 24 * 60 * 60
_SWITCHES = {"elder": ("0", "1"), "keys": ("on", "off")}


def account(request: HttpRequest) -> HttpResponse:
    """Who I am here: posts, password, keys."""
    posts = [(post, role_title(post.role)) for post in request.posts]  # type: ignore[attr-defined]
    said = _("密码已经改好。") if request.GET.get("changed") else ""
    return render(request, "web/account.html", {"posts": posts, "form": forms.PasswordForm(), "said": said})


def change_password(request: HttpRequest) -> HttpResponse:
    """A new password by its owner; the session goes on under a new key."""
    staff = request.user
    form = forms.PasswordForm(request.POST)
    if form.is_valid():
        if not staff.check_password(form.cleaned_data["current"]):
            form.add_error("current", _("现在的密码不对。"))
        else:
            try:
                set_password(
                    staff,  # type: ignore[arg-type]
                    form.cleaned_data["password"],
                    by=request.subject,  # type: ignore[attr-defined]
                    pen=request.pen,  # type: ignore[attr-defined]
                )
            except InputInvalid as refusal:
                forms.take_over(form, refusal.problems)
            else:
                auth.update_session_auth_hash(request, staff)  # type: ignore[arg-type]
                request.session.save()
                session.keep_key(staff, str(request.session.session_key))  # type: ignore[arg-type]
                return redirect("/account?changed=1")
    posts = [(post, role_title(post.role)) for post in request.posts]  # type: ignore[attr-defined]
    return render(request, "web/account.html", {"posts": posts, "form": form}, status=422)


def switch(request: HttpRequest) -> HttpResponse:
    """Language, large text and keys, kept in the browser for a year."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = redirect(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    for name, values in _SWITCHES.items():
        if request.POST.get(name) in values:
            _keep(response, name, request.POST[name])
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
