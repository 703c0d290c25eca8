"""What each action of a task carries. One model serves web form, API and import; titles are Chinese msgids."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _n
from pydantic import AwareDatetime, Field, StringConstraints

from yukuaiban.cases.catalogue import ActionData

StaffRef = Annotated[str, StringConstraints(pattern=r"^staff:.+$", max_length=64)]
Written = Annotated[str, StringConstraints(min_length=1, max_length=500)]
_FINDINGS = {"rebound": _n("问题反弹"), "false": _n("销号不实")}


def _asked(title: str, *, widget: str = "text", hint: str = "", default: Any = ..., **extra: Any) -> Any:
    """A field with its Chinese title, its hint and the widget that asks for it."""
    shown = {"widget": widget, "choices": {}, "needed": ""} | extra
    return Field(default, title=title, description=hint, json_schema_extra=shown)


class Open(ActionData):
    """下达: the milestone in force and which of its tasks, counted from 0."""

    milestone: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] = _asked(
        _n("推进计划"), widget="hidden"
    )
    turn: Annotated[int, Field(ge=0)] = _asked(_n("第几项"), widget="hidden", default=0)


class NamePerson(ActionData):
    """确定责任人; the own date is for the agency, the due of the plan stays."""

    handler: StaffRef = _asked(_n("责任人"), widget="staff_any")
    planned_on: date | None = _asked(_n("计划完成日期"), widget="date", default=None, hint=_n("不晚于到期日"))
    note: Annotated[str, StringConstraints(max_length=500)] = _asked(
        _n("备注"), widget="textarea", default=""
    )


class Note(ActionData):
    """A step with an optional word."""

    note: Annotated[str, StringConstraints(max_length=500)] = _asked(
        _n("备注"), widget="textarea", default="", hint=_n("不写个人信息")
    )


class Amend(ActionData):
    """按修订调整: what the amended plan says now; `points` are the checkpoints as `tasks.points_of` gives them."""

    title: Written = _asked(_n("任务"), widget="hidden")
    dues: tuple[AwareDatetime, ...] = _asked(_n("到期日"), widget="hidden")
    points: tuple[dict[str, str | bool], ...] = _asked(_n("节点"), widget="hidden")
    handling_agency: Annotated[str, StringConstraints(max_length=32)] = _asked(
        _n("牵头单位"), widget="hidden"
    )
    version: Annotated[int, Field(ge=1)] = _asked(_n("方案版本"), widget="hidden")


class Report(ActionData):
    """填报进展: a line of the ledger."""

    on: date = _asked(_n("日期"), widget="date")
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)] = _asked(
        _n("进展"), widget="textarea", hint=_n("做了什么、结果多少；不写个人信息")
    )


class Reason(ActionData):
    """A no, or an end, with its reason."""

    reason: Written = _asked(_n("理由"), widget="textarea")


class Opinion(ActionData):
    """A second person's word."""

    opinion: Annotated[str, StringConstraints(max_length=500)] = _asked(
        _n("意见"), widget="textarea", default=""
    )


class LookBack(ActionData):
    """回头看: it holds."""

    on: date = _asked(_n("回访日期"), widget="date")
    text: Written = _asked(_n("回访情况"), widget="textarea")


class Reopen(ActionData):
    """回头看: it does not hold; a new day for putting it right."""

    on: date = _asked(_n("回访日期"), widget="date")
    finding: Literal["rebound", "false"] = _asked(_n("回访结论"), widget="choice", choices=_FINDINGS)
    reason: Written = _asked(_n("回访情况"), widget="textarea")
    dues: AwareDatetime = _asked(_n("整改到期"), widget="moment")


class RequestExtension(ActionData):
    """申请延期: until when, and why."""

    due: AwareDatetime = _asked(_n("延到何时"), widget="moment")
    reason: Written = _asked(_n("理由"), widget="textarea")
