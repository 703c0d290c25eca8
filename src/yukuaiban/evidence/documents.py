"""Writing documents: stored, described, replaced, linked; each change an event on the document's own stream.

The rooms above say what a document serves (`Anchor`) and who acts (`Hand`). Where a case is served, its own action is
the event (the one door), and its effect calls `serve` for the rows alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from yukuaiban.core.errors import InputInvalid, Problem, Refused
from yukuaiban.evidence.kinds import kind_problem
from yukuaiban.evidence.models import Document, DocumentLink, DocumentVersion, EvidenceFile
from yukuaiban.evidence.store import store
from yukuaiban.journal.writing import append
from yukuaiban.people.district import local_day

if TYPE_CHECKING:
    from yukuaiban.evidence.inspecting import Inspected
    from yukuaiban.journal.event import Event
    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.subject import Subject

_TITLE, _NUMBER = 200, 100


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes, with which pen, from where."""

    subject: Subject
    pen: Pen
    source: str = "web"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a document serves: a kind of subject (`case`, `plan_item` …) and its key in the room that knows it."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a document. Kind and day may be empty until it is handed in."""

    title: str
    kind: str = ""
    document_no: str = ""
    issued_on: date | None = None
    period_since: date | None = None
    period_until: date | None = None
    personal: bool = False

    def problems(self, today: date) -> list[Problem]:
        """What is wrong with it on that day; what is only missing is no fault yet."""
        found = [] if self.title.strip() else [Problem("没有标题", "请写文件标题", field="title")]
        if len(self.title) > _TITLE or len(self.document_no) > _NUMBER:
            found.append(Problem("标题或文号太长", f"标题 {_TITLE} 字、文号 {_NUMBER} 字以内", field="title"))
        if self.issued_on and self.issued_on > today:
            found.append(Problem("成文日期在今天以后", "请核对日期", field="issued_on"))
        if self.period_since and self.period_until and self.period_since > self.period_until:
            found.append(Problem("所涉期间的止日早于起日", "请核对期间", field="period_until"))
        if self.kind and (problem := kind_problem(self.kind, today)):
            found.append(problem)
        return found

    def body(self) -> dict[str, Any]:
        """As the event keeps it."""
        told = asdict(self)
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}


def add(file: Inspected, said: Said, hand: Hand, *, anchors: Iterable[Anchor] = ()) -> Document:
    """Store a new document, serving these subjects from the start. InputInvalid names what is wrong.

    Give only anchors whose room keeps no journal of its own for them; a case is served by its action (`serve`).
    """
    _refuse(said.problems(_today(hand)))
    served = list(dict.fromkeys(anchors))
    with transaction.atomic():
        document = Document.objects.create(uid=hand.pen.uid(), agency=hand.subject.agency or "")
        version = _version(document, 1, file, said, hand)
        body = {"version": 1, **_file_body(version.file), **said.body()}
        _event(document, "document.added", body | {"serves": [asdict(each) for each in served]}, hand)
        _link_rows([document], served, hand.subject.ref, hand.pen.moment())
        return document


def replace(document: Document, file: Inspected, said: Said, hand: Hand, *, reason: str) -> DocumentVersion:
    """Put a newer version in place: every subject shows it from now on, the older one stays readable by its hash.

    InputInvalid if the bytes are those of the version in force, or something said is wrong.
    """
    _refuse(said.problems(_today(hand)) + _needs(reason, "请写明为什么更换"))
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        if current(locked).file.sha256 == file.sha256:
            raise InputInvalid(Problem("与现在的版本完全相同", "请选择新的文件", field="file"))
        locked.version += 1
        version = _version(locked, locked.version, file, said, hand)
        locked.save(update_fields=["version"])
        body = {
            "version": locked.version,
            "reason": reason.strip(),
            **_file_body(version.file),
            **said.body(),
        }
        _event(locked, "document.replaced", body, hand)
        return version


def describe(document: Document, said: Said, hand: Hand) -> None:
    """Correct or complete what is said of the version in force; nothing happens where nothing changed."""
    _refuse(said.problems(_today(hand)))
    with transaction.atomic():
        version = current(Document.objects.select_for_update().get(pk=document.pk))
        if said_of(version) == said:
            return
        _event(version.document, "document.described", {"version": version.number, **said.body()}, hand)
        for name, value in asdict(said).items():
            setattr(version, name, value)
        version.save(update_fields=list(asdict(said)))


