"""Shapes of requests and answers. Everything is bounded; unknown keys are refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

MOST_ROWS = 200


class FieldProblem(Schema):
    """One wrong value: which field, why, and what would be right."""

    name: str
    why: str


class OpenAction(Schema):
    """An action that is open now."""

    code: str
    title: str


class ErrorBody(Schema):
    """What went wrong, the same sentence as on the page, and the way out."""

    code: str
    message: str
    fields: list[FieldProblem] = []
    open: list[OpenAction] = []
    request_id: str


class Error(Schema):
    """Every error answer has this shape."""

    error: ErrorBody


class StepOut(Schema):
    """One line of a sum."""

    model_config = ConfigDict(populate_by_name=True)

    code: str
    start: str = Field(serialization_alias="from")
    end: str = Field(serialization_alias="to")
    amount: int | str | None
    text: str


class DueOut(Schema):
    """A due moment and its explanation."""

    start: datetime
    limit: str
    due: datetime | None
    due_on: date | None
    provisional: bool
    explanation: list[StepOut]


class ClockOut(Schema):
    """A promise of a case as it stands at the moment of reading."""

    code: str
    ordinal: int
    kind: str
    title: str
    limit: str
    started_at: datetime
    due_at: datetime | None
    warns_at: datetime | None
    stopped_at: datetime | None
    paused: bool
    provisional: bool
    light: str
    explanation: list[str]


class CaseRow(Schema):
    """A case in a list."""

    number: str
    title: str
    measure: str
    stage: str
    agency: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    light: str
    paused: bool


class CasePageOut(Schema):
    """One page of a list; `next` is the cursor of the following one, or null."""

    cases: list[CaseRow]
    next: str | None


class CaseOut(CaseRow):
    """A case with its clocks and the actions that are open to the caller."""

    seq: int
    clocks: list[ClockOut]
    open: list[OpenAction]


class ActIn(Schema):
    """An action to do. `data` has the shape that the action asks for; `expected_seq` guards against stale views."""

    model_config = ConfigDict(extra="forbid")

    action: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z_]+$")]
    data: dict[str, Any] = {}
    expected_seq: Annotated[int | None, Field(ge=0, le=1_000_000)] = None


class OpenIn(Schema):
    """A case to open under a procedure."""

    model_config = ConfigDict(extra="forbid")

    procedure: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9_-]+$")]
    action: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z_]+$")] = "receive"
    data: dict[str, Any] = {}


class ActedOut(Schema):
    """Where the case stands after the action; a retry gets the first answer again, byte for byte."""

    number: str
    seq: int
    stage: str
