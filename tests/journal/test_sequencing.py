"""The sequencer: every committed event gets one leaf, and nothing is signed that does not continue what was signed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from pymerkle import InmemoryTree

from tests.cast import Office
from yukuaiban.core.merkle import BOTH, SHA256, consistent, included
from yukuaiban.journal import keys, sequencing, tree, triggers, waiting
from yukuaiban.journal.event import hash_of
from yukuaiban.journal.models import JournalCheckpoint, JournalCosignature, JournalEvent, JournalLeaf
from yukuaiban.journal.notes import read_note, verify
from yukuaiban.journal.sequencing import SequencerStopped, advance
from yukuaiban.journal.writing import confirm_clock

MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(db):
    """Some fifty events on many streams."""
    found = Office()
    for _ in range(3):
        found.in_review()
    return found


def sql(statement: str, *values: object) -> None:
    """As an adversary who may change tables: the triggers are away meanwhile."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    triggers.install(connection)


def drain(now, **more):
    while (done := advance(now, **more)).more:
        pass
    return done


def texts() -> list[bytes]:
    found = dict(JournalEvent.objects.values_list("id", "text"))
    return [
        bytes(found[each]) for each in JournalLeaf.objects.order_by("idx").values_list("event_id", flat=True)
    ]


def test_every_event_gets_one_leaf_in_the_order_of_ids_and_a_signed_root(office):
    done = advance(office.now)
    count = JournalEvent.objects.count()
    assert (done.leaves, done.checkpoint, done.more) == (count, count, False)
    leaves = list(JournalLeaf.objects.order_by("idx").values_list("idx", "event_id", "leaf_sha256"))
    assert [idx for idx, _, _ in leaves] == list(range(count))
    assert [event for _, event, _ in leaves] == sorted(JournalEvent.objects.values_list("id", flat=True))
    assert [bytes(leaf) for _, _, leaf in leaves] == [hash_of(text) for text in texts()]
    oracle = InmemoryTree(algorithm="sha256")
    for text in texts():
        oracle.append_entry(text)
    made = tree.newest()
    assert made.roots["sha256"] == oracle.get_root()
    for digest in BOTH:
        note = read_note(made.notes[digest.name])
        assert (note.origin, note.size, note.root) == (
            f"yukuaiban.sample/journal/{digest.name}",
            count,
            made.roots[digest.name],
        )
        assert verify(note, keys.signers()[digest.name].verifier_line())


def test_a_second_pass_without_news_does_nothing(office):
    advance(office.now)
    assert advance(office.now + MINUTE) == sequencing.Pass(0, None, more=False)
    assert sequencing.obstacle(office.now + MINUTE) is None


def test_a_checkpoint_is_made_every_minute_and_only_if_the_tree_grew(office):
    first = advance(office.now).checkpoint
    office.receive()
    assert advance(office.now + timedelta(seconds=59)).checkpoint is None
    second = advance(office.now + MINUTE).checkpoint
    assert second == tree.size() > first
    assert advance(office.now + 2 * MINUTE).checkpoint is None


def test_a_clock_that_went_back_does_not_hold_back_a_checkpoint(office):
    advance(office.now)
    office.receive()
    assert advance(office.now - timedelta(hours=1)).checkpoint == tree.size()


def test_small_batches_and_many_checkpoints_give_the_tree_of_one_pass(office):
    whole = JournalEvent.objects.count()
    now = office.now
    while (done := advance(now, batch=7)).leaves:
        assert done.more == (done.leaves == 7)
        now += MINUTE
    assert JournalCheckpoint.objects.count() > 5
    roots = tree.newest().roots
    for table in ("journal_leaf", "journal_checkpoint"):
        sql(f"DELETE FROM {table}")  # noqa: S608 - of the list
    assert advance(office.now).checkpoint == whole
    assert tree.newest().roots == roots


