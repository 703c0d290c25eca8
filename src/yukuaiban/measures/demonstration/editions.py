"""Importing an edition: the table is read, judged as a whole, and every leaf opened through the one door."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from yukuaiban.cases import versions
from yukuaiban.cases.acting import act
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import InputInvalid
from yukuaiban.evidence.kinds import kind_titles
from yukuaiban.evidence.tables_in import read_table
from yukuaiban.measures.demonstration import rules
from yukuaiban.measures.demonstration.models import IndexEdition
from yukuaiban.measures.demonstration.tree import leaves_of, read_tree
from yukuaiban.people.access import SYSTEM_IMPORT, PostRef, Subject
from yukuaiban.people.district import local_day

if TYPE_CHECKING:
    from yukuaiban.core.errors import Problem
    from yukuaiban.core.workcalendar import WorkCalendar
    from yukuaiban.journal.pen import Pen
    from yukuaiban.measures.demonstration.tree import Node

COORDINATOR = "coordinator"
LEAF, APPLICATION = "demonstration", "demonstration_application"
_QUARTER_END = (3, 31)


@dataclass(frozen=True, slots=True)
class Draft:
    """A table that was read: its nodes, what is wrong, the hash of its bytes."""

    nodes: tuple[Node, ...]
    problems: tuple[Problem, ...]
    sha256: str

    @property
    def read(self) -> int:
        """How many rows the table has: those that became nodes and those that are wrong by themselves."""
        rows = {node.row for node in self.nodes} | {each.line for each in self.problems if each.line}
        return len(rows)

    @property
    def leaves(self) -> list[Node]:
        """The nodes that become cases."""
        return leaves_of(self.nodes)

    def bodies(self) -> list[dict[str, object]]:
        """The nodes as the event keeps them."""
        return [node.body() for node in self.nodes]


@dataclass(frozen=True, slots=True)
class Heading:
    """What is said of an edition beside its table."""

    batch: str
    name: str
    source: str
    period_since: date
    period_until: date
    kind: str = "comprehensive"


def read_draft(path: Path) -> Draft:
    """Read a table; wrong rows are problems of the draft. InputInvalid if it cannot be read at all."""
    nodes, problems = read_tree(read_table(path), kind_titles())
    return Draft(tuple(nodes), tuple(problems), hashlib.sha256(path.read_bytes()).hexdigest())


def import_file(path: Path, heading: Heading, *, agency: str, pen: Pen, dry_run: bool = False) -> Draft:
    """Read a table and, where nothing is wrong, store it for the coordinating agency; a dry run keeps nothing."""
    draft = read_draft(path)
    post = PostRef(agency, COORDINATOR)
    subject = Subject("system", SYSTEM_IMPORT.ref, post=post, posts=(post,))
    if not draft.problems:
        with transaction.atomic():
            source = f"import:{draft.sha256[:12]}"
            store(draft, heading, subject=subject, pen=pen, source=source)
            transaction.set_rollback(dry_run)
    return draft


def store(draft: Draft, heading: Heading, *, subject: Subject, pen: Pen, source: str = "web") -> Case:
    """Open the application and a case for every leaf, all or nothing. InputInvalid names every wrong row."""
    if draft.problems:
        raise InputInvalid(draft.problems)
    due = evidence_due(local_day(pen.moment()), versions.current_calendar())
    data = {
        "batch": heading.batch,
        "name": heading.name,
        "kind": heading.kind,
        "source": heading.source,
        "period_since": heading.period_since.isoformat(),
        "period_until": heading.period_until.isoformat(),
        "sha256": draft.sha256,
        "nodes": draft.bodies(),
    }
    how: Any = {"subject": subject, "key": None, "pen": pen, "source": source}
    with transaction.atomic():
        opened = act(None, "import_edition", procedure=APPLICATION, data=data, **how)
        for node in draft.leaves:
            leaf = {"edition": heading.batch, "code": node.code, "evidence_due": due.isoformat()}
            act(None, "open_leaf", procedure=LEAF, data=leaf, **how)
    return Case.objects.get(number=opened.number)


def evidence_due(today: date, calendar: WorkCalendar) -> datetime:
    """The closing of the last working day of the first quarter; of the next year's once that one is past."""
    day = date(today.year, *_QUARTER_END)
    while not calendar.is_workday(day):
        day -= timedelta(days=1)
    return calendar.closing(day) if day >= today else evidence_due(date(today.year + 1, 1, 1), calendar)


def compared(old: IndexEdition, new: IndexEdition) -> dict[str, list[str]]:
    """Codes that are new, removed, changed or the same between two editions."""
    return rules.differences(
        *({node.code: _content(node) for node in each.nodes.all()} for each in (old, new))
    )


def _content(node: object) -> tuple[object, ...]:
    return tuple(getattr(node, name) for name in ("text", "weight", "method", "veto", "kinds", "parent"))
