"""The second verifier, as the page 验证存证 loads it, judges exports and proofs in the browser as the first does."""

from __future__ import annotations

import base64
import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tests.journal.pyjudge import UNREADABLE, judge_export, judge_proof
from tests.journal.test_second_verifier import damaged_exports, proofs

__all__ = ["damaged_exports", "proofs"]
pytestmark = pytest.mark.browser
# Each thing is a folder of files in base64 or the text of a proof. `spare` says who computes signatures.
_JUDGE = """async ({ things, own }) => {
  const { spare, verifyExport, verifyProof } = await import("/proof/verify.mjs");
  if (own) {
    spare.ed25519 = (await import("/static/ykb/ed25519.js")).ed25519;
    Object.defineProperty(crypto.subtle, "importKey", { value: () => Promise.reject(new Error("none here")) });
  }
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const said = [];
  for (const thing of things) {
    try {
      const found = typeof thing === "string"
        ? await verifyProof(JSON.parse(thing))
        : await verifyExport(async (name) => {
            if (!(name in thing)) throw new Error("no such file");
            return bytes(thing[name]);
          }, Object.keys(thing));
      const first = found.first_bad;
      said.push([found.ok ? 0 : 1, first && [first.fault, first.index], found.skipped]);
    } catch { said.push(null); }
  }
  return said;
}"""
_ED25519 = """async (all) => {
  const { ed25519 } = await import("/static/ykb/ed25519.js");
  const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return all.map((three) => ed25519(...three.map(bytes)));
}"""
# RFC 8032, section 7.1, tests 1 and 3: key, signature, message.
_PUBLISHED = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
        "",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
        "af82",
    ),
)


@pytest.fixture
def judged(visit):
    """What the browser says of things, in the words of the first verifier."""
    page = visit()
    page.goto("/proof")

    def judge(things, *, own=False):
        said = page.evaluate(_JUDGE, {"things": things, "own": own})
        assert [each[2] for each in said if each and "这里不能计算" in "".join(each[2])] == []
        return [
            (UNREADABLE, None) if each is None else (each[0], each[1] and tuple(each[1])) for each in said
        ]

    return judge


def folder_of(export):
    return {
        each.name: base64.b64encode(each.read_bytes()).decode() for each in export.iterdir() if each.is_file()
    }


@pytest.mark.parametrize(
    "own", [False, True], ids=["signatures by the browser", "signatures by our own code"]
)
def test_in_the_browser_every_export_and_proof_is_judged_alike(damaged_exports, proofs, judged, own):
    mine = {each.name: judge_export(each) for each in damaged_exports}
    told = {each.stem: each.read_text(encoding="utf-8") for each in proofs}
    said = judged([*map(folder_of, damaged_exports), *told.values()], own=own)
    assert dict(zip(mine, said, strict=False)) == mine
    assert dict(zip(told, said[len(mine) :], strict=True)) == {
        name: judge_proof(text) for name, text in told.items()
    }


def test_our_own_ed25519_agrees_with_the_published_vectors_and_refuses_what_was_touched(visit):
    page, dice, asked, right = visit(), random.Random(8032), [], []
    page.goto("/proof")
    for key, signature, message in (*_PUBLISHED, *_signed(dice)):
        three = [bytes.fromhex(each) for each in (key, signature, message)]
        for which in (None, 0, 1, 2):
            touched = [_touched(each, dice) if n == which else each for n, each in enumerate(three)]
            asked.append([each.hex() for each in touched])
            right.append(_python_says(*touched))
    assert right[0]
    assert page.evaluate(_ED25519, asked) == right


def _signed(dice):
    """Messages of many lengths, so that each way of padding is met."""
    for length in (1, 63, 111, 112, 127, 128, 129, 300):
        key, message = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32)), dice.randbytes(length)
        yield key.public_key().public_bytes_raw().hex(), key.sign(message).hex(), message.hex()


def _touched(data, dice):
    found = bytearray(data or b"\x00")
    found[dice.randrange(len(found))] ^= 1 << dice.randrange(8)
    return bytes(found)


def _python_says(key, signature, message):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True
