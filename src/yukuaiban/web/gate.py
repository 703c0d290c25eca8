"""The gate in front of every view: operation, object, relation, verdict (security.md section 4).

A denied object of a concealing operation looks exactly like a missing one: the same answer, the same sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yukuaiban.people import access
from yukuaiban.people.policy import Relation
from yukuaiban.web import objects

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.people.subject import Subject


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate says: run the view, or answer `status` with `reason`."""

    allowed: bool
    status: int = access.OK
    reason: str = ""
    methods: Sequence[str] = field(default_factory=tuple)


def judge(request: HttpRequest, name: str, arguments: dict[str, Any]) -> Judgement:
    """Whether this request may reach its view. Loads the object and puts it on the request under its kind."""
    operation = access.policy().operations.get(name)
    subject: Subject = request.subject  # type: ignore[attr-defined]
    relation = Relation.NONE
    if operation is not None and operation.object:
        relation, thing = objects.load(operation.object, subject, arguments)
        setattr(request, operation.object, thing)
    verdict = access.decide(subject, name, str(request.method), relation)
    if not verdict.allowed:
        ways = tuple(sorted(operation.methods)) if operation is not None else ()
        return Judgement(allowed=False, status=verdict.answer, reason=verdict.reason, methods=ways)
    if relation is Relation.DELETED:
        return Judgement(allowed=False, status=access.MISSING)
    return Judgement(allowed=True)


def may_open(subject: Subject, name: str) -> bool:
    """Whether a link to that page is worth showing: the page of an operation without an object."""
    return access.decide(subject, name, "GET", Relation.NONE).allowed


def may_do(subject: Subject, name: str) -> bool:
    """Whether a form that posts there is worth showing: an operation without an object."""
    return access.decide(subject, name, "POST", Relation.NONE).allowed
