"""The keys of an installation: never in a backup, but a backup knows which ones belong to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

# What must be put back before a restore, as far as there is one; without the first nobody reads a personal payload.
NEEDED = ("seal-key", "journal-key", "journal-sm2-key")
# What an own copy of the keys holds besides: sessions, and verifier keys of replaced own keys.
BESIDE = ("secret-key", "journal-keys")


def present(home: Path) -> list[str]:
    """The files of which an own copy is to be kept, as far as there are such."""
    return [name for name in (*NEEDED, *BESIDE) if (home / name).exists()]


def fingerprints(home: Path) -> dict[str, str]:
    """For each needed key that there is, 16 hex digits that tell it apart and tell nothing else about it."""
    return {name: _fingerprint(name, home / name) for name in NEEDED if (home / name).exists()}


def _fingerprint(name: str, path: Path) -> str:
    text = f"yukuaiban/backup/{name}\n".encode() + path.read_bytes().strip()
    return hashlib.sha256(text).hexdigest()[:16]


def differing(home: Path, wanted: Mapping[str, str]) -> list[str]:
    """One sentence for each key of a backup that is missing in the folder, or is another."""
    mine = fingerprints(home)
    return [
        f"{home} 中{'的' if name in mine else '没有'} {name}{' 不是做备份时的那一把' if name in mine else ''}"
        for name, mark in wanted.items()
        if mine.get(name) != mark
    ]
