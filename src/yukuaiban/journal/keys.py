"""Who signs for this installation, and whose signatures it believes (journal.md section 8)."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from yukuaiban.core.merkle import BOTH, Digest
from yukuaiban.journal import witnesses
from yukuaiban.journal.notes import Ed25519Signer, Note, Signer, Verifier, verify
from yukuaiban.journal.sm2 import Sm2Signer

# The seeds that the specification publishes for its test vectors.
_PUBLISHED = (bytes(range(32)), bytes(range(32, 64)))


def origin(digest: Digest) -> str:
    """Line 1 of the notes over that hash, and the name of their key."""
    return f"{settings.YKB_JOURNAL_ORIGIN}/{digest.name}"


def signers() -> dict[str, Signer]:
    """The signer for each hash by its name; one key under two names. Raises Sm2Missing where that is asked for."""
    sm2_seed = settings.YKB_JOURNAL_SM2_KEY
    if sm2_seed is not None:
        return {each.name: Sm2Signer(origin(each), sm2_seed) for each in BOTH}
    return {each.name: Ed25519Signer(origin(each), settings.YKB_JOURNAL_KEY) for each in BOTH}


def own() -> list[str]:
    """Verifier lines of the log: those that it signs with, then those of the file `journal-keys` (replaced ones).

    With SM2 the Ed25519 key is still believed, for it has signed what came before. Raises Sm2Missing as `signers`.
    """
    seeds = {"sm2": settings.YKB_JOURNAL_SM2_KEY, "ed25519": settings.YKB_JOURNAL_KEY}
    present = (_line(kind, origin(each), seed) for kind, seed in seeds.items() if seed for each in BOTH)
    return [*present, *settings.YKB_JOURNAL_KEYS]


@lru_cache(maxsize=16)
def _line(kind: str, name: str, seed: bytes) -> str:
    return (Sm2Signer if kind == "sm2" else Ed25519Signer)(name, seed).verifier_line()


def trusted() -> list[str]:
    """The lines of the log itself, then those of all witnesses that are or were registered."""
    return [*own(), *(each.key for each in witnesses.register())]


def signed_by_log(note: Note) -> bool:
    """Whether the log itself has signed the note, with its present key or one that is still believed."""
    mine = [line for line in own() if Verifier.from_line(line).name == note.origin]
    return any(verify(note, line) for line in mine)


def published() -> bool:
    """Whether the key is one that everybody can read in the specification."""
    return settings.YKB_JOURNAL_KEY in _PUBLISHED
