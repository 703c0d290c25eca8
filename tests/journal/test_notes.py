"""Signed notes: the checkpoint of the specification byte for byte, and whatever is no note."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from yukuaiban.journal.notes import (
    COSIGNATURE,
    Ed25519Signer,
    NoteError,
    Verifier,
    checkpoint_text,
    cosign,
    key_id,
    read_note,
    signed,
    verify,
    with_lines,
)

ROOT = bytes.fromhex("d83c65b3e6cc8f25772ecb477838e00197937cfed8f5d00c0f1f4a6103cfaad1")
LOG = Ed25519Signer("yukuaiban.sample/journal/sha256", bytes(range(32)))
WITNESS = Ed25519Signer("yukuaiban.sample/witness/jiwei", bytes(range(32, 64)), COSIGNATURE)
AT = 1790762400
PUBLISHED = """yukuaiban.sample/journal/sha256
2
2Dxls+bMjyV3LstHeDjgAZeTfP7Y9dAMDx9KYQPPqtE=

— yukuaiban.sample/journal/sha256 tY/ZjbMltOatJ7k2Hg23TuU4C2ymIJxV203B8v9OemhsEYmohQfgNdHvlrM4YZVHQvmtDVTbJ5OEJXC52xK32CRUBws=
— yukuaiban.sample/witness/jiwei s2eYkAAAAABqvN2gKiApJY26kXSHMIE4M/3feNmKPSjEkYcITnvjJJGW+4FgvtdFPu2xOQA/NiRu3MPWt22tvf0OvidfUSV2SuxjBA==
"""  # noqa: E501 - as published


def made() -> str:
    own = signed(checkpoint_text("yukuaiban.sample/journal/sha256", 2, ROOT), LOG)
    return with_lines(own, [cosign(read_note(own), WITNESS, AT)])


def test_a_checkpoint_is_signed_and_cosigned_as_the_specification_prints_it():
    assert made() == PUBLISHED


def test_the_key_ids_of_the_specification():
    assert LOG.verifier_line().split("+")[1] == "b58fd98d"
    assert WITNESS.verifier_line().split("+")[1] == "b3679890"


def test_a_published_checkpoint_is_read_and_both_signatures_hold():
    note = read_note(PUBLISHED)
    assert (note.origin, note.size, note.root) == ("yukuaiban.sample/journal/sha256", 2, ROOT)
    assert [each.name for each in note.signatures] == [
        "yukuaiban.sample/journal/sha256",
        "yukuaiban.sample/witness/jiwei",
    ]
    assert note.signatures[1].at == AT
    assert verify(note, LOG.verifier_line())
    assert verify(note, WITNESS.verifier_line())


def test_a_moment_stands_for_its_second():
    note = read_note(PUBLISHED)
    assert cosign(note, WITNESS, datetime.fromtimestamp(AT, UTC)) == cosign(note, WITNESS, AT)


def test_a_key_that_has_not_signed_verifies_nothing():
    stranger = Ed25519Signer("yukuaiban.sample/journal/sha256", b"z" * 32)
    assert not verify(read_note(PUBLISHED), stranger.verifier_line())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n2\n", "\n3\n"),
        ("2Dxls", "2Dxlt"),
        ("sha256\n2", "sha257\n2"),
        (
            "2Dxls+bMjyV3LstHeDjgAZeTfP7Y9dAMDx9KYQPPqtE=\n\n",
            "2Dxls+bMjyV3LstHeDjgAZeTfP7Y9dAMDx9KYQPPqtE=\nmore\n\n",
        ),
    ],
)
def test_a_changed_text_bears_no_signature_any_more(old, new):
    note = read_note(PUBLISHED.replace(old, new, 1))
    assert not verify(note, LOG.verifier_line())
    assert not verify(note, WITNESS.verifier_line())


def test_a_cosignature_with_another_time_does_not_hold():
    later = PUBLISHED.replace("s2eYkAAAAABqvN2g", "s2eYkAAAAABqvN2h")
    assert not verify(read_note(later), WITNESS.verifier_line())
    assert verify(read_note(later), LOG.verifier_line())


def test_a_signature_cut_short_does_not_hold():
    short = PUBLISHED.rsplit("— ", 1)[0] + "— yukuaiban.sample/witness/jiwei s2eYkAAAAABq\n"
    assert not verify(read_note(short), WITNESS.verifier_line())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "三行正文"),
        ("a\n1\n", "三行正文"),
        (PUBLISHED.rstrip("\n"), "三行正文"),
        (PUBLISHED.split("\n\n", 1)[0] + "\n\n", "三行正文"),
        (PUBLISHED.replace("\n2\n", "\n02\n"), "条数"),
        (PUBLISHED.replace("\n2\n", "\n-2\n"), "条数"),
        (PUBLISHED.replace("\n2\n", "\n²\n"), "条数"),
        (PUBLISHED.replace("\n2\n", "\n" + "9" * 30_000 + "\n"), "条数"),
        (PUBLISHED.replace("2Dxls+", "!Dxls+"), "Base64 的根"),
        (PUBLISHED.replace("2Dxls+bMjyV3LstHeDjgAZeTfP7Y9dAMDx9KYQPPqtE=", "2Dxl"), "32 字节"),
        (PUBLISHED.replace("— y", "- y"), "签名行"),
        (PUBLISHED.replace("tY/Z", "tY/Z!"), "不是 Base64"),
        (PUBLISHED + PUBLISHED.rsplit("\n\n", 1)[1] * 60, "签名行过多"),
        (PUBLISHED + "x" * 70_000, "过长"),
    ],
)
def test_what_is_no_note_is_refused_with_a_sentence(text, said):
    with pytest.raises(NoteError, match=said):
        read_note(text)


@pytest.mark.parametrize("text", ["a\n1\nroot", "a\n\n1\nroot\n"])
def test_only_a_text_of_whole_lines_is_signed(text):
    with pytest.raises(NoteError, match="换行结尾"):
        signed(text, LOG)


@pytest.mark.parametrize(
    "line",
    [
        "nothing",
        "name+zz+AAAA",
        "name+00000000+AQ==",
        LOG.verifier_line().replace("b58fd98d", "b58fd98e"),
        LOG.verifier_line().replace("/journal/", "/other/"),
        LOG.verifier_line()[:-4],
    ],
)
def test_a_key_line_that_does_not_fit_itself_is_refused(line):
    with pytest.raises(NoteError, match="公钥行"):
        Verifier.from_line(line)


@pytest.mark.parametrize("name", ["", "two words", "a+b"])
def test_a_signer_has_a_name_that_a_line_can_hold(name):
    with pytest.raises(NoteError, match="名称"):
        Ed25519Signer(name, bytes(32))


def test_an_unknown_kind_of_key_is_not_taken_for_a_bad_signature():
    kind = b"\xffnobody-knows/v1"

    class Appliance:
        def sign(self, text: bytes) -> bytes:
            return b"s" * 64

        def verifier_line(self) -> str:
            key = kind + b"k" * 64
            return f"site+{key_id('site', key).hex()}+{base64.b64encode(key).decode()}"

    note = read_note(signed(checkpoint_text("site", 1, ROOT), Appliance()))
    with pytest.raises(NoteError, match="不能核验"):
        verify(note, Appliance().verifier_line())
