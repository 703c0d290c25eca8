"""The frame around every page: brand, navigation, active post, notices. Without a session it costs no query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from yukuaiban.notices.models import Notice
from yukuaiban.people.masks import mask
from yukuaiban.people.roles import role_title
from yukuaiban.registry import NavEntry, measures
from yukuaiban.web import demo, failures, gate, scope

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from yukuaiban.people.models import Staff
    from yukuaiban.people.subject import Subject


@dataclass(frozen=True, slots=True)
class Link:
    """A line of the navigation as the page shows it."""

    title: str | _StrPromise
    url: str
    icon: str
    current: bool
    hint: str | _StrPromise = ""


WORK = (NavEntry("queue", _("待办"), "queue", icon="list"),)
DISTRICT = (
    NavEntry("cases", _("办件"), "cases", icon="file"),
    NavEntry("board", _("督办台"), "board", icon="flag"),
    NavEntry("reads", _("查阅记录"), "reads", icon="shield"),
    NavEntry("calendar", _("工作日历"), "calendar", icon="calendar"),
    NavEntry("jobs", _("我的任务"), "jobs", icon="clock"),
)
PUBLIC = (
    NavEntry("calculator", _("时限计算"), "calculator", icon="calc", public=True),
    NavEntry("portal", _("企业门户"), "portal", icon="home", public=True),
    NavEntry("proof", _("验证存证"), "proof", icon="check", public=True),
    NavEntry("checkpoints", _("留痕检查点"), "checkpoints", icon="shield", public=True),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What `base.html` and `portal.html` need on every page."""
    subject = getattr(request, "subject", None)
    found: dict[str, Any] = {
        "brand": failures.brand(),
        "now": scope.now(),
        "elder": request.COOKIES.get("elder") == "1",
        "keys_off": request.COOKIES.get("keys") == "off",
        "english_ready": settings.YKB_ENGLISH_READY,
        "is_demo": demo.read() is not None,
        "request_id": getattr(request, "request_id", ""),
        "public_nav": [
            Link(entry.title, url, entry.icon, request.path == url, entry.hint)
            for entry in public_links()
            if (url := url_of(entry))
        ],
    }
    if subject is None or subject.kind != "staff":
        return found | {"signed_in": False}
    post = request.active_post  # type: ignore[attr-defined]
    staff = cast("Staff", request.user)  # the subject is a member of staff
    return found | {
        "signed_in": True,
        "staff_name": mask("name", staff.name, "partial"),
        "post": post,
        "post_role": role_title(post.role) if post else "",
        "user_must_change": staff.must_change_password,
        "other_posts": [(each, role_title(each.role)) for each in request.posts if each != post],  # type: ignore[attr-defined]
        "nav": navigation(request, subject),
        # Asked only by pages that show it, and once: templates call what they are handed.
        "unread": cache(Notice.objects.filter(recipient=subject.ref, read_at=None).count),
    }


def navigation(request: HttpRequest, subject: Subject) -> list[tuple[str, list[Link]]]:
    """Headings with their links: only what this post may open."""
    own = [entry for each in measures() for entry in each.nav if not entry.public]
    mine = [entry for entry in own if subject.role in entry.roles]
    rest = [entry for entry in own if entry not in mine]
    groups = ((_("我的工作"), [*mine, *WORK]), (_("全区"), [*DISTRICT, *rest]), (_("公开"), PUBLIC))
    shown = [(str(title), list(_links(entries, request, subject))) for title, entries in groups]
    return [(title, links) for title, links in shown if links]


def public_links() -> list[NavEntry]:
    """The public pages of all measures, for the portal."""
    return [entry for each in measures() for entry in each.nav if entry.public]


def _links(entries: Iterable[NavEntry], request: HttpRequest, subject: Subject) -> Iterable[Link]:
    for entry in entries:
        if (url := url_of(entry)) and gate.may_open(subject, entry.url_name):
            yield Link(entry.title, url, entry.icon or "file", request.path == url)


def url_of(entry: NavEntry) -> str:
    """The address of an entry; empty if the page is not part of this installation."""
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""
