"""The scanner: what it says is kept, what it cannot say never counts as clean."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import Office
from yukuaiban.core.errors import InputInvalid
from yukuaiban.evidence import documents, inspecting, queries, scanning
from yukuaiban.evidence.documents import Anchor, Hand, Said
from yukuaiban.evidence.models import EvidenceFile, Scan
from yukuaiban.journal.reading import events
from yukuaiban.web import scope, session

PDF = b"%PDF-1.7\n%%EOF"
SICK = PDF + b"EICAR"


def look(office: Office, content: bytes = PDF) -> inspecting.Inspected:
    upload = ContentFile(content, name="a.pdf")
    return inspecting.inspect(upload, actor=office.handler.actor(), pen=office.pen, source="web")


def scans() -> list[str]:
    return [json.loads(event.text)["body"]["state"] for event in events(inspecting.STREAM)]


@pytest.fixture
def script(settings, tmp_path: Path):
    """A scanner of our own: 1 for sick bytes, 0 for others, or whatever is written for it."""

    def use(body: str = 'if grep -q EICAR; then echo "Test.Eicar"; exit 1; fi'):
        path = tmp_path / "scan.sh"
        path.write_text(body, encoding="utf-8")
        settings.YKB_SCANNER = f"command:/bin/sh {path}"

    return use


def test_without_a_scanner_a_file_is_shown_as_not_scanned(office: Office) -> None:
    documents.add(look(office), Said("通报"), Hand(office.handler, office.pen), anchors=[Anchor("leaf", "1")])
    (card,) = queries.documents_of(Anchor("leaf", "1"))
    assert (card.scan, card.scanned, scans()) == ("unscanned", False, [])


def test_a_clean_file_is_told_as_clean_and_told_once(office: Office, script) -> None:
    script()
    look(office)
    documents.add(look(office), Said("通报"), Hand(office.handler, office.pen), anchors=[Anchor("leaf", "1")])
    (card,) = queries.documents_of(Anchor("leaf", "1"))
    assert (card.scan, card.scanned, scans()) == ("clean", True, ["clean"])


def test_an_infected_file_is_refused_and_the_journal_keeps_what_was_said(office: Office, script) -> None:
    script()
    with pytest.raises(InputInvalid, match=r"查出病毒（Test\.Eicar）") as refused:
        look(office, SICK)
    assert refused.value.problems[0].remedy
    assert scans() == ["infected"]
    assert Scan.objects.get().state == Scan.State.INFECTED
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize(
    "body", ["exit 2", "kill -9 $$", "exec 0<&-; echo OK; exit 77"], ids=("error", "killed", "odd")
)
def test_a_scanner_that_fails_never_lets_a_file_through_as_clean(
    office: Office, script, settings, body: str
) -> None:
    script(body)
    documents.add(look(office), Said("通报"), Hand(office.handler, office.pen), anchors=[Anchor("leaf", "1")])
    (card,) = queries.documents_of(Anchor("leaf", "1"))
    assert (card.scan, card.scanned, scans()) == ("failed", False, ["failed"])
    settings.YKB_SCAN_REQUIRED = True
    with pytest.raises(InputInvalid, match="查毒没有完成"):
        look(office, PDF + b"2")


def test_a_command_that_is_not_there_fails(office: Office, settings) -> None:
    settings.YKB_SCANNER = "command:/no/such/scanner -"
    look(office)
    assert Scan.objects.get().state == Scan.State.FAILED


def test_where_scanning_is_demanded_and_nobody_scans_nothing_is_taken(office: Office, settings) -> None:
    settings.YKB_SCAN_REQUIRED = True
    with pytest.raises(InputInvalid, match="没有设置查毒程序"):
        look(office)


@pytest.mark.parametrize("line", ["clamav:/run/x", "command:", "command", "clamd: "])
def test_a_misspelt_scanner_is_never_taken_for_none(settings, line: str) -> None:
    settings.YKB_SCANNER = line
    with pytest.raises(ImproperlyConfigured):
        scanning.scanner()


class Clamd:
    """A daemon that speaks INSTREAM on a socket, once."""

    def __init__(self, place: Path, answer: bytes) -> None:
        self.answer, self.got = answer, b""
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.server.bind(str(place))
        self.server.listen(1)
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        with self.server, self.server.accept()[0] as wire, wire.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\x00"
            while length := int.from_bytes(stream.read(4), "big"):
                self.got += stream.read(length)
            wire.sendall(self.answer)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b"stream: OK\x00", "clean"),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\x00", "infected"),
        (b"INSTREAM size limit exceeded. ERROR\x00", "failed"),
        (b"", "failed"),
    ],
)
def test_clamd_is_spoken_to_in_pieces_and_its_verdict_understood(
    tmp_path: Path, answer: bytes, state: str
) -> None:
    place, content = tmp_path / "clamd", b"x" * 150_000
    daemon = Clamd(place, answer)
    finding = scanning.ClamdScanner(str(place)).scan(content)
    daemon.thread.join()
    assert (finding.state, daemon.got) == (state, content)


def test_a_clamd_that_is_not_there_fails() -> None:
    assert scanning.ClamdScanner("/no/such/socket").scan(PDF).state is Scan.State.FAILED
    assert scanning.ClamdScanner("127.0.0.1:nowhere").scan(PDF).state is Scan.State.FAILED


def test_what_comes_with_an_action_is_scanned_too_and_the_word_outlives_the_refusal(
    office: Office, script, monkeypatch
) -> None:
    script()
    case, client, staff = office.in_review(), Client(), office.staff("handler")
    monkeypatch.setattr(scope, "now", lambda: office.now)
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    session.keep_key(staff, client.session.session_key)
    upload = SimpleUploadedFile("a.pdf", SICK, "application/pdf")
    answer = client.post(reverse("case_act", args=[case.number, "add_evidence"]), {"evidence": upload})
    assert answer.status_code == 422
    assert "查出病毒" in answer.content.decode()
    assert not EvidenceFile.objects.exists()
    assert scans() == ["infected"]
