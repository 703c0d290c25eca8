"""What others have corrected since a person opened the page: read from the journal, said in a line each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from yukuaiban.journal.reading import events
from yukuaiban.plans import periodwords
from yukuaiban.plans.readingforms import SPECS
from yukuaiban.plans.sheet import things
from yukuaiban.plans.steps import stream_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yukuaiban.plans.models import PlanVersion
    from yukuaiban.plans.naming import Names

_TITLES = {spec.operation: spec.title for spec in reversed([*SPECS.values()])}


@dataclass(frozen=True, slots=True)
class Told:
    """A correction: who made it, when, and what it changed."""

    by: str
    at: datetime
    what: str


def since(version: PlanVersion, revision: int, names: Names) -> list[Told]:
    """The corrections of this version behind a revision, in order."""
    known = _words_of(version)
    return [
        Told(each.actor, each.recorded_at, _said(each.body, known, names))
        for each in events(stream_of(version.plan.year))
        if each.type == "plan.corrected"
        and each.body["version"] == version.number
        and each.body["revision"] > revision
    ]


def _said(body: Mapping[str, Any], known: Mapping[str, str], names: Names) -> str:
    values = body["values"]
    title = str(_TITLES.get(body["operation"], _("改正")))
    about = known.get(values.get("key") or values.get("item") or "", "")
    new = [
        str(values[name]) for name in ("title", "leader", "text", "value", "unit", "due") if values.get(name)
    ]
    new += [periodwords.words(values["period"])] if values.get("period") else []
    new += [names.shown(code) for code in values.get("codes", ())]
    return "：".join(part for part in (title, about, "、".join(new)) if part)


def _words_of(version: PlanVersion) -> dict[str, str]:
    """What things are called, by their keys."""
    found: dict[str, str] = {}
    for entry in version.sheet["items"]:
        found[entry["key"]] = f"“{entry['title']}”"
        for _part, thing in things(entry):
            words = "".join(str(thing.get("text") or thing.get("name")).split())
            found[thing["key"]] = f"“{words[:20]}”"
    return found