def test_proofs_from_the_tables_hold_for_every_checkpoint_and_leaf(office):
    now = office.now
    while advance(now, batch=11).leaves:
        now += MINUTE
    newest = tree.newest()
    for digest in BOTH:
        reader = tree.Tree(digest)
        leaves = list(tree.leaves(digest, 0, newest.size))
        for index, leaf in enumerate(leaves):
            proof = tree.inclusion(reader, index, newest.size)
            root = newest.roots[digest.name]
            assert included(digest, leaf, index=index, size=newest.size, proof=proof, root=root)
        for old in tree.latest(100):
            proof = tree.consistency(digest, old.size, newest.size)
            roots = {"old_root": old.roots[digest.name], "root": newest.roots[digest.name]}
            assert consistent(digest, old=old.size, size=newest.size, proof=proof, **roots)


def test_whole_subtrees_are_taken_from_checkpoints(office, monkeypatch):
    """With tiles of two leaves even a small tree is deep enough to show it."""
    monkeypatch.setattr(tree, "_TILE", 2)
    now = office.now
    while advance(now, batch=4).leaves:
        now += MINUTE
    newest = tree.newest()
    read, asked = tree.leaves, []
    monkeypatch.setattr(tree, "leaves", lambda digest, a, b: asked.append(b - a) or read(digest, a, b))
    proof = tree.inclusion(tree.Tree(SHA256), 3, newest.size)
    leaf = next(iter(read(SHA256, 3, 4)))
    assert included(SHA256, leaf, index=3, size=newest.size, proof=proof, root=newest.roots["sha256"])
    with_frontiers, asked[:] = sum(asked), []
    monkeypatch.setattr(tree.Tree, "_learn", lambda *_: False)
    assert tree.inclusion(tree.Tree(SHA256), 3, newest.size) == proof
    assert with_frontiers < sum(asked) / 2


def test_an_event_that_was_changed_before_it_got_a_leaf_stops_the_sequencer(office):
    bad = JournalEvent.objects.order_by("id")[20]
    sql("UPDATE journal_event SET text = %s WHERE id = %s", bytes(bad.text) + b" ", bad.id)
    with pytest.raises(SequencerStopped, match=f"{bad.stream} 第 {bad.seq} 条"):
        advance(office.now)
    assert tree.size() == 0
    assert waiting.oldest() is not None
    assert bad.stream in sequencing.obstacle(office.now)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE journal_checkpoint SET root_sha256 = root_sm3", "被改动"),
        ("UPDATE journal_checkpoint SET note_sha256 = replace(note_sha256, 'sample', 'simple')", "密钥"),
        ("UPDATE journal_checkpoint SET note_sm3 = 'x'", "读不出"),
        ("UPDATE journal_checkpoint SET size = size - 1", "读不出|被改动"),
        ("UPDATE journal_checkpoint SET frontier = root_sha256", "读不出"),
        ("DELETE FROM journal_leaf WHERE idx > 3", "少"),
        ("DELETE FROM journal_leaf WHERE idx = (SELECT size FROM journal_checkpoint)", "叶缺失"),
        ("UPDATE journal_leaf SET leaf_sha256 = leaf_sm3 WHERE idx = 5", "不一致"),
    ],
)
def test_nothing_is_signed_over_a_damaged_tree(office, statement, said):
    advance(office.now)
    office.receive()
    office.receive()
    sequencing.add_leaves()
    sql(statement)
    with pytest.raises(SequencerStopped, match=said):
        sequencing.make_checkpoint(office.now + MINUTE)
    assert "停止签发" in sequencing.obstacle(office.now + MINUTE)
    assert JournalCheckpoint.objects.count() == 1


