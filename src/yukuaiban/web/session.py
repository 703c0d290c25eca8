"""Sessions of staff: signing in and out, the active post, the end of an idle session.

A person has one open session. Signing in anywhere ends the one before; thirty idle minutes end it, too
(security.md section 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import auth
from django.db.models import Q

from yukuaiban.people.models import Post, Staff
from yukuaiban.people.queries import agency_tree
from yukuaiban.people.roles import ROLES, Sight
from yukuaiban.people.subject import VISITOR, PostRef, Subject
from yukuaiban.web import scope

if TYPE_CHECKING:
    from django.http import HttpRequest

IDLE = timedelta(minutes=30)
_NOTE_EVERY = timedelta(minutes=1)
_POST, _SEEN = "post", "seen"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def attach(request: HttpRequest) -> None:
    """Put `subject`, `posts` and `active_post` on the request; end the session if it was idle too long.

    The moment is asked for only where there is a session: a visitor's page may need no database at all.
    """
    request.subject, request.posts, request.active_post = VISITOR, [], None  # type: ignore[attr-defined]
    if auth.SESSION_KEY not in request.session:
        return
    now = scope.now()
    if _idle(request, now):
        sign_out(request)
        return
    staff = request.user
    if (
        not isinstance(staff, Staff)
        or not staff.is_active
        or staff.session_key != request.session.session_key
    ):
        sign_out(request)
        return
    posts = open_posts(staff, now)
    active = next((post for post in posts if post.pk == request.session.get(_POST)), None) or next(
        iter(posts), None
    )
    request.posts, request.active_post = posts, active  # type: ignore[attr-defined]
    request.subject = subject_of(staff, posts, active)  # type: ignore[attr-defined]


def _idle(request: HttpRequest, now: datetime) -> bool:
    """Whether nothing came for thirty minutes; notes the moment otherwise, at most once a minute."""
    seen = request.session.get(_SEEN)
    since = now - datetime.fromisoformat(seen) if seen else timedelta()
    if since > IDLE:
        return True
    if not seen or since > _NOTE_EVERY:
        request.session[_SEEN] = now.isoformat()
    return False


def subject_of(staff: Staff, posts: Sequence[Post], active: Post | None) -> Subject:
    """The person as the policy sees them: acting in one post, holding all."""
    held = {post.pk: PostRef(post.agency_id, post.role, post.pk, _below(post)) for post in posts}
    return Subject(
        kind="staff",
        ref=staff.ref,
        staff_uid=str(staff.uid),
        post=held[active.pk] if active else None,
        posts=tuple(held.values()),
        name=staff.name,
    )


def _below(post: Post) -> frozenset[str]:
    """All agencies under that of a leader's post."""
    if ROLES[post.role].sight is not Sight.TREE:
        return frozenset()
    children: dict[str | None, list[str]] = {}
    rows = scope.once("agency-tree", agency_tree)
    for code, parent, _name in rows:
        children.setdefault(parent, []).append(code)
    # The pages of this request name agencies too, and need not ask again.
    scope.once("agencies", lambda: {code: name for code, _parent, name in rows})
    found, todo = set(), [post.agency_id]
    while todo:
        todo += (below := children.get(todo.pop(), []))
        found |= set(below)
    return frozenset(found)


def open_posts(staff: Staff, now: datetime) -> list[Post]:
    """The posts held at `now`, those with a screen in this edition first, in the order of the roles."""
    held = Post.objects.filter(Q(until=None) | Q(until__gt=now), staff=staff, since__lte=now)
    order = {code: (not role.here, n) for n, (code, role) in enumerate(ROLES.items())}
    return sorted(held.select_related("agency"), key=lambda post: (order[post.role], post.pk))


def sign_in(request: HttpRequest, staff: Staff, now: datetime) -> None:
    """Open a session for the person and end the one they had elsewhere."""
    old = staff.session_key
    auth.login(request, staff, backend=_BACKEND)
    request.session[_SEEN] = now.isoformat()
    request.session.save()
    key = str(request.session.session_key)
    if old and old != key:
        import_module(settings.SESSION_ENGINE).SessionStore(old).delete()
    keep_key(staff, key)


def keep_key(staff: Staff, key: str) -> None:
    """Remember which session is the open one."""
    staff.session_key = key
    Staff.objects.filter(pk=staff.pk).update(session_key=key)


def sign_out(request: HttpRequest) -> None:
    """Erase the session on both sides."""
    auth.logout(request)


def take_post(request: HttpRequest, post: Post) -> None:
    """Act in another of the person's posts from now on."""
    request.session[_POST] = post.pk
