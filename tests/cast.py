"""A fixed cast in a fictional district: the same people in every test, so that tests read like sentences.

小榆 sits at the desk, 陈科长 leads the farm office, 周办 and 吴办 handle its cases, 郑办 those of the market office,
督查员 watches all. `Office.at` sets the moment; nothing here reads a clock.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile

from yukuaiban.cases import facts, versions
from yukuaiban.cases.acting import Acted, act
from yukuaiban.cases.models import Case, Clock
from yukuaiban.cases.worker import run_until_quiet
from yukuaiban.core.timeline import CaseState
from yukuaiban.evidence.store import store
from yukuaiban.journal.pen import SeededPen
from yukuaiban.measures.desks.installing import install
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.district import installed
from yukuaiban.people.importing import import_agencies
from yukuaiban.people.models import Staff
from yukuaiban.people.subject import PostRef, Subject

HALL, FARM, MARKET, OVERSIGHT = "sp-0001", "sp-0002", "sp-0003", "sp-0005"
ZONE = ZoneInfo("Asia/Shanghai")
PASSWORD = "long-enough-and-odd-1"
PEOPLE: Mapping[str, tuple[str, str, str]] = {
    "xiaoyu": ("小榆", "desk_clerk", HALL),
    "colleague": ("小海", "desk_clerk", HALL),
    "head": ("郝主任", "desk_head", HALL),
    "handler": ("周办", "handler", FARM),
    "second": ("吴办", "handler", FARM),
    "chief": ("陈科长", "agency_leader", FARM),
    "stranger": ("郑办", "handler", MARKET),
    "watcher": ("督查员", "oversight", OVERSIGHT),
    "rules": ("管规则", "pack_admin", HALL),
    "publisher": ("管发布", "publisher", HALL),
}
# Ten working days committed, twenty statutory; five each for a permit of the farm office.
PERMIT, ON_THE_SPOT, TWO_MINUTES, SITE_CHECK = "S-0007", "S-0002", "S-0005", "S-0008"


def at(text: str) -> datetime:
    """A local time of the district, `2026-03-02T09:00`, as a UTC moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


class Office:
    """An installed district with its people, a pen and a moment that tests move."""

    def __init__(self, moment: str = "2026-03-02T09:00", *, seed: int = 7, hire: bool = True) -> None:
        self.now = at(moment)
        self.pen = SeededPen(seed, lambda: self.now)
        versions.forget()
        district = installed()
        import_agencies(district, by=CONSOLE, pen=self.pen)
        versions.install(district, subject=CONSOLE, pen=self.pen)
        install(district, self.pen)
        self.people = {who: self._hire(who) for who in PEOPLE} if hire else {}

    def _hire(self, who: str) -> Subject:
        name, role, agency = PEOPLE[who]
        staff = create_staff(login=who, name=name, by=CONSOLE, pen=self.pen, must_change_password=False)
        post = grant_post(staff, agency=agency, role=role, by=CONSOLE, reason="到岗", pen=self.pen)
        place = PostRef(agency, role, post.pk)
        return Subject("staff", staff.ref, str(staff.uid), place, (place,), name=name)

    def __getattr__(self, who: str) -> Subject:
        try:
            return self.__dict__["people"][who]
        except KeyError:
            raise AttributeError(who) from None

    def staff(self, who: str) -> Staff:
        """The account of one of the people."""
        return Staff.objects.get(login=who)

    def at(self, moment: str) -> Office:
        """Move to that local time."""
        self.now = at(moment)
        return self

    def tick(self, moment: str | None = None) -> int:
        """Let the worker run at that time."""
        if moment:
            self.at(moment)
        return run_until_quiet(self.now, pen=self.pen)

    def receive(
        self, matter: str = PERMIT, *, who: str = "xiaoyu", key: str | None = None, **more: Any
    ) -> Case:
        """Take in a case at desk 01."""
        data = {
            "matter": matter,
            "desk": "main-01",
            "applicant": "江苏渔海养殖有限公司",
            "phone": "19900001234",
        }
        done = act(
            None,
            "receive",
            procedure="desks",
            subject=self.people[who],
            data=data | more,
            key=key,
            pen=self.pen,
        )
        return Case.objects.get(number=done.number)

    def do(self, case: Case, action: str, who: str, *, key: str | None = None, **data: Any) -> Acted:
        """One action by one of the people."""
        return act(case, action, subject=self.people[who], data=data, key=key, pen=self.pen)

    def in_review(self, matter: str = PERMIT, **more: Any) -> Case:
        """A case that was received, admitted and handed over at this moment."""
        case = self.receive(matter, **more)
        self.do(case, "admit", "xiaoyu")
        self.do(case, "hand_over", "xiaoyu")
        return Case.objects.get(pk=case.pk)

    def paper(self, case: Case, name: str = "告知书.pdf", who: str = "handler") -> str:
        """Store a paper with the case; returns its hash."""
        content = io.BytesIO(f"%PDF-1.4\n% {name} {case.number}\n%%EOF\n".encode()).getvalue()
        stored = store(
            ContentFile(content, name=name),
            case_number=case.number,
            kind="notice",
            stored_by=self.people[who].ref,
            stored_at=self.now,
            uid=self.pen.uid(),
        )
        return stored.sha256

    def pause(self, case: Case, until: str, *, category: str = "expert_review", by: str = "chief") -> None:
        """Asked for by 周办, granted by somebody else."""
        self.do(
            case,
            "request_pause",
            "handler",
            category=category,
            basis="〔2026〕31号",
            notice_on=self.now.astimezone(ZONE).date().isoformat(),
            planned_end=at(until).isoformat(),
            evidence=[self.paper(case)],
        )
        self.do(case, "pause", by)

    def state(self, case: Case) -> CaseState:
        """The case as its events say it stands."""
        return facts.state_of(case)

    def due(self, case: Case, code: str = "committed") -> str:
        """The due moment of a clock's row, in local time."""
        row = Clock.objects.filter(case=case, code=code).order_by("-ordinal").first()
        assert row is not None
        assert row.due_at is not None
        return row.due_at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def fresh(case: Case) -> Case:
    """The case as it stands in the database."""
    return Case.objects.get(pk=case.pk)


Deed = Callable[[], object]
