"""Reading the tree as it is stored: stretches, proofs, checkpoints. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from yukuaiban.core.merkle import BOTH, SHA256, Digest, Frontier, grown, split
from yukuaiban.core.merkle import consistency as consistency_proof
from yukuaiban.core.merkle import inclusion as inclusion_proof
from yukuaiban.journal import waiting
from yukuaiban.journal.models import JournalCheckpoint, JournalCosignature, JournalEvent, JournalLeaf
from yukuaiban.journal.notes import with_lines

MERGE_TOO_OLD = timedelta(seconds=60)
PUBLISH_TOO_OLD = timedelta(minutes=3)
_TILE = 256
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A published state: how many leaves, the roots, when it was made and the notes by the name of their hash."""

    size: int
    roots: dict[str, bytes]
    made_at: datetime
    notes: dict[str, str]
    frontier: bytes

    def trees(self) -> dict[str, Frontier]:
        """The tree at this size, to be continued, by the name of the hash. Raises ValueError if it was damaged."""
        half = len(self.frontier) // 2
        halves = (self.frontier[:half], self.frontier[half:])
        return {
            digest.name: Frontier.unpacked(digest, self.size, part)
            for digest, part in zip(BOTH, halves, strict=True)
        }


class Tree:
    """The stored tree over one hash. Whole subtrees come from the checkpoints' frontiers where these hold them.

    So a proof reads some hundred rows, however large the journal. What was read is remembered while this lives.
    """

    def __init__(self, digest: Digest) -> None:
        self._digest = digest
        self._known: dict[tuple[int, int], bytes] = {}

    def stretch(self, start: int, end: int) -> bytes:
        """The root over the leaves `[start, end)`."""
        found = self._known.get((start, end))
        if found is None:
            found = self._known[start, end] = self._read(start, end)
        return found

    def _read(self, start: int, end: int) -> bytes:
        length = end - start
        if length <= _TILE:
            return grown(self._digest, leaves(self._digest, start, end)).root()
        if length.bit_count() == 1 and start % (2 * length) == 0 and self._learn(end, length):
            return self._known[start, end]
        middle = start + split(length)
        return self._digest.node(self.stretch(start, middle), self.stretch(middle, end))

    def _learn(self, end: int, length: int) -> bool:
        """Take over the subtrees of a checkpoint whose frontier holds the one of that length before `end`."""
        row = JournalCheckpoint.objects.filter(size__gte=end, size__lt=end + length).order_by("size").first()
        if row is None:
            return False
        self._known |= read(row).trees()[self._digest.name].stretches()
        return True


def leaves(digest: Digest, start: int, end: int) -> Iterator[bytes]:
    """The leaf hashes `[start, end)`, as far as they are there."""
    column = f"leaf_{digest.name}"
    found = JournalLeaf.objects.filter(idx__gte=start, idx__lt=end).order_by("idx")
    for leaf in found.values_list(column, flat=True).iterator(_CHUNK):
        yield bytes(leaf)


def read(row: JournalCheckpoint) -> Checkpoint:
    """A row as plain values, its notes without cosignatures."""
    return Checkpoint(
        row.size,
        {"sha256": bytes(row.root_sha256), "sm3": bytes(row.root_sm3)},
        row.made_at,
        {"sha256": row.note_sha256, "sm3": row.note_sm3},
        bytes(row.frontier),
    )


def newest() -> Checkpoint | None:
    """The newest checkpoint; None before the first."""
    row = JournalCheckpoint.objects.order_by("-size").first()
    return None if row is None else read(row)


def latest(count: int) -> list[Checkpoint]:
    """The newest checkpoints, the newest first."""
    return [read(row) for row in JournalCheckpoint.objects.order_by("-size")[:count]]


def checkpoint(size: int) -> Checkpoint | None:
    """The checkpoint of exactly that size."""
    row = JournalCheckpoint.objects.filter(size=size).first()
    return None if row is None else read(row)


def covering(index: int) -> Checkpoint | None:
    """The first checkpoint that covers that leaf."""
    row = JournalCheckpoint.objects.filter(size__gt=index).order_by("size").first()
    return None if row is None else read(row)


def published(found: Checkpoint, digest: Digest = SHA256) -> str:
    """The note over one hash with the lines of the witnesses, in the order in which they came."""
    mine = JournalCosignature.objects.filter(size=found.size, digest=digest.name).order_by("id")
    return with_lines(found.notes[digest.name], list(mine.values_list("line", flat=True)))


def size() -> int:
    """How many leaves the tree has."""
    last = JournalLeaf.objects.order_by("-idx").values_list("idx", flat=True).first()
    return 0 if last is None else last + 1


def frontier(digest: Digest, size: int) -> Frontier:
    """The stored tree of the first `size` leaves, to be continued."""
    reader, start, parts = Tree(digest), 0, []
    while start < size:
        length = 1 << (size - start).bit_length() - 1
        parts.append(reader.stretch(start, start + length))
        start += length
    return Frontier(digest, size, parts)


def indexes(stream: str) -> list[int | None]:
    """The leaf of each event of a stream, in order; None for those that have none yet."""
    ids = list(JournalEvent.objects.filter(stream=stream).order_by("seq").values_list("id", flat=True))
    found = dict(JournalLeaf.objects.filter(event_id__in=ids).values_list("event_id", "idx"))
    return [found.get(each) for each in ids]


def consistency(digest: Digest, old: int, new: int) -> list[bytes]:
    """The proof that the stored tree of `new` leaves begins with that of `old`. Raises ValueError as in core."""
    return consistency_proof(Tree(digest).stretch, old, new)


def inclusion(tree: Tree, index: int, size: int) -> list[bytes]:
    """The proof that a leaf is in the stored tree of that size. Raises ValueError as in core."""
    return inclusion_proof(tree.stretch, index, size)


def merge_delay(now: datetime) -> timedelta:
    """How long the oldest event without a leaf waits for one."""
    recorded = waiting.oldest()
    return now - recorded if recorded is not None else timedelta()


def unpublished_age(now: datetime) -> timedelta:
    """How long the oldest event that has a leaf waits for a checkpoint over it."""
    last = newest()
    first = JournalLeaf.objects.filter(idx=0 if last is None else last.size).values_list(
        "event_id", flat=True
    )
    recorded = JournalEvent.objects.filter(id__in=list(first)).values_list("recorded_at", flat=True).first()
    return now - recorded if recorded is not None else timedelta()
