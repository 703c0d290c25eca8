"""The life of one leaf of an index: taken on, proved, scored, reviewed; some stay behind, some have gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from yukuaiban.cases.models import Case
from yukuaiban.evidence.documents import Said
from yukuaiban.measures.demonstration.models import Leaf
from yukuaiban.site.simulator.paperwork import document

if TYPE_CHECKING:
    from yukuaiban.measures.demonstration.models import IndexNode
    from yukuaiban.people.subject import Subject
    from yukuaiban.site.simulator.cast import Cast
    from yukuaiban.site.simulator.world import Deed, World

_LATELY = timedelta(days=8)
_REASONS = (
    "已建立台账并逐项落实，材料齐全。",
    "制度已印发并向社会公布，按季度核对。",
    "工作已全面完成，相关情况已公开。",
)
_OPINIONS = ("经核对材料，情况属实。", "材料与自评一致，同意评分。", "抽查三份材料，符合要求。")
_FINDINGS = (
    "公开的内容没有随调整及时更新，缺最近一次的版本。",
    "抽查的案卷中有两卷缺过程记录。",
    "台账与实际办理数量对不上，差 6 件。",
)
_MEASURES = (
    "由分管领导牵头补齐并建立每月核对制度。",
    "逐卷补录，并组织一次业务培训。",
    "重新统计，改由系统取数。",
)
_RESULTS = ("已现场核对，问题已整改。", "材料已补齐，抽查合格。")
_NAMES = {
    "normative_document": "规范性文件汇编",
    "notice_paper": "工作方案",
    "legal_opinion": "合法性审核意见",
    "case_file": "案卷选编",
    "published_page": "公开页面截图",
    "ledger": "工作台账",
    "report": "工作总结",
}


@dataclass(frozen=True, slots=True)
class Fate:
    """How a leaf goes: the scores it is given, the year of its paper, and where it stays."""

    own: str = "full"
    review: str = "full"
    years_back: int = 0
    ends: str = "sound"


# Given out in turn, so that every index of some size has leaves of every kind.
FATES = (
    Fate(),
    Fate(ends="overdue", review="half"),
    Fate(own="most", review="most"),
    Fate(years_back=1),
    Fate(ends="closed", review="most"),
    Fate(ends="collecting", years_back=4),
    Fate(ends="waiting", own="most"),
    Fate(),
    Fate(ends="assigned"),
    Fate(ends="found_lately"),
    Fate(ends="reopened", review="half"),
)


class LeafLife:
    """One leaf, from its assignment."""

    def __init__(self, world: World, cast: Cast, number: str, fate: Fate) -> None:
        self.world = world
        self.cast = cast
        self.number = number
        self.fate = fate

    @property
    def case(self) -> Case:
        """The case as it stands now."""
        return Case.objects.get(number=self.number)

    @property
    def node(self) -> IndexNode:
        """What the index says."""
        return Leaf.objects.select_related("node").get(case__number=self.number).node

    @property
    def worker(self) -> Subject:
        """Who collects for the lead agency."""
        return self.cast.handlers[self.case.agency][0]

    @property
    def office(self) -> Subject:
        """Who coordinates."""
        return self.cast.coordinators[0]

    def begin(self) -> None:
        """Assigned; the lead agency takes it on, or leaves it lying."""
        if self.fate.ends != "assigned":
            self.world.later(self.world.days(1, 4), self.take_on)

    def take_on(self) -> None:
        """The lead agency begins to collect."""
        self.world.act(self.case, "take_on", self.worker)
        self.world.later(self.world.days(4, 14), self.collect)

    def collect(self) -> None:
        """A paper; one of years ago does not count, and nobody notices."""
        self.world.act(self.case, "attach_documents", self.worker, documents=[self._paper()])
        if self.fate.ends == "waiting":
            self._at_the_end(self.assess)
        elif self.fate.ends != "collecting":
            self.world.later(self.world.days(1, 4), self.assess)

    def assess(self) -> None:
        """The own score."""
        reason = self.world.dice.choice(_REASONS)
        self.world.act(self.case, "self_assess", self.worker, grade=self.fate.own, reason=reason)
        if self.fate.ends != "waiting":
            self.world.later(self.world.days(2, 8), self.review)

    def review(self) -> None:
        """The score of somebody from another agency; then sound, or a gap."""
        if self.cast.reviewer is None:
            return
        opinion = self.world.dice.choice(_OPINIONS)
        self.world.act(self.case, "review_leaf", self.cast.reviewer, grade=self.fate.review, opinion=opinion)
        gapped = self.fate.ends in ("overdue", "closed", "reopened")
        self.world.later(self.world.days(1, 3), self.find_gap if gapped else self.find_sound)

    def find_sound(self) -> None:
        """Sound; with some, a look-back finds something after all."""
        self.world.act(self.case, "find_sound", self.office)
        if self.fate.ends == "found_lately":
            self._at_the_end(self.find_gap)

    def find_gap(self, origin: str = "review", **more: str) -> None:
        """Something is wanting."""
        finding = self.world.dice.choice(_FINDINGS)
        action = "add_finding" if self.case.stage in ("gap", "rectifying") else "find_gap"
        self.world.act(self.case, action, self.office, finding=finding, origin=origin, **more)
        if self.fate.ends != "found_lately":
            self.world.later(self.world.days(1, 3), self.set_measure)

    def set_measure(self) -> None:
        """What the agency will do; with some nothing comes of it in time."""
        leader = self.cast.leaders[self.case.agency]
        self.world.act(self.case, "set_measure", leader, measure=self.world.dice.choice(_MEASURES))
        if self.fate.ends in ("closed", "reopened"):
            self.world.later(self.world.days(8, 18), self.close_gap)

    def close_gap(self) -> None:
        """Seen and closed; one is found open again."""
        self.world.act(self.case, "close_gap", self.office, result=self.world.dice.choice(_RESULTS))
        if self.fate.ends == "reopened":
            self._at_the_end(self.reopen)

    def reopen(self) -> None:
        """The look-back."""
        finding = "回头看发现同类问题再次出现。"
        self.world.act(self.case, "reopen_gap", self.office, finding=finding, origin="look_back")

    def take_survey(self, number: int) -> None:
        """A leaf that a survey decides takes its value from there."""
        self.world.act(self.case, "take_survey", self.office, survey=number)
        self.world.later(self.world.days(2, 8), self.review)

    def _at_the_end(self, deed: Deed) -> None:
        moment: datetime = max(self.world.now, self.world.period.until - _LATELY)
        self.world.later(self.world.in_hours(moment), deed)

    def _paper(self) -> str:
        """A paper of a kind that is asked for, of this year or of years ago."""
        node, today = self.node, self.world.calendar.day(self.world.now)
        kind = node.kinds[0] if node.kinds else "report"
        back = self.fate.years_back
        year = today.year - back
        name = f"{year}年{_NAMES.get(kind, '佐证材料')}"
        issued = date(year, 12, 20) if back else today
        said = Said(
            f"{name}（{node.text[:24]}）",
            kind,
            issued_on=issued,
            period_since=date(year, 1, 1),
            period_until=date(year, 12, 31),
        )
        return document(self.world, self.worker, said, name)
