"""The generic list (ui.md section 3): filters as chips, sort, cursor paging, sections, export; no script needed.

A measure declares a `ListSpec`; `show` answers the page, `write` the export of exactly what is filtered. A page
costs the same number of queries at any size: it reads by key, never by offset, and counts stop at 10,001.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.web import listcolumns
from yukuaiban.web.cursors import Cursor, beyond, cursor, written

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict
    from django.utils.functional import _StrPromise

    from yukuaiban.people.subject import Subject

PAGE = 50
COUNTED = 10_000
TEXT_LENGTH = 60
CASES_UNIT = gettext_lazy("件")
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class View:
    """Who looks, and when."""

    subject: Subject
    now: datetime


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `text` for the export, `html` for the page where it differs; `order` names its sort.

    A `labelled` cell carries its title where a narrow screen shows no heads of columns.
    """

    code: str
    title: str | _StrPromise
    text: Callable[[Any], str]
    html: Callable[[Any], str] | None = None
    order: str = ""
    css: str = ""
    on_page: bool = True
    labelled: bool = False

    def shown(self, row: Any) -> str:
        """The cell of a row on the page."""
        return self.html(row) if self.html else self.text(row)


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition a person may add. Without `choices` the value is text, or a day where `day` is set."""

    code: str
    title: str | _StrPromise
    apply: Callable[[QuerySet[Any], str, View], QuerySet[Any]]
    choices: Callable[[View], Choices] | None = None
    default: str = ""
    day: bool = False
    segment: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A sort by an indexed field, nothing last, with the primary key as its unique tail."""

    code: str
    title: str | _StrPromise
    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A group of rows under a heading, in the order of the list."""

    code: str
    title: str | _StrPromise
    condition: Q
    why: str | _StrPromise = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of the light switch above a list: a value of its filter, and how many rows show it."""

    value: str
    count: int
    on: bool


