"""Is the journal whole? Every text, copy, hash, chain, payload and fold is read again (journal.md section 10).

What this finds without the tree: any change that its author did not carry through to the end of the stream and into
the rows that are its fold. A stream cut off at its end, or rewritten from some event on, is found where rows are a
fold of it (cases). For the other streams that takes a checkpoint kept outside, which comes with the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.db import connection

from yukuaiban.journal.checking import Broken, Chain, Fault, Finding, Row, check_secret, read_whole
from yukuaiban.journal.event import PAYLOAD_ERASED, Event
from yukuaiban.journal.models import JournalEvent
from yukuaiban.journal.rows import Source, rows, snapshot, source_of
from yukuaiban.journal.triggers import missing_triggers

Fold = Callable[[str, Sequence[Event]], list[str]]
_REPORT_EVERY = 10_000
_BATCH = 500
_REASONS_SHOWN = 3


@dataclass(slots=True)
class Report:
    """What verify found. `first` is the faulty event written first, or a fault of the whole if there is none."""

    events: int = 0
    streams: int = 0
    erased: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    first: Finding | None = None
    index: int | None = None

    @property
    def ok(self) -> bool:
        """No fault at all."""
        return not self.faults

    def add(self, finding: Finding) -> None:
        """Count a fault and keep the one that was written first."""
        self.faults[finding.fault] = self.faults.get(finding.fault, 0) + 1
        if self.first is None or _order(finding) < _order(self.first):
            self.first = finding

    def as_json(self, seconds: float) -> dict[str, Any]:
        """The document of `verify --json`. The tree is not built yet: all events count as unsequenced."""
        first = self.first
        return {
            "ok": self.ok,
            "events": self.events,
            "streams": self.streams,
            "size": 0,
            "checkpoints": 0,
            "unsequenced": self.events,
            "first_bad": first
            and {
                "index": self.index,
                "uid": first.uid,
                "stream": first.stream,
                "seq": first.seq,
                "fault": first.fault.value,
                "why": first.why,
            },
            "faults": dict(sorted(self.faults.items())),
            "seconds": round(seconds, 3),
        }


def _order(finding: Finding) -> tuple[bool, int]:
    return (finding.id is None, finding.id or 0)


def verify(
    *,
    folds: Mapping[str, Fold],
    streams: Mapping[str, Callable[[], Iterable[str]]] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Read the whole journal again and report every fault.

    `folds` gives for a prefix of streams (`case:`) the function that compares the fold of a stream's events with its
    rows and says the differences; it may only read. `streams` gives for such a prefix the names of the streams
    that rows say exist, so that a stream that has vanished altogether is missed. Database errors are the caller's.
    """
    walk = _Walk(source_of(connection), folds, progress or (lambda _count: None))
    with snapshot(connection):
        for stream, found in groupby(rows(connection, walk.source), key=lambda row: row.stream):
            walk.stream(stream, found)
        for prefix, names in (streams or {}).items():
            for name in _vanished(names()):
                walk.fold_of(folds[prefix], name, [], None)
        walk.report.erased = len(walk.erased)
        walk.report_secrets()
        for line in missing_triggers(connection):
            walk.report.add(Finding(Fault.TRIGGER, line))
        _locate(walk.report)
    return walk.report


def first_fault(stream: str) -> Finding | None:
    """The first fault in the rows of one stream itself; None if its chain is whole. Folds are not asked."""
    walk = _Walk(source_of(connection), {}, lambda _count: None)
    with snapshot(connection):
        for name, found in groupby(rows(connection, walk.source, stream), key=lambda row: row.stream):
            walk.stream(name, found)
    return walk.report.first


