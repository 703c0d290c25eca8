"""The year of an index that the pack brings: imported, given to the agencies, surveyed, visited, applied for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from yukuaiban.measures.demonstration import editions, queries, rules
from yukuaiban.measures.demonstration.models import IndexEdition, Leaf
from yukuaiban.site.simulator.leaflife import FATES, Fate, LeafLife
from yukuaiban.site.simulator.paperwork import stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from yukuaiban.packs import District
    from yukuaiban.people.subject import Subject
    from yukuaiban.site.simulator.cast import Cast
    from yukuaiban.site.simulator.world import World

FOLDER, FILE = "demonstration", "index.csv"
# The first has too few answers to count.
_SURVEYS = (
    {"asked": 80, "know": 49, "valid": 64, "satisfied": 57, "frame": "政务服务大厅现场发放（虚构）"},
    {"asked": 450, "know": 331, "valid": 412, "satisfied": 379, "frame": "各镇按户数比例电话抽样（虚构）"},
)
_NOTES = (
    ("city", "市委依法治市办", "推荐情况", "告知材料已收到，正在初审。"),
    ("province", "省委依法治省办", "评审安排", "尚未确定评审时间，请关注通知。"),
    ("city", "市委依法治市办", "补充材料", "建议补充案卷评查的佐证。"),
)
_POINTS = ("公示栏内容是否最新", "工作人员能否说明流程", "台账与系统是否一致")
_PLACES = ("政务服务大厅", "综合行政执法大队")


@dataclass(frozen=True, slots=True)
class IndexFile:
    """An index that the pack brings for a demonstration, and the year of its batch."""

    path: Path
    year: int

    @property
    def heading(self) -> editions.Heading:
        """What is said of it beside its table: it covers its year and the one before."""
        name, source = f"{self.year}年度法治政府建设示范创建", "数据包中的示例指标"
        since, until = date(self.year - 1, 1, 1), date(self.year, 12, 31)
        return editions.Heading(str(self.year), name, source, since, until)


def index_file(district: District, until: datetime) -> IndexFile | None:
    """The index of the pack, or None: then none is played."""
    path = Path(district.root) / FOLDER / FILE
    return IndexFile(path, until.year) if path.is_file() else None


class IndexLife:
    """One batch from its import to its application."""

    def __init__(self, world: World, cast: Cast, index: IndexFile) -> None:
        self.world = world
        self.cast = cast
        self.index = index
        self.notes = cycle(_NOTES)

    @property
    def edition(self) -> IndexEdition:
        """The edition with the case of its application as it stands now."""
        return IndexEdition.objects.select_related("case").get(batch=self.index.heading.batch)

    @property
    def office(self) -> Subject:
        """Who coordinates."""
        return self.cast.coordinators[0]

    def begin(self) -> None:
        """Imported; everything else is set going."""
        draft = editions.read_draft(self.index.path)
        editions.store(draft, self.index.heading, subject=self.office, pen=self.world.pen)
        later, days = self.world.later, self.world.days
        later(days(3, 8), self.assign)
        for number, found in enumerate(_SURVEYS, 1):
            later(days(14 * number, 14 * number + 4), partial(self.survey, number, found))
        later(days(10, 14), self.plan_visits)
        later(days(30, 34), self.submit)

    def assign(self) -> None:
        """Every leaf gets an agency that neither coordinates nor reviews."""
        judges = {who.agency for who in (self.office, self.cast.reviewer) if who is not None}
        leads = cycle(sorted(set(self.cast.handlers) - judges))
        fates = cycle(FATES)
        for leaf, lead in zip(self._leaves(), leads, strict=False):
            self.world.act(leaf.case, "assign_leaf", self.office, handling_agency=lead)
            if leaf.node.method != rules.Method.SURVEY:
                LeafLife(self.world, self.cast, leaf.case.number, _fate(leaf, fates)).begin()

    def survey(self, number: int, found: dict[str, object]) -> None:
        """The numbers; leaves that a survey decides take them, the last one the larger survey."""
        self._do("enter_survey", **self._today(), **found)
        waiting = self._leaves().filter(node__method=rules.Method.SURVEY, case__stage="assigned")
        chosen = list(waiting)[:1] if number < len(_SURVEYS) else waiting
        for leaf in chosen:
            LeafLife(self.world, self.cast, leaf.case.number, Fate(review="most")).take_survey(number)

    # ------------------------------------------------------------------------------------------ visits

    def plan_visits(self) -> None:
        """Places that show leaves of the method 实地: mock visits now, a real one that is still to come at the end."""
        codes = [leaf.node.code for leaf in self._leaves().filter(node__method=rules.Method.ON_SITE)]
        for number, place in enumerate(_PLACES[: len(codes)], 1):
            moment = self.world.days(12 * number, 12 * number + 6)
            on = self.world.calendar.day(moment).isoformat()
            what = {"place": place, "leaves": codes[number - 1 :: len(_PLACES)], "points": _POINTS}
            self._do("plan_visit", on=on, kind="mock", **what)
            self.world.later(moment, partial(self.visit, number))
            announced = partial(self.announce, what)
            if number == 1:
                self.world.later(self.world.in_hours(self.world.period.until - timedelta(days=20)), announced)

    def visit(self, number: int) -> None:
        """The first place is in order, the others are not."""
        if number == 1:
            self._do("enter_visit", visit=number, passed="yes")
        else:
            self._do("enter_visit", visit=number, passed="no", findings="公示栏仍是上一年度的内容。")

    def announce(self, what: Mapping[str, object]) -> None:
        """A real visit, some weeks from the end of what is played."""
        on = self.world.calendar.day(self.world.period.until) + timedelta(days=35)
        self._do("plan_visit", on=on.isoformat(), kind="real", **what)

    # -------------------------------------------------------------------------------------- application

    def submit(self) -> None:
        """As soon as nothing stands in the way; then the contact is kept up."""
        if rules.open_items(queries.standings(self.edition)):
            self.world.later(self.world.days(4, 6), self.submit)
            return
        self._step("submit_application", "申报书", "已收到")
        self.world.later(self.world.days(5, 9), self.note)
        self.world.later(self.world.days(8, 14), self.invite)
        self.world.later(
            self.world.days(18, 25), partial(self._step, "enter_city", "市级推荐通知", "同意推荐")
        )

    def note(self) -> None:
        """What was heard, every few weeks."""
        level, office, topic, said = next(self.notes)
        self._do("note_liaison", **self._today(), level=level, office=office, topic=topic, said=said)
        self.world.later(self.world.days(14, 19), self.note)

    def invite(self) -> None:
        """An evaluator from outside gets some leaves that are sound."""
        proved = self._leaves().filter(case__stage="sound", node__veto=False, self_grade="full")
        codes = [leaf.node.code for leaf in proved[:2]]
        if not codes:
            return
        until = self.world.calendar.day(self.world.period.until) + timedelta(days=60)
        token = hashlib.sha256(self.world.pen.salt()).hexdigest()
        who = {
            "evaluator": "望海法治评估中心（虚构）",
            "letter": "评委〔虚构〕1号",
            "method": "书面审查与抽样访谈",
        }
        self._do("invite_evaluator", until=until.isoformat(), leaves=codes, token_sha256=token, **who)
        self.world.later(self.world.days(8, 12), partial(self.evaluate, codes))

    def evaluate(self, codes: list[str]) -> None:
        """The evaluator agrees with the first, and finds the others less good than they say."""
        for code in codes:
            number = self._leaves().get(node__code=code).case.number
            life = LeafLife(self.world, self.cast, number, Fate(ends="overdue"))
            if code == codes[0]:
                said = {"grade": "full", "finding": "材料完整。"}
                self.world.act(life.case, "enter_outside_score", self.office, **said)
            else:
                life.find_gap("outside", outside_grade="half")

    # ------------------------------------------------------------------------------------------- helpers

    def _leaves(self):  # noqa: ANN202 - Django's query set of leaves
        rows = Leaf.objects.select_related("case", "node")
        return rows.filter(node__edition__batch=self.index.heading.batch).order_by("node__place")

    def _step(self, action: str, paper: str, answer: str) -> None:
        digest = stored(self.world, self.edition.case, self.office, paper)
        self._do(action, **self._today(), document=[digest], answer=answer)

    def _do(self, action: str, **data: object) -> None:
        self.world.act(self.edition.case, action, self.office, **data)

    def _today(self) -> dict[str, str]:
        return {"on": self.world.calendar.day(self.world.now).isoformat()}


def _fate(leaf: Leaf, fates: Iterator[Fate]) -> Fate:
    """What nobody may apply without goes well; the rest in turn."""
    return Fate() if leaf.node.veto else next(fates)
