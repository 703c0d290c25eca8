"""Pauses (中止): intervals in which a clock does not count (clocks.md section 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.moments import micros


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause `[start, end)` with its ground. `expected`: the end is only planned, so the due is 预计."""

    start: datetime
    end: datetime
    category: str = ""
    basis: str = ""
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A pause as the clock sees it: instants in microseconds, overlapping pauses united."""

    start: int
    end: int
    parts: tuple[Pause, ...] = ()

    @property
    def expected(self) -> bool:
        """Whether the end of the span is the planned end of an open pause."""
        return any(part.expected and micros(part.end) == self.end for part in self.parts)


def united(pauses: Iterable[Pause], start: int) -> tuple[Span, ...]:
    """The pauses in order, overlapping or touching ones joined, what lies before `start` cut off (rule 3.3).

    InputInvalid for a pause that ends before it begins.
    """
    spans: list[Span] = []
    for span in sorted((_span(pause) for pause in pauses), key=lambda each: (each.start, each.end)):
        if span.end <= start or span.end == span.start:
            continue
        if spans and span.start <= spans[-1].end:
            last = spans[-1]
            spans[-1] = Span(last.start, max(last.end, span.end), (*last.parts, *span.parts))
        else:
            spans.append(replace(span, start=max(span.start, start)))
    return tuple(spans)


def _span(pause: Pause) -> Span:
    start, end = micros(pause.start), micros(pause.end)
    if end < start:
        why = f"中止的结束 {pause.end.isoformat()} 早于开始 {pause.start.isoformat()}"
        raise InputInvalid(Problem(why, "请核对中止的起止时间", field="pauses"))
    return Span(start, end, (pause,))
