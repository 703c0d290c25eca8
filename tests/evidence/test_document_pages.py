"""Documents through the web: taken in for a subject, shown, given back, changed; to whom and to whom not."""

from __future__ import annotations

import struct
import zlib
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import pens
from tests.cast import FARM, Office
from yukuaiban.evidence import documents, inspecting, previewing, queries
from yukuaiban.evidence.documents import Anchor, Hand, Said
from yukuaiban.evidence.models import Document, EvidenceFile
from yukuaiban.people.access import Verdict
from yukuaiban.people.policy import Relation
from yukuaiban.web import anchors, scope, session

FOLDER = Anchor("folder", "farm")


def two_pages() -> bytes:
    """A PDF of two empty pages, 200 by 100 points."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>"
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", page, page]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 5\n0000000000 65535 f \n" + table + b"trailer<</Size 5/Root 1 0 R>>\n"
    return out + end + b"startxref\n%d\n%%%%EOF" % len(out)


def png(width: int = 2000, height: int = 10, *, claims: int | None = None) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", claims or width, claims or height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of subject for these tests: the farm office's own folder."""

    def near(subject, _thing):
        return Relation.AGENCY if subject.agency == FARM else Relation.OTHER_AGENCY

    def may(subject, _thing):
        return Verdict(allowed=subject.agency == FARM, reason="只有农业农村局能上传。")

    kind = anchors.AnchorKind(
        title="文件夹",
        find=lambda key: key if key == "farm" else None,
        label=lambda key: f"文件夹 {key}",
        url=lambda _key: "/queue",
        relate=near,
        may_attach=may,
        attach=lambda key, found, hand: documents.link(found, Anchor("folder", key), hand),
        detach=lambda key, found, hand, reason: documents.unlink(
            found, Anchor("folder", key), hand, reason=reason
        ),
    )
    monkeypatch.setitem(anchors._KINDS, "folder", kind)


@pytest.fixture
def enter(office: Office, monkeypatch: pytest.MonkeyPatch, folder: None, settings):
    monkeypatch.setattr(scope, "now", lambda: office.now)
    settings.YKB_PEN = pens.HELD
    monkeypatch.setattr(pens.HeldPen, "clock", lambda: office.now)

    def signed_in(who: str) -> Client:
        client, staff = Client(), office.staff(who)
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        session.keep_key(staff, client.session.session_key)
        return client

    return signed_in


def keep(office: Office, content: bytes, name: str, *, personal: bool = False) -> Document:
    file = inspecting.inspect(
        ContentFile(content, name=name), actor=office.handler.actor(), pen=office.pen, source="web"
    )
    said = Said("会议纪要", "minutes", "〔2026〕1号", date(2026, 1, 5), personal=personal)
    return documents.add(file, said, Hand(office.handler, office.pen), anchors=[FOLDER])


def picture(office: Office, document: Document, page: int = 1) -> bytes:
    return previewing.page_picture(documents.current(document).file, page)


def size(content: bytes) -> tuple[int, int]:
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", content[16:24])


