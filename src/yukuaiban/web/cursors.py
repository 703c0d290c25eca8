"""Where a page of a list goes on: the last row's section, value and key, as text in the address.

Reading by key costs the same on every page, and rows that come in meanwhile shift nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after the row with these keys, in that section; `start` rows lie before."""

    section: str
    value: Any
    pk: str
    start: int


def beyond(model: type[Model], column: str, after: Cursor, *, descending: bool) -> Q:
    """The rows after a cursor; a cursor that does not fit the field begins anew."""
    try:
        pk = model._meta.pk.to_python(after.pk)  # noqa: SLF001 - Django's public meta
        value = None if after.value is None else model._meta.get_field(column).to_python(after.value)  # type: ignore[union-attr]  # noqa: SLF001
    except (ValidationError, ValueError, TypeError):
        return Q()
    if value is None:
        return Q(**{column: None, "pk__gt": pk})
    side = "lt" if descending else "gt"
    further = Q(**{f"{column}__{side}": value}) | Q(**{column: value, "pk__gt": pk})
    return further | Q(**{column: None})


def written(keys: tuple[str, Any, Any] | None, start: int) -> str:
    """A cursor as it stands in an address: section, value and key of the last row, rows passed; "" for none."""
    if keys is None:
        return ""
    section, value, pk = keys
    plain = value.isoformat() if isinstance(value, datetime | date) else value
    text = json.dumps([section, plain, str(pk), start], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def cursor(text: str) -> Cursor | None:
    """The cursor of an address; one that cannot be read begins at the first page."""
    if not text:
        return None
    try:
        section, value, pk, start = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        return None
    if not isinstance(pk, str) or not isinstance(start, int) or isinstance(start, bool):
        return None
    return Cursor(str(section), value if isinstance(value, str | int | None) else None, pk, max(0, start))
