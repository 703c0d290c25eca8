"""A person with root paints over the past: every single change is found, and where.

The triggers are dropped for the change and set up again, as a careful adversary would. What no reader of this database
alone can find is said at the end; that takes a checkpoint kept outside.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from tests.journal.district import played
from tests.sizes import sizes
from yukuaiban.cases.models import Case, Clock, ClockEffect
from yukuaiban.cases.rebuilding import case_streams, fold_differences, rebuild
from yukuaiban.core.canonical import canonical, parse
from yukuaiban.journal import triggers
from yukuaiban.journal.checking import Fault
from yukuaiban.journal.event import hash_of
from yukuaiban.journal.models import JournalEvent, JournalSecret
from yukuaiban.journal.verifying import Report, verify

SEED = 20260302


@dataclass(frozen=True)
class Row:
    """An event as the adversary reads it."""

    id: int
    stream: str
    seq: int
    text: bytes
    hash: bytes
    uid: UUID


@dataclass(frozen=True)
class Found:
    """Where verify must point: one of these events, or just the stream."""

    ids: frozenset[int] = frozenset()
    stream: str | None = None
    nowhere: bool = False


def at_events(*rows: Row) -> Found:
    return Found(frozenset(row.id for row in rows))


class Adversary:
    """Reads the journal once and chooses what to spoil by a seeded die."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.rows = [
            Row(pk, stream, seq, bytes(text), bytes(digest), uid)
            for pk, stream, seq, text, digest, uid in JournalEvent.objects.order_by("id").values_list(
                "id", "stream", "seq", "text", "hash", "uid"
            )
        ]
        self.last = {row.stream: row for row in self.rows}
        self.cases = [row for row in self.rows if row.stream.startswith("case:")]
        self.inner = [row for row in self.rows if self.last[row.stream] is not row]
        self.sealed = sorted(JournalSecret.objects.values_list("event_uid", flat=True))

    def sql(self, statement: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    def behind(self, row: Row) -> Row:
        return next(each for each in self.rows if (each.stream, each.seq) == (row.stream, row.seq + 1))

    def flipped(self, given: bytes) -> bytes:
        place = self.dice.randrange(len(given))
        return given[:place] + bytes([given[place] ^ (1 << self.dice.randrange(8))]) + given[place + 1 :]

    def by_uid(self, uid: UUID) -> Row:
        return next(row for row in self.rows if row.uid == uid)

    def with_what_was_erased(self, found: Found) -> Found:
        """Whoever spoils the word of an erasure leaves a payload missing without a word: that event may be named."""
        bodies = [
            parse(row.text)["body"]
            for row in self.rows
            if row.id in found.ids and b"payload.erased" in row.text
        ]
        erased = {self.by_uid(UUID(body["event"])).id for body in bodies}
        return Found(found.ids | erased, found.stream, found.nowhere)

    def found_by_fold(self, report: Report, found: Found) -> bool:
        """Whoever takes the last event of a case out of its stream is seen there first: the row is no fold any more."""
        streams = {row.stream for row in self.rows if row.id in found.ids}
        return (
            report.first is not None and report.first.fault == Fault.FOLD and report.first.stream in streams
        )

    # -- bytes and columns -------------------------------------------------------------------------------------
    def a_bit_of_the_text(self) -> Found:
        row = self.dice.choice(self.rows)
        self.sql("UPDATE journal_event SET text = %s WHERE id = %s", self.flipped(row.text), row.id)
        return at_events(row)

    def a_bit_of_the_hash(self) -> Found:
        row = self.dice.choice(self.rows)
        self.sql("UPDATE journal_event SET hash = %s WHERE id = %s", self.flipped(row.hash), row.id)
        return at_events(row)

    def a_text_cut_short(self) -> Found:
        row = self.dice.choice(self.rows)
        self.sql("UPDATE journal_event SET text = %s WHERE id = %s", row.text[:-1], row.id)
        return at_events(row)

    def a_text_emptied(self) -> Found:
        row = self.dice.choice(self.rows)
        self.sql("UPDATE journal_event SET text = %s WHERE id = %s", b"", row.id)
        return at_events(row)

    def a_space_in_the_text(self) -> Found:
        row = self.dice.choice(self.rows)
        self.sql(
            "UPDATE journal_event SET text = %s WHERE id = %s", row.text.replace(b'":', b'": ', 1), row.id
        )
        return at_events(row)

    def a_column(self) -> Found:
        row = self.dice.choice(self.rows)
        column, value = self.dice.choice(
            [
                ("type", "desks.forged"),
                ("source", "import:forged"),
                ("idem_key", "forged"),
                ("stream", "case:forged"),
                ("seq", row.seq + 5000),
                ("uid", self._uid()),
            ]
        )
        self.sql(f"UPDATE journal_event SET {column} = %s WHERE id = %s", value, row.id)  # noqa: S608 - of the list
        return at_events(row)

    def a_moment_column(self) -> Found:
        row = self.dice.choice(self.rows)
        column = self.dice.choice(["recorded_at", "occurred_at"])
        self.sql(
            f"UPDATE journal_event SET {column} = %s WHERE id = %s",  # noqa: S608 - of the list
            "2026-01-05 01:00:00+00:00" if connection.vendor == "postgresql" else "2026-01-05 01:00:00",
            row.id,
        )
        return at_events(row)

    def a_moment_by_one_microsecond(self) -> Found:
        row = self.dice.choice(self.rows)
        moved = JournalEvent.objects.get(pk=row.id).recorded_at + timedelta(microseconds=1)
        value = moved if connection.vendor == "postgresql" else moved.replace(tzinfo=None).isoformat(" ")
        self.sql("UPDATE journal_event SET recorded_at = %s WHERE id = %s", value, row.id)
        return at_events(row)

    def _uid(self) -> str:
        found = UUID(int=self.dice.getrandbits(128))
        return str(found) if connection.vendor == "postgresql" else found.hex

    # -- whole events ------------------------------------------------------------------------------------------
    def _rewritten(self, row: Row, **changes: object) -> tuple[bytes, bytes]:
        text = canonical(parse(row.text) | changes)
        return text, hash_of(text)

    def an_event_rewritten_with_its_hash(self) -> Found:
        """Text, columns and hash agree; the next event is still chained to what it was."""
        row = self.dice.choice(self.inner)
        text, digest = self._rewritten(row, body=parse(row.text)["body"] | {"forged": True})
        self.sql("UPDATE journal_event SET text = %s, hash = %s WHERE id = %s", text, digest, row.id)
        return at_events(row, self.behind(row))

    def the_last_event_of_a_case_rewritten(self) -> Found:
        row = self.dice.choice([row for row in self.cases if self.last[row.stream] is row])
        text, digest = self._rewritten(row, body=parse(row.text)["body"] | {"forged": True})
        self.sql("UPDATE journal_event SET text = %s, hash = %s WHERE id = %s", text, digest, row.id)
        return at_events(row)

    def an_event_removed(self) -> Found:
        row = self.dice.choice([row for row in self.inner if row.uid not in self.sealed])
        self.sql("DELETE FROM journal_event WHERE id = %s", row.id)
        return at_events(self.behind(row))

    def the_end_of_a_case_removed(self) -> Found:
        row = self.dice.choice([row for row in self.cases if self.last[row.stream] is row and row.seq > 1])
        self.sql("DELETE FROM journal_event WHERE id = %s", row.id)
        return Found(stream=row.stream)

    def a_whole_case_stream_removed(self) -> Found:
        row = self.dice.choice(self.cases)
        self.sql("DELETE FROM journal_event WHERE stream = %s", row.stream)
        return Found(stream=row.stream)

    def an_event_forged_at_the_end_of_a_case(self) -> Found:
        last = self.last[self.dice.choice(self.cases).stream]
        return self._insert(last, seq=last.seq + 1, prev=last.hash.hex())

    def an_event_forged_twice_with_one_number(self) -> Found:
        row = self.dice.choice(self.inner)
        return self._insert(row, seq=row.seq, prev=parse(row.text)["prev"], column=row.seq + 1000)

    def _insert(self, like: Row, *, seq: int, prev: str | None, column: int | None = None) -> Found:
        uid = UUID(int=self.dice.getrandbits(128))
        text, digest = self._rewritten(like, uid=str(uid), seq=seq, prev=prev, idem=None, secret=None)
        self.sql(
            "INSERT INTO journal_event"
            " (id, uid, stream, seq, type, source, idem_key, recorded_at, occurred_at, text, hash)"
            " SELECT (SELECT max(id) + 1 FROM journal_event), %s, stream, %s, type, source, NULL,"
            " recorded_at, occurred_at, %s, %s FROM journal_event WHERE id = %s",
            str(uid) if connection.vendor == "postgresql" else uid.hex,
            column or seq,
            text,
            digest,
            like.id,
        )
        return Found(frozenset(JournalEvent.objects.filter(uid=uid).values_list("id", flat=True)))

    def two_texts_swapped(self) -> Found:
        one, two = self.dice.sample(self.rows, 2)
        for row, other in ((one, two), (two, one)):
            self.sql(
                "UPDATE journal_event SET text = %s, hash = %s WHERE id = %s", other.text, other.hash, row.id
            )
        return at_events(one, two)

    def two_neighbours_swapped_whole(self) -> Found:
        """Every column changes its place, the primary key alone stays."""
        one = self.dice.choice(self.inner)
        two = self.behind(one)
        free = self.rows[-1].id + 1
        for old, new in ((one.id, free), (two.id, one.id), (free, two.id)):
            self.sql("UPDATE journal_event SET id = %s WHERE id = %s", new, old)
        return at_events(one, two)

    def a_stream_rewritten_to_its_end_with_an_earlier_time(self) -> Found:
        """All hashes are carried through; time runs backwards in it."""
        streams = sorted({row.stream for row in self.inner})
        name = self.dice.choice(streams)
        rows = [row for row in self.rows if row.stream == name]
        start = self.dice.randrange(1, len(rows))
        prev = rows[start - 1].hash
        for row in rows[start:]:
            early = {"recorded_at": "2025-12-31T00:00:00.000000Z"}
            text, digest = self._rewritten(row, prev=prev.hex(), **early)
            moment = "2025-12-31 00:00:00"
            self.sql(
                "UPDATE journal_event SET text = %s, hash = %s, recorded_at = %s WHERE id = %s",
                text,
                digest,
                moment + "+00:00" if connection.vendor == "postgresql" else moment,
                row.id,
            )
            prev = digest
        return at_events(rows[start])

    # -- payloads ----------------------------------------------------------------------------------------------
    def a_bit_of_a_payload(self) -> Found:
        uid = self.dice.choice(self.sealed)
        column = self.dice.choice(["salt", "payload"])
        held = bytes(getattr(JournalSecret.objects.get(event_uid=uid), column))
        statement = f"UPDATE journal_secret SET {column} = %s WHERE event_uid = %s"  # noqa: S608 - of the list
        self._secret(statement, self.flipped(held), uid)
        return at_events(self.by_uid(uid))

    def a_payload_removed_without_a_word(self) -> Found:
        uid = self.dice.choice(self.sealed)
        self._secret("DELETE FROM journal_secret WHERE event_uid = %s", uid)
        return at_events(self.by_uid(uid))

    def a_payload_of_another_event(self) -> Found:
        one, two = self.dice.sample(self.sealed, 2)
        other = JournalSecret.objects.get(event_uid=two)
        self._secret(
            "UPDATE journal_secret SET salt = %s, payload = %s WHERE event_uid = %s",
            bytes(other.salt),
            bytes(other.payload),
            one,
        )
        return at_events(self.by_uid(one))

    def a_payload_for_an_event_without_one(self) -> Found:
        row = self.dice.choice([row for row in self.rows if parse(row.text)["secret"] is None])
        self._secret(
            "INSERT INTO journal_secret (salt, payload, event_uid) VALUES (%s, %s, %s)", b"s", b"p", row.uid
        )
        return at_events(row)

    def a_payload_of_no_event(self) -> Found:
        uid = UUID(int=self.dice.getrandbits(128))
        self._secret(
            "INSERT INTO journal_secret (salt, payload, event_uid) VALUES (%s, %s, %s)", b"s", b"p", uid
        )
        return Found(nowhere=True)

    def _secret(self, statement: str, *values: object) -> None:
        *values, uid = values
        self.sql(statement, *values, uid if connection.vendor == "postgresql" else uid.hex)

    # -- rows that are a fold ------------------------------------------------------------------------------------
    def a_column_of_a_case(self) -> Found:
        case = self._case()
        moved = case.opened_at + timedelta(days=400)
        change = self.dice.choice(
            [
                {"stage": "forged"},
                {"agency": "sp-9999"},
                {"receiving_agency": "sp-9999"},
                {"handler": "staff:forged"},
                {"outcome": "forged"},
                {"opened_at": moved},
                {"closed_at": moved},
                {"due_at": moved},
                {"warns_at": moved},
                {"red_at": moved},
                {"breach_at": moved},
                {"paused_from": moved},
                {"next_change_at": moved},
                {"provisional": not case.provisional},
                {"deemed_admitted": not case.deemed_admitted},
                {"seq": case.seq + 1},
                {"head": b"forged"},
                {"recorded_at": moved},
                {"number": "forged"},
            ]
        )
        Case.objects.filter(pk=case.pk).update(**change)
        return Found(stream=f"case:{case.number}")

    def a_column_of_a_clock(self) -> Found:
        clock = self._clock()
        moved = clock.started_at + timedelta(days=400)
        change = self.dice.choice(
            [
                {"due_at": moved},
                {"due_on": moved.date()},
                {"warns_at": moved},
                {"original_due_at": moved},
                {"stopped_at": moved},
                {"paused_since": moved},
                {"started_at": moved},
                {"next_change_at": moved},
                {"limit": "99wd"},
                {"owner": "sp-9999"},
                {"kind": "forged"},
                {"version": clock.version + 1},
                {"calendars": "forged"},
                {"provisional": not clock.provisional},
            ]
        )
        Clock.objects.filter(pk=clock.pk).update(**change)
        return Found(stream=f"case:{clock.case.number}")

    def a_clock_removed(self) -> Found:
        clock = self._clock()
        ClockEffect.objects.filter(clock=clock).delete()
        Clock.objects.filter(pk=clock.pk).delete()
        return Found(stream=f"case:{clock.case.number}")

    def a_clock_invented(self) -> Found:
        case = self._case()
        Clock.objects.create(case=case, code="forged", ordinal=1, started_at=case.opened_at, version=1)
        return Found(stream=f"case:{case.number}")

    def _case(self) -> Case:
        return self.dice.choice(list(Case.objects.order_by("number")))

    def _clock(self) -> Clock:
        return self.dice.choice(
            list(Clock.objects.select_related("case").order_by("case__number", "code", "ordinal"))
        )


# Rows of the docket and payloads are open to SQL anyway; the rest needs the triggers out of the way.
KINDS: list[Callable[[Adversary], Found]] = [
    value for name, value in vars(Adversary).items() if name.startswith(("a_", "an_", "the_", "two_"))
]


def verified() -> Report:
    return verify(folds={"case:": fold_differences}, streams={"case:": case_streams})


def tampered(kinds: Iterator[Callable[[Adversary], Found]], seed: int) -> None:
    """Each change alone, in a savepoint that is taken back."""
    for number, kind in enumerate(kinds):
        adversary = Adversary(seed + number)
        mark = transaction.savepoint()
        triggers.remove(connection)
        wanted = kind(adversary)
        triggers.install(connection)
        report = verified()
        transaction.savepoint_rollback(mark)
        said = f"{kind.__name__}, seed {seed + number}: {report.first} {report.faults}"
        assert not report.ok, said
        assert "trigger" not in report.faults, said
        assert adversary.found_by_fold(report, wanted) or located(
            report, adversary.with_what_was_erased(wanted)
        ), f"{said}, wanted {wanted}"


def located(report: Report, wanted: Found) -> bool:
    first = report.first
    if first is None or wanted.nowhere:
        return first is not None
    if wanted.ids:
        return first.id in wanted.ids and report.index is not None
    return first.stream == wanted.stream


def test_an_untouched_journal_is_green(db):
    """The control, also after an empty change."""
    played()
    report = verified()
    assert report.ok, report.first
    assert report.events > 60
    triggers.remove(connection)
    Adversary(SEED).sql("UPDATE journal_event SET text = text, hash = hash, source = source")
    triggers.install(connection)
    assert verified().ok


@pytest.mark.parametrize("size", sizes("tamper"))
def test_every_single_tamper_is_found_and_located(db, size, seed, record_property):
    played()
    assert len(KINDS) >= 27
    tampered((kind for _ in range(size["rounds"]) for kind in KINDS), seed)
    record_property("tampered", len(KINDS) * size["rounds"])
    assert verified().ok


def test_hand_made_storage_kinds_are_found_too(db):
    """SQLite takes a blob where a text belongs; no query would find such a row again."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite stores a value of another kind")
    played()
    adversary = Adversary(SEED)
    triggers.remove(connection)
    row = adversary.inner[5]
    adversary.sql("UPDATE journal_event SET stream = CAST(stream AS BLOB) WHERE id = %s", row.id)
    triggers.install(connection)
    report = verified()
    assert located(report, at_events(row)), report.first


def test_faults_are_counted_and_the_first_written_is_named(db):
    played()
    adversary = Adversary(SEED)
    triggers.remove(connection)
    for row in (adversary.rows[40], adversary.rows[10], adversary.rows[25]):
        adversary.sql("UPDATE journal_event SET hash = %s WHERE id = %s", b"x" * 32, row.id)
    triggers.install(connection)
    report = verified()
    assert report.faults["hash"] == 3
    assert (report.index, report.first and report.first.id) == (10, adversary.rows[10].id)


# -- what this database alone cannot show --------------------------------------------------------------------------
def test_without_a_checkpoint_the_end_of_a_stream_that_has_no_rows_can_be_cut_off(db):
    """A known limit, written down: once there are checkpoints, this test must be turned round."""
    played()
    adversary = Adversary(SEED)
    person = next(name for name in adversary.last if name.startswith("person:"))
    triggers.remove(connection)
    adversary.sql("DELETE FROM journal_event WHERE id = %s", adversary.last[person].id)
    triggers.install(connection)
    assert verified().ok


def test_without_a_checkpoint_a_case_rewritten_together_with_its_rows_is_not_seen(db):
    """A known limit as well: the last event is cut off and the rows are made the fold of what is left."""
    office = played()
    case = office.receive()
    office.do(case, "admit", "xiaoyu")
    adversary = Adversary(SEED)
    triggers.remove(connection)
    adversary.sql("DELETE FROM journal_event WHERE id = %s", adversary.last[f"case:{case.number}"].id)
    triggers.install(connection)
    assert verified().faults == {"fold": 1}
    rebuild(case.number, actor=office.xiaoyu.actor(), pen=office.pen)
    assert verified().ok
