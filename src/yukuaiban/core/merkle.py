"""The Merkle tree of RFC 6962: roots, inclusion and consistency proofs, and their verification (journal.md section 7).

Leaf `H(0x00 ‖ text)`, node `H(0x01 ‖ left ‖ right)`, split at the largest power of two below n. A proof is built from
a function that gives the root of any stretch of leaves, so it does not matter where leaves are kept. Verification is
that of RFC 9162 sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, cast

DIGEST_BYTES = 32
_LEAF, _NODE = b"\x00", b"\x01"
_NAMED = ("sha256",)

# The root over the leaves `[start, end)`, as if they were a tree of their own.
Stretch = Callable[[int, int], bytes]


class _Begun(Protocol):
    """A hash that has taken its bytes."""

    def digest(self) -> bytes: ...


class Digest:
    """A hash function of 32 bytes by the name that `hashlib` knows it under."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._make = _maker(name)

    def of(self, data: bytes) -> bytes:
        """The hash. Raises ValueError where this computer's OpenSSL lacks the function."""
        return self._make(data).digest()

    def leaf(self, text: bytes) -> bytes:
        """The hash of a leaf."""
        return self._make(_LEAF + text).digest()

    def node(self, left: bytes, right: bytes) -> bytes:
        """The hash of a node."""
        return self._make(_NODE + left + right).digest()


def _maker(name: str) -> Callable[[bytes], _Begun]:
    """What starts the hash on some bytes; the quickest way there is, which matters a million times over."""
    if name in _NAMED:
        return cast("Callable[[bytes], _Begun]", getattr(hashlib, name))
    try:
        empty = hashlib.new(name)
    except ValueError:
        return partial(hashlib.new, name)

    def begun(data: bytes) -> _Begun:
        found = empty.copy()
        found.update(data)
        return found

    return begun


SHA256, SM3 = Digest("sha256"), Digest("sm3")
BOTH = (SHA256, SM3)


def available(digest: Digest) -> bool:
    """Whether this computer can compute it: some builds of OpenSSL leave SM3 out."""
    try:
        digest.of(b"")
    except ValueError:
        return False
    return True


@dataclass(slots=True)
class Frontier:
    """A tree that only grows: its size and the roots of its complete subtrees, the largest first."""

    digest: Digest
    size: int = 0
    parts: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Append the hash of a leaf."""
        complete, parts = self.size, self.parts
        self.size = complete + 1
        while complete & 1:
            leaf = self.digest.node(parts.pop(), leaf)
            complete >>= 1
        parts.append(leaf)

    def root(self) -> bytes:
        """The root of the tree; of the empty one the hash of nothing."""
        if not self.parts:
            return self.digest.of(b"")
        found = self.parts[-1]
        for part in reversed(self.parts[:-1]):
            found = self.digest.node(part, found)
        return found

    def packed(self) -> bytes:
        """The parts in a row, 32 bytes each."""
        return b"".join(self.parts)

    def stretches(self) -> dict[tuple[int, int], bytes]:
        """The parts by the leaves `[start, end)` that each of them covers."""
        found, start, left = {}, 0, self.size
        for part in self.parts:
            length = 1 << left.bit_length() - 1
            found[start, start + length] = part
            start, left = start + length, left - length
        return found

    @classmethod
    def unpacked(cls, digest: Digest, size: int, data: bytes) -> Frontier:
        """The frontier of a size from `packed`. Raises ValueError if the number of parts does not fit the size."""
        parts = [data[start : start + DIGEST_BYTES] for start in range(0, len(data), DIGEST_BYTES)]
        if len(data) != size.bit_count() * DIGEST_BYTES:
            raise ValueError(f"a tree of {size} has not {len(parts)} parts")
        return cls(digest, size, parts)


def grown(digest: Digest, leaves: Iterable[bytes]) -> Frontier:
    """The tree of those leaf hashes."""
    found = Frontier(digest)
    for leaf in leaves:
        found.add(leaf)
    return found


def over(digest: Digest, leaves: Sequence[bytes]) -> Stretch:
    """Stretches of leaf hashes that are in memory."""
    return lambda start, end: grown(digest, leaves[start:end]).root()


def inclusion(stretch: Stretch, index: int, size: int) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `size`, from the leaf up. Raises ValueError outside the tree."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    found: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            found.append(stretch(middle, end))
            end = middle
        else:
            found.append(stretch(start, middle))
            start = middle
    return found[::-1]


def consistency(stretch: Stretch, old: int, size: int) -> list[bytes]:
    """The proof that the tree of `size` begins with that of `old`. Raises ValueError unless 0 < old <= size."""
    if not 0 < old <= size:
        raise ValueError(f"no proof from {old} to {size}")
    found: list[bytes] = []
    start, end, whole = 0, size, True
    while old < end:
        middle = start + split(end - start)
        if old <= middle:
            found.append(stretch(middle, end))
            end = middle
        else:
            found.append(stretch(start, middle))
            start, whole = middle, False
    if not whole:
        found.append(stretch(start, end))
    return found[::-1]


def included(
    digest: Digest, leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether `proof` shows that the leaf hash stands at `index` of the tree of `size` with that root."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for part in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = digest.node(part, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = digest.node(found, part)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistent(
    digest: Digest, *, old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows that the tree of `size` begins with the tree of `old`. The empty tree begins every tree."""
    if old == 0:
        return not proof and old_root == digest.of(b"")
    if old > size:
        return False
    if old == size:
        return not proof and old_root == root
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    return bool(path) and _climbs(digest, old - 1, size - 1, path, (old_root, root))


def _climbs(digest: Digest, at: int, last: int, path: list[bytes], roots: tuple[bytes, bytes]) -> bool:
    """RFC 9162 section 2.1.4.2, steps 4 to 7."""
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for part in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = digest.node(part, first), digest.node(part, second)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = digest.node(second, part)
        at, last = at >> 1, last >> 1
    return last == 0 and (first, second) == roots


def split(count: int) -> int:
    """The largest power of two below `count` (at least 2)."""
    return 1 << (count - 1).bit_length() - 1
