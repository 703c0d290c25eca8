"""One pass over the rows of the journal, stream by stream: each row for itself, its chain, its leaf, its fold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, runtime_checkable
from uuid import UUID

from django.db import connection

from yukuaiban.journal.checking import Broken, Chain, Fault, Finding, Row, check_secret, read_whole
from yukuaiban.journal.event import PAYLOAD_ERASED, Event
from yukuaiban.journal.models import JournalEvent, JournalSecret
from yukuaiban.journal.report import Report
from yukuaiban.journal.rows import Source

Fold = Callable[[str, Sequence[Event]], list[str]]
_REPORT_EVERY = 10_000
_GATHERED_EVENTS = 2_000
_REASONS_SHOWN = 3


@runtime_checkable
class Gathering(Protocol):
    """A fold that can read the rows of many streams at once."""

    def __call__(self, stream: str, events: Sequence[Event]) -> list[str]:
        """The fold of one stream."""

    def reading(self, streams: Sequence[str]) -> Fold:
        """The same fold with the rows of those streams in hand."""


AnyFold = Fold | Gathering


class Waiting(NamedTuple):
    """A stream whose fold is still to be compared with its rows, and its last row if it has any."""

    fold: AnyFold
    name: str
    events: Sequence[Event]
    last: Row | None


@dataclass(slots=True)
class Walk:
    """One pass over the rows; keeps of a stream it has passed only the numbers of erased payloads."""

    source: Source
    folds: Mapping[str, AnyFold]
    progress: Callable[[int], None]
    settled: int
    report: Report = field(default_factory=Report)
    erased: set[int] = field(default_factory=set)
    bare: set[int] = field(default_factory=set)
    waiting: list[Waiting] = field(default_factory=list)
    gathered: int = 0

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
            self.fold_of(Waiting(fold, name, events, last))

    def row(self, row: Row, chain: Chain) -> dict[str, Any] | None:
        """The object of a row that is whole and in its place; None, and a finding, if it is not."""
        if row.id == chain.id:
            self.report.add(_finding(row, Fault.LEAF, f"这一条又在第 {row.idx} 叶，一条只能有一叶"))
            return None
        self._count(row)
        try:
            found = read_whole(row, self.source.moment_column)
        except Broken as broken:
            chain.skip(row)
            self.report.add(_finding(row, broken.fault, broken.why))
            return None
        try:
            chain.follow(row, found)
            chain.place(row)
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

    def _count(self, row: Row) -> None:
        self.report.events += 1
        if self.report.events % _REPORT_EVERY == 0:
            self.progress(self.report.events)
        if row.idx is None:
            self.report.unsequenced += 1
            if row.id <= self.settled:
                self.report.add(_finding(row, Fault.LEAF, "这一条没有叶，以后写的都有"))

    def report_secrets(self, *, whole: bool) -> None:
        """Payloads gone without an erasure, and erased ones that are still there; of the whole, those of no event."""
        left = self.erased - self.bare
        for uids, why in (
            (self.bare - self.erased, "个人信息不在了，却没有删除的留痕"),
            (left if whole else _kept(left), "留痕说个人信息已删除，却还在"),
        ):
            for uid in sorted(uids):
                self.report.add(_by_uid(uid, why))
        if whole:
            self._report_orphans()

    def _report_orphans(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM journal_secret s"
                " WHERE NOT EXISTS (SELECT 1 FROM journal_event e WHERE e.uid = s.event_uid)"
            )
            orphans = int(cursor.fetchone()[0])
        if orphans:
            self.report.add(Finding(Fault.SECRET, f"有 {orphans} 份个人信息不属于任何留痕"))

    def fold_of(self, stream: Waiting) -> None:
        """Compare the fold of a stream with its rows, together with others: at the latest in `finish_folds`."""
        self.waiting.append(stream)
        self.gathered += len(stream.events) + 1
        if self.gathered >= _GATHERED_EVENTS:
            self.finish_folds()

    def finish_folds(self) -> None:
        """Compare all folds that still wait."""
        found, self.waiting, self.gathered = self.waiting, [], 0
        for fold in {id(each.fold): each.fold for each in found}.values():
            mine = [each for each in found if each.fold is fold]
            ready = _with_rows(fold, [each.name for each in mine])
            for each in mine:
                self._compare(ready, each)

    def _compare(self, fold: Fold, stream: Waiting) -> None:
        """Whatever goes wrong in a fold is a difference, not the end of the run."""
        name, last = stream.name, stream.last
        try:
            differences = fold(name, stream.events)
        except Exception as error:  # noqa: BLE001 - a rewritten body can break a fold in any way
            differences = [f"{name}：留痕不能重放：{type(error).__name__} {error}"]
        if differences:
            more = len(differences) - _REASONS_SHOWN
            why = "；".join(differences[:_REASONS_SHOWN]) + (f"；另有 {more} 处" if more > 0 else "")
            here = Finding(Fault.FOLD, why, stream=name)
            self.report.add(_finding(last, Fault.FOLD, why) if last else here)


def _with_rows(fold: AnyFold, names: Sequence[str]) -> Fold:
    """The fold with the rows of those streams read at once; as it is if one of the rows cannot be read."""
    if not isinstance(fold, Gathering):
        return fold
    try:
        return fold.reading(names)
    except Exception:  # noqa: BLE001 - each stream is then read alone, and the one that cannot be is named
        return fold


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


def _kept(numbers: set[int]) -> set[int]:
    """Those of the events whose payload is still there."""
    uids = [UUID(int=number) for number in numbers]
    return {
        uid.int
        for uid in JournalSecret.objects.filter(event_uid__in=uids).values_list("event_uid", flat=True)
    }


def _by_uid(number: int, why: str) -> Finding:
    uid = UUID(int=number)
    event = JournalEvent.objects.filter(uid=uid).values_list("id", "stream", "seq").first()
    if event is None:
        return Finding(Fault.SECRET, f"{why}（没有这条留痕）", uid=str(uid))
    return Finding(Fault.SECRET, why, id=event[0], uid=str(uid), stream=event[1], seq=event[2])
