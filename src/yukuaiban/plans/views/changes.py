"""The page of differences: what an amended text changes, item by item, and what becomes of the tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yukuaiban.people.district import local_day
from yukuaiban.plans import differing, periodwords
from yukuaiban.plans.differing import Change
from yukuaiban.plans.models import PlanVersion, Responsibility, Task
from yukuaiban.plans.naming import Names
from yukuaiban.plans.readingrows import says
from yukuaiban.plans.rules import OPEN_STAGES
from yukuaiban.plans.worddiff import worddiff
from yukuaiban.web import scope

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from yukuaiban.plans.differing import Difference
    from yukuaiban.plans.sheet import Entry, Sheet, Thing

WORDS = {Change.NEW: _("新增"), Change.GONE: _("删去"), Change.CHANGED: _("改动"), Change.SAME: _("不变")}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing before and after: what it is called, its words compared."""

    title: str | _StrPromise
    words: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """An item or one of its steps: what happened to it, line by line; `tasks` are those of the step, by period."""

    change: Change
    word: str | _StrPromise
    title: str
    lines: tuple[Line, ...]
    steps: tuple[Row, ...] = ()
    tasks: tuple[tuple[str, Task], ...] = ()


def changes(request: HttpRequest, year: int) -> HttpResponse:
    """The newest version (or `?version=`) against the one in force before it."""
    versions = list(
        PlanVersion.objects.select_related("plan")
        .filter(plan__year=year, dropped_at=None)
        .order_by("-number")
    )
    asked = request.GET.get("version", "")
    version = next((each for each in versions if not asked or str(each.number) == asked), None)
    if version is None:
        raise Http404
    before = next((each for each in versions if each.number < version.number and each.in_force_at), None)
    found = differing.difference(before.sheet if before else {"items": []}, version.sheet)
    rows = _rows(found, Names(local_day(scope.now())), _tasks(found))
    counts = [(word, sum(row.change is change for row in rows)) for change, word in WORDS.items()]
    told = {"plan": version.plan, "version": version, "before": before, "rows": rows, "counts": counts}
    return render(request, "plans/changes.html", told | {"open_stages": OPEN_STAGES})


def _tasks(found: Sequence[Difference]) -> dict[str, list[tuple[str, Task]]]:
    """The tasks that stand behind the steps, by the key of the step: one query."""
    keys = [part.key for each in found for part in each.parts if part.before is not None]
    rows = Task.objects.select_related("case", "milestone").filter(milestone__key__in=keys)
    by_key: dict[str, list[tuple[str, Task]]] = {}
    for task in rows.order_by("milestone", "order"):
        by_key.setdefault(task.milestone.key, []).append((periodwords.words(task.label), task))
    return by_key


def _rows(
    found: Sequence[Difference], names: Names, tasks: Mapping[str, list[tuple[str, Task]]]
) -> list[Row]:
    rows = []
    for each in found:
        steps = tuple(
            Row(
                part.change,
                WORDS[part.change],
                "",
                tuple(_step_lines(part)),
                (),
                tuple(tasks.get(part.key, ())),
            )
            for part in each.parts
            if part.change is not Change.SAME
        )
        shown = each.after or each.before or {}
        lines = tuple(_lines(each, names)) if each.change is not Change.SAME else ()
        rows.append(Row(each.change, WORDS[each.change], str(shown["title"]), lines, steps))
    return rows


def _lines(each: Difference, names: Names) -> Iterator[Line]:
    """What differs, in the order of the page; a new or gone item is shown by its text."""
    before, after = each.before, each.after
    if before is None or after is None:
        yield _line(_("原文"), _text(before), _text(after))
        return
    if "title" in each.fields:
        yield _line(_("标题"), before["title"], after["title"])
    if "agencies" in each.fields:
        yield _line(_("单位"), _agencies(before, names), _agencies(after, names))
    if "targets" in each.fields:
        yield _line(_("目标"), _targets(before), _targets(after))
    if "leader" in each.fields:
        yield _line(_("分管领导"), before["leader"], after["leader"])
    if "text" in each.fields:
        yield _line(_("原文"), _text(before), _text(after))


def _step_lines(part: Difference) -> Iterator[Line]:
    yield _line(_("时间"), _period(part.before), _period(part.after))
    yield _line(_("节点"), _text(part.before), _text(part.after))


def _line(title: _StrPromise, before: str, after: str) -> Line:
    return Line(title, worddiff(before, after))


def _text(thing: Thing | None) -> str:
    return "".join(str((thing or {}).get("text", "")).split())


def _period(thing: Thing | None) -> str:
    return "" if thing is None else thing["due"] or periodwords.words(thing["period"])


def _agencies(entry: Entry, names: Names) -> str:
    """Who has which part; a name that nobody has settled stands as it is."""
    roles = dict(Responsibility.Role.choices)
    return "、".join(
        f"{'、'.join(map(names.shown, each['codes'])) or each['name']}（{roles[each['role']]}）"
        for each in entry["agencies"]
    )


def _targets(entry: Sheet) -> str:
    return "；".join(says(each) for each in entry["targets"])
