"""The lists that `export` knows: those of the pages, read as the console sees them (all agencies, masked as there).

A list page with filters is a `ListSpec`; the others are told here in a few columns. A test holds this table against
the addresses that end in `export`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.http import QueryDict

from yukuaiban.cases import queries as docket
from yukuaiban.cases import versions
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.lights import Light
from yukuaiban.evidence.tables_out import About, Column, to_csv, to_xlsx
from yukuaiban.journal.writing import append
from yukuaiban.measures.desks import queries as desks
from yukuaiban.measures.desks.halllist import HALLS
from yukuaiban.measures.desks.lightlist import LIGHTS
from yukuaiban.measures.desks.models import Desk
from yukuaiban.measures.desks.views.completeness import GAPS
from yukuaiban.measures.desks.views.public import delay
from yukuaiban.measures.desks.views.register import LIST as MATTERS
from yukuaiban.measures.oversight.candidatelist import CANDIDATES
from yukuaiban.measures.oversight.orderlist import ORDERS
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.queries import agency_names
from yukuaiban.web import caselists, lists
from yukuaiban.web.readlist import READS
from yukuaiban.web.scope import request_scope as reading
from yukuaiban.web.templatetags.ykb import moment as in_words
from yukuaiban.web.views.trainings import TRAININGS

if TYPE_CHECKING:
    from yukuaiban.journal.pen import Pen

__all__ = ["Table", "reading", "table", "titles", "written"]

PERSON = "控制台"
_BATCH = 500
Row = Mapping[str, object]


@dataclass(slots=True)
class Table:
    """A list on its way out. `rows` are made while they are written; `told` hears how many are done."""

    code: str
    title: str
    columns: list[Column]
    rows: Iterable[Row]
    count: int
    at: datetime
    filters: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    told: Callable[[int], None] = lambda _done: None

    def passing(self) -> Iterator[Row]:
        """The rows, one after the other."""
        for done, row in enumerate(self.rows, 1):
            yield row
            self.told(done)


def titles() -> dict[str, str]:
    """The name of each list on the command line, and its title."""
    return {spec.code: str(spec.title) for spec in SPECS} | {
        code: each.title for code, each in _PLAIN.items()
    }


def table(name: str, filters: Mapping[str, str], at: datetime) -> Table:
    """The list of that name as it stands at `at`, under these filters. InputInvalid for what is not known."""
    if name not in titles():
        known = "、".join(titles())
        raise InputInvalid(Problem(f"没有清单“{name}”", f"可导出：{known}", field="清单"))
    spec = next((each for each in SPECS if each.code == name), None)
    if spec is not None:
        return _listed(spec, filters, at)
    if filters:
        raise InputInvalid(Problem(f"清单“{name}”没有条件", "请去掉 --filter", field="--filter"))
    return _PLAIN[name].made(name, at)


def written(found: Table, kind: str, *, pen: Pen) -> bytes:
    """The file; the export itself is an event of the journal."""
    zone = versions.current_calendar().zone
    about = About(found.title, PERSON, found.at, zone, found.filters)
    body = (to_csv if kind == "csv" else to_xlsx)(found.columns, found.passing(), about)
    append(
        stream=f"export:{found.code}",
        type="list.exported",
        body={
            "list": found.code,
            "filters": [list(each) for each in found.asked.items()],
            "format": kind,
            "rows": found.count,
        },
        actor=CONSOLE.actor(),
        pen=pen,
        source="console",
    )
    return body


# ------------------------------------------------------------------------------------- lists with a page spec

SPECS = (caselists.CASES, caselists.QUEUE, MATTERS, READS, ORDERS, CANDIDATES, HALLS, GAPS, LIGHTS, TRAININGS)


def _listed(spec: lists.ListSpec, filters: Mapping[str, str], at: datetime) -> Table:
    view = lists.View(CONSOLE, at)
    given = QueryDict(mutable=True)
    given.update(filters)
    asked = lists.read(spec, given, view)
    _check_filters(spec, filters, asked, view)
    rows = lists.ordered(lists.filtered(spec, asked, view), asked.order)
    columns = [Column(each.code, str(each.title)) for each in spec.columns]
    described = lists.described(spec, asked, view)
    return Table(
        spec.code,
        str(spec.title),
        columns,
        _dressed(spec, rows, view),
        rows.count(),
        at,
        dict(described),
        dict(asked.values),
    )


def _check_filters(
    spec: lists.ListSpec, filters: Mapping[str, str], asked: lists.Asked, view: lists.View
) -> None:
    """A page forgives an odd address; a command says what it does not know."""
    known = {each.code: each for each in spec.filters}
    for code, value in filters.items():
        if code not in known:
            ways = "、".join(known)
            raise InputInvalid(Problem(f"清单没有条件“{code}”", f"可用：{ways}", field="--filter"))
        if value and asked.values.get(code) != value:
            choices = known[code].choices
            ways = (
                "、".join(str(each) for each, _title in choices(view)) if choices else "2026-03-02 样的日期"
            )
            raise InputInvalid(Problem(f"条件 {code} 没有“{value}”这个值", f"可用：{ways}", field="--filter"))


def _dressed(spec: lists.ListSpec, rows: Any, view: lists.View) -> Iterator[Row]:
    """Batch by batch, so that a long list takes no more memory than a short one."""
    found = iter(rows.iterator(chunk_size=_BATCH))
    while batch := list(islice(found, _BATCH)):
        for row in spec.dress(batch, view):
            yield {each.code: each.text(row) for each in spec.columns}


# ---------------------------------------------------------------------------------------------- other lists


@dataclass(frozen=True, slots=True)
class _Plain:
    """A list without a page spec: title, columns, and the function that reads its rows."""

    title: str
    columns: tuple[tuple[str, str], ...]
    read: Callable[[datetime], list[Row]]

    def made(self, code: str, at: datetime) -> Table:
        rows = self.read(at)
        return Table(code, self.title, [Column(*each) for each in self.columns], rows, len(rows), at)


def _board(at: datetime) -> list[Row]:
    names = agency_names()
    marks = (*(light.value for light in Light), "paused", "total")
    return [
        {"agency": names.get(code, code)} | {mark: getattr(row, mark) for mark in marks}
        for code, row in sorted(docket.lights_by_agency(at).items())
    ]


def _overdue(at: datetime) -> list[Row]:
    """Published overruns: never the applicant."""
    names = agency_names()
    rows = desks.public_overruns(at).select_related("case").order_by("-id")
    return [
        {
            "title": row.case.title,
            "agency": names.get(row.agency, row.agency),
            "due": in_words(row.due_at),
            "delay": delay(row, at),
            "text": row.text,
            "published": in_words(row.published_at),
        }
        for row in rows
    ]


def _desks(at: datetime) -> list[Row]:
    names = agency_names()
    open_cases = Case.objects.filter(closed_at=None).exclude(desk="")
    waiting = dict(open_cases.values_list("desk").annotate(n=Count("id")).order_by())
    kinds = dict(Desk.Kind.choices)
    return [
        {
            "code": desk.code,
            "hall": desk.hall.name,
            "number": desk.number,
            "name": desk.name,
            "kind": str(kinds[desk.kind]),
            "agency": names.get(desk.agency, desk.agency),
            "open": waiting.get(desk.code, 0),
        }
        for desk in desks.desks_in_force(desks.day_of(at))
    ]


_PLAIN: Mapping[str, _Plain] = {
    "board": _Plain(
        "单位 × 灯",
        (
            ("agency", "单位"),
            *((light.value, light.title) for light in Light),
            ("paused", "暂停"),
            ("total", "合计"),
        ),
        _board,
    ),
    "overdue": _Plain(
        "超时与说明",
        (
            ("title", "事项"),
            ("agency", "单位"),
            ("due", "承诺到期"),
            ("delay", "超期（工作日）"),
            ("text", "说明"),
            ("published", "公开时间"),
        ),
        _overdue,
    ),
    "desks": _Plain(
        "窗口",
        (
            ("code", "窗口编码"),
            ("hall", "大厅"),
            ("number", "窗口号"),
            ("name", "名称"),
            ("kind", "类型"),
            ("agency", "单位"),
            ("open", "在办"),
        ),
        _desks,
    ),
}
