"""What a witness asks of two checkpoints of one log before it signs the second. No Django, no file, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yukuaiban.core.merkle import BOTH, consistent
from yukuaiban.journal.notes import Note, NoteError, Verifier, read_note, verifier_line, verify

NAMES = tuple(each.name for each in BOTH)


@dataclass(frozen=True, slots=True)
class Pair:
    """The two notes of one checkpoint by the name of their hash, as text and as read; the sizes are equal."""

    texts: Mapping[str, str]
    notes: Mapping[str, Note]

    @classmethod
    def read(cls, texts: Mapping[str, str]) -> Pair:
        """Raises NoteError unless these are two notes of one log at one size."""
        notes = {name: read_note(texts[name]) for name in NAMES}
        logs = {note.origin.removesuffix(f"/{name}") for name, note in notes.items()}
        if len({note.size for note in notes.values()}) > 1:
            raise NoteError("两份检查点的条数不同")
        if len(logs) > 1 or any(
            note.origin != f"{log}/{name}" for log in logs for name, note in notes.items()
        ):
            raise NoteError("两份检查点不是同一本账本的 SHA-256 和 SM3")
        return cls({name: texts[name] for name in NAMES}, notes)

    @property
    def size(self) -> int:
        """How many events both speak of."""
        return self.notes[NAMES[0]].size

    @property
    def log(self) -> str:
        """The origin without the name of the hash."""
        return self.notes[NAMES[0]].origin.rpartition("/")[0]

    def bare(self) -> dict[str, str]:
        """The texts with the lines of the log alone."""
        return {
            name: f"{note.text}\n" + "".join(f"{s.line}\n" for s in note.signatures if s.name == note.origin)
            for name, note in self.notes.items()
        }


def unsigned(pair: Pair, keys: Mapping[str, str]) -> str:
    """The name of the first hash whose note is not signed with the key under its name; empty if both are."""
    return next((name for name in NAMES if not _signed(pair.notes[name], keys[name])), "")


def own_keys(pair: Pair, lines: Sequence[str]) -> dict[str, str]:
    """The keys among these with which the pair is signed, by the name of the hash. Raises NoteError without one.

    A log has one key under two names, so the line of one hash is enough.
    """
    found: dict[str, str] = {}
    for name, note in pair.notes.items():
        candidates = (
            verifier_line(note.origin, Verifier.from_line(line).key) for line in lines if _of(pair.log, line)
        )
        line = next((each for each in candidates if _signed(note, each)), None)
        if line is None:
            raise NoteError(f"检查点（{name}）的签名不成立，或没有公布签它的公钥")
        found[name] = line
    return found


def broken(before: Pair, after: Pair, proofs: Mapping[str, Sequence[bytes]]) -> str:
    """Why `after` does not continue `before`, in Chinese; empty if it does."""
    if after.size < before.size:
        gone = before.size - after.size
        return f"账本变短：原有 {before.size} 条，现在只有 {after.size} 条，少了 {gone} 条"
    for digest in BOTH:
        old, new = before.notes[digest.name], after.notes[digest.name]
        roots = {"old_root": old.root, "root": new.root}
        if not consistent(digest, old=old.size, size=new.size, proof=proofs.get(digest.name, ()), **roots):
            return f"账本分叉：现在的 {new.size} 条不是从所记的 {old.size} 条接下去的（{digest.name}）"
    return ""


def _signed(note: Note, line: str) -> bool:
    return Verifier.from_line(line).name == note.origin and verify(note, line)


def _of(log: str, line: str) -> bool:
    return Verifier.from_line(line).name.rpartition("/")[0] == log
