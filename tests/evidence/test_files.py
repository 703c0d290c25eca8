"""Evidence: stored by hash, taken by content, refused with a sentence, given back as a download."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import Office
from yukuaiban.core.errors import InputInvalid
from yukuaiban.evidence import filetypes, store
from yukuaiban.evidence.filetypes import MOST_BYTES, checked, clean_name
from yukuaiban.evidence.models import EvidenceFile
from yukuaiban.evidence.store import EvidenceDamaged, content_of, path_of
from yukuaiban.evidence.uploads import SizeGuard
from yukuaiban.web import scope, session

MB = 1024 * 1024


def zipped(*names: str, body: bytes = b"<x/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, body)
    return out.getvalue()


def locked(archive: bytes) -> bytes:
    """The archive with its entries marked as encrypted."""
    flags = archive.rindex(b"PK\x01\x02") + 8
    return archive[:flags] + bytes([archive[flags] | 1]) + archive[flags + 1 :]


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# An empty page behind the password “x” (RC4, 40 bits): only the dictionary is looked at.
LOCKED_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
3 0 obj<</Filter/Standard/V 1/R 2/P -4/O<"""
LOCKED_PDF += (
    b"00" * 32
    + b">/U<"
    + b"11" * 32
    + b""">>>endobj
trailer<</Root 1 0 R/Size 4/Encrypt 3 0 R/ID[<00><00>]>>
%%EOF
"""
)
PDF, PNG, JPEG = b"%PDF-1.7\n%%EOF", b"\x89PNG\r\n\x1a\n....", b"\xff\xd8\xff\xe0...."


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("照片.PNG", PNG, "image/png"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.docx", zipped("word/document.xml"), "application/vnd.openxmlformats-officedocument."),
        ("a.xlsx", zipped("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument."),
        ("a.ofd", zipped("OFD.xml"), "application/ofd"),
        ("说明.txt", "说明".encode(), "text/plain"),
        ("名单.csv", "姓名,电话".encode("gb18030"), "text/plain"),
    ],
)
def test_a_file_of_the_list_is_taken_by_its_content(name: str, content: bytes, mime: str) -> None:
    shown, found = checked(name, content)
    assert shown == name
    assert found.mime.startswith(mime)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", PNG, "与文件名不符"),
        ("a.png", PDF, "与文件名不符"),
        ("a.docx", zipped("xl/workbook.xml"), "与文件名不符"),
        ("a.exe", PDF, "与文件名不符"),
        ("a.pdf.exe", PDF, "与文件名不符"),
        ("a.pdf\u202egnp", PDF, "与文件名不符"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "类型不在可收范围"),
        ("a.txt", b"  \r\n<SVG onload=x>", "类型不在可收范围"),
        ("a.txt", "\ufeff<!DOCTYPE html>".encode(), "类型不在可收范围"),
        ("a.txt", b"<html><script>x()</script>", "类型不在可收范围"),
        ("a.txt", b'<?xml version="1.0"?><svg/>', "类型不在可收范围"),
        ("a.txt", b"MZ\x90\x00\x03", "类型不在可收范围"),
        ("a.txt", b"\xff\xfe\x00\x01", "类型不在可收范围"),
        ("a.zip", zipped("a.txt"), "类型不在可收范围"),
        ("a.docx", b"PK\x03\x04 and no more", "类型不在可收范围"),
        ("a.xlsx", zipped("xl/workbook.xml", body=b"0" * 4 * MB), "类型不在可收范围"),
        ("a.xlsx", zipped("xl/workbook.xml", *(f"{n}" for n in range(2_000))), "类型不在可收范围"),
        ("a.exe", b"MZ\x90\x00\x03", "是可执行程序"),
        ("a.txt", b"#!/bin/sh\nrm -rf /", "是可执行程序"),
        ("a.doc", OLE + b"WordDocument", "旧版 Office"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "是加密的 Office"),
        ("a.docx", zipped("word/document.xml", "word/vbaProject.bin"), "带有宏"),
        ("a.xlsx", zipped("xl/workbook.xml", "xl/embeddings/run.EXE"), "有可执行程序"),
        ("a.docx", locked(zipped("word/document.xml")), "加密的文件"),
        ("a.pdf", LOCKED_PDF, "加密的 PDF"),
        ("a.pdf", b"%PDF-1.7\n<< /S /JavaScript /JS (x) >>", "带脚本"),
        ("a.pdf", b"", "空文件"),
        ("a.pdf", PDF + b"0" * MOST_BYTES, "约 21 MB"),
    ],
)
def test_what_is_not_on_the_list_or_lies_is_refused_with_the_way_out(
    name: str, content: bytes, words: str
) -> None:
    with pytest.raises(InputInvalid, match=words) as refused:
        checked(name, content)
    assert all(problem.remedy for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("given", "clean"),
    ids=("path", "windows", "control", "empty", "long", "long ending"),
    argvalues=[
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\王\\告知书.pdf", "告知书.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("", "未命名"),
        ("长" * 300 + ".pdf", "长" * 146 + ".pdf"),
        ("a." + "长" * 300, "a." + "长" * 148),
    ],
)
def test_a_name_is_one_printable_name_of_a_bounded_length(given: str, clean: str) -> None:
    assert clean_name(given) == clean


