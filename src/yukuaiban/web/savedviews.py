"""Saved views of lists (ui.md section 3.3): own ones, and those that a leader shares with the agency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem
from yukuaiban.web.models import SavedView

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from yukuaiban.people.subject import Subject

MOST = 20
_NAME, _QUERY = 40, 1000
_PASSING = ("after", "view")
SHARES = "agency_leader"


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view above its list."""

    pk: int
    name: str
    url: str
    on: bool
    shared: bool
    may_remove: bool


def plain(query: str) -> str:
    """The filters, order and columns of an address, always written in the same way."""
    values = QueryDict(query.removeprefix("?"), mutable=True)
    kept = sorted((name, each) for name in values for each in values.getlist(name) if each)
    found = QueryDict(mutable=True)
    for name, each in kept:
        if name not in _PASSING:
            found.appendlist(name, each)
    return found.urlencode()


def tabs(list_code: str, subject: Subject, query: str) -> list[Tab]:
    """The views of a list that the person sees, shared ones first; one query."""
    now = plain(query)
    return [
        Tab(
            view.pk,
            view.name,
            f"?{view.query}",
            on=view.query == now,
            shared=bool(view.agency),
            may_remove=_may_remove(view, subject),
        )
        for view in _seen(subject).filter(list_code=list_code).order_by("-agency", "name", "pk")[: 2 * MOST]
    ]


def save(list_code: str, name: str, query: str, *, subject: Subject, shared: bool, at: datetime) -> SavedView:
    """Keep the view; one of the same name is replaced. Refused without a name, for too many, or who may not share."""
    name = " ".join(name.split())
    if not name or len(name) > _NAME:
        raise InputInvalid(Problem(_("视图名称须为 1 至 40 个字"), _("请另取一个名称"), field="name"))
    if shared and (subject.role != SHARES or not subject.agency):
        raise NotPermitted(_("只有单位负责人可以把视图给全单位用。"))
    query = plain(query)
    if len(query) > _QUERY:
        raise InputInvalid(Problem(_("条件太多，存不下"), _("请去掉一些条件"), field="name"))
    agency = subject.agency if shared and subject.agency else ""
    mine = {"list_code": list_code, "name": name, "agency": agency}
    known = SavedView.objects.filter(**mine, **({} if shared else {"owner": subject.ref})).first()
    if known is None and SavedView.objects.filter(owner=subject.ref).count() >= MOST:
        raise InputInvalid(Problem(_("已有 20 个视图"), _("请先删除不用的视图"), field="name"))
    if known is None:
        return SavedView.objects.create(**mine, query=query, owner=subject.ref, created_at=at)
    known.query, known.owner = query, subject.ref
    known.save(update_fields=["query", "owner"])
    return known


def remove(key: int, subject: Subject) -> str:
    """Delete a view; its list. NotPermitted for one of others."""
    view = _seen(subject).filter(pk=key).first()
    if view is None or not _may_remove(view, subject):
        raise NotPermitted(_("这个视图不是您的，不能删除。"))
    view.delete()
    return view.list_code


def _seen(subject: Subject) -> QuerySet[SavedView]:
    own = Q(owner=subject.ref, agency="")
    return SavedView.objects.filter(own | Q(agency=subject.agency) if subject.agency else own)


def _may_remove(view: SavedView, subject: Subject) -> bool:
    return view.owner == subject.ref or (bool(view.agency) and subject.role == SHARES)
