"""Signed notes of C2SP (`signed-note`, `tlog-checkpoint`, `tlog-cosignature`): how a checkpoint is published.

A note is a text that ends in a line feed, an empty line and signature lines `— NAME base64(key id ‖ signature)`.
Whoever signs has two methods (`Signer`): Ed25519 is here, SM2 in `sm2`; an appliance would be a third.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from yukuaiban.journal import sm2

ED25519, COSIGNATURE = b"\x01", b"\x04"
_DASH = "— "
_ID_BYTES, _TIME_BYTES, _KEY_BYTES = 4, 8, 32
_MOST_SIGNATURES, _MOST_BYTES = 100, 65_536


class NoteError(ValueError):
    """The text is no signed note, or the line no verifier key. The message says what is wrong, in Chinese."""


class Signer(Protocol):
    """Who signs: a key in a file, a smart card, a signing appliance."""

    def sign(self, text: bytes) -> bytes:
        """The signature over exactly these bytes."""

    def verifier_line(self) -> str:
        """`NAME+hex id+base64(type ‖ public key)`: what others need to check it."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the name, the key id (4 bytes) and what follows it."""

    name: str
    key_id: bytes
    data: bytes

    @property
    def line(self) -> str:
        """As it stands in the note, without the line feed."""
        return f"{_DASH}{self.name} {_base64(self.key_id + self.data)}"

    @property
    def at(self) -> int | None:
        """Seconds since 1970 of a cosignature; None if it is too short to carry them."""
        return int.from_bytes(self.data[:_TIME_BYTES]) if len(self.data) > _TIME_BYTES else None


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint that was read: `text` are the signed lines, with the line feed at their end."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[Signature, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Verifier:
    """A verifier key: name, key id, type byte (or bytes) and public key in one."""

    name: str
    key_id: bytes
    key: bytes

    @classmethod
    @lru_cache(maxsize=256)
    def from_line(cls, line: str) -> Verifier:
        """Read `NAME+hex id+base64(type ‖ key)`. Raises NoteError; the id must be that of name and key."""
        try:
            name, hex_id, data = line.strip().split("+", 2)
            found = cls(name, bytes.fromhex(hex_id), base64.b64decode(data, validate=True))
        except (ValueError, binascii.Error) as error:
            raise NoteError("公钥行应为 名称+编号+公钥") from error
        if not _is_name(name) or found.key_id != key_id(name, found.key) or len(found.key) < 2:
            raise NoteError(f"公钥行的编号与名称、公钥不符：{line.strip()[:80]}")
        return found


class Ed25519Signer:
    """Signs with an Ed25519 key; `kind` is `ED25519` for a log, `COSIGNATURE` for a witness."""

    def __init__(self, name: str, seed: bytes, kind: bytes = ED25519) -> None:
        if not _is_name(name):
            raise NoteError(f"签名者名称不能为空，也不能有空格或加号：{name}")
        self._name, self._kind = name, kind
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def sign(self, text: bytes) -> bytes:
        """64 bytes over the text."""
        return self._key.sign(text)

    def verifier_line(self) -> str:
        """What others need to check it."""
        return verifier_line(self._name, self._kind + self._key.public_key().public_bytes_raw())


def key_id(name: str, key: bytes) -> bytes:
    """The first 4 bytes of SHA-256(NAME ‖ 0x0A ‖ type ‖ public key); `key` begins with the type."""
    return hashlib.sha256(name.encode() + b"\n" + key).digest()[:_ID_BYTES]


