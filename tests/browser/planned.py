"""The plan of the fictional district in force, an amendment being read, a report: what the pages of the plan show."""

from __future__ import annotations

from tests.browser.indexed import Indexed
from tests.cast import FARM, HALL, Office
from tests.plans.working import TEXT
from yukuaiban.cases.models import Case
from yukuaiban.evidence.documents import Hand
from yukuaiban.jobs.asking import ask
from yukuaiban.jobs.working import advance
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.subject import PostRef, Subject
from yukuaiban.plans import book, deciding, longpapers
from yukuaiban.plans.models import Lineage, PlanVersion, ProgressReport, Task, Undertaking
from yukuaiban.site.longwork import KINDS

YEAR = 2026
_CHANGED = TEXT.replace("配合单位：东渔镇", "配合单位：西渔镇").replace("12月底前，形成", "11月底前，形成")


def play(office: Office) -> Indexed:
    """The first version in force, the second being read with a name that nobody knows, a report of the quarter."""
    first, second = office.people["office"], _second_person(office)
    version = _led(book.take_in(TEXT, year=YEAR, hand=_hand(office, first)), office)
    for entry in version.sheet["items"]:
        version = book.look(version, entry["key"], hand=_hand(office, second))
    deciding.confirm(version, seen=version.revision, hand=_hand(office, second))
    deciding.put_in_force(version, hand=_hand(office, first))
    book.take_in(_CHANGED, year=YEAR, hand=_hand(office, first), file="修订稿.docx", tracked=True)
    task = _case(office)
    report = _report(office, first)
    numbers = {
        "task": task.number,
        "undertaking": Undertaking.objects.get(title__contains="上门帮办").key,
        "lineage": str(Lineage.objects.order_by("pk")[0].uid),
    }
    return Indexed(numbers, {"year": YEAR, "agency": FARM, "report": report.uid})


def _second_person(office: Office) -> Subject:
    staff = create_staff(
        login="second-office", name="第二人", by=CONSOLE, pen=office.pen, must_change_password=False
    )
    post = grant_post(staff, agency=HALL, role="coordinator", by=CONSOLE, reason="到岗", pen=office.pen)
    place = PostRef(HALL, "coordinator", post.pk)
    return Subject("staff", staff.ref, str(staff.uid), place, (place,), name=staff.name)


def _hand(office: Office, subject: Subject) -> Hand:
    return Hand(subject, office.pen)


def _led(version: PlanVersion, office: Office) -> PlanVersion:
    """Whoever is named first leads the talks, of which the text does not say it."""
    key = version.sheet["items"][3]["agencies"][0]["key"]
    hand = _hand(office, office.people["office"])
    return book.correct(version, "role", {"key": key, "role": "lead"}, seen=version.revision, hand=hand)


def _case(office: Office) -> Case:
    return Task.objects.select_related("case").get(milestone__text__contains="建立帮办名册").case


def _report(office: Office, subject: Subject) -> ProgressReport:
    args = {"plan": YEAR, "quarter": "1", "format": longpapers.DOCX, "base": "http://127.0.0.1/"}
    ask(
        longpapers.REPORT,
        "季度报告",
        subject=subject,
        args=args,
        total=1,
        at=office.now,
        uid=office.pen.uid(),
    )
    assert advance(office.now, pen=office.pen, owner="town", kinds=KINDS)
    return ProgressReport.objects.get()
