"""A list as a file: at once while it is short, by the worker where it takes long; each is an event of the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.core.errors import Refused
from yukuaiban.evidence import tables_out
from yukuaiban.jobs.working import Result, Step
from yukuaiban.journal.writing import append
from yukuaiban.people.district import installed
from yukuaiban.web import acting_as, listcolumns, lists, scope

if TYPE_CHECKING:
    from yukuaiban.jobs.models import Job
    from yukuaiban.jobs.working import Work
    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.subject import Subject

KIND = "export"
AT_ONCE, MOST_ROWS = 5_000, 50_000
TOO_MANY = gettext_lazy("超过 50,000 条，请先加条件缩小范围，再导出。")
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def kind_of(given: str) -> str:
    """The kind of file that was asked for; Refused for another."""
    if given not in TYPES:
        raise Refused(_("导出格式只有 xlsx 和 csv。"))
    return given


def name_of(spec: lists.ListSpec, view: lists.View, kind: str) -> str:
    """How the file is called: title and moment."""
    return f"{spec.title}-{view.now.astimezone(scope.zone()):%Y%m%d-%H%M}.{kind}"


def written(
    spec: lists.ListSpec, asked: lists.Asked, view: lists.View, kind: str, rows: Sequence[Any], *, pen: Pen
) -> bytes:
    """The file of these rows; who took what away is noted in the journal."""
    if len(rows) > MOST_ROWS:
        raise Refused(str(TOO_MANY))
    filters = lists.described(spec, asked, view)
    columns = listcolumns.in_file(spec, asked)
    body = _body(columns, _about(spec, dict(filters), view), kind, rows)
    _note(spec, filters, kind, len(rows), subject=view.subject, pen=pen)
    return body


def work(specs: Mapping[str, lists.ListSpec]) -> Work:
    """Long exports of these lists, in one step outside any transaction."""

    def step(job: Job, pen: Pen) -> Step:
        view = lists.View(acting_as.subject_of_job(job, pen.moment()), pen.moment())
        spec, kind = specs[job.args["list"]], job.args["format"]
        asked = lists.read(spec, QueryDict(job.args["query"]), view)
        rows = lists.every_row(spec, asked, view, most=MOST_ROWS)
        body = written(spec, asked, view, kind, rows, pen=pen)
        return Step(len(rows), file=Result(name_of(spec, view, kind), TYPES[kind], body))

    return step


def _about(spec: lists.ListSpec, filters: dict[str, str], view: lists.View) -> tables_out.About:
    return tables_out.About(
        title=str(spec.title),
        person=view.subject.name or view.subject.ref,
        at=view.now,
        zone=ZoneInfo(str(installed().zone)),
        filters=filters,
    )


def _body(columns: Sequence[lists.Column], about: tables_out.About, kind: str, rows: Sequence[Any]) -> bytes:
    heads = [tables_out.Column(each.code, str(each.title)) for each in columns]
    table = ({each.code: each.text(row) for each in columns} for row in rows)
    make: Callable[..., bytes] = tables_out.to_csv if kind == "csv" else tables_out.to_xlsx
    return make(heads, table, about)


def _note(
    spec: lists.ListSpec, filters: Sequence[tuple[str, str]], kind: str, n: int, *, subject: Subject, pen: Pen
) -> None:
    append(
        stream=f"export:{spec.code}",
        type="list.exported",
        body={"list": spec.code, "filters": [list(each) for each in filters], "format": kind, "rows": n},
        actor=subject.actor(),
        pen=pen,
        source="web",
    )
