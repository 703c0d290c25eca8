"""Who sees a document, and which of its files: as the own agency's, or by what it serves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from yukuaiban.evidence import queries
from yukuaiban.evidence.models import Document
from yukuaiban.people.access import decide
from yukuaiban.people.policy import Relation
from yukuaiban.people.subject import relation_of
from yukuaiban.web import anchors, objects

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.evidence.documents import Anchor
    from yukuaiban.evidence.models import EvidenceFile
    from yukuaiban.people.subject import Subject

_NEAR = (Relation.OWN, Relation.AGENCY)
_ORDER = (*_NEAR, Relation.OTHER_AGENCY, Relation.OTHER_TOWN)


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file of a document that was asked for by its hash; `masked` says that it is the covered copy."""

    file: EvidenceFile
    masked: bool


def held_anchors(document: Document) -> list[anchors.Held]:
    """What the document serves, as far as a room knows it."""
    found = (anchors.held(each.kind, each.key) for each in queries.anchors_of(document))
    return [each for each in found if each is not None]


def relate(subject: Subject, document: Document) -> Relation:
    """What the agency that keeps it makes of it; from further away, the nearest of what it serves."""
    own = relation_of(subject, {"keeper": document.agency})
    served = [] if own in _NEAR else [anchors.relate(subject, each) for each in held_anchors(document)]
    return min(served or [own], key=lambda each: _ORDER.index(each) if each in _ORDER else len(_ORDER))


def sees_original(subject: Subject, document: Document) -> bool:
    """Whether somebody may have files with personal data: only those near to it."""
    return relate(subject, document) in _NEAR


def file_of(document: Document, sha256: str, subject: Subject) -> HeldFile | None:
    """The file with that hash, if the subject may have it; an original with personal data is for the near ones."""
    found = queries.version_with(document, sha256)
    if found is None:
        return None
    version, file = found
    masked = version.masked_id == file.pk
    if version.personal and not masked and not sees_original(subject, document):
        return None
    return HeldFile(file, masked)


def only_visible(subject: Subject, found: Iterable[Document]) -> list[Document]:
    """Those that somebody may see at all."""
    return [each for each in found if decide(subject, "document", "GET", relate(subject, each)).allowed]


def may_change(subject: Subject, document: Document) -> bool:
    """Whether the links that change a document are worth showing."""
    return decide(subject, "document_change", "GET", relate(subject, document)).allowed


def panel(request: HttpRequest, anchor: Anchor) -> dict[str, Any]:
    """What `web/evidence_panel.html` needs about a subject: its documents, and the addresses that add to them."""
    held = anchors.held(anchor.kind, anchor.key)
    may = held is not None and held.may_attach(request.subject).allowed  # type: ignore[attr-defined]
    where = [anchor.kind, anchor.key]
    return {
        "cards": queries.documents_of(anchor),
        "add_url": reverse("document_add", args=where) if may else "",
        "attach_url": reverse("document_attach", args=where) if may else "",
    }


def _find(arguments: Mapping[str, Any]) -> Document | None:
    return Document.objects.filter(uid=arguments["document"]).first()


objects.enlist("document", objects.Kind(_find, relate))
