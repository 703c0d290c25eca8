"""The event object journal/1 (journal.md section 3): plain values, its canonical text and its hash. No database."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, Self
from uuid import UUID

from yukuaiban.core.canonical import CanonicalError, canonical, parse

VERSION = 1
CLOCK_ANOMALY = "clock.anomaly"
CLOCK_CONFIRMED = "clock.confirmed"
PAYLOAD_ERASED = "payload.erased"
SYSTEM = "system"

_LEAF = b"\x00"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEX = re.compile(r"[0-9a-f]{64}")
_STREAM = re.compile(r"[a-z]+(:\S{1,100})?")
_TYPE = re.compile(r"[a-z][a-z0-9_-]*\.[a-z][a-z0-9_]*")
_NAME = re.compile(r"[a-z]+(:\S{1,100})?")
_WORD = re.compile(r"\S{1,128}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it (`staff:ID`, `applicant`, `system:worker` …), and in which agency and role at that moment."""

    ref: str
    agency: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it stands in the journal. `text` is what counts; the rest is read from it."""

    uid: UUID
    stream: str
    seq: int
    type: str
    schema: int
    actor: str
    agency: str | None
    role: str | None
    on_behalf_of: str | None
    second_actor: str | None
    source: str
    idem: str | None
    recorded_at: datetime
    occurred_at: datetime | None
    body: dict[str, Any]
    secret: str | None
    prev: str | None
    text: bytes = field(repr=False, compare=False)
    hash: bytes = field(repr=False)

    @classmethod
    def from_text(cls, text: bytes) -> Self:
        """The event of a canonical text. Raises CanonicalError if it is not exactly the form journal/1."""
        return cls.from_object(parse_event(text), text)

    @classmethod
    def from_object(cls, found: dict[str, Any], text: bytes) -> Self:
        """The event of an object that `parse_event` has read from `text`."""
        happened = found["occurred_at"]
        values = found | {
            "uid": UUID(found["uid"]),
            "recorded_at": datetime.fromisoformat(found["recorded_at"]),
            "occurred_at": datetime.fromisoformat(happened) if happened is not None else None,
        }
        del values["v"]
        return cls(**values, text=text, hash=hash_of(text))


def compose(
    *,
    uid: UUID,
    stream: str,
    seq: int,
    type: str,
    actor: Actor,
    source: str,
    recorded_at: datetime,
    body: dict[str, Any],
    schema: int = 1,
    idem: str | None = None,
    occurred_at: datetime | None = None,
    on_behalf_of: str | None = None,
    second_actor: str | None = None,
    secret: bytes | None = None,
    prev: bytes | None = None,
) -> Event:
    """A new event. Raises CanonicalError, naming the path, for what the form journal/1 cannot hold."""
    text = canonical(
        {
            "v": VERSION,
            "uid": str(uid),
            "stream": stream,
            "seq": seq,
            "type": type,
            "schema": schema,
            "actor": actor.ref,
            "agency": actor.agency,
            "role": actor.role,
            "on_behalf_of": on_behalf_of,
            "second_actor": second_actor,
            "source": source,
            "idem": idem,
            "recorded_at": moment_text(recorded_at),
            "occurred_at": moment_text(occurred_at) if occurred_at is not None else None,
            "body": body,
            "secret": secret.hex() if secret is not None else None,
            "prev": prev.hex() if prev is not None else None,
        }
    )
    return Event.from_text(text)


def hash_of(text: bytes) -> bytes:
    """SHA-256 of 0x00 and the text: the link of the stream's chain and the leaf of the later tree."""
    return hashlib.sha256(_LEAF + text).digest()


def moment_text(moment: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.ffffffZ`. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        message = f"a moment without a zone: {moment.isoformat()}"
        raise ValueError(message)
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_event(text: bytes) -> dict[str, Any]:
    """The object of a canonical text with exactly the keys and kinds of values of journal/1, or CanonicalError."""
    found = parse(text)
    if not isinstance(found, dict) or tuple(found) != _KEYS:
        raise CanonicalError("不是 journal/1 的留痕", "须恰好有规定的各键")
    usual = _usual(found)
    for key, fits in _RARE if usual in _seen else _FORMS.items():
        if not fits(found[key]):
            raise CanonicalError("值不合 journal/1 的规定", path=key)
    if usual is not None and len(_seen) < _MOST_SEEN:
        _seen.add(usual)
    return found


def _usual(found: dict[str, Any]) -> tuple[object, ...] | None:
    """The values that one event has like many others, so that they are looked at once; None if they are none."""
    values = _usual_values(found)
    # For Python `true` is 1 and equal to it; an array has no hash.
    return values if _PLAIN.issuperset(map(type, values)) else None


def _whole(value: object) -> bool:
    return type(value) is int and value > 0


def _moment(value: object) -> bool:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is UTC
    except ValueError:
        return False


def _text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _like(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


# Key -> what its value must be. `type` and `actor` are checked by their outline; their words belong to the measures.
_FORMS = {
    "v": lambda value: value == VERSION and _whole(value),
    "uid": lambda value: _like(_UID, value),
    "stream": lambda value: _like(_STREAM, value),
    "seq": _whole,
    "type": lambda value: _like(_TYPE, value),
    "schema": _whole,
    "actor": lambda value: _like(_NAME, value),
    "agency": lambda value: value is None or _text(value),
    "role": lambda value: value is None or _text(value),
    "on_behalf_of": lambda value: value is None or _like(_NAME, value),
    "second_actor": lambda value: value is None or _like(_NAME, value),
    "source": lambda value: _like(_NAME, value),
    "idem": lambda value: value is None or _like(_WORD, value),
    "recorded_at": _moment,
    "occurred_at": lambda value: value is None or _moment(value),
    "body": lambda value: isinstance(value, dict),
    "secret": lambda value: value is None or _like(_HEX, value),
    "prev": lambda value: value is None or _like(_HEX, value),
}
_KEYS = tuple(sorted(_FORMS))
_USUAL = ("v", "schema", "type", "actor", "agency", "role", "on_behalf_of", "second_actor", "source")
_RARE = tuple((key, fits) for key, fits in _FORMS.items() if key not in _USUAL)
_PLAIN = frozenset({str, int, type(None)})
_usual_values = itemgetter(*_USUAL)
_MOST_SEEN = 20_000
_seen: set[tuple[object, ...]] = set()
