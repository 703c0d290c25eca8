"""What a witness keeps on its own disk: its key, the last checkpoint it found consistent, and evidence.

The memory is on the disk before anything is signed, so whatever was signed is remembered. What cannot be read is never
taken for an empty one.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from yukuaiban.journal import disk
from yukuaiban.journal.notes import COSIGNATURE, Ed25519Signer, NoteError, Signer, Verifier
from yukuaiban.journal.watching import NAMES, Pair
from yukuaiban.site.home import kept_secret
from yukuaiban.site.witness.remote import Trouble

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Memory:
    """Which log, under which keys (by hash), who watches, and the last notes (by hash; empty before the first)."""

    url: str
    name: str
    keys: Mapping[str, str]
    notes: Mapping[str, str]
    v: int = _VERSION

    @classmethod
    def read(cls, path: Path) -> Memory | None:
        """The memory in that file; None if there is no file. Raises Trouble."""
        if not path.exists():
            return None
        try:
            found = cls(**json.loads(path.read_text(encoding="utf-8")))
            found.check()
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Trouble(f"{path} 不是完好的见证记录；请从备份恢复，不要删除：{error}") from error
        return found

    def check(self) -> None:
        """Raises NoteError, KeyError or TypeError unless everything in it can be read."""
        if self.v != _VERSION or any(Verifier.from_line(self.keys[name]).name == self.name for name in NAMES):
            raise NoteError("版本或公钥不符")
        self.pair()

    def pair(self) -> Pair | None:
        """The last checkpoint; None before the first."""
        return Pair.read(self.notes) if self.notes else None

    def with_pair(self, pair: Pair) -> Memory:
        """The same memory with a newer checkpoint."""
        return replace(self, notes=pair.bare())

    def write(self, path: Path) -> None:
        """Put it on the disk; afterwards it is there, whatever happens. Raises Trouble."""
        _durable(path, json.dumps(asdict(self), ensure_ascii=False, indent=1))


def signer(name: str, state: Path) -> Signer:
    """The witness's own signer; its key lies beside the state, made with mode 600 on the first run. Raises Trouble."""
    path = state.with_name(f"{state.name}.key")
    try:
        return Ed25519Signer(name, bytes.fromhex(kept_secret(path, _new_seed)), COSIGNATURE)
    except (OSError, ValueError) as error:
        raise Trouble(f"见证单位的密钥 {path} 读不出：{error}") from error


def keep_evidence(state: Path, files: Mapping[str, str]) -> Path:
    """Keep what convicts a log, in a folder of its own beside the state; the same evidence is kept once."""
    told = "\0".join(f"{name}\0{text}" for name, text in sorted(files.items()))
    folder = state.with_name(f"{state.name}.evidence") / hashlib.sha256(told.encode()).hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"证据目录 {folder} 建不了：{error}") from error
    for name, text in files.items():
        _durable(folder / name, text)
    return folder


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """One pass at a time over a state. Raises Trouble while another process is at it."""
    with ExitStack() as held:
        try:
            file = held.enter_context(state.with_name(f"{state.name}.lock").open("a"))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Trouble(f"另一个见证进程正在使用 {state}") from error
        except OSError as error:
            raise Trouble(f"{state} 所在的目录写不了：{error}") from error
        yield


def _new_seed() -> str:
    return secrets.token_hex(32)


def _durable(path: Path, text: str) -> None:
    try:
        disk.write_whole(path, text.encode())
    except OSError as error:
        raise Trouble(f"{path} 写不了：{error}") from error
