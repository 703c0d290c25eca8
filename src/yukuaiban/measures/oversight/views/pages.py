"""The two lists of supervision and their exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yukuaiban.measures.oversight.candidatelist import CANDIDATES
from yukuaiban.measures.oversight.orderlist import ORDERS
from yukuaiban.web.views.lists import page, write

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_LIST = "oversight/list.html"


def orders(request: HttpRequest) -> HttpResponse:
    """督办单: which orders run, and which is due first?"""
    return page(request, ORDERS, export="supervision:orders_export", template=_LIST)


def orders_export(request: HttpRequest) -> HttpResponse:
    """The filtered orders as a file."""
    return write(request, ORDERS)


def candidates(request: HttpRequest) -> HttpResponse:
    """待督办: what is overdue, and nobody has taken it up?"""
    return page(request, CANDIDATES, export="supervision:candidates_export", template=_LIST)


def candidates_export(request: HttpRequest) -> HttpResponse:
    """The filtered candidates as a file."""
    return write(request, CANDIDATES)
