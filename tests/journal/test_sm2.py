"""SM2 with SM3 as a signer: the example of the standard, gmssl itself as the other side, and its place in the log."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import timedelta

import click
import pytest

from tests.journal.site import sequence
from yukuaiban.journal import keys, outside, sm2, tree
from yukuaiban.journal.notes import NoteError, Signature, Verifier, checkpoint_text, read_note, signed, verify
from yukuaiban.journal.sm2 import Sm2Signer
from yukuaiban.journal.verifying import verify as verify_journal
from yukuaiban.site import django as site
from yukuaiban.site import home

gmssl = pytest.importorskip("gmssl.sm2", reason="gmssl (the extra `sm`) is not installed")

NODE = shutil.which("node")
# GB/T 32918.5-2017, annex A.2: private number, random number, message, public key, signature.
SEED = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
RANDOM = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
MESSAGE = b"message digest"
PUBLIC = bytes.fromhex(
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
SIGNATURE = bytes.fromhex(
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
BEGINS_WITH_04 = (11).to_bytes(32)  # its public key does, without any mark
NAME = "yukuaiban.sample/journal/sha256"
LOG = Sm2Signer(NAME, SEED)
KEY_ID = Verifier.from_line(LOG.verifier_line()).key_id


def public_of(signer):
    return Verifier.from_line(signer.verifier_line()).key.removeprefix(sm2.TYPE)


def test_the_example_of_the_standard_is_signed_and_held_bit_by_bit():
    assert public_of(LOG) == PUBLIC
    assert LOG.sign_with(MESSAGE, RANDOM) == SIGNATURE
    assert sm2.holds(PUBLIC, SIGNATURE, MESSAGE)


@pytest.mark.parametrize("seed", [SEED, (1).to_bytes(32), (N - 2).to_bytes(32), BEGINS_WITH_04])
def test_gmssl_holds_what_is_signed_here_and_the_other_way_round(seed):
    signer = Sm2Signer("x", seed)
    theirs = gmssl.CryptSM2(private_key=seed.hex(), public_key="")
    theirs.public_key = public_of(signer).hex()
    assert theirs.verify_with_sm3(signer.sign(MESSAGE).hex(), MESSAGE)
    assert sm2.holds(
        public_of(signer), bytes.fromhex(theirs.sign_with_sm3(MESSAGE, f"{RANDOM:064x}")), MESSAGE
    )


def test_a_signature_is_another_one_each_time():
    assert LOG.sign(MESSAGE) != LOG.sign(MESSAGE)


@pytest.mark.parametrize(
    ("public", "signature", "message"),
    [
        (PUBLIC, SIGNATURE, MESSAGE + b"."),
        (PUBLIC, SIGNATURE[:-1] + b"\x00", MESSAGE),
        (PUBLIC, SIGNATURE[:-1], MESSAGE),
        (PUBLIC, SIGNATURE + b"\x00", MESSAGE),
        (PUBLIC, bytes(64), MESSAGE),
        (PUBLIC, N.to_bytes(32) + SIGNATURE[32:], MESSAGE),
        (PUBLIC, SIGNATURE[:32] + bytes(32), MESSAGE),
        (PUBLIC, b"", MESSAGE),
        (PUBLIC[:-1] + b"\x00", SIGNATURE, MESSAGE),
        (PUBLIC[:-1], SIGNATURE, MESSAGE),
        (bytes(64), SIGNATURE, MESSAGE),
        (public_of(Sm2Signer("x", BEGINS_WITH_04)), SIGNATURE, MESSAGE),
    ],
)
def test_what_was_changed_does_not_hold(public, signature, message):
    assert not sm2.holds(public, signature, message)


@pytest.mark.parametrize("seed", [bytes(32), (N - 1).to_bytes(32), N.to_bytes(32), b"short", bytes(33)])
def test_a_number_that_is_no_key_is_refused(seed):
    with pytest.raises(ValueError, match="SM2 私钥"):
        Sm2Signer("x", seed)


def test_fresh_keys_are_keys_and_differ():
    one, two = sm2.new_seed(), sm2.new_seed()
    assert one != two
    assert public_of(Sm2Signer("x", one)) != public_of(Sm2Signer("x", two))


def test_a_note_signed_by_sm2_is_a_note_and_its_key_line_names_the_kind():
    line = LOG.verifier_line()
    assert Verifier.from_line(line).key == b"\xffsm2-sm3/v1" + PUBLIC
    note = read_note(signed(checkpoint_text(NAME, 2, bytes(32)), LOG))
    assert verify(note, line)
    changed = read_note(signed(checkpoint_text(NAME, 3, bytes(32)), LOG))
    assert not verify(read_note(f"{changed.text}\n{note.signatures[0].line}\n"), line)


def test_a_log_that_goes_over_to_sm2_stays_whole_and_names_both_keys(office, settings, tmp_path):
    office.in_review()
    sequence(office)
    old = keys.own()
    settings.YKB_JOURNAL_SM2_KEY = SEED
    office.now += timedelta(minutes=1)
    office.receive()
    sequence(office)
    assert keys.own() == [*(each.verifier_line() for each in keys.signers().values()), *old]
    newest = read_note(tree.newest().notes["sm3"])
    assert verify(newest, keys.own()[1])
    report = verify_journal(folds={})
    assert (report.ok, report.checkpoints) == (True, 2), report.first
    settings.YKB_JOURNAL_SM2_KEY = (7).to_bytes(32)
    assert verify_journal(folds={}).faults == {"signature": 2}
    if NODE:
        settings.YKB_JOURNAL_SM2_KEY = SEED
        outside.export(tmp_path / "out")
        line = [NODE, str(outside.VERIFIER), str(tmp_path / "out")]
        told = json.loads(subprocess.run(line, capture_output=True, text=True, check=True).stdout)
        assert any("这里不能计算" in each for each in told["skipped"])


# -- where gmssl is not installed -------------------------------------------------------------------------------------
@pytest.fixture
def without(monkeypatch):
    monkeypatch.setattr(sm2, "installed", lambda: False)


def test_without_gmssl_a_signature_is_called_unverifiable_not_wrong(without):
    line = LOG.verifier_line()
    note = read_note(
        checkpoint_text(NAME, 2, bytes(32)) + "\n" + Signature(NAME, KEY_ID, SIGNATURE).line + "\n"
    )
    with pytest.raises(NoteError, match="没有安装 gmssl"):
        verify(note, line)


def test_without_gmssl_an_installation_that_shall_sign_by_sm2_says_what_to_do(without, monkeypatch):
    monkeypatch.setattr(site, "_READY", [])
    monkeypatch.setenv("YKB_JOURNAL_SIGNER", "sm2")
    with pytest.raises(click.ClickException, match=r"没有安装 gmssl.*pip install"):
        site.ready()
    monkeypatch.setenv("YKB_JOURNAL_SIGNER", "rsa")
    with pytest.raises(click.ClickException, match="不认识 rsa"):
        site.ready()


def test_the_key_is_made_once_and_only_where_sm2_signs(monkeypatch, tmp_path):
    assert home.journal_sm2_key(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("YKB_JOURNAL_SIGNER", "sm2")
    made = home.journal_sm2_key(tmp_path)
    assert home.journal_sm2_key(tmp_path) == made
    assert public_of(Sm2Signer("x", made)) != PUBLIC
