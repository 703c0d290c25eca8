"""Reads over people: who holds a role, what somebody is called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from yukuaiban.people.models import Agency, Post, Staff

STAFF = "staff:"


def holders(role: str, *, agency: str | None, at: datetime) -> list[str]:
    """The references (`staff:UID`) of those who hold a role at that moment, in one agency or (None) anywhere."""
    lasts = Q(until=None) | Q(until__gt=at)
    posts = Post.objects.filter(lasts, since__lte=at, role=role, staff__is_active=True)
    if agency is not None:
        posts = posts.filter(agency_id=agency)
    uids = posts.order_by("staff__uid").values_list("staff__uid", flat=True).distinct()
    return [f"{STAFF}{uid}" for uid in uids]


def with_address(refs: Iterable[str]) -> list[str]:
    """Those of these people who can be reached by mail, in the same order."""
    uids = {ref: ref.removeprefix(STAFF) for ref in refs}
    found = Staff.objects.filter(uid__in=uids.values()).exclude(email="").values_list("uid", flat=True)
    reached = {str(uid) for uid in found}
    return [ref for ref, uid in uids.items() if uid in reached]


def names(refs: Iterable[str]) -> dict[str, str]:
    """The names behind staff references: one query."""
    uids = {ref.removeprefix(STAFF) for ref in refs if ref.startswith(STAFF)}
    rows = Staff.objects.filter(uid__in=uids).values_list("uid", "name") if uids else ()
    return {f"{STAFF}{uid}": name for uid, name in rows}


def agency_names() -> dict[str, str]:
    """The short name of every agency: one query."""
    return {code: name for code, _parent, name in agency_tree()}


def agency_tree() -> list[tuple[str, str | None, str]]:
    """Code, the agency above it and short name of every agency: one query."""
    rows = Agency.objects.values_list("code", "parent_id", "short_name", "name")
    return [(code, parent, short or name) for code, parent, short, name in rows]
