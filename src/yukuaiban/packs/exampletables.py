"""Examples that officials write: a case with dated actions, and the stages, due moments and lights to be expected.

```toml
[[example]]
title = "受理次日起算，十个工作日"
procedure = "desks"
matter = "S-0001"                     # or limits = { committed = "10wd", statutory = "20wd" }
acts = [
    { action = "receive", at = 2026-03-02T09:00:00 },
    { action = "admit", at = 2026-03-02T09:30:00 },
]
expect = [
    { clock = "committed", due = 2026-03-16T17:30:00 },
    { clock = "committed", at = 2026-03-11T17:30:00, light = "yellow" },
    { stage = "admitted" },
]
```

Times are local, in the zone of the district. Further keys of an act are its data; `refused` on an act says that the
procedure must refuse it, and with which words. An expectation is read at its `at`, by default at the last act; all
that time alone brings until then (warnings, overdue clocks, deemed admission) has happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, Field

from yukuaiban.core.lights import Light
from yukuaiban.packs.fields import Code, Count, Flag, LimitText, LocalMoment, MaybeWords, Table, Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from yukuaiban.packs.complaints import Complaints, Where
    from yukuaiban.packs.sources import TomlSource


class Act(Table):
    """One action of an example; keys that are not named here are its data."""

    model_config = ConfigDict(extra="allow", frozen=True)

    action: Code
    at: LocalMoment
    refused: MaybeWords = ""

    @property
    def data(self) -> Mapping[str, Any]:
        """The data of the action."""
        return self.model_extra or {}


class Expectation(Table):
    """What must hold at a moment: of a clock (`clock`), or of the case where no clock is named."""

    clock: MaybeWords = ""
    ordinal: Count = 0
    at: LocalMoment | None = None
    started: LocalMoment | None = None
    due: LocalMoment | None = None
    warns: LocalMoment | None = None
    stopped: LocalMoment | None = None
    light: Light | None = None
    stage: Code | None = None
    provisional: Flag | None = None
    expected: Flag | None = None
    paused: Flag | None = None
    none: Flag = False


class _ExampleTable(Table):
    title: Words
    procedure: Code
    source: MaybeWords = ""
    matter: MaybeWords = ""
    limits: dict[str, LimitText] = Field(default_factory=dict)
    acts: tuple[Act, ...]
    expect: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """An example with its place in the pack. `limits` are used where no matter is named."""

    title: str
    procedure: str
    acts: tuple[Act, ...]
    expect: tuple[Expectation, ...]
    matter: str
    limits: Mapping[str, str]
    source: str
    file: str
    line: int | None


def read_examples(sources: Iterable[TomlSource], complaints: Complaints) -> tuple[Example, ...]:
    """The examples of all files; what is wrong is noted."""
    return tuple(example for source in sources for example in _examples(source, complaints))


def _examples(source: TomlSource, complaints: Complaints) -> Iterator[Example]:
    for number, data in enumerate(source.only("example", complaints)):

        def line_of(place: Where, number: int = number) -> int | None:
            return source.line(("example", number, *place))

        table = complaints.checked(_ExampleTable, data, file=source.file, line_of=line_of)
        if table is None or not _sound(table, source, number, complaints):
            continue
        yield Example(
            title=table.title,
            procedure=table.procedure,
            acts=table.acts,
            expect=table.expect,
            matter=table.matter,
            limits={code: str(limit) for code, limit in table.limits.items()},
            source=table.source,
            file=source.file,
            line=source.line(("example", number)),
        )


def _sound(table: _ExampleTable, source: TomlSource, number: int, complaints: Complaints) -> bool:
    before = len(complaints.problems)
    if not table.acts or not table.expect:
        complaints.add(
            "例子没有动作或没有预期",
            "acts 和 expect 各写至少一条",
            file=source.file,
            line=source.line(("example", number)),
        )
    for at, (first, second) in enumerate(pairwise(table.acts), 1):
        if second.at < first.at:
            complaints.add(
                f"动作“{second.action}”的时间 {second.at} 早于前一个动作",
                "按发生的先后写",
                file=source.file,
                line=source.line(("example", number, "acts", at)),
            )
    return len(complaints.problems) == before
