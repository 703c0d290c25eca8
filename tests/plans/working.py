"""The people who work the plan of the fictional district, and the plan itself in any state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import FARM, HALL, MARKET, Office
from yukuaiban.cases.acting import Acted, act
from yukuaiban.cases.models import Case
from yukuaiban.evidence import documents
from yukuaiban.evidence.documents import Hand, Said
from yukuaiban.evidence.inspecting import inspect
from yukuaiban.evidence.models import Document
from yukuaiban.people.subject import Subject
from yukuaiban.plans import book, deciding
from yukuaiban.plans.models import Plan, PlanVersion, Task

CENTRE, OVERSIGHT_OFFICE = "sp-0007", "sp-0005"
TEXT = (Path(__file__).resolve().parents[2] / "districts" / "sample" / "plans" / "2026.txt").read_text(
    encoding="utf-8"
)
MORE_PEOPLE = {
    "planner": ("营一", "coordinator", CENTRE),
    "second_planner": ("营二", "coordinator", CENTRE),
    "hall_planner": ("营三", "coordinator", HALL),
    "reporter": ("填报甲", "reporter", FARM),
    "hall_reporter": ("填报乙", "reporter", HALL),
    "market_reporter": ("填报丙", "reporter", MARKET),
}


class PlanOffice:
    """An office with a plan: `do` acts on a task, `hand` writes the plan."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.people: dict[str, Subject] = dict(office.people)

    def at(self, moment: str) -> PlanOffice:
        self.office.at(moment)
        return self

    def hand(self, who: str = "planner") -> Hand:
        return Hand(self.people[who], self.office.pen)

    def take_in(
        self, text: str = TEXT, *, year: int = 2026, who: str = "planner", **more: Any
    ) -> PlanVersion:
        return book.take_in(text, year=year, hand=self.hand(who), **more)

    def correct(
        self, version: PlanVersion, operation: str, who: str = "planner", **values: Any
    ) -> PlanVersion:
        return book.correct(version, operation, values, seen=version.revision, hand=self.hand(who))

    def looked(self, version: PlanVersion, who: str = "second_planner") -> PlanVersion:
        for entry in version.sheet["items"]:
            version = book.look(version, entry["key"], hand=self.hand(who))
        return version

    def answered(self, version: PlanVersion) -> PlanVersion:
        """Every question that blocks is answered: who leads the talks."""
        for question in book.open_questions(version, hand=self.hand()):
            if question.kind == "lead":
                (first, *_rest) = next(i for i in version.sheet["items"] if i["key"] == question.entry)[
                    "agencies"
                ]
                version = self.correct(version, "role", key=first["key"], role="lead")
        return version

    def confirmed(self, text: str = TEXT, **more: Any) -> PlanVersion:
        version = self.looked(self.answered(self.take_in(text, **more)))
        return deciding.confirm(version, seen=version.revision, hand=self.hand("second_planner"))

    def in_force(self, text: str = TEXT, **more: Any) -> Plan:
        return deciding.put_in_force(self.confirmed(text, **more), hand=self.hand())

    def task(self, words: str, turn: int = 0) -> Case:
        """The case of the task whose milestone holds these words."""
        task = Task.objects.select_related("case").get(milestone__text__contains=words, order=turn)
        return task.case

    def do(self, case: Case, action: str, who: str, *, key: str | None = None, **data: Any) -> Acted:
        return act(case, action, subject=self.people[who], data=data, key=key, pen=self.office.pen)

    def document(self, who: str = "reporter", *, title: str = "会议纪要", **said: Any) -> Document:
        """A paper of that person's agency, stored."""
        content = f"%PDF-1.4\n% {title} {self.office.pen.uid()}\n%%EOF\n".encode()
        upload = SimpleUploadedFile(f"{title}.pdf", content)
        actor = self.people[who].actor()
        file = inspect(upload, actor=actor, pen=self.office.pen, source="web")
        given = {"kind": "minutes", "issued_on": self.office.now.date()} | said
        return documents.add(file, Said(title, **given), self.hand(who))

    def attach(self, case: Case, who: str = "reporter", **said: Any) -> Document:
        paper = self.document(who, **said)
        self.do(case, "attach_documents", who, documents=[str(paper.uid)])
        return paper

    def submitted(self, words: str, who: str = "reporter", turn: int = 0) -> Case:
        """A task that was reported and handed in with a paper."""
        case = self.task(words, turn)
        self.do(case, "report", who, on=self.office.now.date().isoformat(), text="已完成")
        self.attach(case, who)
        self.do(case, "submit", who)
        return Case.objects.get(pk=case.pk)
