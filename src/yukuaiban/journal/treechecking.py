"""The tree read again: every leaf in its place, the root at every checkpoint, every signature (journal.md 10)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from django.db import connection

from yukuaiban.core.errors import Refused
from yukuaiban.core.merkle import BOTH, SHA256, SM3, Digest, Frontier
from yukuaiban.journal import keys, tree
from yukuaiban.journal.checking import Fault, Finding
from yukuaiban.journal.models import JournalCheckpoint, JournalCosignature
from yukuaiban.journal.notes import Note, NoteError, Verifier, read_note, verify, with_lines

if TYPE_CHECKING:
    from yukuaiban.journal.report import Report

_CHUNK, _BATCH = 2000, 500
_MOST_MISSING = 10_000
_NO_LEAF = bytes(32)


@dataclass(slots=True)
class Grown:
    """The tree as far as it has been read, over both hashes; `good` is the last size that a checkpoint confirmed."""

    sha256: Frontier
    sm3: Frontier
    good: int = 0

    @property
    def size(self) -> int:
        """How many leaves have been read."""
        return self.sha256.size

    def add(self, sha256: bytes, sm3: bytes) -> None:
        """The next leaf."""
        self.sha256.add(sha256)
        self.sm3.add(sm3)


def nothing() -> Grown:
    """Before the first leaf."""
    return Grown(Frontier(SHA256), Frontier(SM3))


def base(since: Note, report: Report) -> Grown:
    """The tree at a checkpoint that was kept outside, if this database continues it; else from the beginning.

    A shorter tree is `rollback`, another one `root`, a note that the log has not signed `signature`. Raises NoteError
    if the note is none of this journal.
    """
    digest = _digest_of(since)
    if not keys.signed_by_log(since):
        report.add(Finding(Fault.SIGNATURE, "给出的检查点不是这个账本签的"))
        return nothing()
    size = tree.size()
    if size < since.size:
        why = f"这份数据库止于第 {size} 条，比给出的检查点（{since.size} 条）少 {since.size - size} 条"
        report.add(Finding(Fault.ROLLBACK, why, index=size))
        return nothing()
    found = Grown(tree.frontier(SHA256, since.size), tree.frontier(SM3, since.size), good=since.size)
    if (found.sha256 if digest is SHA256 else found.sm3).root() != since.root:
        report.add(Finding(Fault.ROOT, f"前 {since.size} 条不是给出的检查点所签的那些", index=0))
        return nothing()
    return found


def check(grown: Grown, report: Report) -> None:
    """Read the leaves and checkpoints behind `grown` and report every fault."""
    start = grown.size
    checkpoints = _checkpoints(start)
    _lost_events(start, report)
    following = next(checkpoints, None)
    for idx, sha256, sm3 in _leaves(start):
        if idx != grown.size:
            _fill(grown, idx, report)
        grown.add(sha256, sm3)
        while following is not None and following.size <= grown.size:
            _check_one(following, grown, report)
            following = next(checkpoints, None)
    while following is not None:
        why = f"树止于第 {grown.size} 叶，检查点却签了 {following.size} 条"
        report.add(Finding(Fault.LEAF, why, index=grown.size))
        report.checkpoints += 1
        following = next(checkpoints, None)
    report.size = grown.size
    _check_cosignatures(start, report)


def _digest_of(note: Note) -> Digest:
    for each in BOTH:
        if note.origin == keys.origin(each):
            return each
    raise NoteError(f"检查点出自 {note.origin}，不是本账本 {keys.origin(SHA256)}")


def _leaves(start: int) -> Iterator[tuple[int, bytes, bytes]]:
    with contextlib.closing(connection.chunked_cursor()) as cursor:
        cursor.execute(
            "SELECT idx, leaf_sha256, leaf_sm3 FROM journal_leaf WHERE idx >= %s ORDER BY idx", [start]
        )
        while chunk := cursor.fetchmany(_CHUNK):
            for idx, sha256, sm3 in chunk:
                yield idx, bytes(sha256), bytes(sm3)


def _checkpoints(size: int) -> Iterator[tree.Checkpoint]:
    found = JournalCheckpoint.objects.filter(size__gt=size).order_by("size")
    yield from map(tree.read, found.iterator(_CHUNK))


def _fill(grown: Grown, idx: int, report: Report) -> None:
    """Name a gap once, and stand in for the missing leaves, so that what follows is judged in its own place."""
    missing = idx - grown.size
    report.add(Finding(Fault.LEAF, f"第 {grown.size} 至 {idx - 1} 叶缺失", index=grown.size))
    for _ in range(min(missing, _MOST_MISSING)):
        grown.add(_NO_LEAF, _NO_LEAF)


def _lost_events(start: int, report: Report) -> None:
    """Leaves whose event is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.idx, l.event_id FROM journal_leaf l WHERE l.idx >= %s"
            " AND NOT EXISTS (SELECT 1 FROM journal_event e WHERE e.id = l.event_id) ORDER BY l.idx",
            [start],
        )
        for idx, event_id in cursor.fetchall():
            report.add(Finding(Fault.LEAF, f"第 {idx} 叶的留痕不见了", id=event_id, index=idx))


