"""Version 1. Views ask no permission of their own: the gate has decided before they run."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from ninja import Header, NinjaAPI, Query, Status
from ninja.responses import NinjaJSONEncoder

from yukuaiban.api import errors
from yukuaiban.api.forgery import from_own_page
from yukuaiban.api.schemas import (
    MOST_ROWS,
    ActedOut,
    ActIn,
    CaseOut,
    CasePageOut,
    DueOut,
    Error,
    OpenIn,
)
from yukuaiban.cases import facts, queries, versions
from yukuaiban.cases.acting import Acted, act
from yukuaiban.cases.models import Case
from yukuaiban.core.clocks import due
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.limits import Limit
from yukuaiban.core.moments import parse_moment
from yukuaiban.core.steps import tell
from yukuaiban.core.timeline import explained
from yukuaiban.people.access import may_act, visible_agencies

api = NinjaAPI(
    title="榆快办 API",
    version="1",
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
)
errors.install(api)

_REFUSALS = dict.fromkeys((400, 401, 403, 404, 405, 409, 413, 422, 429, 503), Error)
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=100)]


def document() -> dict[str, Any]:
    """The description of the interface (OpenAPI 3.1) as plain JSON; `openapi.json` is a copy of it."""
    found: dict[str, Any] = json.loads(
        json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), cls=NinjaJSONEncoder)
    )
    return found


@api.get("/clock/due", response={200: DueOut, **_REFUSALS}, url_name="clock_due", by_alias=True)
def clock_due(
    request: HttpRequest,  # noqa: ARG001 - ninja's signature
    start: Annotated[str, Query(max_length=40)],
    limit: Annotated[str, Query(max_length=16)],
    calendar: Annotated[str, Query(max_length=32)] = "office",
) -> dict[str, Any]:
    """When a limit that begins at `start` runs out, and why."""
    current = versions.current_calendars()
    if calendar not in current:
        known = "、".join(sorted(current))
        raise InputInvalid(Problem(f"没有日历“{calendar}”", f"可用的有：{known}", field="calendar"))
    counting = versions.calendar(calendar, current[calendar])
    begin, wanted = parse_moment(start, counting.zone, field="start"), Limit.parse(limit)
    found = due(begin, wanted, counting)
    return {
        "start": begin,
        "limit": str(wanted),
        "due": found.at,
        "due_on": found.due_on,
        "provisional": found.provisional,
        "explanation": [_step(step.as_json()) for step in found.steps],
    }


def _step(told: dict[str, Any]) -> dict[str, Any]:
    return {"start": told["from"], "end": told["to"], **{k: told[k] for k in ("code", "amount", "text")}}


@api.get("/cases", response={200: CasePageOut, **_REFUSALS}, url_name="cases")
def cases(
    request: HttpRequest,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS, description="How many rows at most")] = 50,
    after: Annotated[UUID | None, Query()] = None,
) -> dict[str, Any]:
    """Open cases that the caller may see, by next due moment; `after` is the last case of the page before."""
    now: datetime = request.pen.moment()  # type: ignore[attr-defined]
    found = queries.open_cases()
    seen = visible_agencies(request.subject)  # type: ignore[attr-defined]
    if seen is not None:
        found = found.filter(Q(agency__in=seen) | Q(receiving_agency__in=seen))
    rows = list(queries.page_after(found, after, limit + 1))
    more = len(rows) > limit
    return {
        "cases": [_row(case, now) for case in rows[:limit]],
        "next": str(rows[limit - 1].pk) if more else None,
    }


def _row(case: Case, now: datetime) -> dict[str, Any]:
    row = {name: getattr(case, name) for name in ("number", "title", "measure", "stage", "agency")}
    paused = bool(case.paused_from and case.paused_until and case.paused_from <= now < case.paused_until)
    return row | {
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "due_at": case.due_at,
        "light": queries.light_of(case, now).value,
        "paused": paused and case.closed_at is None,
    }


@api.get("/cases/{number}", response={200: CaseOut, **_REFUSALS}, url_name="case")
def case_detail(
    request: HttpRequest,
    number: str,  # noqa: ARG001 - the gate has loaded the case
) -> dict[str, Any]:
    """A case with its clocks, each explained, and the actions open to the caller."""
    case: Case = request.case  # type: ignore[attr-defined]
    now: datetime = request.pen.moment()  # type: ignore[attr-defined]
    state = facts.state_of(case)
    handler = str(state.facts.get("handler", ""))
    may = [
        action
        for action in state.procedure.open_actions(state.stage)
        if may_act(request.subject, action.by, state.facts, handler=handler).allowed  # type: ignore[attr-defined]
    ]
    return _row(case, now) | {
        "seq": case.seq,
        "clocks": [
            {
                "code": clock.code,
                "ordinal": clock.ordinal,
                "kind": clock.rule.kind.value,
                "title": clock.rule.title,
                "limit": str(clock.row.limit),
                "started_at": clock.started_at,
                "due_at": clock.due_at,
                "warns_at": clock.warns_at,
                "stopped_at": clock.stopped_at,
                "paused": clock.paused_at(now),
                "provisional": bool(clock.due and clock.due.provisional),
                "light": clock.light(now).value,
                "explanation": [line.sentence for line in tell(explained(clock, versions.calendar).steps)],
            }
            for clock in state.clocks
        ],
        "open": [{"code": action.code, "title": action.title} for action in may],
    }


@api.post("/cases", response={201: ActedOut, **_REFUSALS}, url_name="cases", auth=from_own_page)
def open_case(request: HttpRequest, body: OpenIn, key: Key = None) -> Status[dict[str, Any]]:
    """Open a case. With `Idempotency-Key`, a retry gets the first answer."""
    done = act(
        None,
        body.action,
        procedure=body.procedure,
        subject=request.subject,  # type: ignore[attr-defined]
        data=body.data,
        key=key,
        pen=request.pen,  # type: ignore[attr-defined]
        source="api",
    )
    return Status(201, _acted(done))


@api.post(
    "/cases/{number}/actions",
    response={200: ActedOut, **_REFUSALS},
    url_name="case_actions",
    auth=from_own_page,
)
def act_on_case(
    request: HttpRequest,
    number: str,  # noqa: ARG001 - the gate has loaded the case
    body: ActIn,
    key: Key = None,
) -> dict[str, Any]:
    """Do an action on a case."""
    done = act(
        request.case,  # type: ignore[attr-defined]
        body.action,
        subject=request.subject,  # type: ignore[attr-defined]
        data=body.data,
        key=key,
        pen=request.pen,  # type: ignore[attr-defined]
        source="api",
        expected_seq=body.expected_seq,
    )
    return _acted(done)


def _acted(done: Acted) -> dict[str, Any]:
    return {"number": done.number, "seq": done.seq, "stage": done.stage}
