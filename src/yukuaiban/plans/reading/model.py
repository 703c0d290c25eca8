"""What is read of a plan: names, texts and their places in the text as read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from yukuaiban.plans.reading.folding import Span


@dataclass(frozen=True, slots=True)
class AgencyRead:
    """An agency as named: role is lead, responsible, supporting or all."""

    name: str
    role: str
    span: Span
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class MilestoneRead:
    """A step with the period of periods.py."""

    period: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class TargetRead:
    """A promised number; comparison is >=, <=, = or about."""

    text: str
    value: int | Decimal
    unit: str
    comparison: str
    span: Span
    soft: bool = False


@dataclass(frozen=True, slots=True)
class ItemRead:
    """An undertaking or a safeguard: its whole block and what was read in it."""

    no: str
    title: str
    text: str
    span: Span
    agencies: tuple[AgencyRead, ...] = ()
    milestones: tuple[MilestoneRead, ...] = ()
    targets: tuple[TargetRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know: duplicate, pinyin, traditional."""

    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a plan; every character that is not blank lies in one item or in `unread`, once."""

    title: str
    undertakings: tuple[ItemRead, ...]
    safeguards: tuple[ItemRead, ...]
    unread: tuple[Span, ...]
    notes: tuple[Note, ...]
