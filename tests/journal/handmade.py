"""Exports and proofs made by hand from the specification (journal.md sections 3, 7, 8, 11), without the program.

Only the standard library, Ed25519 and the words of the specification: what both verifiers read here was written by
neither of them.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DISTRICT = "yukuaiban.sample"
LOG_SEED, WITNESS_SEED = bytes(range(32)), bytes(range(32, 64))
AT = 1_790_762_400
KINDS = ("sha256", "sm3")


def event_text(stream: str, seq: int, prev: str | None, **told: Any) -> bytes:
    """The canonical text of an event."""
    event = {
        "v": 1,
        "uid": f"01930000-0000-7000-8000-{told.pop('serial', seq):012d}",
        "stream": stream,
        "seq": seq,
        "type": "desks.note",
        "schema": 1,
        "actor": "staff:u-17",
        "agency": "gy-spj",
        "role": "desk_clerk",
        "on_behalf_of": None,
        "second_actor": None,
        "source": "web",
        "idem": None,
        "recorded_at": f"2026-09-30T09:{seq // 60:02d}:{seq % 60:02d}.000000Z",
        "occurred_at": None,
        "body": {"limit": "10wd", "note": "材料齐全"},
        "secret": None,
        "prev": prev,
    } | told
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def leaf(text: bytes, kind: str = "sha256") -> bytes:
    """The hash of a leaf."""
    return hashlib.new(kind, b"\x00" + text).digest()


def sample(streams: int = 5, each: int = 8) -> list[bytes]:
    """Texts of some streams, woven into one another."""
    texts, heads, serial = [], dict.fromkeys(range(streams)), 0
    for seq in range(1, each + 1):
        for stream in range(streams):
            serial += 1
            text = event_text(f"case:GY-2026-{stream:06d}", seq, heads[stream], serial=serial)
            heads[stream] = leaf(text).hex()
            texts.append(text)
    return texts


def root(leaves: Sequence[bytes], kind: str) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.new(kind).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.new(kind, b"\x01" + root(leaves[:k], kind) + root(leaves[k:], kind)).digest()


def path(leaves: Sequence[bytes], index: int, kind: str) -> list[bytes]:
    """RFC 6962 section 2.1.1: the audit path, from the leaf up."""
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if index < k:
        return [*path(leaves[:k], index, kind), root(leaves[k:], kind)]
    return [*path(leaves[k:], index - k, kind), root(leaves[:k], kind)]


def growth(leaves: Sequence[bytes], old: int, kind: str, *, whole: bool = True) -> list[bytes]:
    """RFC 6962 section 2.1.2: the consistency proof from the first `old` leaves to all."""
    if old == len(leaves):
        return [] if whole else [root(leaves, kind)]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if old <= k:
        return [*growth(leaves[:k], old, kind, whole=whole), root(leaves[k:], kind)]
    return [*growth(leaves[k:], old - k, kind, whole=False), root(leaves[:k], kind)]


def key_line(name: str, kind: int, seed: bytes) -> str:
    """`NAME+hex id+base64(type, key)`."""
    key = bytes([kind]) + Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    identity = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    return f"{name}+{identity.hex()}+{base64.b64encode(key).decode()}"


def signature(line: str, seed: bytes, text: str, at: int | None = None) -> str:
    """A signature line; with a moment the cosignature of a witness."""
    name, identity, _key = line.split("+", 2)
    said = text if at is None else f"cosignature/v1\ntime {at}\n{text}"
    data = b"" if at is None else at.to_bytes(8)
    data += Ed25519PrivateKey.from_private_bytes(seed).sign(said.encode())
    return f"— {name} {base64.b64encode(bytes.fromhex(identity) + data).decode()}\n"


WITNESS = key_line(f"{DISTRICT}/witness/jiwei", 4, WITNESS_SEED)
KEYS = [*(key_line(f"{DISTRICT}/journal/{kind}", 1, LOG_SEED) for kind in KINDS), WITNESS]


def note(texts: Iterable[bytes], kind: str, seed: bytes = LOG_SEED, *, witnessed: bool = True) -> str:
    """The signed checkpoint over those texts."""
    leaves = [leaf(text, kind) for text in texts]
    head = f"{DISTRICT}/journal/{kind}\n{len(leaves)}\n{base64.b64encode(root(leaves, kind)).decode()}\n"
    own = signature(KEYS[KINDS.index(kind)], seed, head)
    return f"{head}\n{own}" + (signature(WITNESS, WITNESS_SEED, head, AT) if witnessed else "")


def export(texts: Sequence[bytes], folder: Path, per_file: int = 16) -> Path:
    """An export of section 11."""
    folder.mkdir()
    for n, start in enumerate(range(0, len(texts), per_file)):
        lines = b"".join(text + b"\n" for text in texts[start : start + per_file])
        (folder / f"events-{n:06d}.jsonl").write_bytes(lines)
    for kind in KINDS:
        (folder / f"checkpoint-{kind}.txt").write_text(note(texts, kind), encoding="utf-8", newline="\n")
    (folder / "keys.txt").write_text("".join(f"{key}\n" for key in KEYS), encoding="utf-8", newline="\n")
    (folder / "README.txt").write_text("怎样核验\n", encoding="utf-8", newline="\n")
    manifest(folder)
    return folder


def manifest(folder: Path) -> None:
    """Write MANIFEST.json for the files as they are, as whoever forges an export would too."""
    files = [
        {
            "name": each.name,
            "sha256": hashlib.sha256(each.read_bytes()).hexdigest(),
            "size": each.stat().st_size,
        }
        for each in sorted(folder.iterdir())
        if each.name != "MANIFEST.json"
    ]
    (folder / "MANIFEST.json").write_text(json.dumps({"files": files}), encoding="utf-8")


def proof(texts: Sequence[bytes], number: str) -> dict[str, Any]:
    """The proof of one case, of section 11."""
    stream, leaves = f"case:{number}", {kind: [leaf(text, kind) for text in texts] for kind in KINDS}
    events = [
        {
            "index": index,
            "text": text.decode(),
            "proof": {kind: [part.hex() for part in path(leaves[kind], index, kind)] for kind in KINDS},
        }
        for index, text in enumerate(texts)
        if f'"stream":"{stream}"'.encode() in text
    ]
    checkpoint = {kind: note(texts, kind) for kind in KINDS}
    return {"v": 1, "stream": stream, "events": events, "checkpoint": checkpoint, "keys": KEYS}
