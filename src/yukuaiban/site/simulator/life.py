"""The life of one window case: most go well, some are forgotten, paused, extended, late, refused or withdrawn."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from yukuaiban.cases.models import Case, Clock
from yukuaiban.evidence.store import store
from yukuaiban.measures.desks.models import Matter
from yukuaiban.site.simulator.invented import enterprise, person

if TYPE_CHECKING:
    from datetime import datetime

    from yukuaiban.people.subject import Subject
    from yukuaiban.site.simulator.cast import Cast
    from yukuaiban.site.simulator.world import World

_GAPS = (
    "营业执照复印件不清晰",
    "缺法定代表人身份证明",
    "场所平面图未标注尺寸",
    "申请表第二页未签字",
    "缺委托书原件",
)
_EXPLANATIONS = (
    "现场核查排期延后，已补派人员，预计三个工作日内办结。",
    "上级系统升级停用两天，数据恢复后立即办理。",
    "涉及两个单位会商，意见已于昨日一致，正在制证。",
    "承办人员病假，已由同事接办。",
)
_PAUSES = (
    ("expert_review", "专家评审", 3, 8),
    ("inspection", "检验", 2, 6),
    ("testing", "检测", 3, 9),
    ("hearing", "听证", 5, 10),
)
_OVERDUE_DAYS = 4


class Life:
    """One case from the desk to the applicant's hands."""

    def __init__(self, world: World, cast: Cast, desk: str, matter: Matter) -> None:
        self.world = world
        self.cast = cast
        self.clerk = cast.clerks[desk]
        self.desk = desk
        self.matter = matter
        self.number = ""
        self.handler: Subject = world.dice.choice(cast.handlers[matter.agency])
        self.leader = cast.leaders[matter.agency]
        # Some agencies are slower than others; it is the same ones all the time.
        digest = hashlib.sha256(f"{world.seed}/{matter.agency}".encode()).digest()
        self.pace = 1.0 + (digest[0] % 5 == 0) * 0.35

    @property
    def case(self) -> Case:
        """The case as it stands now."""
        return Case.objects.get(number=self.number)

    def arrive(self) -> None:
        """Somebody stands at the desk."""
        world, dice = self.world, self.world.dice
        firm = self.matter.code not in self.cast.for_persons and world.chance(0.8)
        who = enterprise(dice) if firm else person(dice)
        extra = {"uscc": who.uscc, "contact": who.contact} if firm else {}
        done = world.act(
            None,
            "receive",
            self.clerk,
            matter=self.matter.code,
            desk=self.desk,
            applicant=who.name,
            phone=who.phone,
            **extra,
        )
        self.number = done.number
        fate = dice.random()
        if self.matter.case_kind == Matter.CaseKind.ON_THE_SPOT:
            world.later(world.soon(4, 20), self.at_once)
        elif fate < 0.015:
            world.later(world.days(6, 8), self.hand_over)
        elif fate < 0.10:
            world.later(world.soon(10, 90), self.ask_supplement)
        elif fate < 0.12:
            world.later(world.days(0, 2), self.refuse)
        else:
            world.later(world.soon(3, 40), self.admit)

    def at_once(self) -> None:
        """Done while the applicant waits."""
        self.world.act(self.case, "complete_on_the_spot", self.clerk, outcome="granted")
        self.world.later(self.world.soon(1, 6), self.deliver)

    def ask_supplement(self) -> None:
        """Everything that is missing, in one list."""
        dice = self.world.dice
        gaps = dice.sample(_GAPS, dice.choice((1, 1, 2)))
        self.world.act(self.case, "ask_supplement", self.clerk, gaps=gaps)
        if self.world.chance(0.12):
            self.world.later(self.world.days(2, 6), self.withdraw)
        else:
            self.world.later(self.world.days(1, 5), self.supplement)

    def supplement(self) -> None:
        """The applicant brings what was missing."""
        self.world.act(self.case, "supplement", self.clerk, materials=["补正材料一套"])
        self.world.later(self.world.soon(5, 40), self.admit)

    def withdraw(self) -> None:
        """The applicant thinks better of it."""
        self.world.act(self.case, "withdraw", self.clerk, reason="申请人改变经营计划")

    def refuse(self) -> None:
        """Not a matter for this agency."""
        self.world.act(
            self.case,
            "refuse",
            self.handler,
            reason="申请事项依法不属于本机关职权范围。",
            right_organ="市级主管部门",
            review_organ="区人民政府",
            court="区人民法院",
        )

    def admit(self) -> None:
        """Admitted; the promises begin."""
        self.world.act(self.case, "admit", self.clerk)
        late = self.world.chance(0.05)
        self.world.later(self.world.soon(250, 420) if late else self.world.soon(10, 150), self.hand_over)

    def hand_over(self) -> None:
        """To the back office."""
        self.world.act(self.case, "hand_over", self.clerk)
        self.world.later(self.world.soon(5, 90), self.assign)

    def assign(self) -> None:
        """The leader names who handles it; then the time is spent."""
        world = self.world
        world.act(self.case, "assign", self.leader, handler=self.handler.ref)
        decide_at = self._moment_to_decide()
        world.later(decide_at, self.decide)
        in_workdays = (
            not Clock.objects.filter(case__number=self.number)
            .exclude(limit__endswith="wd")
            .exclude(code="hand_over")
        )
        if world.chance(0.09) and in_workdays:
            world.later(world.days(1, 2), self.ask_pause)
        elif world.chance(0.04) and in_workdays:
            world.later(world.days(2, 4), self.ask_extension)

    def _moment_to_decide(self) -> datetime:
        """A share of the committed time: mostly well before its end, sometimes too late."""
        world = self.world
        promise = Clock.objects.filter(case__number=self.number, code="committed").first()
        if promise is None or promise.due_at is None:
            return world.days(1, 10)
        share = world.dice.triangular(0.1, 1.12, 0.55) * self.pace
        return world.in_hours(world.now + max((promise.due_at - world.now) * share, timedelta(minutes=5)))

    def ask_pause(self) -> None:
        """A lawful ground, with the notice that the applicant has got; a second person decides."""
        world = self.world
        category, title, low, high = world.dice.choice(_PAUSES)
        planned_end = world.days(low, high)
        digest = self._file(f"{title}告知书.pdf")
        world.act(
            self.case,
            "request_pause",
            self.handler,
            category=category,
            basis=f"〔{world.now.year}〕{world.dice.randrange(3, 90)}号",
            notice_on=world.calendar.day(world.now).isoformat(),
            planned_end=planned_end.isoformat(),
            evidence=[digest],
        )
        if world.chance(0.85):
            world.later(world.soon(10, 60), self.grant_pause)

    def grant_pause(self) -> None:
        """By somebody of another agency: right for any length; the leader agrees first."""
        if self.cast.oversight is None:
            return
        self.world.act(self.case, "endorse_pause", self.leader)
        self.world.act(self.case, "pause", self.cast.oversight)
        if self.world.chance(0.5):
            self.world.later(self.world.days(1, 3), self.resume)

    def resume(self) -> None:
        """Earlier than planned."""
        self.world.act(self.case, "resume", self.handler)

    def ask_extension(self) -> None:
        """Within ten working days, by the leader, before the time is over; only what runs in working days."""
        days = self.world.dice.choice((3, 5, 10))
        running = Clock.objects.filter(case=self.case, code="statutory", stopped_at=None)
        if not running.filter(limit__endswith="wd", due_at__gt=self.world.now).exists():
            return
        reason = "需补充现场核查"
        self.world.act(self.case, "request_extension", self.handler, limit=f"{days}wd", reason=reason)
        self.world.later(self.world.soon(20, 200), self.extend)

    def extend(self) -> None:
        """The leader decides."""
        self.world.act(self.case, "extend", self.leader)

    def decide(self) -> None:
        """The decision; a case that stands paused waits for the end of the pause."""
        world, case = self.world, self.case
        paused = Clock.objects.filter(case=case, paused_until__gt=world.now).first()
        if paused is not None and paused.paused_until is not None:
            world.later(world.in_hours(paused.paused_until + world.minutes(30, 900)), self.decide)
            return
        if "request_pause" in self._open_requests():
            world.act(case, "decline_pause", self.leader, reason="材料已齐，无须暂停")
        # Two who went there; whether the sheet asks for a site check is the matter's affair.
        checkers = [each.ref for each in self.cast.handlers[self.matter.agency]]
        world.act(case, "decide", self.handler, outcome="granted", checkers=checkers)
        world.later(world.soon(20, 300), self.complete)

    def _open_requests(self) -> set[str]:
        from yukuaiban.cases.facts import state_of  # noqa: PLC0415 - only the rare branch folds

        return set(state_of(self.case).requests)

    def complete(self) -> None:
        """Ready; a late one must be explained to the public first, and sometimes that takes days."""
        world, case = self.world, self.case
        promise = Clock.objects.filter(case=case, code="committed").first()
        late = promise is not None and promise.due_at is not None and world.now > promise.due_at
        if late and not self._explained():
            if world.chance(0.3):
                world.later(world.days(1, _OVERDUE_DAYS), self.complete)
                return
            world.act(case, "explain_overrun", self.handler, text=world.dice.choice(_EXPLANATIONS))
        world.act(self.case, "complete", self.handler)
        world.later(world.days(0, 4), self.deliver)

    def _explained(self) -> bool:
        return Clock.objects.filter(
            case__number=self.number, code="overdue_explanation", stopped_at__isnull=False
        ).exists()

    def deliver(self) -> None:
        """Into the applicant's hands."""
        self.world.act(self.case, "deliver", self.clerk, method="desk")

    def _file(self, name: str) -> str:
        """A small paper of evidence, stored as any upload is."""
        text = f"%PDF-1.4\n% {name} {self.number} {self.world.pen.uid()}\n%%EOF\n"
        upload = ContentFile(io.BytesIO(text.encode()).getvalue(), name=name)
        stored = store(
            upload,
            case_number=self.number,
            kind="notice",
            stored_by=self.handler.ref,
            stored_at=self.world.now,
            uid=self.world.pen.uid(),
        )
        return stored.sha256
