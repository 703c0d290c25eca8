"""What each action of a window case carries. One model serves web form, API and import.

Titles are Chinese msgids, translated where a form is drawn; `widget` says how a form asks for the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _n
from pydantic import AwareDatetime, Field, StringConstraints, field_validator

from yukuaiban.cases.catalogue import ActionData
from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.limits import Limit

Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Lines = tuple[Line, ...]
SomeLines = Annotated[Lines, Field(min_length=1)]
Written = Annotated[str, StringConstraints(min_length=1)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
StaffRef = Annotated[str, StringConstraints(pattern=r"^staff:.+$", max_length=64)]


_OUTCOMES = {"granted": _n("准予"), "denied": _n("不予许可")}
_METHODS = {"desk": _n("窗口领取"), "courier": _n("寄递"), "online": _n("网上送达")}
_DENIED = _n("不予许可时必填")
_REVIEW_HINT = _n("印在告知书上，一般是本级人民政府，写全称")
_COURT_HINT = _n("印在告知书上，写全称")
_CLOCKS = {"committed": _n("承诺时限"), "statutory": _n("法定时限"), "delivery": _n("送达")}


def asked(  # noqa: ANN201 - pydantic's own field object
    title: str,
    *,
    widget: str = "text",
    hint: str = "",
    default: Any = ...,
    max_length: int | None = None,
    choices: Mapping[str, str] | None = None,
    needed: str = "",
):
    """A field with its Chinese title, its hint, the widget that asks for it and the words of its choices.

    `needed` says when a field with a default must be filled in after all; the form shows it instead of 选填.
    """
    extra: dict[str, Any] = {"widget": widget, "choices": dict(choices or {}), "needed": needed}
    return Field(default, title=title, description=hint, max_length=max_length, json_schema_extra=extra)


def note(title: str = _n("备注")):  # noqa: ANN201 - as above
    """An optional remark of the person; it goes into the journal, so it holds no personal data."""
    return asked(title, widget="textarea", default="", max_length=500, hint=_n("不写个人信息"))


class Receive(ActionData):
    """收件: who asks for what, and what was handed in. Everything about a person is kept apart and sealed."""

    matter: str = asked(_n("事项"), widget="matter", max_length=64)
    desk: str = asked(_n("窗口"), widget="desk", default="", max_length=32)
    channel: Literal["desk", "online"] = asked(_n("渠道"), widget="hidden", default="desk")
    applicant: str = asked(_n("申请人"), max_length=120, hint=_n("企业名称或个人姓名"))
    uscc: str = asked(_n("统一社会信用代码"), default="", max_length=40, hint=_n("企业填写，18 位"))
    resident_id: str = asked(_n("身份证号码"), default="", max_length=40, hint=_n("个人填写"))
    phone: str = asked(_n("联系电话"), widget="tel", default="", max_length=30, hint=_n("用于通知和查询进度"))
    contact: str = asked(_n("联系人"), default="", max_length=60)
    address: str = asked(_n("地址"), default="", max_length=200)
    agent: str = asked(_n("代办人"), default="", max_length=60, hint=_n("须有委托书"))
    materials: Lines = asked(_n("已收材料"), widget="documents", default=())
    external_source: str = asked(_n("外部系统"), widget="hidden", default="", max_length=32)
    external_no: str = asked(_n("外部编号"), default="", max_length=100)
    note: str = note()


PERSONAL_OF_RECEIVE = frozenset({"applicant", "resident_id", "phone", "contact", "address", "agent"})


class AskSupplement(ActionData):
    """一次性告知: every gap in one list."""

    gaps: SomeLines = asked(
        _n("需补正的全部内容"), widget="lines", hint=_n("每行一项，一次列全；之后不能再列第二份")
    )
    note: str = note()


class ReleaseSupplement(ActionData):
    """放行再次补正: the leader lets the desk serve another list; it counts as a repeated notice."""

    reason: str = asked(_n("理由"), widget="textarea", max_length=500)


class Supplement(ActionData):
    """补正: what was handed in later."""

    materials: SomeLines = asked(_n("补交的材料"), widget="lines", hint=_n("每行一项"))
    note: str = note()


class Admit(ActionData):
    """受理: written, numbered and dated."""

    note: str = note()


class Refuse(ActionData):
    """不予受理: reason, right organ, review and suit rights are mandatory."""

    reason: Written = asked(_n("理由和依据"), widget="textarea", max_length=1000)
    right_organ: Written = asked(_n("应向哪个机关申请"), max_length=100, hint=_n("没有的写“无”"))
    review_organ: Written = asked(_n("行政复议机关"), max_length=100, hint=_REVIEW_HINT)
    court: Written = asked(_n("管辖法院"), max_length=100, hint=_COURT_HINT)


class NoPermitNeeded(ActionData):
    """无须许可."""

    reason: str = asked(_n("理由和依据"), widget="textarea", max_length=1000)


class Redirect(ActionData):
    """转告: another organ is competent."""

    reason: str = asked(_n("理由"), widget="textarea", max_length=1000)
    right_organ: str = asked(_n("应向哪个机关申请"), max_length=100)


class HandOver(ActionData):
    """流转 to the back office."""

    note: str = note()


class Assign(ActionData):
    """分办: who handles the case."""

    handler: StaffRef = asked(_n("经办人"), widget="staff")
    note: str = note()


class CompleteOnTheSpot(ActionData):
    """当场办结: decided and ready while the applicant waits."""

    outcome: Literal["granted", "denied"] = asked(
        _n("办理结果"), widget="choice", default="granted", choices=_OUTCOMES
    )
    result_no: str = asked(_n("结果文号"), default="", max_length=100)
    reasons: str = asked(
        _n("不予许可的理由和依据"), widget="textarea", default="", max_length=1000, needed=_DENIED
    )
    review_organ: str = asked(
        _n("行政复议机关"), default="", max_length=100, hint=_REVIEW_HINT, needed=_DENIED
    )
    court: str = asked(_n("管辖法院"), default="", max_length=100, hint=_COURT_HINT, needed=_DENIED)
    note: str = note()


class RequestPause(ActionData):
    """申请中止: category, basis, the day the applicant was told in writing, planned end, the paper."""

    category: str = asked(_n("中止事由"), widget="category", max_length=32)
    basis: str = asked(_n("依据"), max_length=200, hint=_n("条款或文号"))
    notice_on: date = asked(_n("书面告知申请人的日期"), widget="date")
    planned_end: AwareDatetime = asked(_n("预定结束时间"), widget="moment")
    evidence: tuple[Digest, ...] = asked(_n("告知文书"), widget="files", hint=_n("上传已送达申请人的告知书"))
    note: str = note()


class Opinion(ActionData):
    """A second person's word."""

    opinion: str = asked(_n("意见"), widget="textarea", default="", max_length=500)


