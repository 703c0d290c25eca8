"""Which columns of a list are shown: those that were chosen, else those of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

    from yukuaiban.web.lists import Asked, Column, ListSpec

PARAMETER = "cols"
_MOST = 40


def chosen(spec: ListSpec, given: QueryDict) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes that an address chooses, in the order of the list, and those that the list does not have (any more)."""
    asked = [code for each in given.getlist(PARAMETER) for code in each.split(",") if code][:_MOST]
    known = {column.code for column in spec.columns}
    gone = tuple(code for code in dict.fromkeys(asked) if code not in known)
    return tuple(column.code for column in spec.columns if column.code in asked), gone


def on_page(spec: ListSpec, asked: Asked) -> list[Column]:
    """The columns of the page."""
    return [
        column
        for column in spec.columns
        if (column.code in asked.columns if asked.columns else column.on_page)
    ]


def in_file(spec: ListSpec, asked: Asked) -> Sequence[Column]:
    """The columns of an export: what was chosen, else all that the list knows."""
    if not asked.columns:
        return spec.columns
    return [column for column in spec.columns if column.code in asked.columns]
