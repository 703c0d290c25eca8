"""The sequencer: gives committed events their place in the tree and signs checkpoints (journal.md section 7).

One at a time: an advisory lock on PostgreSQL, on SQLite the immediate transaction itself. It signs only what it has
read back from the database and hashed again, and only what continues everything it has signed before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from yukuaiban.core.merkle import BOTH, SHA256, SM3, Frontier, consistent
from yukuaiban.journal import disk, keys, tree, waiting
from yukuaiban.journal.event import hash_of
from yukuaiban.journal.models import JournalCheckpoint, JournalLeaf
from yukuaiban.journal.notes import NoteError, Signer, checkpoint_text, read_note, signed

BATCH = 5000
CHECKPOINT_EVERY = timedelta(seconds=60)
_LOCK = 0x796B62  # "ykb"; any number that nobody else in the database takes


class SequencerStopped(Exception):
    """It does not sign any more until somebody has looked; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass did: leaves added, the size of a checkpoint that was made, and whether more is waiting."""

    leaves: int
    checkpoint: int | None
    more: bool


def advance(now: datetime, *, memory: Path | None = None, batch: int = BATCH) -> Pass:
    """One pass: at most `batch` leaves, and a checkpoint if one is due.

    `memory` is the file in which the signer keeps its last note, outside the database: with it a database that was
    put back is noticed. Raises SequencerStopped.
    """
    added = add_leaves(batch)
    return Pass(added, make_checkpoint(now, memory=memory), more=added == batch)


def add_leaves(batch: int = BATCH) -> int:
    """Give up to `batch` events their place; returns how many. Raises SequencerStopped for a changed one."""
    if waiting.oldest() is None:
        return 0
    with transaction.atomic():
        if not _locked():
            return 0
        first = tree.size()
        found = _read_again(batch)
        JournalLeaf.objects.bulk_create(
            [_leaf(first + place, row) for place, row in enumerate(found)], batch_size=500
        )
        return len(found)


def make_checkpoint(
    now: datetime, *, memory: Path | None = None, signers: Mapping[str, Signer] | None = None
) -> int | None:
    """Sign the tree as it stands, if it grew and the last checkpoint is old enough; returns its size or None.

    Raises SequencerStopped if the tree does not continue the last checkpoint, or the note in `memory`.
    """
    if not _is_due(now):
        return None
    with transaction.atomic():
        if not _locked() or not _is_due(now):
            return None
        return _sign(now, _to_be_signed(memory), signers or keys.signers(), memory)


def obstacle(now: datetime, *, memory: Path | None = None) -> str | None:
    """Why the sequencer would stop at this moment; None if it would go on. Writes nothing."""
    try:
        _read_again(BATCH)
        if _is_due(now):
            _to_be_signed(memory)
    except SequencerStopped as stopped:
        return str(stopped)
    return None


def _read_again(batch: int) -> list[tuple[int, bytes]]:
    """Id and text of the next events, each read back and hashed again."""
    found: list[tuple[int, bytes]] = []
    for event_id, text, digest, stream, seq in waiting.rows(batch):
        if hash_of(bytes(text)) != bytes(digest):
            raise SequencerStopped(
                f"{stream} 第 {seq} 条的原文与哈希不符，已停止签发；请运行 ./ykb journal verify"
            )
        found.append((event_id, bytes(text)))
    return found


def _leaf(idx: int, row: tuple[int, bytes]) -> JournalLeaf:
    event_id, text = row
    return JournalLeaf(idx=idx, event_id=event_id, leaf_sha256=SHA256.leaf(text), leaf_sm3=SM3.leaf(text))


def _locked() -> bool:
    """Whether this transaction is the one sequencer. On SQLite no other writes while it lasts anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return cursor.fetchone() == (True,)


def _is_due(now: datetime) -> bool:
    last = JournalCheckpoint.objects.order_by("-size").values_list("size", "made_at").first()
    size = tree.size()
    if last is None:
        return size > 0
    if size < last[0]:
        raise SequencerStopped(f"树比已签的检查点少 {last[0] - size} 条，已停止签发")
    # A clock that went back must not hold back what is due.
    return size > last[0] and not timedelta() <= now - last[1] < CHECKPOINT_EVERY


