"""查看明文: one personal value of a case shown in full, for a stated reason and for a minute, as an event of its own.

The event goes to the stream `reveal:NUMBER`, not to that of the case: who only looks changes nothing of the case and
must not send back the form of somebody who is working on it. It names the field and never holds the value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.cases.persons import PersonalField, fields_of
from yukuaiban.core.errors import KeyReused, NotPermitted
from yukuaiban.journal import reading
from yukuaiban.journal.writing import append
from yukuaiban.people import access
from yukuaiban.people.masks import HIDDEN, Level, mask
from yukuaiban.people.queries import agency_names
from yukuaiban.people.roles import role_title
from yukuaiban.web import casestreams, scope
from yukuaiban.web.casepage import CasePage, Entry
from yukuaiban.web.objects import relate_case

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from yukuaiban.cases.models import Case
    from yukuaiban.journal.event import Event
    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.subject import Subject
    from yukuaiban.web.casestreams import Streams

REVEALED = "personal.revealed"
SHOWN_FOR = timedelta(seconds=60)
MASKS = "case_staff"
REASONS: Mapping[str, _StrPromise] = {
    "contact": gettext_lazy("联系申请人"),
    "identity": gettext_lazy("核对身份"),
    "serve": gettext_lazy("送达文书"),
    "supervise": gettext_lazy("监督核查"),
    "other": gettext_lazy("其他"),
}
TITLES: Mapping[str, _StrPromise] = {
    "name": gettext_lazy("申请人"),
    "contact": gettext_lazy("联系人"),
    "phone": gettext_lazy("联系电话"),
    "resident_id": gettext_lazy("身份证号码"),
    "address": gettext_lazy("地址"),
}
_PUBLIC = frozenset({"enterprise", "uscc"})


@dataclass(frozen=True, slots=True)
class Masked:
    """A personal value as the case page shows it, and whether this person may ask for the whole."""

    code: str
    title: str
    shown: str
    may_ask: bool


@dataclass(frozen=True, slots=True)
class Look:
    """One time that somebody saw a value in full."""

    at: datetime
    who: str
    post: str
    field: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What the case page tells of the person behind the case, and of those who looked."""

    fields: Sequence[Masked]
    looks: Sequence[Look]
    may_read: bool


def panel(case: Case, subject: Subject, streams: Streams | None = None) -> Panel:
    """Every personal value, masked for this person; the looks, for those whose duty it is to know, else the own."""
    relation = relate_case(subject, case)
    may_read = access.decide(subject, "case_reads", "GET", relation).allowed
    streams = streams or casestreams.read(case)
    found = [each for each in streams.looks if may_read or each.actor == subject.ref]
    return Panel(masked(case, subject, relation), _told(found, streams.people) if found else (), may_read)


def masked(case: Case, subject: Subject, relation: str) -> list[Masked]:
    """Every personal value of the case, masked for this person however much the role may know."""
    allowed = access.decide(subject, "case_reveal", "POST", relation).allowed
    return [_masked(each, case, subject, relation, allowed=allowed) for each in fields_of(case)]


def _masked(each: PersonalField, case: Case, subject: Subject, relation: str, *, allowed: bool) -> Masked:
    is_open = case.closed_at is None
    rule = access.mask_rule(MASKS, each.kind, subject=subject, relation=relation, is_open=is_open)
    hidden = rule is None or rule.level is Level.HIDDEN
    shown = HIDDEN if hidden else mask(each.kind, each.value, Level.PARTIAL)
    full = rule is not None and (rule.reveal or rule.level is Level.NONE)
    return Masked(each.code, str(TITLES[each.code]), shown, allowed and full and each.kind not in _PUBLIC)


def reveal(
    case: Case, code: str, *, reason: str, text: str, subject: Subject, pen: Pen, key: str
) -> tuple[str, datetime]:
    """The value in full, and the moment until which it may stand on a screen; written down before it is shown.

    The same request again within that minute is the same look. Raises NotPermitted (not for this person), KeyReused
    (the minute is over, or the key was another request's).
    """
    offered = masked(case, subject, relate_case(subject, case))
    if not any(each.code == code and each.may_ask for each in offered):
        raise NotPermitted(_("这一项没有，或者不属于您可以查看明文的范围。"))
    body = {"case": case.number, "field": code, "reason": reason, "text": text}
    event = reading.by_key("web", key) or append(
        stream=casestreams.of_looks(case),
        type=REVEALED,
        body=body,
        actor=subject.actor(),
        pen=pen,
        source="web",
        idem=key,
    )
    end = event.recorded_at + SHOWN_FOR
    if (event.type, event.body, event.actor) != (REVEALED, body, subject.ref) or pen.moment() >= end:
        raise KeyReused(_("一分钟已过。需要再看的，请重新说明理由。"))
    return next(each.value for each in fields_of(case) if each.code == code), end


def _told(found: Sequence[Event], people: Mapping[str, str]) -> list[Look]:
    agencies = scope.once("agencies", agency_names)
    return [_look(each, people, agencies) for each in reversed(found)]


def _look(event: Event, people: Mapping[str, str], agencies: Mapping[str, str]) -> Look:
    body = event.body
    post = (agencies.get(event.agency or "", ""), role_title(event.role or ""))
    return Look(
        at=event.recorded_at,
        who=people.get(event.actor, event.actor),
        post=" · ".join(part for part in post if part),
        field=str(TITLES[body["field"]]),
        reason=str(REASONS[body["reason"]]),
        text=body["text"],
    )


def with_looks(page: CasePage, found: Sequence[Look]) -> CasePage:
    """The page with the looks in their place in the timeline."""
    told = [_entry(each) for each in found]
    timeline = (
        sorted([*page.timeline, *told], key=lambda each: each.at, reverse=True) if told else page.timeline
    )
    return replace(page, timeline=tuple(timeline))


def _entry(look: Look) -> Entry:
    title = _("查看明文：%(field)s") % {"field": look.field}
    who = " · ".join(part for part in (mask("name", look.who, Level.PARTIAL), look.post) if part)
    return Entry(
        at=look.at, title=title, who=who, detail=f"{look.reason}：{look.text}", late=False, key=False
    )
