"""阶段成效: drafted by the leading agency or the coordinating office, published after review by somebody else.

Each is a case of the procedure `plan_results`; nothing else decides what the public page shows.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Annotated, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _n
from pydantic import Field, StringConstraints

from yukuaiban.cases.catalogue import ActionData, ActionSpec, ApplicantData, NoData, Opening
from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem, Refused
from yukuaiban.people.models import Agency
from yukuaiban.plans.data import Reason
from yukuaiban.plans.models import InterimResult, Plan, Undertaking
from yukuaiban.plans.steps import COORDINATOR

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from yukuaiban.cases.catalogue import Attempt

PROCEDURE, PUBLISHED = "plan_results", "published"
# A telephone, a mobile, a document: such numbers are longer than any figure that a result states.
_LONG_NUMBER = re.compile(r"\d(?:[\s\-–—]?\d){6,}")
Title = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


def _written(title: str, *, widget: str, hint: str = "") -> Any:
    shown: dict[str, Any] = {"widget": widget, "choices": {}, "needed": ""}
    return Field(title=title, description=hint, json_schema_extra=shown)


class Revise(ActionData):
    """What is to be published."""

    title: Title = _written(_n("标题"), widget="text")
    text: Text = _written(_n("成效"), widget="textarea", hint=_n("写事和数，不写个人和企业的名字、号码"))


class Draft(Revise):
    """The same, of an undertaking and a quarter."""

    undertaking: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] = _written(
        _n("举措"), widget="hidden"
    )
    quarter: Annotated[int, Field(ge=1, le=4)] = _written(_n("季度"), widget="hidden")


def opening(attempt: Attempt) -> Opening:
    """What the docket needs. Refused unless the plan is in force and the person's agency leads the undertaking."""
    undertaking = _undertaking(attempt.data["undertaking"])
    own = attempt.subject.agency
    if own is None or (attempt.subject.role != COORDINATOR and own != undertaking.lead_agency):
        raise NotPermitted("阶段成效由牵头单位或营商办起草。")
    agency = Agency.objects.filter(code=undertaking.lead_agency or own).first()
    if agency is None:
        raise Refused("这项举措没有牵头单位；请先在方案里指定。")
    return Opening(
        number_agency=agency.number4 or "0000",
        title=attempt.data["title"],
        facts={
            "subject": f"plan-{undertaking.plan.year}-result",
            "kind": "committed",
            "channel": "online",
            "receiving_agency": own,
            "handling_agency": agency.code,
        },
        limits={},
        applicant=ApplicantData(name=""),
        shown="",
    )


def _undertaking(key: str) -> Undertaking:
    found = Undertaking.objects.select_related("plan").filter(key=key, gone_in=None).first()
    if found is None or found.plan.status not in (Plan.Status.IN_FORCE, Plan.Status.CLOSED):
        raise Refused("没有这项举措，或方案没有在执行；请刷新页面。")
    return found


def no_personal_data(attempt: Attempt) -> None:
    """A number as long as a telephone or a document does not go onto a public page."""
    for name in ("title", "text"):
        if _LONG_NUMBER.search(unicodedata.normalize("NFKC", attempt.data[name])):
            why = "文中有 7 位以上的数字，像电话或证件号"
            raise InputInvalid(Problem(why, "请删去；大的数请用“万”“亿”", field=name))


def not_by_the_author(attempt: Attempt) -> None:
    """Whoever wrote the text does not review it."""
    written = InterimResult.objects.filter(case=attempt.case, written_by=attempt.subject.ref)
    if written.exists():
        raise NotPermitted("这条成效是您写的；请由营商办的另一人审核发布。")


def drafted(attempt: Attempt) -> None:
    """The row beside the case."""
    assert attempt.case is not None  # noqa: S101 - effects run after the row is written
    InterimResult.objects.create(
        case=attempt.case,
        undertaking=_undertaking(attempt.data["undertaking"]),
        quarter=attempt.data["quarter"],
        title=attempt.data["title"],
        text=attempt.data["text"],
        written_by=attempt.subject.ref,
    )


def revised(attempt: Attempt) -> None:
    """The newest text, and whose it is."""
    InterimResult.objects.filter(case=attempt.case).update(
        title=attempt.data["title"], text=attempt.data["text"], written_by=attempt.subject.ref
    )


def published(attempt: Attempt) -> None:
    """Since when it is public."""
    InterimResult.objects.filter(case=attempt.case).update(published_at=attempt.at)


SPECS = (
    ActionSpec(
        "draft_result", _("起草阶段成效"), Draft, opening=opening, guard=no_personal_data, effect=drafted
    ),
    ActionSpec("revise_result", _("修改"), Revise, guard=no_personal_data, effect=revised),
    ActionSpec("submit_result", _("送审"), NoData),
    ActionSpec("publish_result", _("审核发布"), NoData, hindrance=not_by_the_author, effect=published),
    ActionSpec("decline_result", _("退回修改"), Reason),
    ActionSpec("withdraw_result", _("撤下"), Reason),
)


def public_of(plan: Plan) -> QuerySet[InterimResult]:
    """What the public page shows: published and not withdrawn, in the order of the plan, the newest quarter first."""
    rows = InterimResult.objects.filter(undertaking__plan=plan, case__stage=PUBLISHED)
    return rows.select_related("undertaking").order_by("undertaking__order", "-quarter", "-published_at")


def of_undertaking(undertaking: Undertaking) -> list[InterimResult]:
    """All results of an undertaking that were not withdrawn, the newest quarter first."""
    rows = undertaking.results.exclude(case__stage="taken_down").select_related("case")
    return list(rows.order_by("-quarter", "-case__opened_at"))
