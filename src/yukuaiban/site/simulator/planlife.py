"""The year of a plan: taken in, confirmed by two, then each task reported, handed in, sent back, accepted, closed out.

Most tasks are done in time, some late, a few forgotten, so that a board has lights of every kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from yukuaiban.cases.models import Case
from yukuaiban.evidence.documents import Hand, Said
from yukuaiban.plans import book, deciding
from yukuaiban.plans.models import Task
from yukuaiban.site.simulator.paperwork import document

if TYPE_CHECKING:
    from yukuaiban.packs import District
    from yukuaiban.people.subject import Subject
    from yukuaiban.site.simulator.cast import Cast
    from yukuaiban.site.simulator.world import Deed, World

FOLDER = "plans"
_BEGINS = (1, 12)
_REPORTS = (
    "已召开部署会，明确分工和时限。",
    "已完成初稿，正在征求意见。",
    "已完成大部分工作，正在核对数据。",
)
_PAPERS = (("notice_paper", "通知"), ("minutes", "会议纪要"), ("ledger", "台账"), ("report", "小结"))
_RETURNS = ("佐证材料缺少公开发布的依据，请补充。", "数据口径与方案不一致，请核对后再提交。")


@dataclass(frozen=True, slots=True)
class PlanText:
    """A plan that the pack brings for a demonstration."""

    year: int
    text: str
    file: str

    @property
    def begins(self) -> date:
        """The day on which its year of work begins."""
        return date(self.year, *_BEGINS)


def plan_text(district: District, until: datetime) -> PlanText | None:
    """The plan of that year in the pack, or None: then no plan is played."""
    path = Path(district.root) / FOLDER / f"{until.year}.txt"
    return PlanText(until.year, path.read_text(encoding="utf-8"), path.name) if path.is_file() else None


class PlanLife:
    """One plan from its text to its closed tasks."""

    def __init__(self, world: World, cast: Cast, plan: PlanText) -> None:
        self.world = world
        self.cast = cast
        self.plan = plan

    def begin(self) -> None:
        """Read and corrected by one, confirmed by another, then in force."""
        first, second = self.cast.coordinators[:2]
        hand = Hand(first, self.world.pen)
        version = book.take_in(self.plan.text, year=self.plan.year, hand=hand, file=self.plan.file)
        for question in book.open_questions(version, hand=hand):
            if question.kind == "lead":
                entry = next(each for each in version.sheet["items"] if each["key"] == question.entry)
                values = {"key": entry["agencies"][0]["key"], "role": "lead"}
                version = book.correct(version, "role", values, seen=version.revision, hand=hand)
        other = Hand(second, self.world.pen)
        for entry in version.sheet["items"]:
            version = book.look(version, entry["key"], hand=other)
        deciding.confirm(version, seen=version.revision, hand=other)
        deciding.put_in_force(version, hand=hand)
        for task in Task.objects.order_by("milestone__undertaking__order", "milestone__order", "order"):
            TaskLife(self.world, self.cast, task.case.number).plan_next()


class TaskLife:
    """One task, checkpoint by checkpoint."""

    def __init__(self, world: World, cast: Cast, number: str) -> None:
        self.world = world
        self.cast = cast
        self.number = number

    @property
    def case(self) -> Case:
        """The case as it stands now."""
        return Case.objects.get(number=self.number)

    @property
    def reporter(self) -> Subject:
        """Who reports for its agency."""
        return self.cast.reporters[self.case.agency]

    def plan_next(self) -> None:
        """When the next checkpoint is worked on: most in time, some late, a few never."""
        task = Task.objects.get(case__number=self.number)
        point = task.points[min(task.passed, len(task.points) - 1)]
        begins = self._morning(date.fromisoformat(point["begins"]))
        due = datetime.fromisoformat(point["due"])
        span = max(due - begins, timedelta(days=3))
        fate = self.world.dice.random()
        self._at(begins + span * self.world.dice.uniform(0.3, 0.6), self.report)
        if fate < 0.72:
            self._at(begins + span * self.world.dice.uniform(0.65, 0.97), self.submit)
        elif fate < 0.9:
            self._at(due + timedelta(days=self.world.dice.uniform(3, 20)), self.submit)

    def report(self) -> None:
        """A line of the ledger."""
        if self.case.stage in ("not_started", "under_way", "returned"):
            text, on = self.world.dice.choice(_REPORTS), self.world.calendar.day(self.world.now)
            self.world.act(self.case, "report", self.reporter, on=on.isoformat(), text=text)

    def submit(self) -> None:
        """Handed in with a paper."""
        if self.case.stage == "not_started":
            self.report()
        self.world.act(self.case, "attach_documents", self.reporter, documents=[self._paper()])
        self.world.act(self.case, "submit", self.reporter)
        self._at(self.world.days(1, 4), self.judge)

    def judge(self) -> None:
        """Accepted or sent back by the coordinating office."""
        judge = self.cast.coordinators[0]
        if self.world.chance(0.12):
            self.world.act(self.case, "return", judge, reason=self.world.dice.choice(_RETURNS))
            self._at(self.world.days(3, 8), self.submit)
            return
        task = Task.objects.get(case__number=self.number)
        last = task.passed + 1 >= len(task.points)
        self.world.act(self.case, "accept" if last else "accept_checkpoint", judge)
        if last:
            self._at(self.world.days(2, 12), self.close_out)
        else:
            self.plan_next()

    def close_out(self) -> None:
        """By two offices."""
        if self.cast.oversight is not None:
            self.world.act(self.case, "propose_close_out", self.cast.coordinators[0])
            self.world.act(self.case, "close_out", self.cast.oversight)

    def _at(self, moment: datetime, deed: Deed) -> None:
        self.world.later(self.world.in_hours(max(moment, self.world.now)), deed)

    def _morning(self, day: date) -> datetime:
        return max(self.world.calendar.start_of(day), self.world.now)

    def _paper(self) -> str:
        kind, name = self.world.dice.choice(_PAPERS)
        title = f"{name}（{self.case.title[:20]}）"
        said = Said(title, kind, issued_on=self.world.calendar.day(self.world.now))
        return document(self.world, self.reporter, said, name)
