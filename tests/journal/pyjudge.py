"""The first verifier's own parts (`event`, `checking`, `merkle`, `notes`) put to an export or a proof of one case.

What this says about a damaged file, the second verifier has to say as well: whole, changed (and where), unreadable.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yukuaiban.core.canonical import CanonicalError
from yukuaiban.core.merkle import SHA256, SM3, Digest, Frontier, included
from yukuaiban.journal.checking import Broken, Chain, Fault, Row
from yukuaiban.journal.event import hash_of, parse_event
from yukuaiban.journal.notes import COSIGNATURE, Note, NoteError, Verifier, read_note, verify

WHOLE, CHANGED, UNREADABLE = 0, 1, 2
_DIGESTS = {"sha256": SHA256, "sm3": SM3}


@dataclass(slots=True)
class Judge:
    """Walks over texts; `first` is the fault found first and the index of its event, if it has one."""

    first: tuple[str, int | None] | None = None
    chains: dict[str, Chain] = field(default_factory=dict)

    @property
    def verdict(self) -> tuple[int, tuple[str, int | None] | None]:
        """Exit code and first fault."""
        return (CHANGED if self.first else WHOLE), self.first

    def bad(self, fault: str, index: int | None = None) -> None:
        self.first = self.first or (fault, index)

    def follow(self, text: bytes, index: int) -> None:
        """The next event."""
        try:
            found = parse_event(text)
        except CanonicalError:
            return self.bad(Fault.NOT_CANONICAL, index)
        chain = self.chains.setdefault(found["stream"], Chain(found["stream"].encode()))
        told = {"id": index + 1, "text": text, "hash": hash_of(text)}
        row = Row(**dict.fromkeys(Row._fields) | told)
        try:
            chain.follow(row, found)
        except Broken as broken:
            self.bad(broken.fault, index)
        chain.move(row, found)
        return None

    def signatures(self, note: Note, keys: Sequence[str]) -> None:
        """The log has signed, and whoever else did holds."""
        signed = False
        for line in keys:
            who = Verifier.from_line(line)
            if not any((each.name, each.key_id) == (who.name, who.key_id) for each in note.signatures):
                continue
            witness = who.key[:1] == COSIGNATURE
            signed = signed or (not witness and who.name == note.origin)
            if not verify(note, line):
                self.bad("cosignature" if witness else "signature")
        if not signed:
            self.bad("signature")


def judge_export(folder: Path) -> tuple[int, tuple[str, int | None] | None]:
    """What the export in that folder is worth."""
    try:
        return _export(folder).verdict
    except (NoteError, OSError, KeyError, TypeError, ValueError):
        return UNREADABLE, None


def judge_proof(text: str) -> tuple[int, tuple[str, int | None] | None]:
    """What the proof of one case is worth."""
    try:
        return _proof(json.loads(text)).verdict
    except (NoteError, KeyError, TypeError, ValueError):
        return UNREADABLE, None


def _export(folder: Path) -> Judge:
    judge = Judge()
    listed = json.loads((folder / "MANIFEST.json").read_bytes())["files"]
    keys = [line for line in (folder / "keys.txt").read_bytes().decode().split("\n") if line]
    notes = _notes({kind: (folder / f"checkpoint-{kind}.txt") for kind in _DIGESTS})
    _checked(keys)
    index = _walk(judge, folder, notes)
    size = notes["sha256"].size
    if index != size:
        judge.bad("leaf", min(index, size))
    for note in notes.values():
        judge.signatures(note, keys)
    for each in listed:
        path = folder / each["name"]
        data = path.read_bytes() if path.exists() else None
        if data is None or (len(data), hashlib.sha256(data).hexdigest()) != (each["size"], each["sha256"]):
            judge.bad("file")
    return judge


def _walk(judge: Judge, folder: Path, notes: dict[str, Note]) -> int:
    if len({(note.size, note.origin.rpartition("/")[0]) for note in notes.values()}) > 1:
        judge.bad("root")
    trees, index = {kind: Frontier(_DIGESTS[kind]) for kind in notes}, 0
    for text in _lines(folder):
        judge.follow(text, index)
        for tree in trees.values():
            tree.add(tree.digest.leaf(text))
        index += 1
        for kind, note in notes.items():
            if note.size == index and note.root != trees[kind].root():
                judge.bad("root")
    return index


def _lines(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.glob("events-*.jsonl")):
        lines = path.read_bytes().split(b"\n")
        yield from lines if lines[-1] else lines[:-1]


def _notes(paths: dict[str, Path]) -> dict[str, Note]:
    return {
        kind: read_note(path.read_bytes().decode())
        for kind, path in paths.items()
        if kind == "sha256" or path.exists()
    }


def _checked(keys: Sequence[str]) -> None:
    for line in keys:
        Verifier.from_line(line)


def _proof(proof: dict[str, Any]) -> Judge:
    judge, keys = Judge(), proof["keys"]
    notes = {kind: read_note(text) for kind, text in proof["checkpoint"].items()}
    if "sha256" not in notes:
        raise NoteError("缺少 SHA-256 的检查点")
    _checked(keys)
    if len({(note.size, note.origin.rpartition("/")[0]) for note in notes.values()}) > 1:
        judge.bad("root")
    for each in proof["events"]:
        text, index = each["text"].encode(), each["index"]
        judge.follow(text, index)
        for kind, note in notes.items():
            _placed(judge, _DIGESTS[kind], note, (text, index, each["proof"].get(kind, [])))
    for note in notes.values():
        judge.signatures(note, keys)
    if set(judge.chains) != {proof["stream"]}:
        judge.bad("chain")
    return judge


def _placed(judge: Judge, digest: Digest, note: Note, placed: tuple[bytes, int, list[str]]) -> None:
    text, index, path = placed
    steps = [bytes.fromhex(step) for step in path]
    whole = included(digest, digest.leaf(text), index=index, size=note.size, proof=steps, root=note.root)
    if not whole:
        judge.bad("root", index)
