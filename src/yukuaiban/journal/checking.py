"""What one row of the journal must hold to be whole: the questions that verify asks, in the order of journal.md 10.

Rows come as bytes straight from SQL, so a tampered row of any kind can be read and named instead of stopping the run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from yukuaiban.core.canonical import CanonicalError
from yukuaiban.core.merkle import SM3
from yukuaiban.journal.event import hash_of, parse_event
from yukuaiban.journal.sealing import SealBroken, commitment, unseal


class Fault(StrEnum):
    """What can be wrong, in the order in which it is asked."""

    NOT_CANONICAL = "not_canonical"
    COPY_DIFFERS = "copy_differs"
    HASH = "hash"
    CHAIN = "chain"
    GAP = "gap"
    FORK = "fork"
    TIME = "time"
    LEAF = "leaf"
    ROOT = "root"
    SIGNATURE = "signature"
    COSIGNATURE = "cosignature"
    SECRET = "secret"  # noqa: S105 - the name of a fault
    FOLD = "fold"
    TRIGGER = "trigger"
    ROLLBACK = "rollback"

    @property
    def words(self) -> str:
        """In Chinese, for people."""
        return _TITLES[self]


_TITLES = {
    Fault.NOT_CANONICAL: "不是规范形式",
    Fault.COPY_DIFFERS: "列与原文不符",
    Fault.HASH: "哈希不符",
    Fault.CHAIN: "链断开",
    Fault.GAP: "序号缺失",
    Fault.FORK: "序号重复",
    Fault.TIME: "时间倒退",
    Fault.LEAF: "树上的叶不符",
    Fault.ROOT: "树根不符",
    Fault.SIGNATURE: "检查点的签名不符",
    Fault.COSIGNATURE: "见证签名不符",
    Fault.SECRET: "个人信息与承诺值不符",
    Fault.FOLD: "办件与留痕重放不符",
    Fault.TRIGGER: "触发器缺失或被改动",
    Fault.ROLLBACK: "数据库被退回到从前",
}


class Row(NamedTuple):
    """One row of `journal_event` with its secret and its leaf, as the SQL of `rows.py` gives it.

    `kinds` is empty if the database has stored each column as what it should be (only SQLite could do otherwise).
    """

    id: int
    kinds: bytes
    uid: bytes
    stream: bytes
    seq: Any
    type: bytes
    source: bytes
    idem: bytes | None
    recorded: bytes
    occurred: bytes | None
    text: bytes
    hash: bytes
    has_secret: bool
    salt: bytes | None
    payload: bytes | None
    idx: int | None
    leaf_sha256: bytes | None
    leaf_sm3: bytes | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and where it is. `id` is None where no event can be named, `index` a leaf or the first of a range."""

    fault: Fault
    why: str
    id: int | None = None
    uid: str | None = None
    stream: str | None = None
    seq: int | None = None
    index: int | None = None


class Broken(Exception):
    """The row is not whole; carries the first fault in the order of the questions."""

    def __init__(self, fault: Fault, why: str) -> None:
        super().__init__(why)
        self.fault, self.why = fault, why


def read_whole(row: Row, moment_column: Callable[[str], bytes]) -> dict[str, Any]:
    """The object of a row whose text, copies and hash agree. Raises Broken."""
    try:
        found = parse_event(row.text)
    except CanonicalError as error:
        raise Broken(Fault.NOT_CANONICAL, str(error)) from error
    happened, key = found["occurred_at"], found["idem"]
    wanted = (
        b"",
        found["uid"].replace("-", "").encode(),
        found["stream"].encode(),
        found["seq"],
        found["type"].encode(),
        found["source"].encode(),
        key.encode() if key is not None else None,
        moment_column(found["recorded_at"]),
        moment_column(happened) if happened is not None else None,
    )
    if row[1:10] != wanted:
        names = [name for name, a, b in zip(Row._fields[1:10], row[1:10], wanted, strict=True) if a != b]
        raise Broken(Fault.COPY_DIFFERS, f"列 {'、'.join(names)} 与原文不符")
    if hash_of(row.text) != row.hash:
        raise Broken(Fault.HASH, "原文的哈希与 hash 列不符")
    return found


def check_secret(row: Row, found: dict[str, Any]) -> None:
    """The payload, where there is one, is the one that the event committed to. Raises Broken."""
    if not row.has_secret:
        return
    if found["secret"] is None:
        raise Broken(Fault.SECRET, "原文没有承诺值，却存有个人信息")
    if row.salt is None or row.payload is None:
        raise Broken(Fault.SECRET, "盐或内容为空")
    try:
        payload = unseal(row.payload, bound_to=UUID(found["uid"]).bytes)
    except SealBroken as error:
        raise Broken(Fault.SECRET, str(error)) from error
    if commitment(row.salt, payload).hex() != found["secret"]:
        raise Broken(Fault.SECRET, "个人信息或盐被改动，与承诺值不符")


_LINKS_KEPT = 6


@dataclass(slots=True)
class Chain:
    """The walk along one stream: what the next row must continue."""

    stream: bytes
    seq: int = 0
    id: int = 0
    recorded: str = ""
    leaf: int = -1
    bare: bool = False
    links: tuple[str | None, ...] = (None,)
    broken: bool = False

    def follow(self, row: Row, found: dict[str, Any]) -> None:
        """Check the row against the one before it. Raises Broken; `skip` then resumes behind it."""
        seq = found["seq"]
        if seq <= self.seq:
            raise Broken(Fault.FORK, f"序号 {seq} 出现两次")
        if seq > self.seq + 1:
            missing = f"{self.seq + 1}" if seq == self.seq + 2 else f"{self.seq + 1} 至 {seq - 1}"
            raise Broken(Fault.GAP, f"序号 {missing} 缺失")
        if found["prev"] not in self.links:
            raise Broken(Fault.CHAIN, f"prev 不是上一条（序号 {self.seq}）的哈希：这一条或上一条被改过")
        if row.id <= self.id:
            raise Broken(Fault.CHAIN, "id 的先后与序号不符")
        if found["recorded_at"] < self.recorded:
            raise Broken(Fault.TIME, f"recorded_at 早于上一条（序号 {self.seq}）")

    def place(self, row: Row) -> None:
        """Check the leaf of the row, and that leaves stand in the order of the stream. Raises Broken."""
        if row.idx is None:
            self.bare = True
            return
        before, self.leaf = self.leaf, row.idx
        if row.leaf_sha256 != row.hash or row.leaf_sm3 != SM3.leaf(row.text):
            raise Broken(Fault.LEAF, f"第 {row.idx} 叶不是这条留痕的哈希")
        if row.idx <= before:
            raise Broken(Fault.LEAF, f"第 {row.idx} 叶排在上一条（第 {before} 叶）之前")
        if self.bare:
            self.bare = False
            raise Broken(Fault.LEAF, f"上一条没有叶，这一条已在第 {row.idx} 叶")

    def move(self, row: Row, found: dict[str, Any]) -> None:
        """Stand on this row."""
        self.seq, self.id, self.recorded = max(self.seq, found["seq"]), row.id, found["recorded_at"]
        self.links = (row.hash.hex(),)

    def skip(self, row: Row) -> None:
        """Stand behind a row that is not whole: its successor may be chained to what it was or to what it is."""
        self.broken = True
        if isinstance(row.seq, int) and row.seq == self.seq + 1:
            self.seq, self.id = row.seq, row.id
        self.links = (*self.links, row.hash.hex(), hash_of(row.text).hex())[-_LINKS_KEPT:]