def add_masked(document: Document, file: Inspected, hand: Hand) -> None:
    """Keep the copy in which personal data is covered; a newer copy takes the place of the older one."""
    with transaction.atomic():
        version = current(Document.objects.select_for_update().get(pk=document.pk))
        if version.file.sha256 == file.sha256:
            raise InputInvalid(Problem("脱敏副本与原件完全相同", "请上传遮盖个人信息后的副本", field="file"))
        version.masked = _stored(file, version.kind, hand)
        version.personal = True
        body = {"version": version.number, **_file_body(version.masked)}
        _event(version.document, "document.masked", body, hand)
        version.save(update_fields=["masked", "personal"])


def link(documents: Sequence[Document], anchor: Anchor, hand: Hand) -> None:
    """From now on these documents serve the subject; the ones that do already stay as they are."""
    with transaction.atomic():
        for document in _not_yet(documents, anchor):
            _event(document, "document.linked", asdict(anchor), hand)
            _link_rows([document], [anchor], hand.subject.ref, hand.pen.moment())


def unlink(document: Document, anchor: Anchor, hand: Hand, *, reason: str) -> None:
    """From now on the document does not serve the subject; Refused if it does not serve it now."""
    _refuse(_needs(reason, "请写明为什么取消关联"))
    with transaction.atomic():
        gone, _rows = DocumentLink.objects.filter(
            document=document, kind=anchor.kind, key=anchor.key
        ).delete()
        if not gone:
            raise Refused("这份材料没有与它关联，或刚刚已取消；请刷新页面。")
        _event(document, "document.unlinked", asdict(anchor) | {"reason": reason.strip()}, hand)


def serve(documents: Sequence[Document], anchor: Anchor, *, by: str, at: datetime) -> None:
    """The rows of links whose event the caller writes: the action of a case, in its own transaction."""
    _link_rows(_not_yet(documents, anchor), [anchor], by, at)


def release(documents: Sequence[Document], anchor: Anchor) -> None:
    """Take away the rows of links whose event the caller writes. InputInvalid if one of them is not there."""
    rows = DocumentLink.objects.filter(document__in=documents, kind=anchor.kind, key=anchor.key)
    gone, _rows = rows.delete()
    if gone < len(documents):
        raise InputInvalid(Problem("有材料没有与它关联，或刚刚已取消", "请刷新页面", field="documents"))


def current(document: Document) -> DocumentVersion:
    """The version in force, with its files."""
    return document.versions.select_related("document", "file", "masked").get(number=F("document__version"))


def said_of(version: DocumentVersion) -> Said:
    """What is said of a version."""
    return Said(
        version.title,
        version.kind,
        version.document_no,
        version.issued_on,
        version.period_since,
        version.period_until,
        version.personal,
    )


def by_uids(uids: Iterable[UUID | str]) -> list[Document]:
    """The documents of these identifiers. InputInvalid if one of them is not there."""
    wanted = {UUID(str(uid)) for uid in uids}
    found = list(Document.objects.filter(uid__in=wanted).order_by("pk"))
    if missing := len(wanted) - len(found):
        raise InputInvalid(Problem(f"有 {missing} 份材料不存在", "请刷新页面重新选择", field="documents"))
    return found


def _version(document: Document, number: int, file: Inspected, said: Said, hand: Hand) -> DocumentVersion:
    row = _stored(file, said.kind, hand)
    return DocumentVersion.objects.create(document=document, number=number, file=row, **asdict(said))


def _stored(file: Inspected, kind: str, hand: Hand) -> EvidenceFile:
    return store(
        file,
        case_number="",
        kind=kind,
        stored_by=hand.subject.ref,
        stored_at=hand.pen.moment(),
        uid=hand.pen.uid(),
    )


def _not_yet(documents: Sequence[Document], anchor: Anchor) -> list[Document]:
    rows = DocumentLink.objects.filter(document__in=documents, kind=anchor.kind, key=anchor.key)
    there = set(rows.values_list("document_id", flat=True))
    return [each for each in documents if each.pk not in there]


def _link_rows(documents: Sequence[Document], anchors: Sequence[Anchor], by: str, at: datetime) -> None:
    DocumentLink.objects.bulk_create(
        DocumentLink(document=document, kind=anchor.kind, key=anchor.key, linked_by=by, linked_at=at)
        for document in documents
        for anchor in anchors
    )


def _file_body(file: EvidenceFile) -> dict[str, Any]:
    return {"sha256": file.sha256, "name": file.name, "size": file.size, "mime": file.mime}


def _event(document: Document, type_: str, body: dict[str, Any], hand: Hand) -> Event:
    return append(
        stream=f"evidence:{document.uid}",
        type=type_,
        body=body,
        actor=hand.subject.actor(),
        pen=hand.pen,
        source=hand.source,
    )


def _today(hand: Hand) -> date:
    return local_day(hand.pen.moment())


def _needs(reason: str, remedy: str) -> list[Problem]:
    return [] if reason.strip() else [Problem("没有写理由", remedy, field="reason")]


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InputInvalid(problems)
