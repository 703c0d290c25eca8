"""What still has to be answered before a plan comes into force, and what a person should look at once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from yukuaiban.plans import duedates
from yukuaiban.plans.naming import Names
from yukuaiban.plans.sheet import AGENCIES, MILESTONES, SAFEGUARD, Entry, Sheet, Thing

if TYPE_CHECKING:
    from yukuaiban.core.workcalendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Question:
    """One open point. `blocks`: the plan cannot come into force before it is answered.

    Kinds: `agency` (a name without an agency), `ended` (an agency that is no longer there), `lead` (nobody leads),
    `setting` (定期 without a frequency), `outside` (a due outside the plan's year), `unstated` (no date at all).
    """

    kind: str
    entry: str
    key: str
    name: str
    sentence: str
    blocks: bool


def questions(sheet: Sheet, year: int, names: Names, calendar: WorkCalendar) -> list[Question]:
    """All open points, in the order of the text."""
    found: list[Question] = []
    for entry in sheet["items"]:
        found += _of_agencies(entry, names)
        if worked(entry) and not lead_of(entry):
            sentence = f"“{entry['title']}”没有牵头单位；请指定一个，任务由它填报。"
            found.append(Question("lead", entry["key"], entry["key"], entry["title"], sentence, blocks=True))
        found += _of_milestones(entry, year, calendar)
    return found


def unresolved(sheet: Sheet, names: Names) -> list[Question]:
    """The names that no agency stands behind, in the order of the text."""
    return [question for entry in sheet["items"] for question in _of_agencies(entry, names)]


def worked(entry: Entry) -> bool:
    """Whether the item becomes tasks: every undertaking, and a safeguard that has steps."""
    return entry["kind"] != SAFEGUARD or bool(entry[MILESTONES])


def lead_of(entry: Entry) -> str:
    """The code of the agency that leads, or empty. A single agency named for an item leads it."""
    led = [code for each in entry[AGENCIES] if each["role"] == "lead" for code in each["codes"]]
    named = [code for each in entry[AGENCIES] for code in each["codes"]]
    return led[0] if led else named[0] if len(named) == 1 else ""


def _of_agencies(entry: Entry, names: Names) -> Iterator[Question]:
    for each in entry[AGENCIES]:
        if not each["codes"]:
            sentence = f"单位表里没有“{each['name']}”，或者不止一个；请选择是哪个单位。"
            yield _question("agency", entry, each, each["name"], sentence, blocks=True)
        for code in each["codes"]:
            if not names.in_force(code):
                sentence = f"“{each['name']}”（{names.shown(code)}）已经不在单位表里；请改为承接的单位。"
                yield _question("ended", entry, each, each["name"], sentence, blocks=True)


def _of_milestones(entry: Entry, year: int, calendar: WorkCalendar) -> Iterator[Question]:
    for each in entry[MILESTONES]:
        name = "".join(each["text"].split())[:30]
        found = schedule_of(each, year, calendar)
        if found.kind is duedates.Kind.UNSET:
            sentence = f"“{name}”只写了定期；请写明频次，或填写到期日。"
            yield _question("setting", entry, each, name, sentence, blocks=True)
        if duedates.outside(found, year):
            sentence = f"“{name}”的到期日不在 {year} 年内；请核对是否写错。"
            yield _question("outside", entry, each, name, sentence, blocks=False)
    if worked(entry) and not entry[MILESTONES]:
        sentence = f"“{entry['title']}”没有写明时间；按年底前计，标注“未写明”。"
        yield Question("unstated", entry["key"], entry["key"], entry["title"], sentence, blocks=False)


def schedule_of(milestone: Thing, year: int, calendar: WorkCalendar) -> duedates.Schedule:
    """When a milestone of a sheet is due."""
    fixed = date.fromisoformat(milestone["due"]) if milestone["due"] else None
    return duedates.schedule(milestone["period"], year, calendar, fixed=fixed)


def _question(kind: str, entry: Entry, thing: Thing, name: str, sentence: str, *, blocks: bool) -> Question:
    return Question(kind, entry["key"], thing["key"], name, sentence, blocks)