def test_a_file_is_taken_in_for_a_subject_and_shown_on_its_page(office: Office, enter) -> None:
    client, address = enter("handler"), reverse("document_add", args=["folder", "farm"])
    assert "上传材料" in client.get(address).content.decode()
    upload = SimpleUploadedFile("纪要.pdf", two_pages(), "application/pdf")
    answer = client.post(address, {"file": upload, "title": "第三次例会纪要", "kind": "minutes"})
    assert (answer.status_code, answer["Location"]) == (302, "/queue")
    (card,) = queries.documents_of(FOLDER)
    assert (card.title, card.kind_title, card.complete) == ("第三次例会纪要", "会议纪要", False)
    page = client.get(reverse("document", args=[card.uid])).content.decode()
    assert "提交时不算有效材料" in page
    assert "共 2 页" in page
    assert "未查毒" in page
    assert "文件夹 farm" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": "纪要", "kind": "no_such"}, "no_such"),
        ({"title": ""}, "标题"),
        ({"title": "纪要", "issued_on": "2026-03-03"}, "今天以后"),
        ({"title": "纪要", "file": SimpleUploadedFile("a.exe", b"MZ\x90\x00")}, "可执行程序"),
    ],
)
def test_what_is_wrong_stands_in_the_form_and_nothing_is_kept(office: Office, enter, given, words) -> None:
    upload = SimpleUploadedFile("纪要.pdf", two_pages(), "application/pdf")
    answer = enter("handler").post(reverse("document_add", args=["folder", "farm"]), {"file": upload} | given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Document.objects.exists()
    assert not EvidenceFile.objects.exists()


def test_a_version_is_described_replaced_and_masked_in_forms(office: Office, enter) -> None:
    document, client = keep(office, two_pages(), "纪要.pdf"), enter("handler")
    address = reverse("document_change", args=[document.uid])
    assert client.post(address, {"title": "纪要（定稿）", "kind": "minutes"}).status_code == 302
    upload = SimpleUploadedFile("新.pdf", two_pages() + b"\n", "application/pdf")
    given = {"file": upload, "title": "纪要（定稿）", "kind": "minutes"}
    refused = client.post(f"{address}?do=replace", given)
    assert refused.status_code == 422
    given["file"] = SimpleUploadedFile("新.pdf", two_pages() + b"\n", "application/pdf")
    assert client.post(f"{address}?do=replace", given | {"reason": "补签字"}).status_code == 302
    masked = SimpleUploadedFile("遮.pdf", two_pages() + b"\n\n", "application/pdf")
    assert client.post(f"{address}?do=mask", {"file": masked}).status_code == 302
    (card,) = queries.documents_of(FOLDER)
    assert (card.title, card.version, card.personal) == ("纪要（定稿）", 2, True)
    assert card.masked is not None
    assert client.get(f"{address}?do=burn").status_code == 404


def test_a_stored_document_serves_another_subject_by_choosing_it(office: Office, enter) -> None:
    document, client = keep(office, two_pages(), "纪要.pdf"), enter("handler")
    documents.unlink(document, FOLDER, Hand(office.handler, office.pen), reason="误传")
    address = reverse("document_attach", args=["folder", "farm"])
    assert "会议纪要" in client.get(f"{address}?text=1号").content.decode()
    assert "没有可以选的材料" in client.get(f"{address}?text=没有").content.decode()
    assert client.post(address, {"documents": [str(document.uid)]}).status_code == 302
    assert [card.uid for card in queries.documents_of(FOLDER)] == [document.uid]
    assert client.post(address, {"documents": ["x"]}).status_code == 422


def test_a_document_is_detached_for_a_reason(office: Office, enter) -> None:
    document, client = keep(office, two_pages(), "纪要.pdf"), enter("handler")
    address = reverse("document_detach", args=[document.uid, "folder", "farm"])
    assert client.post(address).status_code == 422
    assert client.post(address, {"reason": "不是这里的"}).status_code == 302
    assert queries.documents_of(FOLDER) == []
    nowhere = reverse("document_detach", args=[document.uid, "folder", "nowhere"])
    assert client.post(nowhere, {"reason": "x"}).status_code == 404


def test_strangers_find_no_document_and_attach_none(office: Office, enter) -> None:
    document, client = keep(office, two_pages(), "纪要.pdf"), enter("stranger")
    digest = documents.current(document).file.sha256
    for name, given in (
        ("document", [document.uid]),
        ("document_file", [document.uid, digest]),
        ("document_picture", [document.uid, digest, 1]),
        ("document_change", [document.uid]),
        ("document_add", ["folder", "farm"]),
        ("document_attach", ["folder", "farm"]),
        ("document_add", ["folder", "nowhere"]),
        ("document_add", ["nothing", "farm"]),
    ):
        assert client.get(reverse(name, args=given)).status_code == 404, name


def test_an_original_with_personal_data_stays_near_and_others_get_the_masked_copy(
    office: Office, enter
) -> None:
    document = keep(office, two_pages(), "名单.pdf", personal=True)
    original, watcher = documents.current(document).file, enter("watcher")
    address = reverse("document_file", args=[document.uid, original.sha256])
    assert enter("handler").get(address).status_code == 200
    assert watcher.get(address).status_code == 404
    assert "还没有脱敏副本" in watcher.get(reverse("document", args=[document.uid])).content.decode()
    copy = inspecting.Inspected("遮.pdf", two_pages() + b"\n", "unused")
    documents.add_masked(document, copy, Hand(office.handler, office.pen))
    masked = documents.current(document).masked
    answer = watcher.get(reverse("document_file", args=[document.uid, masked.sha256]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer["Content-Security-Policy"]
    shown = watcher.get(reverse("document", args=[document.uid])).content.decode()
    assert masked.sha256 in shown
    assert original.sha256 not in shown


def test_pages_and_images_are_drawn_anew_within_bounds(office: Office, enter) -> None:
    pdf, image = keep(office, two_pages(), "纪要.pdf"), keep(office, png(), "照片.png")
    assert size(picture(office, pdf)) == (900, 450)
    assert size(picture(office, image))[0] == 900
    digest = documents.current(pdf).file.sha256
    answer = enter("handler").get(reverse("document_picture", args=[pdf.uid, digest, 2]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    missing = enter("handler").get(reverse("document_picture", args=[pdf.uid, digest, 3]))
    assert missing.status_code == 404


def test_what_cannot_be_shown_has_no_picture_and_breaks_nothing(office: Office, enter) -> None:
    client = enter("handler")
    for content, name in (
        (b"%PDF-1.4\n%%EOF", "空.pdf"),
        (png(claims=60_000), "大.png"),
        (b"\x89PNG\r\n\x1a\n", "断.png"),
        (b"\xff\xd8\xff\xe0", "断.jpg"),
        ("说明".encode(), "说明.txt"),
    ):
        document = keep(office, content, name)
        with pytest.raises(previewing.NoPreview):
            picture(office, document)
        assert client.get(reverse("document", args=[document.uid])).status_code == 200, name


def test_the_evidence_of_a_case_has_a_page_with_pictures_and_the_way_to_the_original(
    office: Office, enter
) -> None:
    case, client = office.in_review(), enter("handler")
    upload = SimpleUploadedFile("告知书.pdf", two_pages(), "application/pdf")
    client.post(reverse("case_act", args=[case.number, "add_evidence"]), {"evidence": upload})
    file = EvidenceFile.objects.get(case_number=case.number)
    where = [case.number, file.uid]
    page = client.get(reverse("evidence_view", args=where)).content.decode()
    assert all(words in page for words in ("共 2 页", "未查毒", file.sha256, reverse("evidence", args=where)))
    picture = client.get(reverse("evidence_picture", args=[*where, 1]))
    assert size(picture.content) == (900, 450)
    assert "sandbox" in picture["Content-Security-Policy"]
    assert client.get(reverse("evidence_picture", args=[*where, 3])).status_code == 404
    assert enter("stranger").get(reverse("evidence_view", args=where)).status_code == 404
