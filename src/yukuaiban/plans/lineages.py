"""Opening a number of a report: its formula, the cases and the documents behind it, as far as one may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from yukuaiban.cases.models import Case
from yukuaiban.evidence.models import Document
from yukuaiban.evidence.queries import cards_of
from yukuaiban.plans.models import Lineage, Task
from yukuaiban.web import caselists, documents, lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yukuaiban.evidence.queries import Card
    from yukuaiban.people.subject import Subject

PAGE = 50


@dataclass(frozen=True, slots=True)
class Opened:
    """What somebody sees of a page of it: `hidden` cases and `unseen` documents belong to others."""

    cases: Sequence[Case]
    hidden: int
    files: Sequence[tuple[Card, str, bool]]
    unseen: int


def opened(found: Lineage, view: lists.View, page: int) -> Opened:
    """The cases of that page (the first is 1) and, on the first one, the documents.

    A document stands with the hash that was counted, and whether its newest version still has it.
    """
    numbers = found.cases[(page - 1) * PAGE : page * PAGE]
    cases = _cases(numbers, view)
    counted = {UUID(uid): digest for uid, digest in found.files[:PAGE]} if page == 1 else {}
    rows = Document.objects.filter(uid__in=counted)
    seen = documents.only_visible(view.subject, rows)
    cards = cards_of(Document.objects.filter(pk__in=[each.pk for each in seen]))
    files = [(card, counted[card.uid], counted[card.uid] == card.file.sha256) for card in cards.values()]
    return Opened(cases, len(numbers) - len(cases), files, len(counted) - len(files))


def _cases(numbers: Sequence[str], view: lists.View) -> list[Case]:
    mine = caselists.visible(view).filter(number__in=numbers)
    near = Case.objects.filter(number__in=numbers, pk__in=_worked_on(view.subject))
    return list((mine | near).distinct().order_by("number"))


def _worked_on(subject: Subject) -> Sequence[UUID]:
    """The tasks of undertakings in which the own agency has a part."""
    if not subject.agency:
        return []
    return list(
        Task.objects.filter(milestone__undertaking__responsibilities__agency=subject.agency).values_list(
            "pk", flat=True
        )
    )