class Decline(ActionData):
    """A second person says no, with the reason."""

    reason: str = asked(_n("不同意的理由"), widget="textarea", max_length=500)


class Resume(ActionData):
    """恢复计时."""

    note: str = note(_n("说明"))
    evidence: tuple[Digest, ...] = asked(_n("依据文件"), widget="files", default=())


class RequestExtension(ActionData):
    """申请延期: how long and why; the reason is told to the applicant."""

    limit: str = asked(_n("延长多久"), widget="limit", max_length=16, hint=_n("例如 5wd，最长 10wd"))
    reason: str = asked(_n("理由"), widget="textarea", max_length=500, hint=_n("将告知申请人"))

    @field_validator("limit")
    @classmethod
    def _is_a_limit(cls, value: str) -> str:
        try:
            return str(Limit.parse(value))
        except InputInvalid as error:
            raise ValueError(error.message) from error


class Decide(ActionData):
    """作出决定. `checkers` are those who made the site check, where the sheet asks for one."""

    outcome: Literal["granted", "denied"] = asked(_n("决定"), widget="choice", choices=_OUTCOMES)
    reasons: str = asked(_n("理由和依据"), widget="textarea", default="", max_length=1000, needed=_DENIED)
    review_organ: str = asked(
        _n("行政复议机关"), default="", max_length=100, hint=_REVIEW_HINT, needed=_DENIED
    )
    court: str = asked(_n("管辖法院"), default="", max_length=100, hint=_COURT_HINT, needed=_DENIED)
    checkers: tuple[StaffRef, ...] = asked(_n("现场核查人员"), widget="staff_many", default=())
    evidence: tuple[Digest, ...] = asked(_n("依据文件"), widget="files", default=())


class Complete(ActionData):
    """办结: decision and document are ready."""

    result_no: str = asked(_n("结果文号"), default="", max_length=100)
    note: str = note()


class ExplainOverrun(ActionData):
    """超时说明: published without the applicant."""

    clock: Literal["committed", "statutory", "delivery"] = asked(
        _n("哪个时限"), widget="choice", default="committed", choices=_CLOCKS
    )
    text: str = asked(
        _n("超时说明"), widget="textarea", max_length=500, hint=_n("将向社会公开，不写申请人和个人信息")
    )


class Deliver(ActionData):
    """送达."""

    method: Literal["desk", "courier", "online"] = asked(
        _n("送达方式"), widget="choice", default="desk", choices=_METHODS
    )
    receiver: str = asked(_n("签收人"), default="", max_length=60)
    courier_no: str = asked(_n("寄递单号"), default="", max_length=60)


class Withdraw(ActionData):
    """撤回, at the applicant's wish."""

    reason: str = asked(_n("撤回的理由"), widget="textarea", default="", max_length=500)


class AddEvidence(ActionData):
    """补充证据 to the file of the case."""

    evidence: Annotated[tuple[Digest, ...], Field(min_length=1)] = asked(_n("文件"), widget="files")
    note: str = note()
