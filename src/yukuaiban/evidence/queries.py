"""Reads over documents: what serves a subject, what a document serves; the number of queries never grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, F, Q

from yukuaiban.evidence.documents import Anchor
from yukuaiban.evidence.kinds import kind_titles
from yukuaiban.evidence.models import Document, DocumentLink, DocumentVersion, EvidenceFile, Scan

if TYPE_CHECKING:
    from django.db.models import QuerySet

UNSCANNED = "unscanned"


@dataclass(frozen=True, slots=True)
class Card:
    """A version of a document as lists and panels show it.

    `serves` counts its subjects, `scan` is a word of Scan.State or `unscanned`; it is version `version` of `versions`.
    """

    uid: UUID
    title: str
    kind: str
    kind_title: str
    document_no: str
    issued_on: date | None
    period_since: date | None
    period_until: date | None
    personal: bool
    file: EvidenceFile
    masked: EvidenceFile | None
    agency: str
    version: int
    versions: int
    serves: int
    scan: str

    @property
    def complete(self) -> bool:
        """Whether it can be handed in: it has a kind and a day."""
        return bool(self.kind and self.issued_on)

    @property
    def scanned(self) -> bool:
        """Whether a scanner has looked at these very bytes and found nothing."""
        return self.scan == Scan.State.CLEAN

    @property
    def stored_at(self) -> datetime:
        """When this version came."""
        return self.file.stored_at


def serving(kind: str, keys: Iterable[str]) -> dict[str, list[Card]]:
    """The documents of each subject in their newest version, oldest link first: four queries for any number.

    Every key asked for is in the answer; one without documents has an empty list.
    """
    wanted = list(dict.fromkeys(keys))
    rows = DocumentLink.objects.filter(kind=kind, key__in=wanted).order_by("linked_at", "pk")
    links = list(rows.values_list("key", "document"))
    cards = cards_of(Document.objects.filter(pk__in={document for _key, document in links}))
    found: dict[str, list[Card]] = {key: [] for key in wanted}
    for key, document in links:
        found[key].append(cards[document])
    return found


def documents_of(anchor: Anchor) -> list[Card]:
    """As `serving`, for one subject."""
    return serving(anchor.kind, [anchor.key])[anchor.key]


def cards_of(documents: QuerySet[Document]) -> dict[int, Card]:
    """The newest version of each document by its row's number."""
    newest = DocumentVersion.objects.filter(document__in=documents, number=F("document__version"))
    return {version.document_id: card for version, card in _cards(newest)}


def of_agency(agency: str, text: str = "", *, most: int = 50) -> list[Card]:
    """The documents that an agency keeps, newest first, whose newest title or number holds the text."""
    newest = DocumentVersion.objects.filter(document__agency=agency, number=F("document__version"))
    named = Q(title__icontains=text) | Q(document_no__icontains=text)
    return [
        card for _version, card in _cards(newest.filter(named).order_by("-file__stored_at", "-pk")[:most])
    ]


def history(document: Document) -> list[Card]:
    """All versions, newest first."""
    return [card for _version, card in _cards(document.versions.order_by("-number"))]


def version_with(document: Document, sha256: str) -> tuple[DocumentVersion, EvidenceFile] | None:
    """The version whose file, or whose masked copy, has that hash, and that file."""
    named = Q(file__sha256=sha256) | Q(masked__sha256=sha256)
    rows = document.versions.select_related("file", "masked").filter(named).order_by("-number")
    version = rows.first()
    if version is None:
        return None
    masked = version.masked
    return version, masked if masked is not None and masked.sha256 == sha256 else version.file


def anchors_of(document: Document) -> list[Anchor]:
    """What the document serves now, in the order of linking."""
    rows = document.links.order_by("linked_at", "pk").values_list("kind", "key")
    return [Anchor(kind, key) for kind, key in rows]


def incomplete(cards: Iterable[Card]) -> list[tuple[Card, str]]:
    """The documents that cannot be handed in yet, with what they lack (submit refuses, the upload did not)."""
    found = []
    for card in cards:
        lacks = [name for name, value in (("种类", card.kind), ("成文日期", card.issued_on)) if not value]
        if lacks:
            found.append((card, "、".join(lacks)))
    return found


def _cards(rows: QuerySet[DocumentVersion]) -> list[tuple[DocumentVersion, Card]]:
    versions = list(rows.select_related("document", "file", "masked"))
    scans = _scans(version.file.sha256 for version in versions)
    serves = _counts({version.document_id for version in versions})
    titles = kind_titles()
    return [(version, _card(version, scans, serves, titles)) for version in versions]


def _card(
    version: DocumentVersion, scans: Mapping[str, str], serves: Mapping[int, int], titles: Mapping[str, str]
) -> Card:
    document = version.document
    return Card(
        uid=document.uid,
        title=version.title,
        kind=version.kind,
        kind_title=titles.get(version.kind, version.kind),
        document_no=version.document_no,
        issued_on=version.issued_on,
        period_since=version.period_since,
        period_until=version.period_until,
        personal=version.personal,
        file=version.file,
        masked=version.masked,
        agency=document.agency,
        version=version.number,
        versions=document.version,
        serves=serves.get(version.document_id, 0),
        scan=scans.get(version.file.sha256, UNSCANNED),
    )


def scan_of(file: EvidenceFile) -> str:
    """What the scanner said of a file: a word of Scan.State or `unscanned`."""
    return _scans([file.sha256]).get(file.sha256, UNSCANNED)


def _scans(digests: Iterable[str]) -> dict[str, str]:
    return dict(Scan.objects.filter(pk__in=set(digests)).values_list("sha256", "state"))


def _counts(documents: set[int]) -> dict[int, int]:
    rows = DocumentLink.objects.filter(document__in=documents).values_list("document")
    return dict(rows.annotate(n=Count("pk")))
