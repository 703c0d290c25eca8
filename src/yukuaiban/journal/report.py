"""What verify found, for people and for programs (journal.md section 10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from yukuaiban.journal.checking import Finding


@dataclass(slots=True)
class Report:
    """What verify found. `first` is the faulty event written first, or a fault of the whole if there is none.

    `size` and `checkpoints` are those of the tree; `unsequenced` counts events that have no leaf yet.
    """

    events: int = 0
    streams: int = 0
    erased: int = 0
    size: int = 0
    checkpoints: int = 0
    unsequenced: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    first: Finding | None = None
    index: int | None = None

    @property
    def ok(self) -> bool:
        """No fault at all."""
        return not self.faults

    def add(self, finding: Finding) -> None:
        """Count a fault and keep the one that was written first."""
        self.faults[finding.fault] = self.faults.get(finding.fault, 0) + 1
        if self.first is None or _order(finding) < _order(self.first):
            self.first = finding

    def as_json(self, seconds: float) -> dict[str, Any]:
        """The document of `verify --json`."""
        first = self.first
        return {
            "ok": self.ok,
            "events": self.events,
            "streams": self.streams,
            "size": self.size,
            "checkpoints": self.checkpoints,
            "unsequenced": self.unsequenced,
            "first_bad": first
            and {
                "index": self.index,
                "uid": first.uid,
                "stream": first.stream,
                "seq": first.seq,
                "fault": first.fault.value,
                "why": first.why,
            },
            "faults": dict(sorted(self.faults.items())),
            "seconds": round(seconds, 3),
        }


def _order(finding: Finding) -> tuple[bool, int]:
    return (finding.id is None, finding.id or 0)