def keep(office: Office, content: bytes, name: str = "a.pdf") -> EvidenceFile:
    return store.store(
        ContentFile(content, name=name),
        case_number="9901",
        kind="notice",
        stored_by="staff:one",
        stored_at=office.now,
        uid=office.pen.uid(),
    )


def test_bytes_lie_once_under_their_hash_and_rows_say_whose_they_are(office: Office) -> None:
    one, two = keep(office, PDF), keep(office, PDF, "b.pdf")
    assert one.sha256 == two.sha256 == hashlib.sha256(PDF).hexdigest()
    kept = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert kept == [path_of(one.sha256)]
    assert content_of(two) == PDF


def test_bytes_that_were_changed_or_lost_are_not_handed_out(office: Office) -> None:
    file = keep(office, PDF)
    path_of(file.sha256).write_bytes(PDF + b" ")
    with pytest.raises(EvidenceDamaged, match="备份"):
        content_of(file)
    path_of(file.sha256).unlink()
    with pytest.raises(EvidenceDamaged):
        content_of(file)


class Endless:
    """An upload whose size nobody knows, and that counts how much of it was read."""

    name, size, read = "a.pdf", None, 0

    def chunks(self):
        while True:
            self.read += MB
            yield b"%PDF-" + b"0" * (MB - 5)


def test_an_upload_of_unknown_size_is_read_no_further_than_the_limit(office: Office) -> None:
    upload = Endless()
    with pytest.raises(InputInvalid, match="超过 20 MB"):
        store.store(
            upload,
            case_number="9901",
            kind="",
            stored_by="x",
            stored_at=office.now,
            uid=office.pen.uid(),
        )
    assert upload.read <= MOST_BYTES + MB
    assert not Path(settings.MEDIA_ROOT).exists()


class Huge(Endless):
    size = 30 * MB


def test_an_upload_that_says_how_large_it_is_is_not_read_at_all(office: Office) -> None:
    upload = Huge()
    with pytest.raises(InputInvalid, match="约 30 MB"):
        store.store(
            upload, case_number="1", kind="", stored_by="x", stored_at=office.now, uid=office.pen.uid()
        )
    assert upload.read == 0


# ------------------------------------------------------------------------------------------- through the web


@pytest.fixture
def client(office: Office, monkeypatch: pytest.MonkeyPatch) -> Client:
    """周办, signed in."""
    monkeypatch.setattr(scope, "now", lambda: office.now)
    signed_in, staff = Client(), office.staff("handler")
    signed_in.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    session.keep_key(staff, signed_in.session.session_key)
    return signed_in


def test_evidence_comes_as_a_download_that_no_browser_opens_by_itself(office: Office, client: Client) -> None:
    case = office.in_review()
    office.paper(case, "告知书.pdf")
    file = EvidenceFile.objects.get()
    answer = client.get(reverse("evidence", args=[case.number, file.uid]))
    assert answer.status_code == 200
    assert answer.content == content_of(file)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    other = office.in_review()
    assert client.get(reverse("evidence", args=[other.number, file.uid])).status_code == 404


def test_thirty_megabytes_are_refused_before_they_are_all_read(
    office: Office, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, seen = office.in_review(), []
    real = SizeGuard.receive_data_chunk

    def counting(self, raw_data, start):
        seen.append(len(raw_data))
        return real(self, raw_data, start)

    monkeypatch.setattr(SizeGuard, "receive_data_chunk", counting)
    upload = SimpleUploadedFile("告知书.pdf", PDF + b"0" * 30 * MB, "application/pdf")
    form = {"category": "expert_review", "evidence": upload}
    answer = client.post(reverse("case_act", args=[case.number, "request_pause"]), form)
    assert answer.status_code == 413
    assert "20 MB" in answer.content.decode()
    assert sum(seen) <= MOST_BYTES + MB
    assert not EvidenceFile.objects.exists()


def test_a_file_type_is_told_by_words_people_know() -> None:
    with pytest.raises(InputInvalid) as refused:
        checked("a.svg", b"<svg/>")
    assert all(kind.title in refused.value.message for kind in filetypes.ALLOWED)
