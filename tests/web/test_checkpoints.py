"""Checkpoints stand where everybody can keep them: a page, plain text, the foot of the hall's screen."""

from __future__ import annotations

import pytest

from tests.cast import Office
from yukuaiban.journal import sequencing, tree
from yukuaiban.journal.keys import trusted
from yukuaiban.journal.notes import read_note, verify
from yukuaiban.web import scope


@pytest.fixture
def office(db, monkeypatch):
    found = Office()
    monkeypatch.setattr(scope, "now", lambda: found.now)
    return found


@pytest.fixture
def signed(office, tmp_path):
    office.receive(applicant="张三丰", phone="13912345678")
    while sequencing.advance(office.now, memory=tmp_path / "signed").more:
        pass
    newest = tree.newest()
    assert newest is not None
    return newest


def test_the_page_shows_size_roots_notes_and_keys_and_nothing_personal(signed, client):
    page = client.get("/proof/checkpoints").text
    assert str(signed.size) in page
    assert signed.roots["sha256"].hex()[:16] in page
    assert signed.roots["sm3"].hex()[:16] in page
    assert "2026-03-02 周一 09:00" in page
    for line in trusted():
        assert line.split("+")[1] in page
    assert "张三丰" not in page
    assert "13912345678" not in page


@pytest.mark.parametrize("digest", ["sha256", "sm3"])
def test_the_text_is_a_note_that_the_keys_hold(signed, client, digest):
    answer = client.get(f"/proof/checkpoints/{digest}.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    note = read_note(answer.content.decode())
    assert (note.size, note.root) == (signed.size, signed.roots[digest])
    mine = next(line for line in trusted() if line.startswith(note.origin))
    assert verify(note, mine)


def test_before_the_first_checkpoint_the_page_says_so_and_there_is_no_text(office, client):
    assert "还没有检查点" in client.get("/proof/checkpoints").text
    assert client.get("/proof/checkpoints/sha256.txt").status_code == 404


def test_another_hash_is_not_found(signed, client):
    assert client.get("/proof/checkpoints/md5.txt").status_code == 404


def test_the_hall_shows_the_newest_one(signed, client):
    assert f"{signed.size} · {signed.roots['sha256'].hex()[:8]}" in client.get("/hall/main").text
