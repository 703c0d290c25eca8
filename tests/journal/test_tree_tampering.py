"""Whoever repaints what stands in the tree is found by verify, with triggers dropped and hashes carried through.

What takes the signing key as well, or a whole older copy, is found by a checkpoint kept outside.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.cast import Office
from tests.sizes import sizes
from yukuaiban.cases.rebuilding import case_streams, fold_differences, rebuild
from yukuaiban.core.canonical import canonical, parse
from yukuaiban.core.merkle import BOTH, SHA256, SM3
from yukuaiban.journal import keys, sequencing, tree, triggers
from yukuaiban.journal.event import hash_of
from yukuaiban.journal.models import JournalCheckpoint, JournalCosignature, JournalEvent, JournalLeaf
from yukuaiban.journal.notes import COSIGNATURE, Ed25519Signer, NoteError, cosign, read_note
from yukuaiban.journal.verifying import Report, verify

MINUTE = timedelta(minutes=1)
WITNESS = Ed25519Signer("yukuaiban.sample/witness/jiwei", b"w" * 32, COSIGNATURE)


@pytest.fixture
def office(db, settings):
    """Work with a checkpoint about every dozen events, two of them cosigned, a few events not in the tree yet."""
    settings.YKB_JOURNAL_KEYS = [WITNESS.verifier_line()]
    found = Office()
    for day in range(3, 7):
        found.at(f"2026-03-0{day}T09:00").in_review()
        sequencing.add_leaves(12)
        sequencing.make_checkpoint(found.now)
    while sequencing.add_leaves(12):
        found.now += MINUTE
        sequencing.make_checkpoint(found.now)
    for each in tree.latest(2):
        line = cosign(read_note(each.notes["sha256"]), WITNESS, found.now)
        cosigned(each.size, line)
    found.receive("S-0002")
    return found


def cosigned(size: int, line: str, name: str = "yukuaiban.sample/witness/jiwei") -> None:
    JournalCosignature.objects.create(
        size=size,
        digest="sha256",
        name=name,
        line=line,
        received_at=JournalCheckpoint.objects.first().made_at,
    )


def verified(**more: object) -> Report:
    return verify(folds={"case:": fold_differences}, streams={"case:": case_streams}, **more)


class Adversary:
    """Spoils one thing by a seeded die, and says which fault and which leaves verify must name."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.leaves = list(JournalLeaf.objects.order_by("idx").values_list("idx", "event_id"))
        streams = dict(JournalEvent.objects.values_list("id", "stream"))
        self.streams = {idx: streams[event] for idx, event in self.leaves}
        self.sizes = list(JournalCheckpoint.objects.order_by("size").values_list("size", flat=True))

    def sql(self, statement: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    def leaf(self) -> tuple[int, int]:
        return self.dice.choice(self.leaves)

    def flipped(self, given: bytes) -> bytes:
        place = self.dice.randrange(len(given))
        return given[:place] + bytes([given[place] ^ (1 << self.dice.randrange(8))]) + given[place + 1 :]

    def bit_of_a_leaf(self) -> tuple[str, int]:
        idx, _ = self.leaf()
        column = self.dice.choice(["leaf_sha256", "leaf_sm3"])
        held = bytes(JournalLeaf.objects.values_list(column, flat=True).get(idx=idx))
        self.sql(f"UPDATE journal_leaf SET {column} = %s WHERE idx = %s", self.flipped(held), idx)  # noqa: S608
        return "leaf", idx

    def leaf_removed(self) -> tuple[str, int]:
        idx, _ = self.leaf()
        self.sql("DELETE FROM journal_leaf WHERE idx = %s", idx)
        return "leaf", idx

    def tree_cut_off(self) -> tuple[str, int]:
        idx, _ = self.leaf()
        self.sql("DELETE FROM journal_leaf WHERE idx >= %s", idx)
        return "leaf", idx

    def two_leaves_swapped(self) -> tuple[str, int]:
        """With their hashes, as if the events had come in another order."""
        (one, a), (two, b) = sorted(self.dice.sample(self.leaves, 2))
        hashes = {
            idx: (bytes(row.leaf_sha256), bytes(row.leaf_sm3))
            for idx in (one, two)
            for row in [JournalLeaf.objects.get(idx=idx)]
        }
        self.sql("DELETE FROM journal_leaf WHERE idx IN (%s, %s)", one, two)
        for idx, event, (sha256, sm3) in ((one, b, hashes[two]), (two, a, hashes[one])):
            self.sql("INSERT INTO journal_leaf VALUES (%s, %s, %s, %s)", idx, event, sha256, sm3)
        return "root", one

    def event_rewritten_with_its_leaf(self) -> tuple[str, int]:
        """The last event of a stream that no row is a fold of: text, hash, leaf all agree again."""
        last = JournalEvent.objects.filter(stream__startswith="person:").order_by("stream", "-seq")
        event = self.dice.choice([row for row in last if self._is_last(row)])
        text = canonical(parse(bytes(event.text)) | {"body": {"forged": True}})
        idx = JournalLeaf.objects.get(event_id=event.id).idx
        self.sql("UPDATE journal_event SET text = %s, hash = %s WHERE id = %s", text, hash_of(text), event.id)
        self.sql(
            "UPDATE journal_leaf SET leaf_sha256 = %s, leaf_sm3 = %s WHERE idx = %s",
            SHA256.leaf(text),
            SM3.leaf(text),
            idx,
        )
        return "root", idx

    def _is_last(self, row: JournalEvent) -> bool:
        return not JournalEvent.objects.filter(stream=row.stream, seq__gt=row.seq).exists()

    def end_of_a_stream_cut_off(self) -> tuple[str, int]:
        people = JournalEvent.objects.filter(stream__startswith="person:")
        event = self.dice.choice([row for row in people if self._is_last(row)])
        idx = JournalLeaf.objects.get(event_id=event.id).idx
        self.sql("DELETE FROM journal_event WHERE id = %s", event.id)
        return "leaf", idx

    def checkpoint_of_another_root(self) -> tuple[str, int]:
        size = self.dice.choice(self.sizes)
        column = self.dice.choice(["root_sha256", "root_sm3"])
        self.sql(f"UPDATE journal_checkpoint SET {column} = %s WHERE size = %s", b"r" * 32, size)  # noqa: S608
        return "root", size - 1

    def checkpoint_of_another_frontier(self) -> tuple[str, int]:
        size = self.dice.choice(self.sizes)
        held = bytes(JournalCheckpoint.objects.get(size=size).frontier)
        self.sql("UPDATE journal_checkpoint SET frontier = %s WHERE size = %s", self.flipped(held), size)
        return "root", size - 1

    def note_of_another_key(self) -> tuple[str, int]:
        size = self.dice.choice(self.sizes)
        name = self.dice.choice(["sha256", "sm3"])
        held = JournalCheckpoint.objects.get(size=size)
        note = getattr(held, f"note_{name}").replace("== ", "=").replace("sample", "simple")
        self.sql(f"UPDATE journal_checkpoint SET note_{name} = %s WHERE size = %s", note, size)  # noqa: S608
        return "signature", size

    def note_that_is_none(self) -> tuple[str, int]:
        size = self.dice.choice(self.sizes)
        self.sql("UPDATE journal_checkpoint SET note_sm3 = 'x' WHERE size = %s", size)
        return "signature", size

    def note_of_another_checkpoint(self) -> tuple[str, int]:
        one, two = self.dice.sample(self.sizes, 2)
        note = JournalCheckpoint.objects.get(size=two).note_sha256
        self.sql("UPDATE journal_checkpoint SET note_sha256 = %s WHERE size = %s", note, one)
        return "root", one

    def cosignature_of_another_note(self) -> tuple[str, int]:
        row = self.dice.choice(list(JournalCosignature.objects.order_by("id")))
        other = next(each for each in self.sizes if each != row.size)
        line = cosign(read_note(JournalCheckpoint.objects.get(size=other).note_sha256), WITNESS, 5)
        self.sql("UPDATE journal_cosignature SET line = %s WHERE id = %s", line, row.id)
        return "cosignature", row.size

    def cosignature_of_a_stranger(self) -> tuple[str, int]:
        size = self.dice.choice(self.sizes)
        stranger = Ed25519Signer("stranger", b"s" * 32, COSIGNATURE)
        note = read_note(JournalCheckpoint.objects.get(size=size).note_sha256)
        cosigned(size, cosign(note, stranger, 5), "stranger")
        return "cosignature", size


KINDS: list[Callable[[Adversary], tuple[str, int]]] = [
    value for name, value in vars(Adversary).items() if callable(value) and name not in vars(object)
]
KINDS = [kind for kind in KINDS if kind.__name__ not in {"sql", "leaf", "flipped", "_is_last", "__init__"}]


def test_an_untouched_tree_is_green(office):
    report = verified()
    assert report.ok, report.first
    assert report.size == tree.size() == report.events - report.unsequenced
    assert report.unsequenced > 0
    assert report.checkpoints == JournalCheckpoint.objects.count() > 4
    assert JournalCosignature.objects.count() == 2


@pytest.mark.parametrize("size", sizes("tamper"))
def test_every_tamper_of_the_tree_is_found_and_located(office, size, seed, record_property):
    assert len(KINDS) >= 13
    record_property("tampered", len(KINDS) * size["rounds"])
    for number, kind in enumerate(kind for _ in range(size["rounds"]) for kind in KINDS):
        adversary = Adversary(seed + number)
        mark = transaction.savepoint()
        triggers.remove(connection)
        fault, place = kind(adversary)
        triggers.install(connection)
        report = verified()
        transaction.savepoint_rollback(mark)
        said = f"{kind.__name__}, seed {seed + number}: {report.first} {report.faults}, index {report.index}"
        assert fault in report.faults, f"{said}, wanted {fault} at {place}"
        assert "trigger" not in report.faults, said
        assert report.index is not None, said
        # Found in the range where it is, or at its neighbour in the same stream.
        in_its_stream = report.first is not None and report.first.stream == adversary.streams.get(place, "")
        assert in_its_stream or _range(adversary.sizes, report.index) <= place, said
    assert verified().ok


def _range(sizes: list[int], index: int) -> int:
    """The size of the last checkpoint at or before that leaf: where a range that is named begins."""
    return max((size for size in sizes if size <= index), default=0)


def test_a_root_that_is_wrong_names_the_range_and_the_next_ranges_are_judged_alone(office):
    sizes = list(JournalCheckpoint.objects.order_by("size").values_list("size", flat=True))
    triggers.remove(connection)
    with connection.cursor() as cursor:
        for place in (sizes[1], sizes[3]):
            cursor.execute("UPDATE journal_leaf SET leaf_sha256 = %s WHERE idx = %s", [b"x" * 32, place])
    triggers.install(connection)
    report = verified()
    assert (report.faults["leaf"], report.faults["root"]) == (2, 2)
    assert report.index == sizes[1]


def test_an_event_left_behind_for_good_is_missed(office):
    for _ in range(40):
        office.receive("S-0002")
    office.now += timedelta(hours=1)
    waiting = JournalEvent.objects.order_by("id").last().id
    while sequencing.add_leaves():
        pass
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_leaf WHERE event_id = %s", [waiting - 5])
    triggers.install(connection)
    assert verified().faults["leaf"] >= 1


# -- what a checkpoint outside adds ------------------------------------------------------------------------------------
def outside(digest: str = "sha256", back: int = 2):
    """A checkpoint as a witness holds it."""
    return read_note(tree.latest(back + 1)[back].notes[digest])


@pytest.mark.parametrize("digest", ["sha256", "sm3"])
def test_a_run_since_a_checkpoint_is_green_and_reads_less(office, digest):
    whole, kept = verified(), outside(digest)
    part = verified(since=kept)
    assert part.ok, part.first
    assert 0 < part.events < whole.events
    assert (part.size, part.unsequenced) == (whole.size, whole.unsequenced)


def test_a_run_since_a_checkpoint_finds_what_was_spoiled_behind_it(office):
    kept = outside()
    last = JournalLeaf.objects.order_by("-idx").first()
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_event SET hash = %s WHERE id = %s", [b"x" * 32, last.event_id])
    triggers.install(connection)
    report = verified(since=kept)
    assert report.faults["hash"] == 1
    assert report.index == last.idx


def test_an_older_copy_ends_before_the_checkpoint_that_was_kept(office):
    size, copy = tree.size(), transaction.savepoint()
    office.now += MINUTE
    office.receive()
    sequencing.advance(office.now)
    kept = outside(back=0)
    transaction.savepoint_rollback(copy)
    assert verified().ok
    report = verified(since=kept)
    assert report.faults == {"rollback": 1}
    assert report.first is not None
    assert f"少 {kept.size - size} 条" in report.first.why
    assert report.index == size


def test_whoever_holds_the_key_and_rewrites_everything_is_found_by_the_checkpoint_alone(office):
    """A case is repainted, chained, folded, put in the tree and signed anew: only the outside knows."""
    kept = outside()
    case = office.receive()
    office.do(case, "admit", "xiaoyu")
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM journal_event WHERE id = (SELECT event_id FROM journal_leaf WHERE idx = 3)"
        )
        for table in ("journal_leaf", "journal_checkpoint", "journal_cosignature"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - of the list
        cursor.execute("DELETE FROM journal_event WHERE stream = %s AND seq = 2", [f"case:{case.number}"])
    triggers.install(connection)
    rebuild(case.number, actor=office.xiaoyu.actor(), pen=office.pen)
    sequencing.advance(office.now)
    assert set(verified().faults) <= {"gap", "chain"}
    assert "root" in verified(since=kept).faults


def test_a_checkpoint_of_another_log_is_no_checkpoint_of_this_one(office):
    kept = outside()
    with pytest.raises(NoteError, match="不是本账本"):
        verified(since=read_note(tree.newest().notes["sha256"].replace(kept.origin, "other/log/sha256")))


def test_a_checkpoint_that_nobody_signed_is_a_fault(office):
    note = tree.newest().notes["sha256"].replace(f"\n{tree.newest().size}\n", "\n3\n")
    assert verified(since=read_note(note)).faults["signature"] == 1


def test_keys_of_both_notes_are_believed_and_no_others(db):
    assert [line.split("+")[0] for line in keys.trusted()[:2]] == [keys.origin(each) for each in BOTH]
