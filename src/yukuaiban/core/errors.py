"""The refusals of the product, one small tree.

    Refused                a request that is not done; the sentence says the way out
    ├── ActionRefused      the action is not open at this stage; `open` names those that are
    ├── NotPermitted       the policy says no, with its reason
    ├── KeyReused          the same idempotency key came with other content
    ├── CaseMoved          the case changed since the form was opened
    ├── NotYetInForce      no version of a value holds on that day
    └── InputInvalid       values are wrong; one problem a field, row or line
        └── PackInvalid    a district pack is wrong; file, line and the way out

Messages are Chinese sentences for the person who must go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it stands, and what would be right."""

    why: str
    remedy: str = ""
    field: str = ""
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        head = "：".join(part for part in (place, self.field) if part)
        sentence = "；".join(part for part in (self.why, self.remedy) if part)
        return f"{head}：{sentence}" if head else sentence


class Refused(Exception):
    """A request that is not done. `message` is one sentence with the way out."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ActionRefused(Refused):
    """The action is not open at this stage; `open` holds (code, title) of the actions that are."""

    def __init__(self, message: str, *, open_here: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.open = tuple(open_here)

    @classmethod
    def at(cls, *, action: str, stage: str, open_here: Sequence[tuple[str, str]]) -> Self:
        """The refusal of `action` at `stage`, naming what is open there instead."""
        ways = "、".join(title for _, title in open_here) or "无"
        where = f"在“{stage}”阶段" if stage else "现在"
        return cls(f"{where}不能“{action}”；现在可以办理：{ways}。", open_here=open_here)


class NotPermitted(Refused):
    """The policy answers no; the message is its reason."""


class KeyReused(Refused):
    """The same idempotency key came again with other content."""


class CaseMoved(Refused):
    """Somebody else changed the case meanwhile."""


class NotYetInForce(Refused):
    """No version of the value holds on the day asked for."""


class InputInvalid(Refused):
    """Values are wrong; `problems` has one entry for each of them."""

    def __init__(self, problems: Sequence[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class PackInvalid(InputInvalid):
    """A district pack is wrong: every complaint with file, line and the way out."""
