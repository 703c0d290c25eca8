"""First answers: a retried request gets the same answer again, byte for byte, and writes nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from yukuaiban.cases.models import Answer
from yukuaiban.core.errors import KeyReused
from yukuaiban.people.access import Subject

KEPT = timedelta(days=35)
_SOURCE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Acted:
    """The answer to an action: where the case stands now. A retry gets the first answer, marked `replayed`."""

    case_id: str
    number: str
    seq: int
    stage: str
    replayed: bool = False


class Keyed(Protocol):
    """What an answer is found by."""

    @property
    def source(self) -> str: ...
    @property
    def subject(self) -> Subject: ...
    @property
    def key(self) -> str | None: ...
    @property
    def digest(self) -> str: ...


def digest_of(*content: Any) -> str:
    """A fingerprint of a request, to tell a retry from a key used twice; gone with the answer."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def first_answer(wish: Keyed) -> Acted | None:
    """What this request was answered before, or None. Raises KeyReused if the key came with other content."""
    if wish.key is None:
        return None
    kept = Answer.objects.filter(source=_source_of(wish), key=wish.key).first()
    if kept is None:
        return None
    if kept.digest != wish.digest:
        raise KeyReused("同一提交凭据对应的内容不同；请刷新页面后重新填写。")
    return replace(Acted(**json.loads(kept.body)), replayed=True)


def keep_answer(wish: Keyed, acted: Acted, at: datetime) -> None:
    """Keep the answer for retries, in the transaction of the action."""
    if wish.key is not None:
        body = json.dumps(asdict(acted))
        Answer.objects.create(source=_source_of(wish), key=wish.key, digest=wish.digest, body=body, at=at)


def forget_answers(now: datetime) -> None:
    """Let go of answers older than 35 days; the keys themselves stay in the journal."""
    Answer.objects.filter(at__lt=now - KEPT).delete()


def _source_of(wish: Keyed) -> str:
    """An answer is given again to the one who got it first, and to nobody else."""
    return f"{wish.source}/{wish.subject.ref}"[:_SOURCE_LENGTH]
