"""The real engine with a simulated clock, queue and network: takes the same steps as the oracle."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

from django.core.files.base import ContentFile

from tests.cast import Office, at
from tests.simulation.minutes import date_of, moment
from tests.simulation.world import ROSTER, Step
from yukuaiban.cases import acting, calendars, counters, passing, storing, telling, versions
from yukuaiban.cases.models import Case
from yukuaiban.cases.worker import run_until_quiet
from yukuaiban.core.calendarspec import CalendarDay
from yukuaiban.core.errors import Refused
from yukuaiban.evidence.store import store
from yukuaiban.journal import sequencing
from yukuaiban.journal.pen import SeededPen
from yukuaiban.journal.sequencing import advance
from yukuaiban.notices import outbox
from yukuaiban.notices.adapters import Undeliverable
from yukuaiban.notices.models import Message
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.subject import PostRef, Subject

INSTALLED = "2026-01-02T09:00"
# Where a process may end: after this call of this room, before the transaction is through.
PLACES: dict[str, tuple[Any, str]] = {
    "event": (acting, "append"),
    "passing": (passing, "append"),
    "rows": (storing, "store"),
    "counts": (counters, "record"),
    "answer": (acting, "keep_answer"),
    "letter": (telling, "enqueue"),
    "lease": (outbox, "_leased"),
    "leaves": (sequencing, "_leaf"),
    "calendar": (calendars, "_put_into_force"),
}


class Crash(BaseException):
    """The process is gone: nobody catches this."""


class Town(Office):
    """An installed district with the people of the roster."""

    def __init__(self) -> None:
        super().__init__(INSTALLED, hire=False)
        self.people = {name: self._engage(name) for name in ROSTER}
        self.people["applicant"] = Subject("applicant", "applicant")

    def _engage(self, login: str) -> Subject:
        role, agency = ROSTER[login]
        staff = create_staff(
            login=login, name=f"员{login}", by=CONSOLE, pen=self.pen, must_change_password=False
        )
        post = grant_post(staff, agency=agency, role=role, by=CONSOLE, reason="到岗", pen=self.pen)
        place = PostRef(agency, role, post.pk)
        return Subject("staff", staff.ref, str(staff.uid), place, (place,), name=staff.name)


class Engine:
    """Takes steps in an installed town; `received` counts what came out of the simulated network."""

    def __init__(self, town: Town, seed: int | str) -> None:
        self.town = town
        self.names = {who.ref: name for name, who in town.people.items()}
        self.now = at(INSTALLED)
        self.pen = SeededPen(seed, lambda: self.now)
        self.numbers: dict[int, str] = {}
        self.received: Counter[str] = Counter()

    def apply(self, step: Step) -> str:
        """Take the step, after a first try that is cut off if it says so; `done`, `replayed` or the refusal."""
        self.now = moment(step["at"])
        if crash := step.get("crash"):
            with cut_off(crash):
                return self._take(step)
            versions.forget()
        return self._take(step)

    def _take(self, step: Step) -> str:
        deeds: dict[str, Callable[[Step], str]] = {
            "act": self._act,
            "tick": self._tick,
            "amend": self._amend,
            "restart": self._restart,
        }
        return deeds[step["do"]](step)

    # -- people ----------------------------------------------------------------------------------------------
    def case(self, k: int) -> Case:
        return Case.objects.get(number=self.numbers[k])

    def _act(self, step: Step) -> str:
        opens = step["case"] not in self.numbers or step["action"] == "receive"
        if opens and step["action"] != "receive":
            return "skipped"
        case = None if opens else self.case(step["case"])
        more: dict[str, Any] = {"procedure": "desks"} if opens else {}
        if "occurred" in step:
            more["occurred_at"] = moment(step["occurred"])
        if "second" in step:
            more |= {"reason": step.get("reason", ""), "second_actor": self._ref(step["second"])}
        data = self._data(case, step)
        try:
            done = acting.act(
                case,
                step["action"],
                subject=self.town.people[step["who"]],
                data=data,
                key=step.get("key"),
                pen=self.pen,
                **more,
            )
        except Refused as refusal:
            return f"{type(refusal).__name__}: {refusal}"
        self.numbers.setdefault(step["case"], done.number)
        return "replayed" if done.replayed else "done"

    def _ref(self, name: str) -> str | None:
        return self.town.people[name].ref if name else None

    def _data(self, case: Case | None, step: Step) -> dict[str, Any]:
        """The data of a step as a form would send them."""
        data = dict(step.get("data", {}))
        if "planned_end" in data:
            data["planned_end"] = moment(data["planned_end"]).isoformat()
        if "notice_on" in data:
            data["notice_on"] = date_of(data["notice_on"]).isoformat()
        if "handler" in data:
            data["handler"] = self._ref(data["handler"])
        if "checkers" in data:
            data["checkers"] = [self._ref(name) for name in data["checkers"]]
        if "evidence" in data:
            data["evidence"] = [self._paper(case, step)] if data["evidence"] and case else []
        return data

    def _paper(self, case: Case, step: Step) -> str:
        """The same paper for the same request, however often it is sent."""
        content = f"%PDF-1.4\n% {case.number} {step.get('key')}\n%%EOF\n".encode()
        digest = hashlib.sha256(content).hexdigest()
        if not case_has(case, digest):
            paper = ContentFile(content, name="告知书.pdf")
            who = self.town.people[step["who"]].ref
            store(
                paper,
                case_number=case.number,
                kind="notice",
                stored_by=who,
                stored_at=self.now,
                uid=self.pen.uid(),
            )
        return digest

    # -- machinery -------------------------------------------------------------------------------------------
    def _tick(self, _step: Step) -> str:
        run_until_quiet(self.now, pen=self.pen)
        outbox.deliver_all(self.now, owner="simulated", adapters={"inbox": self._network})
        while advance(self.now).more:
            continue
        return "done"

    def _network(self, message: Message, _now: object) -> None:
        """Takes most messages at once, some at the second or third try; which ones, their text says."""
        place = hashlib.sha256(
            f"{message.case_number}/{message.subject}/{message.recipient}".encode()
        ).digest()
        if message.attempts < (0, 0, 0, 0, 1, 2)[place[0] % 6]:
            raise Undeliverable("nobody answers")
        self.received[message.key] += 1

    def _amend(self, step: Step) -> str:
        spec = versions.current_calendar().spec
        new = {date.fromisoformat(on): kind for on, kind in step["days"]}
        for year in sorted({on.year for on in new}):
            more = [CalendarDay(on, kind, "临时通知") for on, kind in new.items() if on.year == year]
            days = [day for day in spec.days if day.on.year == year and day.on not in new]
            found = calendars.preview(year, [*days, *more])
            if found.changes_nothing:
                return "nothing new"
            people = self.town.people
            drafts = calendars.propose(found, papers=["通知"], subject=people["rules"], pen=self.pen)
            calendars.confirm(drafts, subject=people["publisher"], pen=self.pen)
        return "done"

    def _restart(self, _step: Step) -> str:
        versions.forget()
        return "done"


PLACES["network"] = (Engine, "_network")


def case_has(case: Case, digest: str) -> bool:
    """Whether that paper lies with the case."""
    from yukuaiban.evidence.models import EvidenceFile  # noqa: PLC0415 - one question

    return EvidenceFile.objects.filter(case_number=case.number, sha256=digest).exists()


@contextmanager
def cut_off(where: str) -> Iterator[None]:
    """Whatever runs inside ends after that place, if it comes there; what follows the block is the next process."""
    room, name = PLACES[where]
    real = getattr(room, name)

    def last(*args: Any, **kwargs: Any) -> Any:
        real(*args, **kwargs)
        raise Crash

    with ExitStack() as stack:
        stack.enter_context(patch.object(room, name, last))
        try:
            yield
        except Crash:
            return
