"""Documents of a case: taken in by an action of the case, so that the journal of the case says what serves it.

A measure takes `ATTACH` and `DETACH` into its actions and writes `attach_documents` and `detach_documents` into its
procedure; nothing more is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _n
from pydantic import UUID7, Field, StringConstraints

from yukuaiban.cases.catalogue import ActionData, ActionSpec
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.evidence import documents, queries
from yukuaiban.evidence.documents import Anchor

if TYPE_CHECKING:
    from yukuaiban.cases.catalogue import Attempt
    from yukuaiban.cases.models import Case
    from yukuaiban.evidence.queries import Card

CASE = "case"


class AttachDocuments(ActionData):
    """关联材料: documents that are stored already, named by their identifiers."""

    documents: Annotated[tuple[UUID7, ...], Field(min_length=1)] = Field(
        title=_n("材料"), json_schema_extra={"widget": "documents_stored", "choices": {}, "needed": ""}
    )


class DetachDocuments(AttachDocuments):
    """取消关联: why they do not serve the case after all."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(title=_n("理由"))


def anchor_of(case: Case) -> Anchor:
    """The case as something that documents serve."""
    return Anchor(CASE, case.number)


def cards_of(case: Case) -> list[Card]:
    """The documents of a case in their newest versions."""
    return queries.documents_of(anchor_of(case))


def stored(attempt: Attempt) -> None:
    """Guard: every document named is there."""
    documents.by_uids(attempt.data["documents"])


def attached(attempt: Attempt) -> None:
    """Effect: the documents serve the case from now on."""
    case = attempt.case
    assert case is not None  # noqa: S101 - effects run after the row is written
    named = documents.by_uids(attempt.data["documents"])
    documents.serve(named, anchor_of(case), by=attempt.subject.ref, at=attempt.at)


def detached(attempt: Attempt) -> None:
    """Effect: the documents do not serve the case any more; InputInvalid if they did not."""
    case = attempt.case
    assert case is not None  # noqa: S101 - as above
    documents.release(documents.by_uids(attempt.data["documents"]), anchor_of(case))


def refuse_incomplete(cards: list[Card]) -> None:
    """InputInvalid naming each document that has no kind or no day: handing in asks for both, uploading did not."""
    lacking = queries.incomplete(cards)
    if lacking:
        raise InputInvalid(
            [
                Problem(f"材料“{card.title}”缺{what}", "请先补齐，再提交", field="documents")
                for card, what in lacking
            ]
        )


ATTACH = ActionSpec("attach_documents", _("关联材料"), AttachDocuments, guard=stored, effect=attached)
DETACH = ActionSpec("detach_documents", _("取消关联材料"), DetachDocuments, guard=stored, effect=detached)
