"""A reading as its page shows it: one item with its text in colours, what was read of it, who has looked at what."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from yukuaiban.plans import leftover, marking, periodwords, questions
from yukuaiban.plans.marking import Kind, Mark, Piece
from yukuaiban.plans.readingrows import AgencyRow, Line, MilestoneRow, TargetRow, letter, says
from yukuaiban.plans.sheet import AGENCIES, MILESTONES, SAFEGUARD, TARGETS, Entry, Thing

if TYPE_CHECKING:
    from yukuaiban.core.workcalendar import WorkCalendar
    from yukuaiban.plans.leftover import Rest
    from yukuaiban.plans.models import PlanVersion
    from yukuaiban.plans.naming import Names
    from yukuaiban.plans.questions import Question

UNREAD = "unread"


class ReadingPage:
    """The page of a version for one person; `current` is None on the page of what is unread."""

    def __init__(
        self, version: PlanVersion, wanted: str, names: Names, calendar: WorkCalendar, person: str
    ) -> None:
        self.version, self.names, self.calendar, self.person = version, names, calendar, person
        self.sheet = version.sheet
        self.items: list[Entry] = self.sheet["items"]
        found = next((each for each in self.items if each["key"] == wanted), None)
        first = self.items[0] if self.items else None
        self.current = None if wanted == UNREAD else found or first

    # -------------------------------------------------------------------------------------- the whole

    @cached_property
    def questions(self) -> list[Question]:
        """Everything that is still to be answered."""
        return questions.questions(self.sheet, self.version.plan.year, self.names, self.calendar)

    @property
    def blocking(self) -> list[Question]:
        """What keeps the plan from coming into force."""
        return [each for each in self.questions if each.blocks]

    @property
    def unresolved(self) -> list[Question]:
        """Names without an agency of today."""
        return [each for each in self.questions if each.kind in ("agency", "ended")]

    @cached_property
    def lines(self) -> list[Line]:
        """All items, undertakings and safeguards numbered each by themselves."""
        counts = {True: 0, False: 0}
        blocked = [each.entry for each in self.blocking]
        found = []
        for entry in self.items:
            safeguard = entry["kind"] == SAFEGUARD
            counts[safeguard] += 1
            looked = self.person in self.sheet["looked"].get(entry["key"], ())
            told = (entry["key"], safeguard, counts[safeguard], entry["title"], looked)
            found.append(Line(*told, blocked.count(entry["key"])))
        return found

    @property
    def undertakings(self) -> int:
        """How many."""
        return sum(not each.safeguard for each in self.lines)

    @property
    def safeguards(self) -> int:
        """How many."""
        return len(self.lines) - self.undertakings

    def count(self, part: str) -> int:
        """How many things of a part all items have together."""
        return sum(len(entry[part]) for entry in self.items)

    @property
    def milestones(self) -> int:
        """How many."""
        return self.count(MILESTONES)

    @property
    def agencies(self) -> int:
        """How many names."""
        return self.count(AGENCIES)

    @property
    def tracked(self) -> bool:
        """Whether the file held tracked changes, which were read as accepted."""
        return any(note["kind"] == "tracked" for note in self.sheet["notes"])

    # ------------------------------------------------------------------------------------ where we are

    @cached_property
    def at(self) -> int:
        """The place of the item among all; 0 on the page of what is unread."""
        return self.items.index(self.current) if self.current else 0

    @property
    def line(self) -> Line | None:
        """The line of the item."""
        return self.lines[self.at] if self.current else None

    @property
    def previous(self) -> Line | None:
        """The one before."""
        return self.lines[self.at - 1] if self.current and self.at else None

    @property
    def following(self) -> Line | None:
        """The one behind."""
        here = self.current and self.at + 1 < len(self.lines)
        return self.lines[self.at + 1] if here else None

    @property
    def seen_by_me(self) -> int:
        """At how many items this person has looked in this revision."""
        return sum(each.looked for each in self.lines)

    def seen_by(self, people: Iterable[str]) -> int:
        """At how many items one of these people has looked."""
        wanted = set(people)
        return sum(bool(wanted & set(self.sheet["looked"].get(entry["key"], ()))) for entry in self.items)

    @property
    def next_unseen(self) -> Line | None:
        """The next item at which this person has not looked, from here on and around."""
        order = [*self.lines[self.at + 1 :], *self.lines[: self.at]]
        return next((each for each in order if not each.looked), None)

    # ---------------------------------------------------------------------------------------- the item

    @property
    def own_questions(self) -> list[Question]:
        """What is to be answered about the item, names apart: they have rows of their own."""
        key = self.current["key"] if self.current else ""
        return [each for each in self.questions if each.entry == key and each.kind not in ("agency", "ended")]

    @cached_property
    def rows_of_agencies(self) -> list[AgencyRow]:
        """The names of the item."""
        return [self._agency(each) for each in self.current[AGENCIES]] if self.current else []

    @property
    def open_here(self) -> int:
        """How many names of the item are still to be settled."""
        return sum(not row.resolved for row in self.rows_of_agencies)

    @property
    def settled_here(self) -> int:
        """How many names of the item stand for agencies of today."""
        return len(self.rows_of_agencies) - self.open_here

    def _agency(self, thing: Thing) -> AgencyRow:
        codes = thing["codes"]
        resolved = bool(codes) and all(self.names.in_force(code) for code in codes)
        shown = tuple(self.names.shown(code) for code in codes)
        candidates = () if resolved else tuple(self.names.search(thing["name"], most=5))
        return AgencyRow(thing, shown, resolved, candidates)

    @property
    def lead(self) -> str:
        """The name of the agency that leads, or empty."""
        code = questions.lead_of(self.current) if self.current else ""
        return self.names.shown(code) if code else ""

    @property
    def lead_stated(self) -> bool:
        """Whether the text itself says who leads."""
        named = self.current[AGENCIES] if self.current else ()
        return any(each["role"] == "lead" and each["source"] == "text" for each in named)

    @cached_property
    def rows_of_milestones(self) -> list[MilestoneRow]:
        """The steps of the item."""
        year = self.version.plan.year
        return [
            MilestoneRow(
                each,
                f"{self._number}.{n}",
                periodwords.words(each["period"]),
                questions.schedule_of(each, year, self.calendar),
            )
            for n, each in enumerate(self.current[MILESTONES] if self.current else (), start=1)
        ]

    @cached_property
    def rows_of_targets(self) -> list[TargetRow]:
        """The targets of the item."""
        found = self.current[TARGETS] if self.current else ()
        return [TargetRow(each, f"{self._number}.{letter(n)}", says(each)) for n, each in enumerate(found)]

    @property
    def _number(self) -> str:
        return str(self.line.number) if self.line else ""

    @cached_property
    def pieces(self) -> list[Piece]:
        """The text of the item in colours."""
        if self.current is None:
            return []
        return marking.pieces(self.version.text, self.current["span"], self._marks(self.current))

    def _marks(self, entry: Entry) -> list[Mark]:
        raw = self.version.text
        found = [Mark(Kind.ENTRY, entry["span"][0], entry["span"][1]), *marking.markers(raw, entry["span"])]
        milestones = [(Kind.MILESTONE, each.label, each.thing) for each in self.rows_of_milestones]
        targets = [(Kind.TARGET, each.label, each.thing) for each in self.rows_of_targets]
        names = [
            (Kind.AGENCY if each.resolved else Kind.UNRESOLVED, "", each.thing)
            for each in self.rows_of_agencies
        ]
        return found + [
            Mark(kind, thing["span"][0], thing["span"][1], label, thing["key"])
            for kind, label, thing in [*milestones, *targets, *names]
            if thing["span"]
        ]

    def within(self, *, wide: bool = False) -> tuple[int, int]:
        """Where words are looked for: the item; `wide` up to its neighbours; the whole text for what is unread."""
        if self.current is None:
            return 0, len(self.version.text)
        if not wide:
            return self.current["span"][0], self.current["span"][1]
        before = self.items[self.at - 1]["span"][1] if self.at else 0
        behind = self.items[self.at + 1]["span"][0] if self.following else len(self.version.text)
        return before, behind

    @cached_property
    def rest(self) -> list[Rest]:
        """What belongs to nothing, paragraph by paragraph."""
        return leftover.rest(self.version.text, self.sheet)

    @property
    def offered_goal(self) -> tuple[int, int, str] | None:
        """The sentence in what is left that reads like a goal of the whole plan: start, end, words."""
        return leftover.offered_goal(self.version.text, self.rest)
