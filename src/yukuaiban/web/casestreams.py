"""The events that a case page tells of, its own and the looks at it, with the names behind them: two queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yukuaiban.cases import facts
from yukuaiban.journal import reading, witnesses
from yukuaiban.people.queries import names

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case
    from yukuaiban.journal.event import Event


@dataclass(frozen=True, slots=True)
class Streams:
    """What happened to the case, who looked, and what everybody in it is called."""

    own: Sequence[Event]
    looks: Sequence[Event]
    people: Mapping[str, str]
    witnesses: Sequence[Event] = ()  # the register of witnesses, for what the page says of the proof


def of_looks(case: Case) -> str:
    """The journal stream of the looks at one case."""
    return f"reveal:{case.number}"


def read(case: Case) -> Streams:
    """Both streams of a case, in their order, and the register of witnesses."""
    own, looks = facts.stream_of(case.number), of_looks(case)
    found = reading.streams([own, looks, witnesses.STREAM])
    actors = {event.actor for event in (*found[own], *found[looks])}
    return Streams(found[own], found[looks], names({*actors, case.handler}), found[witnesses.STREAM])
