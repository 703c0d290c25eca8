"""One pass of a witness: pull, hold against what it remembers, remember, cosign, hand in; or refuse with evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from yukuaiban.journal.notes import NoteError, Signer, Verifier, cosign, verify
from yukuaiban.journal.watching import NAMES, Pair, broken, own_keys, unsigned
from yukuaiban.site.witness.memory import Memory, keep_evidence, signer
from yukuaiban.site.witness.remote import Trouble


class Log(Protocol):
    """A log as a witness sees it. Every method raises Trouble."""

    url: str

    def newest(self) -> Pair:
        """Both notes of the newest checkpoint."""

    def keys(self) -> list[str]:
        """The keys that the log publishes."""

    def consistency(self, old: int, new: int) -> dict[str, list[bytes]]:
        """The proofs that the newer tree begins with the older one, by the name of the hash."""

    def hand_in(self, size: int, lines: Mapping[str, str]) -> None:
        """Take the lines under both notes of that size."""


class WitnessRefused(Exception):
    """The log has forked, shrunk or changed its key; `evidence` is the folder that shows it."""

    def __init__(self, why: str, evidence: Path) -> None:
        super().__init__(why)
        self.why, self.evidence = why, evidence


class NotTaken(Trouble):
    """The log is consistent and remembered, but the cosignature did not reach it; the next pass hands it in again."""

    def __init__(self, why: str, size: int, verifier_line: str) -> None:
        super().__init__(why)
        self.size, self.verifier_line = size, verifier_line


@dataclass(frozen=True, slots=True)
class Seen:
    """What a pass came to: sizes before (0: the first time) and now, whether it cosigned in this pass, who looks."""

    log: str
    before: int
    size: int
    cosigned: bool
    witness: str
    verifier_line: str


def watch(log: Log, state: Path, at: int, *, name: str = "", given: Sequence[str] = ()) -> Seen:
    """One pass at that second since 1970.

    `name` (of the witness) is fixed by the first pass. `given` are keys of the log that were learned another way: the
    first pass believes no others, a later one takes them instead of those it remembers. Raises WitnessRefused with
    evidence kept, NotTaken, or Trouble with nothing changed.
    """
    offered = log.newest()
    memory = Memory.read(state) or _first(log, offered, state, name, given)
    _same(memory, log.url, name)
    memory = _with_keys(memory, log, offered, state, given)
    before = memory.pair()
    if before is not None:
        _continues(log, before, offered, memory, state)
    mine = signer(memory.name, state)
    memory.with_pair(offered).write(state)
    fresh = not _is_there(offered, mine)
    if fresh:
        _hand_in(log, offered, mine, at)
    size = before.size if before else 0
    return Seen(offered.log, size, offered.size, fresh, memory.name, mine.verifier_line())


def _first(log: Log, offered: Pair, state: Path, name: str, given: Sequence[str]) -> Memory:
    """The memory of a witness that starts. Raises Trouble if no key fits the notes."""
    keys = _fitting(offered, given or log.keys())
    return Memory(log.url, name or f"{offered.log.partition('/')[0]}/witness/{state.stem}", keys, {})


def _same(memory: Memory, url: str, name: str) -> None:
    """A state belongs to one log and one name."""
    for what, kept, said in (("网址", memory.url, url), ("名称", memory.name, name)):
        if said and said != kept:
            raise Trouble(f"这份记录的{what}是 {kept}，不是 {said}；另一本账本请用另一个 --state")


def _with_keys(memory: Memory, log: Log, offered: Pair, state: Path, given: Sequence[str]) -> Memory:
    """The memory with keys that hold for what is offered. Another key of the log is evidence, a bad signature not."""
    if not unsigned(offered, memory.keys):
        return memory
    if given:
        return Memory(memory.url, memory.name, _fitting(offered, given), memory.notes)
    published = log.keys()
    _fitting(offered, published)
    why = "账本换了公钥：检查点不是用所记的公钥签的。经运行单位书面确认后，用 --key 给出新的公钥再运行"
    files = {"keys.txt": "".join(f"{line}\n" for line in published)}
    raise _refusal(state, memory, offered, why, files)


def _fitting(offered: Pair, lines: Sequence[str]) -> dict[str, str]:
    try:
        return own_keys(offered, lines)
    except NoteError as error:
        raise Trouble(str(error)) from error


def _continues(log: Log, before: Pair, offered: Pair, memory: Memory, state: Path) -> None:
    """Refuse a tree that is smaller than the remembered one, or does not begin with it."""
    if before.log != offered.log:
        raise _refusal(state, memory, offered, f"账本改了名称：原为 {before.log}，现为 {offered.log}", {})
    grown = 0 < before.size < offered.size
    proofs = log.consistency(before.size, offered.size) if grown else {}
    if why := broken(before, offered, proofs):
        told = {each: [step.hex() for step in proof] for each, proof in proofs.items()}
        raise _refusal(state, memory, offered, why, {"consistency.json": json.dumps(told)} if proofs else {})


def _hand_in(log: Log, offered: Pair, mine: Signer, at: int) -> None:
    """Cosign both notes and hand the lines in. Raises NotTaken."""
    try:
        log.hand_in(offered.size, {each: cosign(offered.notes[each], mine, at) for each in NAMES})
    except Trouble as trouble:
        raise NotTaken(str(trouble), offered.size, mine.verifier_line()) from trouble


def _is_there(offered: Pair, mine: Signer) -> bool:
    """Whether both notes carry the own cosignature already."""
    line = mine.verifier_line()
    who = Verifier.from_line(line).name
    return all(
        any(each.name == who for each in note.signatures) and verify(note, line)
        for note in offered.notes.values()
    )


def _refusal(state: Path, memory: Memory, offered: Pair, why: str, more: Mapping[str, str]) -> WitnessRefused:
    """Keep the notes of both sides, the keys believed so far and what else shows it."""
    files = {"why.txt": "\n".join([memory.url, *memory.keys.values(), why, ""]), **more}
    files |= {f"kept-{name}.txt": text for name, text in memory.notes.items()}
    files |= {f"offered-{name}.txt": text for name, text in offered.texts.items()}
    return WitnessRefused(why, keep_evidence(state, files))