def verifier_line(name: str, key: bytes) -> str:
    """The line of a verifier key; `key` begins with the type."""
    return f"{name}+{key_id(name, key).hex()}+{_base64(key)}"


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The three lines of a checkpoint, to be signed."""
    return f"{origin}\n{size}\n{_base64(root)}\n"


def read_note(text: str) -> Note:
    """Read a signed checkpoint. Raises NoteError; says nothing yet about its signatures."""
    if len(text.encode(errors="replace")) > _MOST_BYTES:
        raise NoteError("签名文本过长")
    body, blank, tail = text.rpartition("\n\n")
    lines = body.split("\n")
    if not blank or not tail.endswith("\n") or len(lines) < 3 or not all(lines[:3]):
        raise NoteError("不是签名文本：应为三行正文、空行和签名行")
    signatures = tuple(_read_signature(line) for line in tail[:-1].split("\n"))
    if len(signatures) > _MOST_SIGNATURES:
        raise NoteError("签名行过多")
    return Note(lines[0], _read_size(lines[1]), _read_root(lines[2]), signatures, body + "\n")


def signed(note_text: str, signer: Signer) -> str:
    """The note of a text (ending in a line feed) with the signer's line. Raises NoteError for other texts."""
    if not note_text.endswith("\n") or "\n\n" in note_text:
        raise NoteError("正文须以换行结尾，不含空行")
    who = Verifier.from_line(signer.verifier_line())
    line = Signature(who.name, who.key_id, signer.sign(note_text.encode())).line
    return f"{note_text}\n{line}\n"


def cosign(note: Note, signer: Signer, at: int | datetime) -> str:
    """The signature line (without line feed) of a witness over a note, `at` a moment or seconds since 1970."""
    who = Verifier.from_line(signer.verifier_line())
    seconds = at if isinstance(at, int) else int(at.timestamp())
    signature = signer.sign(_cosigned(note.text, seconds))
    return Signature(who.name, who.key_id, seconds.to_bytes(_TIME_BYTES) + signature).line


def with_lines(text: str, lines: list[str]) -> str:
    """A note with further signature lines behind its own."""
    return text + "".join(f"{line}\n" for line in lines)


def verify(note: Note, line: str) -> bool:
    """Whether the note carries a good signature or cosignature of that key. Raises NoteError for an unknown key."""
    who = Verifier.from_line(line)
    mine = [each for each in note.signatures if (each.name, each.key_id) == (who.name, who.key_id)]
    return bool(mine) and all(_good(note, each, who) for each in mine)


def _good(note: Note, signature: Signature, who: Verifier) -> bool:
    kind, key = who.key[:1], who.key[1:]
    if kind == ED25519 and len(key) == _KEY_BYTES:
        return _ed25519(key, signature.data, note.text.encode())
    if kind == COSIGNATURE and len(key) == _KEY_BYTES:
        seconds = signature.at
        if seconds is None:
            return False
        return _ed25519(key, signature.data[_TIME_BYTES:], _cosigned(note.text, seconds))
    if who.key.startswith(sm2.TYPE):
        return _sm2(who.key.removeprefix(sm2.TYPE), signature.data, note.text.encode())
    raise NoteError(f"不能核验这种签名（类型 {kind.hex()}）")


def _ed25519(key: bytes, signature: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _sm2(key: bytes, signature: bytes, text: bytes) -> bool:
    try:
        return sm2.holds(key, signature, text)
    except sm2.Sm2Missing as error:
        raise NoteError(str(error)) from error


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _read_signature(line: str) -> Signature:
    name, space, data = line.removeprefix(_DASH).partition(" ")
    try:
        raw = base64.b64decode(data, validate=True)
    except (ValueError, binascii.Error) as error:
        raise NoteError("签名行不是 Base64") from error
    if not line.startswith(_DASH) or not space or not _is_name(name) or len(raw) <= _ID_BYTES:
        raise NoteError("签名行应为“— 名称 签名”")
    return Signature(name, raw[:_ID_BYTES], raw[_ID_BYTES:])


def _read_size(line: str) -> int:
    if not line.isascii() or not line.isdigit() or str(int(line[:20])) != line:
        raise NoteError("第二行应为条数")
    return int(line)


def _read_root(line: str) -> bytes:
    try:
        root = base64.b64decode(line, validate=True)
    except (ValueError, binascii.Error) as error:
        raise NoteError("第三行应为 Base64 的根") from error
    if len(root) != _KEY_BYTES or _base64(root) != line:
        raise NoteError("第三行应为 32 字节的根")
    return root


def _is_name(name: str) -> bool:
    return name.split() == [name] and "+" not in name


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
