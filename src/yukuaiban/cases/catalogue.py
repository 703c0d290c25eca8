"""What measures tell the docket about their actions: the shape of the data, what hinders it, a guard, an effect.

A procedure (data) says where an action leads and who may do it; an `ActionSpec` (code) says what it carries. The
registry fills the catalogue once at start; nothing is discovered by scanning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from yukuaiban.cases.models import Case
    from yukuaiban.core.timeline import CaseState
    from yukuaiban.people.access import Subject


class ActionData(BaseModel):
    """The validated body of an action. One model serves web form, API and import; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class NoData(ActionData):
    """An action that carries nothing."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An action about to be done, as a guard or an effect sees it. `case` is None before a case exists."""

    case: Case | None
    state: CaseState
    action: str
    subject: Subject
    data: Mapping[str, Any]
    personal: Mapping[str, Any]
    at: datetime
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ApplicantData:
    """Who stands behind a case. Everything here is personal; `document` is stored sealed."""

    name: str
    phone: str = ""
    contact: str = ""
    document: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a measure knows about a case that is being opened.

    `facts` are added to the event's data (subject, receiving_agency, handling_agency, kind, channel, desk …), as
    are `limits` (`{"committed": {"limit": "10wd", "since": "2026-01-01", "source": …}}`) that its clocks take.
    `number_agency` is the four digits of the agency in the case number, `shown` the applicant as lists may show
    it (masked name, or the public name of an enterprise).
    """

    number_agency: str
    title: str
    facts: Mapping[str, Any]
    limits: Mapping[str, Mapping[str, Any]]
    applicant: ApplicantData
    shown: str
    external: tuple[str, str] | None = None


OpeningOf = Callable[[Attempt], Opening]
"""Gathers what the docket needs to open a case; raises `Refused` or `InputInvalid` with the way out."""

Adding = Callable[[Attempt], Mapping[str, Any]]
"""What the event of an action says beside what was filled in: facts that the measure knows and no form asks for.

Called at the door behind all guards, in the transaction of the action.
"""

Guard = Callable[[Attempt], None]
"""Raises `Refused` with the way out if the measure's own rules forbid the attempt.

As a `hindrance` it reads no data, so that pages can ask it before there is a form.
"""

Effect = Callable[[Attempt], None]
"""The measure's own writes, in the transaction of the action, after the case row."""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action of a measure. Fields named in `personal` go to the sealed payload, never into the event's body."""

    code: str
    title: str | _StrPromise
    data: type[ActionData] = NoData
    hindrance: Guard | None = None
    guard: Guard | None = None
    effect: Effect | None = None
    opening: OpeningOf | None = None
    adding: Adding | None = None
    personal: frozenset[str] = field(default_factory=frozenset)


_SPECS: dict[tuple[str, str], ActionSpec] = {}


def register(measure: str, specs: Mapping[str, ActionSpec]) -> None:
    """Take in the actions of a measure; called by the registry at start."""
    _SPECS.update({(measure, code): spec for code, spec in specs.items()})


def spec_of(measure: str, action: str) -> ActionSpec:
    """The spec of an action; KeyError names a measure that did not register it (a fault of the program)."""
    return _SPECS[measure, action]


def specs_of(measure: str) -> dict[str, ActionSpec]:
    """All specs of a measure by action code."""
    return {action: spec for (owner, action), spec in _SPECS.items() if owner == measure}