@dataclass(frozen=True, slots=True)
class ListSpec:
    """What a list is made of. `dress` turns rows of the table into what the columns read, a few queries in all."""

    code: str
    title: str | _StrPromise
    query: Callable[[View], QuerySet[Any]]
    columns: Sequence[Column]
    orders: Sequence[Order]
    filters: Sequence[Filter] = ()
    dress: Callable[[Sequence[Any], View], Sequence[Any]] = lambda rows, _view: rows
    sections: Callable[[View], Sequence[Section]] | None = None
    segments: Callable[[QuerySet[Any], Asked, View], Mapping[str, int]] | None = None
    known: Callable[[Asked, View], int | None] | None = (
        None  # how many rows, where no count is needed to tell
    )
    nothing_yet: str | _StrPromise = ""
    unit: str | _StrPromise = CASES_UNIT
    whole: bool = False  # rows of all agencies, whoever looks
    picks: Callable[[Any], str] | None = None  # the number by which a row is chosen for an action on many


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, checked: unknown filters and values are left out."""

    values: Mapping[str, str]
    order: Order
    after: Cursor | None = None
    columns: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()  # columns that were asked for and that the list does not have

    def without(self, code: str) -> Asked:
        """The same without one filter."""
        return replace(self, values={name: value for name, value in self.values.items() if name != code})


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter in words, with the address that removes it."""

    title: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """A section as it stands on this page."""

    title: str
    why: str
    count: int | None
    rows: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the list template shows."""

    spec: ListSpec
    asked: Asked
    blocks: Sequence[Block]
    total: int
    first: int
    last: int
    next_url: str
    chips: Sequence[Chip]
    segments: Sequence[Segment]
    segments_total: int
    fields: Sequence[tuple[Filter, Choices, str]]
    heads: Sequence[tuple[Column, str, str]]
    query: str
    filtered: bool = field(default=False)


def read(spec: ListSpec, given: QueryDict, view: View) -> Asked:
    """The filters, order and cursor of an address."""
    values: dict[str, str] = {}
    for each in spec.filters:
        value = given.get(each.code, each.default).strip()[:TEXT_LENGTH]
        if value and _valid(each, value, view):
            values[each.code] = value
    wanted = given.get("order", "")
    order = next((each for each in spec.orders if each.code == wanted), spec.orders[0])
    return Asked(values, order, cursor(given.get("after", "")), *listcolumns.chosen(spec, given))


def _valid(each: Filter, value: str, view: View) -> bool:
    if each.choices is not None:
        return value in dict(each.choices(view))
    if each.day:
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
    return "\x00" not in value


def filtered(spec: ListSpec, asked: Asked, view: View) -> QuerySet[Any]:
    """The rows of a list under its filters, unordered."""
    rows = spec.query(view)
    for each in spec.filters:
        if each.code in asked.values:
            rows = each.apply(rows, asked.values[each.code], view)
    return rows


def ordered(rows: QuerySet[Any], order: Order) -> QuerySet[Any]:
    """The rows in an order that never ties."""
    by = F(order.field)
    key = by.desc(nulls_last=True) if order.descending else by.asc(nulls_last=True)
    return rows.order_by(key, "pk")


def show(spec: ListSpec, request: HttpRequest, view: View) -> Page:
    """One page of the list."""
    asked = read(spec, request.GET, view)
    rows = filtered(spec, asked, view)
    sections = spec.sections(view) if spec.sections else ()
    counts = _section_counts(rows, sections)
    total = sum(counts.values()) if sections else _total(spec, rows, asked, view)
    found, following = _gather(rows, asked, sections)
    dressed = _dressed(spec, found, view)
    n = sum(len(each) for _section, each in dressed)
    start = asked.after.start if asked.after else 0
    segments = _segments(spec, asked, view)
    return Page(
        spec=spec,
        asked=asked,
        blocks=[
            Block(
                str(section.title) if section else "",
                str(section.why) if section else "",
                counts.get(section.code) if section else None,
                each,
            )
            for section, each in dressed
        ],
        total=total,
        first=start + 1 if n else 0,
        last=start + n,
        next_url=_address(request, after=written(following, start + n)) if following else "",
        chips=list(_chips(spec, asked, request, view)),
        segments=segments,
        segments_total=_switched_off(spec, asked, view, total),
        fields=[
            (each, each.choices(view) if each.choices else (), asked.values.get(each.code, ""))
            for each in spec.filters
            if not each.segment
        ],
        heads=list(_heads(spec, asked, request)),
        query=_address(request, after=""),
        filtered=any(asked.values.get(each.code, "") != each.default for each in spec.filters),
    )


def every_row(spec: ListSpec, asked: Asked, view: View, *, most: int) -> Sequence[Any]:
    """What is filtered, in its order, for the export; at most `most` + 1 rows, so that the caller sees too many."""
    rows = filtered(spec, asked, view)
    return spec.dress(list(ordered(rows, asked.order)[: most + 1]), view)


def described(spec: ListSpec, asked: Asked, view: View) -> list[tuple[str, str]]:
    """The filters in words, for the first sheet of an export."""
    return [
        (str(each.title), _worded(each, asked.values[each.code], view))
        for each in spec.filters
        if each.code in asked.values
    ]


# ------------------------------------------------------------------------------------------------- paging


def _total(spec: ListSpec, rows: QuerySet[Any], asked: Asked, view: View) -> int:
    """How many rows there are; beyond 10,000 no matter how many."""
    known = spec.known(asked, view) if spec.known else None
    return rows.order_by()[: COUNTED + 1].count() if known is None else known


def _gather(
    rows: QuerySet[Any], asked: Asked, sections: Sequence[Section]
) -> tuple[list[tuple[Section | None, list[Any]]], tuple[str, Any, Any] | None]:
    """Up to a page of rows, section after section, and the keys of the last if more follow."""
    found: list[tuple[Section | None, list[Any]]] = []
    room = PAGE + 1
    for section in _from(sections, asked.after) if sections else (None,):
        part = rows.filter(section.condition) if section else rows
        after = asked.after
        if after is not None and after.section == (section.code if section else ""):
            part = part.filter(
                beyond(rows.model, asked.order.field, after, descending=asked.order.descending)
            )
        if here := list(ordered(part, asked.order)[:room]):
            found.append((section, here))
            room -= len(here)
        if not room:
            break
    if room:
        return found, None
    last_section, last_rows = found[-1]
    last_rows.pop()
    if not last_rows:
        found.pop()
        last_section, last_rows = found[-1]
    last = last_rows[-1]
    return found, (last_section.code if last_section else "", getattr(last, asked.order.field), last.pk)


def _from(sections: Sequence[Section], after: Cursor | None) -> Sequence[Section]:
    """The sections that are not over yet."""
    codes = [section.code for section in sections]
    return sections[codes.index(after.section) :] if after and after.section in codes else sections


# --------------------------------------------------------------------------------------------- what stands above


def _section_counts(rows: QuerySet[Any], sections: Sequence[Section]) -> dict[str, int]:
    if not sections:
        return {}
    wanted = {each.code: Count("pk", filter=each.condition) for each in sections}
    return dict(rows.order_by().aggregate(**wanted))


def _dressed(
    spec: ListSpec, found: Sequence[tuple[Section | None, Sequence[Any]]], view: View
) -> list[tuple[Section | None, Sequence[Any]]]:
    """All rows dressed at once, then dealt back to their sections."""
    flat = iter(spec.dress([row for _section, rows in found for row in rows], view))
    return [(section, [next(flat) for _row in rows]) for section, rows in found]


def _segments(spec: ListSpec, asked: Asked, view: View) -> list[Segment]:
    switch = next((each for each in spec.filters if each.segment), None)
    if switch is None or spec.segments is None:
        return []
    others = asked.without(switch.code)
    counts = spec.segments(filtered(spec, others, view), others, view)
    on = asked.values.get(switch.code, "")
    return [Segment(value, n, on == value) for value, n in counts.items()]


def _switched_off(spec: ListSpec, asked: Asked, view: View, total: int) -> int:
    """How many rows the list has with the switch at 全部; beyond 10,000 no matter how many."""
    others = next((asked.without(each.code) for each in spec.filters if each.segment), asked)
    if others.values == asked.values:
        return total
    return _total(spec, filtered(spec, others, view), others, view)


def _chips(spec: ListSpec, asked: Asked, request: HttpRequest, view: View) -> Iterator[Chip]:
    for each in spec.filters:
        if each.code in asked.values and not each.segment:
            value = _worded(each, asked.values[each.code], view)
            off = _address(request, after="", **{each.code: "all" if each.default else ""})
            yield Chip(str(each.title), value, off)


def _worded(each: Filter, value: str, view: View) -> str:
    return dict(each.choices(view)).get(value, value) if each.choices else value


def _heads(spec: ListSpec, asked: Asked, request: HttpRequest) -> Iterator[tuple[Column, str, str]]:
    """Columns with the address that sorts by them and the `aria-sort` of the one in force."""
    by_code = {order.code: order for order in spec.orders}
    for column in listcolumns.on_page(spec, asked):
        order = by_code.get(column.order)
        url = _address(request, after="", order=order.code) if order else ""
        on = order is not None and order.code == asked.order.code
        yield column, url, ("descending" if asked.order.descending else "ascending") if on else ""


def _address(request: HttpRequest, **changes: str) -> str:
    """The address of this list with some values changed; an empty one is left out."""
    values = request.GET.copy()
    for name, value in changes.items():
        values.pop(name, None)
        if value:
            values[name] = value
    text = values.urlencode()
    return f"?{text}" if text else "?"


def total_words(page: Page) -> str:
    """`第 1–50 件，共 68 件`."""
    total = f"{page.total:,}" if page.total <= COUNTED else f"{COUNTED:,}+"
    return _("第 %(first)d–%(last)d %(unit)s，共 %(total)s %(unit)s") % {
        "unit": page.spec.unit,
        "first": page.first,
        "last": page.last,
        "total": total,
    }
