"""SM2 with SM3 (GB/T 32918) as a signer of checkpoints, by the optional package gmssl. No Django.

The signer's identity is the default one of GM/T 0009, `1234567812345678`. gmssl draws its random numbers from no secure
source and takes a leading 04 of a public key for a mark, so both are handed to it ready made.
"""

from __future__ import annotations

import importlib.util
import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yukuaiban.journal.notes import Signer

TYPE = b"\xffsm2-sm3/v1"
MISSING = "这里没有安装 gmssl，不能用 SM2 签名或核验；请安装：pip install 'yukuaiban[sm]'"
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_SIGNATURE = _PUBLIC = 64


class Sm2Missing(ValueError):
    """gmssl is not installed here; the message says what to do."""


class Sm2Signer:
    """Signs with an SM2 key: `seed` are the 32 bytes of the private number. Raises Sm2Missing, ValueError."""

    def __init__(self, name: str, seed: bytes) -> None:
        if len(seed) != 32 or not 0 < int.from_bytes(seed) < _N - 1:
            raise ValueError("SM2 私钥应为 32 字节，且在规定的范围内")
        crypt = _crypt(bytes(_PUBLIC), seed)
        crypt.public_key = crypt._kg(int.from_bytes(seed), crypt.ecc_table["g"])  # noqa: SLF001 - gmssl names no other way
        self._name, self._crypt = name, crypt

    def sign(self, text: bytes) -> bytes:
        """64 bytes, r and s, over the text; others each time."""
        return self.sign_with(text, 1 + secrets.randbelow(_N - 1))

    def sign_with(self, text: bytes, k: int) -> bytes:
        """The signature with that random number; of use for published examples alone."""
        made = self._crypt.sign_with_sm3(text, f"{k:064x}")
        return bytes.fromhex(made) if made else self.sign(text)

    def verifier_line(self) -> str:
        """What others need to check it."""
        from yukuaiban.journal.notes import verifier_line  # noqa: PLC0415 - notes asks here whether signatures hold

        return verifier_line(self._name, TYPE + bytes.fromhex(self._crypt.public_key))


def new_seed() -> bytes:
    """A fresh private number, 32 bytes."""
    return (1 + secrets.randbelow(_N - 2)).to_bytes(32)


def installed() -> bool:
    """Whether SM2 can be computed here."""
    return importlib.util.find_spec("gmssl") is not None


def holds(public: bytes, signature: bytes, text: bytes) -> bool:
    """Whether the signature over the text is that of the public key (x and y, 64 bytes). Raises Sm2Missing."""
    crypt = _crypt(public, bytes(32))
    if len(signature) != _SIGNATURE or not _on_curve(public):
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if not 0 < r < _N or not 0 < s < _N:
        return False
    try:
        return bool(crypt.verify_with_sm3(signature.hex(), text))
    except TypeError:  # gmssl has no words for the point at infinity, which no signature leads to
        return False


def _on_curve(public: bytes) -> bool:
    x, y = int.from_bytes(public[:32]), int.from_bytes(public[32:])
    return len(public) == _PUBLIC and max(x, y) < _P and (y * y - x * x * x + 3 * x - _B) % _P == 0


def _crypt(public: bytes, private: bytes) -> Any:
    if not installed():
        raise Sm2Missing(MISSING)
    from gmssl.sm2 import CryptSM2  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra

    found = CryptSM2(private_key=private.hex(), public_key="")
    found.public_key = public.hex()
    return found


if TYPE_CHECKING:
    _same_two_methods: type[Signer] = Sm2Signer
