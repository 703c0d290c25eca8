"""Documents: what is said of them, what they serve, what replaces them, and what the journal tells of it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.base import ContentFile

from tests.cast import Office
from yukuaiban.cases import evidencing
from yukuaiban.core.errors import InputInvalid, Refused
from yukuaiban.evidence import documents, inspecting, queries
from yukuaiban.evidence.documents import Anchor, Hand, Said
from yukuaiban.evidence.models import Document, DocumentLink
from yukuaiban.evidence.store import content_of
from yukuaiban.journal.reading import events

PDF = b"%PDF-1.7\n%%EOF"
WHOLE = Said("执法案卷评查通报", "report", "望法办〔2026〕3号", date(2026, 2, 20))


def hand(office: Office, who: str = "handler") -> Hand:
    return Hand(office.people[who], office.pen)


def looked(office: Office, content: bytes = PDF, name: str = "通报.pdf") -> inspecting.Inspected:
    upload = ContentFile(content, name=name)
    return inspecting.inspect(upload, actor=office.handler.actor(), pen=office.pen, source="web")


def keep(office: Office, *anchors: Anchor, said: Said = WHOLE, content: bytes = PDF) -> Document:
    return documents.add(looked(office, content), said, hand(office), anchors=anchors)


def told(document: Document) -> list[tuple[str, dict]]:
    return [(event.type, json.loads(event.text)["body"]) for event in events(f"evidence:{document.uid}")]


def test_a_document_serves_twelve_subjects_and_a_newer_version_shows_at_all_of_them(office: Office) -> None:
    leaves = [Anchor("leaf", f"1.{n}") for n in range(12)]
    document = keep(office, *leaves)
    old = documents.current(document).file
    newer = documents.replace(
        document, looked(office, PDF + b"2"), WHOLE, hand(office), reason="附件缺页"
    ).file
    found = queries.serving("leaf", [each.key for each in leaves])
    assert {card.file.sha256 for cards in found.values() for card in cards} == {newer.sha256}
    assert {(card.version, card.versions, card.serves) for cards in found.values() for card in cards} == {
        (2, 2, 12)
    }
    assert content_of(old) == PDF
    version, file = queries.version_with(document, old.sha256)
    assert (version.number, file) == (1, old)
    assert [card.version for card in queries.history(document)] == [2, 1]


def test_the_queries_of_a_list_do_not_grow(office: Office, django_assert_num_queries) -> None:
    for n in range(6):
        keep(office, Anchor("leaf", str(n)), Anchor("leaf", "all"), content=PDF + str(n).encode())
    for keys in (["0"], [*"012345", "all"]):
        with django_assert_num_queries(4):
            found = queries.serving("leaf", keys)
        assert [len(found[key]) for key in keys] == [6 if key == "all" else 1 for key in keys]


def test_the_journal_tells_each_change_with_the_hash(office: Office) -> None:
    document, leaf = keep(office, Anchor("leaf", "1")), Anchor("leaf", "2")
    documents.link([document], leaf, hand(office))
    documents.link([document], leaf, hand(office))
    documents.describe(document, Said("通报", "report", "", date(2026, 2, 21)), hand(office))
    documents.describe(document, Said("通报", "report", "", date(2026, 2, 21)), hand(office))
    documents.replace(document, looked(office, PDF + b"2"), WHOLE, hand(office), reason="缺页")
    documents.add_masked(document, looked(office, PDF + b"3"), hand(office))
    documents.unlink(document, leaf, hand(office), reason="不是这一项的")
    story = told(document)
    assert [type_ for type_, _body in story] == [
        "document.added",
        "document.linked",
        "document.described",
        "document.replaced",
        "document.masked",
        "document.unlinked",
    ]
    version = documents.current(document)
    assert story[3][1]["sha256"] == version.file.sha256
    assert story[4][1]["sha256"] == version.masked.sha256
    assert story[0][1]["serves"] == [{"kind": "leaf", "key": "1"}]
    assert DocumentLink.objects.filter(document=document).count() == 1


def test_a_document_may_be_stored_without_kind_and_day_but_not_handed_in(office: Office) -> None:
    keep(office, Anchor("leaf", "1"), said=Said("会议照片"))
    keep(office, Anchor("leaf", "1"), content=PDF + b"2")
    cards = queries.documents_of(Anchor("leaf", "1"))
    assert [card.complete for card in cards] == [False, True]
    with pytest.raises(InputInvalid, match="“会议照片”缺种类、成文日期") as refused:
        evidencing.refuse_incomplete(cards)
    assert len(refused.value.problems) == 1
    evidencing.refuse_incomplete(cards[1:])


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(" "), "没有标题"),
        (Said("标题", "no_such_kind"), "没有材料种类“no_such_kind”"),
        (Said("标题", issued_on=date(2026, 3, 3)), "在今天以后"),
        (Said("标题", period_since=date(2026, 2, 1), period_until=date(2026, 1, 1)), "止日早于起日"),
        (Said("长" * 201), "太长"),
    ],
)
def test_what_is_said_wrongly_is_refused_and_leaves_nothing(office: Office, said: Said, words: str) -> None:
    with pytest.raises(InputInvalid, match=words):
        keep(office, said=said)
    assert not Document.objects.exists()


def test_replacing_asks_for_another_file_and_a_reason(office: Office) -> None:
    document = keep(office)
    with pytest.raises(InputInvalid, match="完全相同"):
        documents.replace(document, looked(office), WHOLE, hand(office), reason="更换")
    with pytest.raises(InputInvalid, match="理由"):
        documents.replace(document, looked(office, PDF + b"2"), WHOLE, hand(office), reason=" ")
    with pytest.raises(InputInvalid, match="完全相同"):
        documents.add_masked(document, looked(office), hand(office))
    with pytest.raises(Refused, match="没有与它关联"):
        documents.unlink(document, Anchor("leaf", "9"), hand(office), reason="误传")
    document.refresh_from_db()
    assert document.version == 1
    assert [type_ for type_, _body in told(document)] == ["document.added"]


def test_the_masked_copy_stands_beside_the_original(office: Office) -> None:
    document = keep(office, Anchor("leaf", "1"))
    documents.add_masked(document, looked(office, PDF + b"masked"), hand(office))
    (card,) = queries.documents_of(Anchor("leaf", "1"))
    assert card.personal
    assert content_of(card.masked) == PDF + b"masked"
    version, file = queries.version_with(document, card.masked.sha256)
    assert (version.number, file) == (1, card.masked)
    assert queries.version_with(document, "0" * 64) is None


def test_unknown_documents_are_named(office: Office) -> None:
    document = keep(office)
    assert documents.by_uids([document.uid]) == [document]
    with pytest.raises(InputInvalid, match="有 1 份材料不存在"):
        documents.by_uids([document.uid, office.pen.uid()])