def _to_be_signed(memory: Path | None) -> dict[str, Frontier]:
    """The tree over each hash, held against everything that was signed before. Raises SequencerStopped."""
    last = tree.newest()
    trees = _grown(last)
    _check_consistency(last, trees)
    if memory is not None:
        _check_memory(memory, trees["sha256"].size)
    return trees


def _grown(last: tree.Checkpoint | None) -> dict[str, Frontier]:
    """The tree of all leaves over each hash, continued from the last checkpoint. Raises SequencerStopped."""
    trees = _of_checkpoint(last) if last else {each.name: Frontier(each) for each in BOTH}
    for place, (idx, sha256, sm3) in enumerate(_leaves_from(last.size if last else 0), trees["sha256"].size):
        if idx != place:
            raise SequencerStopped(f"第 {place} 叶缺失，已停止签发")
        trees["sha256"].add(sha256)
        trees["sm3"].add(sm3)
    return trees


def _leaves_from(idx: int) -> Iterator[tuple[int, bytes, bytes]]:
    found = JournalLeaf.objects.filter(idx__gte=idx).order_by("idx")
    for place, sha256, sm3 in found.values_list("idx", "leaf_sha256", "leaf_sm3").iterator(2000):
        yield place, bytes(sha256), bytes(sm3)


def _of_checkpoint(last: tree.Checkpoint) -> dict[str, Frontier]:
    """The tree at the last checkpoint, if that is still what was signed."""
    try:
        trees = last.trees()
        notes = {name: read_note(text) for name, text in last.notes.items()}
        signed_here = all(map(keys.signed_by_log, notes.values()))
    except (ValueError, NoteError) as error:
        raise SequencerStopped(f"第 {last.size} 条处的检查点读不出，已停止签发：{error}") from error
    for name, frontier in trees.items():
        note = notes[name]
        if (note.size, note.root, last.roots[name]) != (last.size, frontier.root(), frontier.root()):
            raise SequencerStopped(f"第 {last.size} 条处的检查点被改动，已停止签发")
    if not signed_here:
        raise SequencerStopped(
            f"第 {last.size} 条处的检查点不是用本机密钥签的，已停止签发；请恢复 journal-key"
        )
    return trees


def _check_consistency(last: tree.Checkpoint | None, trees: Mapping[str, Frontier]) -> None:
    """Prove from the leaves as they stand that they continue the last checkpoint. Raises SequencerStopped."""
    if last is None:
        return
    for digest in BOTH:
        grown = trees[digest.name]
        proof = tree.consistency(digest, last.size, grown.size)
        roots = {"old_root": last.roots[digest.name], "root": grown.root()}
        if not consistent(digest, old=last.size, size=grown.size, proof=proof, **roots):
            raise SequencerStopped(f"树与第 {last.size} 条处的检查点不一致，已停止签发")


def _check_memory(memory: Path, size: int) -> None:
    """The note that was signed last, kept outside the database, still holds. Raises SequencerStopped."""
    if not memory.exists():
        return
    note = read_note(memory.read_text(encoding="utf-8"))
    if note.size > size:
        raise SequencerStopped(f"数据库比已签的检查点少 {note.size - size} 条（可能是旧备份），已停止签发")
    if tree.Tree(SHA256).stretch(0, note.size) != note.root:
        raise SequencerStopped(f"树与已签的第 {note.size} 条处的检查点不一致，已停止签发")


def _sign(
    now: datetime, trees: Mapping[str, Frontier], signers: Mapping[str, Signer], memory: Path | None
) -> int:
    size = trees["sha256"].size
    roots = {name: each.root() for name, each in trees.items()}
    notes = {
        each.name: signed(checkpoint_text(keys.origin(each), size, roots[each.name]), signers[each.name])
        for each in BOTH
    }
    if memory is not None:
        _remember(memory, notes["sha256"])
    JournalCheckpoint.objects.create(
        size=size,
        root_sha256=roots["sha256"],
        root_sm3=roots["sm3"],
        note_sha256=notes["sha256"],
        note_sm3=notes["sm3"],
        frontier=trees["sha256"].packed() + trees["sm3"].packed(),
        made_at=now,
    )
    return size


def _remember(memory: Path, note: str) -> None:
    """Put the note on the disk before the database says that it was signed."""
    disk.write_whole(memory, note.encode())
