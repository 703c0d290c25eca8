"""A desk at work in the database in use: the shipped pack installed, a clerk signed in, cases through the one door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case
    from yukuaiban.journal.pen import Pen, SeededPen
    from yukuaiban.people.models import Staff
    from yukuaiban.people.subject import Subject

HALL, DESK, MATTER = "gy-0012", "main-01", "GY-0012-01"
BEGIN = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
REASON = "性能测试"


@dataclass
class Desk:
    """A clerk and a pen whose clock moves on by a second with every case."""

    staff: Staff
    clerk: Subject
    pen: SeededPen
    now: list[datetime]

    def receive(self) -> Case:
        """One case taken in, admitted and handed over."""
        from yukuaiban.cases.acting import act  # noqa: PLC0415 - Django is set up by `database`
        from yukuaiban.cases.models import Case  # noqa: PLC0415

        self.now[0] += timedelta(seconds=1)
        key = str(self.pen.uid())
        done = act(None, "receive", procedure="desks", subject=self.clerk, data=DATA, key=key, pen=self.pen)
        case = Case.objects.get(number=done.number)
        for action in ("admit", "hand_over"):
            act(case, action, subject=self.clerk, data={}, key=str(self.pen.uid()), pen=self.pen)
        return Case.objects.get(pk=case.pk)


DATA: Mapping[str, Any] = {
    "matter": MATTER,
    "desk": DESK,
    "applicant": "江苏渔海养殖有限公司",
    "phone": "19900001234",
    "materials": ["登记申请书", "章程"],
}


def open_desk(seed: int) -> Desk:
    """Install the pack and hire a clerk."""
    from yukuaiban.journal.pen import SeededPen  # noqa: PLC0415 - Django is set up by `database`
    from yukuaiban.people.district import installed  # noqa: PLC0415
    from yukuaiban.people.subject import PostRef, Subject  # noqa: PLC0415
    from yukuaiban.site.simulator.run import prepare  # noqa: PLC0415

    now = [BEGIN]
    pen = SeededPen(seed, lambda: now[0])
    prepare(installed(), pen)
    staff, post = hire(pen)
    place = PostRef(HALL, "desk_clerk", post.pk)
    subject = Subject("staff", staff.ref, str(staff.uid), place, (place,), name=staff.name)
    return Desk(staff, subject, pen, now)


def hire(pen: Pen) -> tuple[Any, Any]:
    """A clerk at the desk: account and post."""
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415 - Django is set up by `database`
    from yukuaiban.people.actions import create_staff, grant_post  # noqa: PLC0415

    staff = create_staff(login="clerk", name="周明月", by=CONSOLE, pen=pen, must_change_password=False)
    post = grant_post(staff, agency=HALL, role="desk_clerk", by=CONSOLE, reason=REASON, pen=pen)
    return staff, post
