"""What pages say of proofs: the code that a receipt carries, the titles of events, the proof as a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _

from yukuaiban.cases import facts
from yukuaiban.core.casestate import CALENDAR_CHANGED, ESCALATED, OVERDUE, RESUMED, WARNED
from yukuaiban.journal import outside
from yukuaiban.registry import measures
from yukuaiban.web.witnessed import Standing, standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from yukuaiban.cases.models import Case
    from yukuaiban.journal.event import Event
    from yukuaiban.journal.tree import Checkpoint

_DIGITS = 16


def code_of(case: Case) -> str:
    """The first 16 hex digits of the newest hash of the case, as the receipt prints them."""
    return bytes(case.head).hex()[:_DIGITS]


def receipt_address(request: HttpRequest, case: Case) -> str:
    """What the code on a receipt opens. Number and hash stand behind the #, which no browser sends to any server."""
    printed = urlencode({"case": case.number, "h": code_of(case)})
    return f"{request.build_absolute_uri(reverse('proof'))}#{printed}"


def standing_of(found: Checkpoint | None, register: Sequence[Event] | None = None) -> Standing | None:
    """Who of the register has cosigned a checkpoint, and whether that is enough; None where there is none yet."""
    return None if found is None else standings([found], register)[found.size]


def titles() -> dict[str, str]:
    """What the types of events on the streams of cases are called."""
    acted = {
        f"{each.code}.{code}": str(spec.title) for each in measures() for code, spec in each.actions.items()
    }
    return acted | {
        WARNED: _("时限转为预警"),
        OVERDUE: _("时限已超时"),
        ESCALATED: _("超时后逐级提醒"),
        RESUMED: _("中止期满，恢复计时"),
        CALENDAR_CHANGED: _("日历更新，时限重算"),
    }


def attached(number: str) -> HttpResponse:
    """The proof of a case as a file. Raises Refused if there is nothing to prove yet."""
    found: dict[str, Any] = outside.proof(facts.stream_of(number))
    name = _("存证-%(number)s.json") % {"number": number}
    headers = {
        "Content-Disposition": str(content_disposition_header(as_attachment=True, filename=name)),
        "Cache-Control": "no-store",
    }
    body = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers=headers)