def _check_one(found: tree.Checkpoint, grown: Grown, report: Report) -> None:
    """Signatures, then the root; behind a wrong root the walk goes on from what was signed."""
    report.checkpoints += 1
    signed = [_check_signature(found, each, report) for each in BOTH]
    computed = (grown.sha256.root(), grown.sm3.root(), grown.sha256.packed() + grown.sm3.packed())
    if computed == (found.roots["sha256"], found.roots["sm3"], found.frontier):
        grown.good = found.size
        return
    why = f"检查点 {found.size} 的根与叶不符：第 {grown.good} 至 {found.size - 1} 叶或检查点被改过"
    report.add(Finding(Fault.ROOT, why, index=grown.good))
    if all(signed):
        _go_on_from(found, grown)


def _check_signature(found: tree.Checkpoint, digest: Digest, report: Report) -> bool:
    """Whether the note is signed by the log and says what its columns say."""
    try:
        note = read_note(found.notes[digest.name])
        if not keys.signed_by_log(note):
            raise NoteError("签名不成立")  # noqa: TRY301 - one way for everything that is no good note
    except NoteError as error:
        report.add(
            Finding(Fault.SIGNATURE, f"检查点 {found.size}（{digest.name}）：{error}", index=found.size)
        )
        return False
    if (note.origin, note.size, note.root) != (keys.origin(digest), found.size, found.roots[digest.name]):
        why = f"检查点 {found.size}（{digest.name}）的各列与所签不符"
        report.add(Finding(Fault.ROOT, why, index=found.size - 1))
        return False
    return True


def _go_on_from(found: tree.Checkpoint, grown: Grown) -> None:
    """Take over the frontier of a checkpoint, if it is the one that was signed, so that later faults are told apart."""
    try:
        trees = found.trees()
    except ValueError:
        return
    if all(each.root() == found.roots[name] for name, each in trees.items()):
        grown.sha256, grown.sm3, grown.good = trees["sha256"], trees["sm3"], found.size


def _check_cosignatures(start: int, report: Report) -> None:
    """Every line that a witness has sent, under the note that it belongs to, from the checkpoint `start` on."""
    known = _known()
    rows = JournalCosignature.objects.filter(size__gte=start).order_by("size", "id").iterator(_CHUNK)
    while chunk := list(islice(rows, _BATCH)):
        checkpoints = JournalCheckpoint.objects.filter(size__in={row.size for row in chunk})
        notes = {each.size: tree.read(each).notes for each in checkpoints}
        for row in chunk:
            note = notes.get(row.size, {}).get(row.digest)
            if note is None or not _cosigned(note, known.get(row.name, []), row.line):
                why = f"检查点 {row.size}（{row.digest}）：{row.name} 的见证签名不成立"
                report.add(Finding(Fault.COSIGNATURE, why, index=row.size - 1))


def _known() -> dict[str, list[str]]:
    """Verifier lines by name. Where the register itself is damaged its own fault is told, and nobody is known."""
    found: dict[str, list[str]] = {}
    try:
        lines = keys.trusted()
    except (Refused, ValueError, KeyError):
        lines = keys.own()
    for line in lines:
        found.setdefault(Verifier.from_line(line).name, []).append(line)
    return found


def _cosigned(note: str, lines: list[str], line: str) -> bool:
    try:
        found = read_note(with_lines(note, [line]))
    except NoteError:
        return False
    return any(verify(found, each) for each in lines)
