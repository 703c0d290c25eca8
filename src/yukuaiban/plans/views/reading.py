"""The page on which a reading is checked and corrected, and the confirmation by a second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yukuaiban.core.errors import CaseMoved, InputInvalid, NotPermitted, Refused
from yukuaiban.evidence.documents import Hand
from yukuaiban.people.queries import names
from yukuaiban.plans import book, calendars, deciding, meanwhile
from yukuaiban.plans.models import PlanVersion
from yukuaiban.plans.readingforms import SPECS, CorrectionForm
from yukuaiban.plans.readingpage import UNREAD, ReadingPage
from yukuaiban.plans.readingpanel import ADDING, ADDING_UNREAD, Asked, Panel, find, ground, panel
from yukuaiban.plans.steps import names_of
from yukuaiban.web.actionforms import show_problems

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from yukuaiban.plans.meanwhile import Told

_TITLE = "retitle"
_PLACE = ("start", "end", "first", "last")


@dataclass(frozen=True, slots=True)
class Answer:
    """How the page answers a refusal: the form that came back, the sentence, what others did meanwhile."""

    status: int = 200
    bound: CorrectionForm | None = None
    refused: str = ""
    told: tuple[Told, ...] = ()


def reading(request: HttpRequest, year: int) -> HttpResponse:
    """One item of the newest version; `?at=` names it, `?edit=` opens the forms about one thing."""
    version = _newest(year)
    place = {name: request.GET[name] for name in _PLACE if request.GET.get(name)}
    asked = Asked(request.GET.get("edit", ""), request.GET.get("words", "").strip()[:60], place)
    page = _page(request, version, request.GET.get("at", ""))
    return _shown(request, page, asked, Answer())


def correct(request: HttpRequest, year: int) -> HttpResponse:
    """One correction; a refusal comes back with everything that was written."""
    version = _newest(year)
    code, edit = request.POST.get("form", ""), request.POST.get("edit", "")
    if code not in SPECS:
        raise Http404
    page = _page(request, version, request.POST.get("at", ""))
    _part, thing = find(page, request.POST.get("key", ""))
    form = CorrectionForm(code, ground(page, code, thing), request.POST)
    asked = Asked(edit or code, request.POST.get("words", ""))
    if not form.is_valid():
        return _shown(request, page, asked, Answer(422, form, _("没有改成，请看下面的提示。")))
    try:
        seen = _seen(request)
        book.correct(version, SPECS[code].operation, form.values(), seen=seen, hand=_hand(request))
    except CaseMoved as moved:
        return _moved(request, page, asked, Answer(409, form, moved.message), seen)
    except InputInvalid as refusal:
        above = show_problems(form, refusal.problems) or [_("没有改成，请看下面的提示。")]
        return _shown(request, page, asked, Answer(422, form, "；".join(above)))
    return _back(year, at=_next_place(page, code), done=code)


def look(request: HttpRequest, year: int) -> HttpResponse:
    """本项无误: this person has looked; on to the next item."""
    page = _page(request, _newest(year), request.POST.get("at", ""))
    if page.current is None:
        raise Http404
    seen = _seen(request)
    try:
        book.look(page.version, page.current["key"], hand=_hand(request), seen=seen)
    except CaseMoved as moved:
        return _moved(request, page, Asked(""), Answer(409, None, moved.message), seen)
    following = page.following or page.next_unseen
    return _back(year, at=following.key if following else page.current["key"])


def decide(request: HttpRequest, year: int) -> HttpResponse:
    """Confirm, put into force, send back, reopen or drop."""
    version = _newest(year)
    deed = _DEEDS.get(request.POST.get("decision", ""))
    if deed is None:
        raise Http404
    try:
        deed(version, request.POST.get("reason", ""), _seen(request), _hand(request))
    except Refused as refusal:
        page = _page(request, _newest(year), request.POST.get("at", ""))
        return _shown(request, page, Asked(""), Answer(_status(refusal), None, _sentence(refusal)))
    if deed is _drop:
        return redirect("plans:plans")
    return redirect("plans:board" if deed is _begin else "plans:reading", year)


def _drop(version: PlanVersion, reason: str, _seen: int, hand: Hand) -> None:
    deciding.drop(version, reason, hand=hand)


def _begin(version: PlanVersion, _reason: str, _seen: int, hand: Hand) -> None:
    deciding.put_in_force(version, hand=hand)


_DEEDS: Mapping[str, Any] = {
    "confirm": lambda version, _reason, seen, hand: deciding.confirm(version, seen=seen, hand=hand),
    "put_in_force": _begin,
    "send_back": lambda version, reason, seen, hand: deciding.send_back(
        version, reason, seen=seen, hand=hand
    ),
    "reopen": lambda version, reason, _seen, hand: deciding.reopen(version, reason, hand=hand),
    "drop": _drop,
}


# --------------------------------------------------------------------------------------------- what is shown


def _newest(year: int) -> PlanVersion:
    """The version that is being read, else the one in force."""
    found = PlanVersion.objects.select_related("plan").filter(plan__year=year, dropped_at=None)
    version = found.order_by("-number").first()
    if version is None:
        raise Http404
    return version


def _page(request: HttpRequest, version: PlanVersion, at: str) -> ReadingPage:
    hand = _hand(request)
    return ReadingPage(version, at, names_of(hand), calendars.office(), hand.subject.ref)


def _shown(request: HttpRequest, page: ReadingPage, asked: Asked, answer: Answer) -> HttpResponse:
    version = page.version
    people = {version.read_by, version.corrected_by, version.confirmed_by, page.person}
    people |= {each.by for each in answer.told} | _others(page)
    sent_back = page.sheet.get("sent_back")
    editable = version.confirmed_at is None
    told = {
        "page": page,
        "plan": version.plan,
        "version": version,
        "editable": editable,
        "panel": _panel(page, asked, answer, editable=editable),
        "adding": [(code, SPECS[code].title) for code in (ADDING if page.current else ADDING_UNREAD)],
        "title_form": _title_form(page, answer.bound) if editable else None,
        "is_first": page.person in (version.read_by, version.corrected_by),
        "others": _others(page),
        "first_seen": page.seen_by({version.read_by, version.corrected_by}),
        "sent_back": sent_back,
        "people": names(people | ({sent_back["by"]} if sent_back else set())),
        "answer": answer,
        "done": SPECS[request.GET["done"]].title if request.GET.get("done") in SPECS else "",
        "place": asked.place or {},
    }
    return render(request, "plans/reading.html", told, status=answer.status)


def _panel(page: ReadingPage, asked: Asked, answer: Answer, *, editable: bool) -> Panel | None:
    """What is asked for; what a person had written also when somebody else has confirmed meanwhile."""
    if not editable:
        kept = answer.bound
        return Panel("", str(kept.spec.title), (kept,), "", searches=False) if kept else None
    if asked.edit == _TITLE and page.current is not None:
        return None  # its form stands among the facts
    return panel(page, asked, answer.bound)


def _title_form(page: ReadingPage, bound: CorrectionForm | None) -> CorrectionForm | None:
    if bound is not None and bound.code == _TITLE:
        return bound
    if page.current is None:
        return None
    return CorrectionForm(_TITLE, ground(page, _TITLE, page.current))


def _others(page: ReadingPage) -> set[str]:
    """Second persons who have begun to look."""
    first = {page.version.read_by, page.version.corrected_by, page.person}
    return {ref for seen in page.sheet["looked"].values() for ref in seen} - first


def _moved(request: HttpRequest, page: ReadingPage, asked: Asked, answer: Answer, seen: int) -> HttpResponse:
    """The page as it is now, with what was written and what others did since `seen`."""
    newest = _newest(page.version.plan.year)
    at = page.current["key"] if page.current else UNREAD
    now = _page(request, newest, at)
    told = tuple(meanwhile.since(newest, seen, now.names)) if seen >= 0 else ()
    return _shown(request, now, asked, Answer(answer.status, answer.bound, answer.refused, told))


def _next_place(page: ReadingPage, code: str) -> str:
    """Where the page goes on: on the same item, or on its neighbour if it is one no more."""
    if page.current is None:
        return UNREAD
    if code == "drop_item":
        neighbour = page.following or page.previous
        return neighbour.key if neighbour else UNREAD
    return str(page.current["key"])


def _back(year: int, **query: str) -> HttpResponse:
    return redirect(f"{reverse('plans:reading', args=[year])}?{urlencode(query)}")


def _seen(request: HttpRequest) -> int:
    """The revision that the page showed; -1, which is none, where the page does not say."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() else -1


def _status(refusal: Refused) -> int:
    if isinstance(refusal, NotPermitted):
        return 403
    return 409 if isinstance(refusal, CaseMoved) else 422


def _sentence(refusal: Refused) -> str:
    if isinstance(refusal, InputInvalid):
        return "；".join(each.why.rstrip("。") for each in refusal.problems) + "。"
    return refusal.message


def _hand(request: HttpRequest) -> Hand:
    return Hand(request.subject, request.pen)  # type: ignore[attr-defined]