@pytest.mark.parametrize(("since", "said"), [(0, "不一致"), (1, "少 1 条")])
def test_a_database_that_was_put_back_is_not_signed_again(office, tmp_path, since, said):
    """As an older copy would be: the events after it are gone, and work goes on from there."""
    memory = tmp_path / "journal-signed"
    drain(office.now, memory=memory)
    kept = tree.size()
    for _ in range(1 + since):
        office.receive()
    drain(office.now + MINUTE, memory=memory)
    assert read_note(memory.read_text()).size == kept + 1 + since
    sql("DELETE FROM journal_event WHERE id IN (SELECT event_id FROM journal_leaf WHERE idx >= %s)", kept)
    sql("DELETE FROM journal_checkpoint WHERE size > %s", kept)
    sql("DELETE FROM journal_leaf WHERE idx >= %s", kept)
    confirm_clock(actor=office.head.actor(), pen=office.pen, reason="换了电池")
    with pytest.raises(SequencerStopped, match=said):
        drain(office.now + 2 * MINUTE, memory=memory)


def test_a_crash_between_note_and_database_does_no_harm(office, tmp_path, monkeypatch):
    """The file remembers a checkpoint that the database never got; the next one continues it."""
    memory = tmp_path / "journal-signed"
    monkeypatch.setattr(JournalCheckpoint.objects, "create", _killed)
    with pytest.raises(Killed):
        advance(office.now, memory=memory)
    monkeypatch.undo()
    assert tree.newest() is None
    remembered = read_note(memory.read_text())
    office.receive()
    assert advance(office.now, memory=memory).checkpoint > remembered.size


class Killed(Exception):
    """The process ends here."""


def _killed(*_args, **_kwargs):
    raise Killed


@pytest.mark.parametrize(
    "step",
    [
        "_locked",
        "_read_again",
        "_leaf",
        "_grown",
        "_check_consistency",
        "_check_memory",
        "_sign",
        "_remember",
    ],
)
def test_a_sequencer_killed_at_any_step_leaves_the_tree_that_it_would_have_made(
    office, tmp_path, monkeypatch, step
):
    memory = tmp_path / "journal-signed"
    now = office.now
    sequencing.add_leaves(20)
    sequencing.make_checkpoint(now, memory=memory)
    with monkeypatch.context() as patch:
        patch.setattr(sequencing, step, _killed)
        with pytest.raises(Killed):
            advance(now + MINUTE, memory=memory)
    drain(now + 2 * MINUTE, memory=memory)
    oracle = InmemoryTree(algorithm="sha256")
    for text in texts():
        oracle.append_entry(text)
    assert tree.size() == JournalEvent.objects.count()
    assert tree.newest().roots["sha256"] == oracle.get_root()


def test_the_last_leaf_and_what_waits_for_a_checkpoint_are_told_by_age(office):
    oldest = JournalEvent.objects.order_by("id").first().recorded_at
    assert waiting.oldest() == oldest
    sequencing.add_leaves()
    assert waiting.oldest() is None
    assert tree.unpublished_age(office.now) == office.now - oldest
    sequencing.make_checkpoint(office.now)
    assert tree.unpublished_age(office.now) == timedelta()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_leaf SET leaf_sm3 = leaf_sha256",
        "DELETE FROM journal_leaf WHERE idx = 0",
        "UPDATE journal_checkpoint SET size = 1",
        "DELETE FROM journal_checkpoint",
        "UPDATE journal_cosignature SET line = ''",
        "DELETE FROM journal_cosignature",
        "INSERT INTO journal_leaf SELECT idx + 9999, event_id, leaf_sm3, leaf_sm3 FROM journal_leaf",
    ],
)
def test_raw_sql_changes_no_row_of_the_tree(office, statement):
    advance(office.now)
    JournalCosignature.objects.create(size=1, digest="sha256", name="w", line="l", received_at=office.now)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_rows_of_the_tree_are_not_replaced_on_sqlite(office):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has INSERT OR REPLACE")
    advance(office.now)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
    for table in ("journal_leaf", "journal_checkpoint"):
        statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608 - of the list
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = ON")
