"""Witnesses of the journal: whose cosignatures count, who has cosigned a checkpoint and when (journal.md section 8).

The register of witnesses is the stream `register:witnesses` itself, so nobody becomes a witness unseen; there is no
table beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from yukuaiban.core.errors import Refused
from yukuaiban.core.merkle import BOTH
from yukuaiban.journal import reading
from yukuaiban.journal.models import JournalCosignature
from yukuaiban.journal.notes import COSIGNATURE, Note, NoteError, Verifier, read_note, verify, with_lines
from yukuaiban.journal.writing import append

if TYPE_CHECKING:
    from yukuaiban.journal.event import Actor, Event
    from yukuaiban.journal.pen import Pen
    from yukuaiban.journal.tree import Checkpoint

STREAM = "register:witnesses"
REGISTERED, RETIRED = "witness.registered", "witness.retired"
# So far may the clock of a witness be from ours; more would put a wrong moment beside its name.
CLOCKS_APART = timedelta(hours=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = (datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1)


class CosignatureRefused(Refused):
    """What was handed in is not stored; the message says why."""


@dataclass(frozen=True, slots=True)
class Witness:
    """An office outside the operator and its key, registered for `[since, until)`; None: still a witness."""

    office: str
    key: str
    since: datetime
    until: datetime | None = None

    @property
    def name(self) -> str:
        """The name in its signature lines."""
        return Verifier.from_line(self.key).name


@dataclass(frozen=True, slots=True)
class Cosigned:
    """That a witness has cosigned both notes of a checkpoint, and the moment that it put under them."""

    office: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes the register, with whom, why, by which way."""

    actor: Actor
    second_actor: str
    reason: str
    pen: Pen
    source: str


def register(stream: Iterable[Event] | None = None) -> list[Witness]:
    """Every witness there ever was, in the order of registration; of a stream that was read already, or by a query.

    Raises CanonicalError for a damaged event.
    """
    found: dict[str, Witness] = {}
    for event in reading.events(STREAM) if stream is None else stream:
        key = str(event.body["key"])
        if event.type == REGISTERED:
            found[key] = Witness(str(event.body["office"]), key, event.recorded_at)
        elif event.type == RETIRED:
            found[key] = replace(found[key], until=event.recorded_at)
    return list(found.values())


def add(office: str, line: str, change: Change) -> Witness:
    """Register an office with its verifier line. Raises NoteError (no key of a witness), Refused (there already)."""
    who = Verifier.from_line(line)
    if who.key[:1] != COSIGNATURE:
        raise NoteError("这不是见证单位的公钥；请用 journal witness 第一次运行时显示的那一行")
    if any(each.name == who.name for each in register()):
        raise Refused(f"{who.name} 已经登记过；换钥匙请用新的名称，旧的停用。")
    event = _write(REGISTERED, {"office": office, "key": line.strip()}, change)
    return Witness(office, line.strip(), event)


def retire(name: str, change: Change) -> None:
    """From now on nothing new is taken from that witness; what it has cosigned stays. Raises Refused if it is none."""
    found = next((each for each in register() if each.name == name and each.until is None), None)
    if found is None:
        raise Refused(f"{name} 现在不是登记的见证单位。")
    _write(RETIRED, {"key": found.key}, change)


def cosigned(checkpoint: Checkpoint) -> list[Cosigned]:
    """Who has cosigned this checkpoint, in the order of their moments. Each signature is checked again."""
    return cosigned_all([checkpoint])[checkpoint.size]


def cosigned_all(
    checkpoints: Sequence[Checkpoint], stream: Iterable[Event] | None = None
) -> Mapping[int, list[Cosigned]]:
    """`cosigned` of each checkpoint by its size, in two queries; in one if the register's stream is given."""
    known = {each.name: each for each in register(stream)}
    lines: dict[tuple[int, str], dict[str, str]] = {}
    rows = JournalCosignature.objects.filter(size__in=[each.size for each in checkpoints], name__in=known)
    for size, digest, name, line in rows.values_list("size", "digest", "name", "line"):
        lines.setdefault((size, name), {})[digest] = line
    return {
        each.size: sorted(
            (
                told
                for (size, name), mine in lines.items()
                if size == each.size and (told := _told(each, known[name], mine))
            ),
            key=lambda told: (told.at, told.name),
        )
        for each in checkpoints
    }


