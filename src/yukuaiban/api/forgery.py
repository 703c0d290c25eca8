"""Requests that write carry the token of the own pages, so that a page elsewhere cannot act for who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from ninja.security import APIKeyCookie

if TYPE_CHECKING:
    from django.http import HttpRequest


class SessionWithToken(APIKeyCookie):
    """The session cookie together with the header `X-CSRFToken`. Who may do what the gate has decided before."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> str | None:  # noqa: ARG002 - ninja's signature
        """The cookie itself; the token was checked when it was read."""
        return key


from_own_page = SessionWithToken(csrf=True)