@dataclass(slots=True)
class _Walk:
    """One pass over the rows; keeps of a stream it has passed only the numbers of erased payloads."""

    source: Source
    folds: Mapping[str, Fold]
    progress: Callable[[int], None]
    report: Report = field(default_factory=Report)
    erased: set[int] = field(default_factory=set)
    bare: set[int] = field(default_factory=set)

    def stream(self, stream: bytes, found: Iterator[Row]) -> None:
        """All rows of one stream, then its fold, if the chain is whole."""
        self.report.streams += 1
        chain, name = Chain(stream), _text(stream) or ""
        fold = next((fold for prefix, fold in self.folds.items() if name.startswith(prefix)), None)
        events: list[Event] = []
        last: Row | None = None
        for last in found:
            event = self.row(last, chain)
            if event is not None and fold is not None:
                events.append(Event.from_object(event, last.text))
        if fold is not None and not chain.broken:
            self.fold_of(fold, name, events, last)

    def row(self, row: Row, chain: Chain) -> dict[str, Any] | None:
        """The object of a row that is whole and in its place; None, and a finding, if it is not."""
        self.report.events += 1
        if self.report.events % _REPORT_EVERY == 0:
            self.progress(self.report.events)
        try:
            found = read_whole(row, self.source.kinds, self.source.moment_column)
        except Broken as broken:
            chain.skip(row)
            self.report.add(_finding(row, broken.fault, broken.why))
            return None
        try:
            chain.follow(row, found)
            check_secret(row, found)
        except Broken as broken:
            chain.broken = True
            self.report.add(_finding(row, broken.fault, broken.why))
        chain.move(row, found)
        if found["secret"] is not None and not row.has_secret:
            self.bare.add(_number(found["uid"]))
        if found["type"] == PAYLOAD_ERASED:
            self.erased.add(_number(str(found["body"].get("event"))))
        return found

    def report_secrets(self) -> None:
        """Payloads gone without an erasure, erased ones that are still there, and those that belong to no event."""
        for uids, why in (
            (self.bare - self.erased, "个人信息不在了，却没有删除的留痕"),
            (self.erased - self.bare, "留痕说个人信息已删除，却还在"),
        ):
            for uid in sorted(uids):
                self.report.add(_by_uid(uid, why))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM journal_secret s"
                " WHERE NOT EXISTS (SELECT 1 FROM journal_event e WHERE e.uid = s.event_uid)"
            )
            orphans = int(cursor.fetchone()[0])
        if orphans:
            self.report.add(Finding(Fault.SECRET, f"有 {orphans} 份个人信息不属于任何留痕"))

    def fold_of(self, fold: Fold, name: str, events: Sequence[Event], last: Row | None) -> None:
        """Compare rows with the fold; whatever goes wrong in it is a difference, not the end of the run."""
        try:
            differences = fold(name, events)
        except Exception as error:  # noqa: BLE001 - a rewritten body can break a fold in any way
            differences = [f"{name}：留痕不能重放：{type(error).__name__} {error}"]
        if differences:
            more = len(differences) - _REASONS_SHOWN
            why = "；".join(differences[:_REASONS_SHOWN]) + (f"；另有 {more} 处" if more > 0 else "")
            here = Finding(Fault.FOLD, why, stream=name)
            self.report.add(_finding(last, Fault.FOLD, why) if last else here)


def _finding(row: Row, fault: Fault, why: str) -> Finding:
    uid = _uid(row.uid)
    seq = row.seq if isinstance(row.seq, int) else None
    return Finding(fault, why, id=row.id, uid=uid, stream=_text(row.stream), seq=seq)


def _text(found: bytes | None) -> str | None:
    return found.decode(errors="replace") if found is not None else None


def _uid(found: bytes | None) -> str | None:
    """With its dashes, as texts and people write it."""
    text = _text(found)
    if text is None or len(text) != 32:
        return text
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _number(uid: str) -> int:
    try:
        return UUID(uid).int
    except ValueError:
        return 0


def _by_uid(number: int, why: str) -> Finding:
    uid = UUID(int=number)
    event = JournalEvent.objects.filter(uid=uid).values_list("id", "stream", "seq").first()
    if event is None:
        return Finding(Fault.SECRET, f"{why}（没有这条留痕）", uid=str(uid))
    return Finding(Fault.SECRET, why, id=event[0], uid=str(uid), stream=event[1], seq=event[2])


def _vanished(names: Iterable[str]) -> Iterator[str]:
    """Those of the streams that have no event at all, asked for in batches."""
    left = iter(names)
    while batch := list(islice(left, _BATCH)):
        first = JournalEvent.objects.filter(stream__in=batch, seq=1)
        doubtful = set(batch) - set(first.values_list("stream", flat=True))
        for name in sorted(doubtful):
            if not JournalEvent.objects.filter(stream=name).exists():
                yield name


def _locate(report: Report) -> None:
    """The running number of the first bad event: how many were written before it."""
    if report.first is not None and report.first.id is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM journal_event WHERE id < %s", [report.first.id])
            report.index = int(cursor.fetchone()[0])
