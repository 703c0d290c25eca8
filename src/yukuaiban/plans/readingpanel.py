"""The panel in which one thing of a reading is changed: which forms stand in it, and on what ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from yukuaiban.evidence.kinds import kinds_on
from yukuaiban.plans import indicators
from yukuaiban.plans.readingforms import SPECS, CorrectionForm, Ground
from yukuaiban.plans.sheet import AGENCIES, DIRECTIONS, MILESTONES, TARGETS, Thing, things

if TYPE_CHECKING:
    from yukuaiban.plans.readingpage import ReadingPage

_SHOWN = 10
ENTRY, GOALS = "entry", "goals"
ADDING = ("add_milestone", "add_target", "add_agency", "add_direction", "split", "item_span")
ADDING_UNREAD = ("add_item", "goal")
_FORMS: Mapping[str, Sequence[str]] = {
    ENTRY: ("leader", "item_span", "split", "join", "drop_item"),
    MILESTONES: ("due", "deliver", "weigh", "respan", "move", "dismiss"),
    AGENCIES: ("assign", "respan", "move", "dismiss"),
    TARGETS: ("target", "bind", "respan", "move", "dismiss"),
    DIRECTIONS: ("bind", "move", "dismiss"),
    GOALS: ("figure", "drop_goal"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the thing or form, words of an agency, a stretch that was marked."""

    edit: str
    words: str = ""
    place: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """The forms about one thing. `searches`: agencies are looked for here."""

    edit: str
    title: str
    forms: tuple[CorrectionForm, ...]
    words: str
    searches: bool
    key: str = ""


def panel(page: ReadingPage, asked: Asked, bound: CorrectionForm | None = None) -> Panel | None:
    """The panel that is asked for; None where nothing is, or the thing is not there any more.

    `bound` is a form that came back: it keeps what the person had written, whatever has become of its thing.
    """
    if asked.edit in SPECS:
        codes, thing, title = [asked.edit], None, str(SPECS[asked.edit].title)
    elif asked.edit == ENTRY:
        codes, thing, title = list(_FORMS[ENTRY]), None, _("本项")
    else:
        part, thing = find(page, asked.edit)
        codes, title = list(_FORMS.get(part, ())), _named(thing)
    if bound is not None and bound.code not in codes:
        codes.insert(0, bound.code)
    if not codes:
        return None
    forms = tuple(
        bound if bound and code == bound.code else _form(page, code, thing, asked) for code in codes
    )
    searches = any("codes" in form.fields for form in forms)
    return Panel(asked.edit, title, forms, asked.words, searches, thing["key"] if thing else "")


def _form(page: ReadingPage, code: str, thing: Thing | None, asked: Asked) -> CorrectionForm:
    initial: dict[str, Any] = _marked(page.version.text, asked.place or {})
    if code == "plan_title":
        initial["title"] = page.sheet["title"] or page.version.plan.title
    form = CorrectionForm(code, ground(page, code, thing, asked.words), initial=initial)
    offered = form.ground.agencies
    if code == "assign" and not form.initial.get("codes") and len(offered) == 1:
        form.initial["codes"] = [offered[0][0]]
    if code == "move":
        form.fields["to"].initial = None
    return form


def _marked(raw: str, place: Mapping[str, str]) -> dict[str, str]:
    """A stretch with its first and last words, which people read instead of offsets."""
    start, end = place.get("start", ""), place.get("end", "")
    if place.get("first") or not (start.isdecimal() and end.isdecimal()):
        return dict(place)
    words = "".join(raw[int(start) : int(end)].split())
    return dict(place) | {"first": words[:_SHOWN], "last": words[-_SHOWN:] if len(words) > _SHOWN else ""}


def find(page: ReadingPage, key: str) -> tuple[str, Thing | None]:
    """(part, thing) of a key in the sheet; the part is empty where it is not there any more."""
    for entry in page.sheet["items"]:
        if entry["key"] == key:
            return ENTRY, entry
        for part, thing in things(entry):
            if thing["key"] == key:
                return part, thing
    goal = next((each for each in page.sheet["goals"] if each["key"] == key), None)
    return (GOALS, goal) if goal else ("", None)


def ground(page: ReadingPage, code: str, thing: Thing | None, words: str = "") -> Ground:
    """What a form of the page stands on."""
    fields = {name.rstrip("?") for name in SPECS[code].fields}
    wide = code in ("item_span", "add_item", "goal")
    return Ground(
        raw=page.version.text,
        within=page.within(wide=wide),
        current=page.current["key"] if page.current else "",
        thing=thing,
        items=[(each.key, each.title) for each in page.lines] if "to" in fields else (),
        agencies=_agencies(page, thing, words) if "codes" in fields else (),
        evidence=[(row.code, row.name) for row in kinds_on(page.names.on)] if "deliverable" in fields else (),
        indicators=_indicators() if "indicator" in fields else (),
    )


def _agencies(page: ReadingPage, thing: Thing | None, words: str) -> list[tuple[str, str]]:
    """Those that the words find, else all of today; what is chosen already is always among them."""
    found = page.names.search(words) if words else [each for each in page.names.all if each.in_force]
    offered = [(each.code, each.shown) for each in found]
    chosen = [code for code in (thing or {}).get("codes", ()) if page.names.in_force(code)]
    known = {code for code, _name in offered}
    return [*((code, page.names.shown(code)) for code in chosen if code not in known), *offered]


def _indicators() -> list[tuple[str, str]]:
    return [(code, f"{title}：{each.title}") for code, (each, title) in indicators.known().items()]


def _named(thing: Thing | None) -> str:
    words = "".join(str((thing or {}).get("text") or (thing or {}).get("name") or "").split())
    return words if len(words) <= 30 else f"{words[:30]}…"
