"""What each action on an order carries. One model serves web form, API and worker; titles are Chinese msgids."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _n
from pydantic import AwareDatetime, Field, StringConstraints

from yukuaiban.cases.catalogue import ActionData

Written = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Long = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
CauseCode = Literal["refused", "overdue", "unresolved", "repeated", "false_close_out", "bad_effects"]
LevelCode = Literal["blue", "orange", "red"]
_CAUSES = {
    "overdue": _n("逾期未办"),
    "refused": _n("推诿拒办"),
    "unresolved": _n("到期未解决"),
    "repeated": _n("反复发生"),
    "false_close_out": _n("虚假办结"),
    "bad_effects": _n("造成不良影响"),
}
_LEVELS = {"blue": _n("蓝色"), "orange": _n("橙色（挂牌督办）"), "red": _n("红色（约谈，须负责人批准）")}


def _asked(title: str, *, widget: str = "text", hint: str = "", default: Any = ..., **extra: Any) -> Any:
    """A field with its Chinese title, its hint and the widget that asks for it."""
    shown = {"widget": widget, "choices": {}, "needed": ""} | extra
    return Field(default, title=title, description=hint, json_schema_extra=shown)


class ProposeOrder(ActionData):
    """拟办: which case, which agency, why, what is demanded until when. The worker names its trigger."""

    supervised_case: Annotated[str, StringConstraints(min_length=1, max_length=50)] = _asked(
        _n("所督办的编号"), widget="hidden"
    )
    supervised_agency: Annotated[str, StringConstraints(min_length=1, max_length=32)] = _asked(
        _n("被督办单位"), widget="agency"
    )
    cause: CauseCode = _asked(_n("事由"), widget="choice", choices=_CAUSES)
    note: Annotated[str, StringConstraints(max_length=500)] = _asked(
        _n("情况"), widget="textarea", default="", hint=_n("查到了什么；不写个人信息")
    )
    level: LevelCode = _asked(
        _n("等次"), widget="choice", choices=_LEVELS, default="blue", hint=_n("紧急的可以直接用较高的等次")
    )
    demand: Long = _asked(_n("要求"), widget="textarea", hint=_n("要求单位做什么；不写个人信息"))
    due: AwareDatetime | None = _asked(
        _n("答复期限"), widget="moment", default=None, hint=_n("不填的，发出后五个工作日")
    )
    trigger: Annotated[str, StringConstraints(max_length=64)] = _asked(
        _n("触发条件"), widget="hidden", default=""
    )
    red_since: AwareDatetime | None = _asked(_n("逾期自"), widget="hidden", default=None)


class AddCause(ActionData):
    """补记事由: a second cause on the order that is open."""

    cause: CauseCode = _asked(_n("事由"), widget="choice", choices=_CAUSES)
    note: Annotated[str, StringConstraints(max_length=500)] = _asked(
        _n("情况"), widget="textarea", default="", hint=_n("查到了什么；不写个人信息")
    )
    trigger: Annotated[str, StringConstraints(max_length=64)] = _asked(
        _n("触发条件"), widget="hidden", default=""
    )
    red_since: AwareDatetime | None = _asked(_n("逾期自"), widget="hidden", default=None)


class Note(ActionData):
    """A step with an optional word."""

    note: Annotated[str, StringConstraints(max_length=500)] = _asked(
        _n("备注"), widget="textarea", default="", hint=_n("不写个人信息")
    )


class Reason(ActionData):
    """A step that must be reasoned."""

    reason: Written = _asked(_n("理由"), widget="textarea", hint=_n("不写个人信息"))


class Answer(ActionData):
    """答复: what the agency has done, with papers."""

    text: Long = _asked(_n("办理结果"), widget="textarea", hint=_n("逐项答复所提要求；不写个人信息"))
    evidence: tuple[str, ...] = _asked(_n("佐证材料"), widget="files", default=())


class Opinion(ActionData):
    """核实通过: what was checked and how."""

    opinion: Written = _asked(_n("核实情况"), widget="textarea", hint=_n("怎样核实的、结果如何"))


class RejectAnswer(ActionData):
    """核实不通过: what is missing, and until when."""

    reason: Written = _asked(_n("哪里不通过"), widget="textarea")
    due: AwareDatetime = _asked(_n("重新答复的期限"), widget="moment")


class Grounds(ActionData):
    """异议: on which grounds."""

    grounds: Long = _asked(_n("异议理由"), widget="textarea", hint=_n("不写个人信息"))
    evidence: tuple[str, ...] = _asked(_n("佐证材料"), widget="files", default=())