def last_heard(name: str) -> datetime | None:
    """When the last line of the witness of that name came in; None before the first."""
    mine = JournalCosignature.objects.filter(name=name).order_by("-id")
    return mine.values_list("received_at", flat=True).first()


def take(checkpoint: Checkpoint | None, lines: Mapping[str, str], now: datetime) -> Witness:
    """Store the lines of one witness under both notes of a checkpoint, by the name of the hash; returns who it is.

    Once more the same changes nothing. Raises CosignatureRefused: no such checkpoint, a line that is missing or none,
    an unknown or retired witness, a signature that does not hold, a clock that is wrong.
    """
    if checkpoint is None:
        raise CosignatureRefused("本账本没有签过这个条数的检查点。")
    if set(lines) != {each.name for each in BOTH}:
        raise CosignatureRefused("须对 SHA-256 和 SM3 两份检查点各签一行。")
    try:
        notes = {name: _with(checkpoint.notes[name], line) for name, line in lines.items()}
    except NoteError as error:
        raise CosignatureRefused(f"见证签名读不出：{error}。") from error
    witness = _witness(notes)
    for name, note in notes.items():
        _check(note, witness, name, now)
    with transaction.atomic():
        for name, line in lines.items():
            place = {"size": checkpoint.size, "digest": name, "name": witness.name}
            JournalCosignature.objects.get_or_create(**place, defaults={"line": line, "received_at": now})
    return witness


def _write(type: str, body: dict[str, str], change: Change) -> datetime:
    return append(
        stream=STREAM,
        type=type,
        body=body | {"reason": change.reason},
        actor=change.actor,
        second_actor=change.second_actor,
        pen=change.pen,
        source=change.source,
    ).recorded_at


def _told(checkpoint: Checkpoint, witness: Witness, lines: Mapping[str, str]) -> Cosigned | None:
    """The earlier moment of both lines, if both hold; a damaged one is named by `journal verify`."""
    try:
        notes = [_with(checkpoint.notes[each.name], lines.get(each.name, "")) for each in BOTH]
    except NoteError:
        return None
    if not all(verify(note, witness.key) for note in notes):
        return None
    return Cosigned(witness.office, witness.name, min(map(_moment, notes)))


def _with(note: str, line: str) -> Note:
    """The note with exactly that line behind it. Raises NoteError."""
    if not line or "\n" in line:
        raise NoteError("须是一行")
    return read_note(with_lines(note, [line]))


def _witness(notes: Mapping[str, Note]) -> Witness:
    """The registered witness whose lines these are."""
    names = {note.signatures[-1].name for note in notes.values()}
    known = {each.name: each for each in register() if each.until is None}
    if len(names) != 1 or not names & known.keys():
        who = "、".join(sorted(names))
        raise CosignatureRefused(f"{who} 不是本账本登记的见证单位；公钥须先由运行单位登记。")
    return known[names.pop()]


def _check(note: Note, witness: Witness, digest: str, now: datetime) -> None:
    if not verify(note, witness.key):
        raise CosignatureRefused(
            f"{witness.name} 对 {digest} 检查点的见证签名不成立：公钥不是登记的那一个，或签的不是这个检查点。"
        )
    if abs(_moment(note) - now) > CLOCKS_APART:
        raise CosignatureRefused("见证签名的时刻与本机相差一小时以上；请校对时钟。")


def _moment(note: Note) -> datetime:
    """The moment of the last line; one that no calendar holds is the last of all."""
    return _EPOCH + timedelta(seconds=min(note.signatures[-1].at or 0, _LONGEST))
