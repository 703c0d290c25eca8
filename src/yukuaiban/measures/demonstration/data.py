"""What each action of a leaf or an application carries. One model serves web form, interface and import."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _n
from pydantic import AwareDatetime, Field, StringConstraints

from yukuaiban.cases.catalogue import ActionData

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Digests = Annotated[tuple[Digest, ...], Field(min_length=1)]
Codes = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=20)], ...], Field(min_length=1)
]
Agencies = tuple[Annotated[str, StringConstraints(min_length=1, max_length=32)], ...]
Grade = Literal["full", "most", "half", "none"]
Origin = Literal["review", "outside", "mock", "look_back"]

_GRADES = {
    "full": _n("全部符合（计 100%）"),
    "most": _n("大部分符合（计 75%）"),
    "half": _n("部分符合（计 50%）"),
    "none": _n("不符合（计 0）"),
}
_ORIGINS = {
    "review": _n("内部复核"),
    "outside": _n("第三方评估"),
    "mock": _n("模拟查看"),
    "look_back": _n("回头看"),
}
_LEVELS = {"city": _n("市级"), "province": _n("省级")}
_YES = {"mock": _n("模拟查看"), "real": _n("正式核查")}
_CODES_HINT = _n("每行一个末级指标编号")


def field(  # noqa: ANN201 - pydantic's own field object
    title: str,
    *,
    widget: str = "text",
    hint: str = "",
    default: Any = ...,
    max_length: int | None = None,
    choices: Mapping[str, str] | None = None,
):
    """A field with its Chinese title, its hint, and the widget that asks for it."""
    extra: dict[str, Any] = {"widget": widget, "choices": dict(choices or {}), "needed": ""}
    return Field(default, title=title, description=hint, max_length=max_length, json_schema_extra=extra)


def grade(title: str = _n("评分"), default: Any = ...):  # noqa: ANN201 - as above
    """A grade, worth a share of the weight."""
    return field(title, widget="choice", choices=_GRADES, default=default)


# ---------------------------------------------------------------------------------------------------- leaves


class OpenLeaf(ActionData):
    """立项: the leaf of an edition, and when its evidence is due."""

    edition: str = field(_n("批次"), max_length=32)
    code: str = field(_n("编号"), max_length=20)
    evidence_due: AwareDatetime = field(_n("材料期限"), widget="moment")


class AssignLeaf(ActionData):
    """分派: the agency that leads, and those that help."""

    handling_agency: str = field(_n("责任单位"), widget="agency", max_length=32)
    supporting: Agencies = field(_n("配合单位"), widget="agencies", default=())


class TakeOn(ActionData):
    """签收."""

    note: str = field(_n("备注"), widget="textarea", default="", max_length=300)


class SelfAssess(ActionData):
    """自评: never without its reason."""

    grade: Grade = grade(_n("自评"))
    reason: str = field(
        _n("自评说明"),
        widget="textarea",
        max_length=2000,
        hint=_n("写进自评报告；说明做了什么、依据哪份材料"),
    )


class TakeSurvey(ActionData):
    """采用测评: the number of the survey whose value counts."""

    survey: int = field(_n("第几次测评"), hint=_n("见申报页的满意度测评"))


class Reason(ActionData):
    """A reason, and nothing else."""

    reason: str = field(_n("理由"), widget="textarea", max_length=500)


class ReviewLeaf(ActionData):
    """复核: by somebody of another agency."""

    grade: Grade = grade(_n("复核评分"))
    opinion: str = field(_n("复核意见"), widget="textarea", max_length=2000)


class Note(ActionData):
    """A remark, if there is one."""

    note: str = field(_n("备注"), widget="textarea", default="", max_length=500)


class FindGap(ActionData):
    """列为缺口: what is wanting, and who found it. An outside score may come with it."""

    finding: str = field(_n("问题"), widget="textarea", max_length=1000)
    origin: Origin = field(_n("怎么发现的"), widget="choice", choices=_ORIGINS, default="review")
    outside_grade: Grade | Literal[""] = grade(_n("第三方评分"), default="")


class SetMeasure(ActionData):
    """整改措施."""

    measure: str = field(_n("整改措施"), widget="textarea", max_length=1000)


class CloseGap(ActionData):
    """销号: what was seen."""

    result: str = field(_n("核查结果"), widget="textarea", max_length=1000)


class EnterOutsideScore(ActionData):
    """第三方评分, where it is not below the own one."""

    grade: Grade = grade(_n("第三方评分"))
    finding: str = field(_n("第三方意见"), widget="textarea", default="", max_length=1000)


# ------------------------------------------------------------------------------------------------ application


class ImportEdition(ActionData):
    """导入: the whole tree of a batch as it was read, with the hash of its file."""

    batch: str = field(_n("批次"), max_length=32)
    name: str = field(_n("名称"), max_length=200)
    kind: Literal["comprehensive", "single"] = field(_n("申报类型"), default="comprehensive")
    source: str = field(_n("依据"), max_length=200)
    period_since: date = field(_n("所涉期间起"), widget="date")
    period_until: date = field(_n("所涉期间止"), widget="date")
    sha256: Digest = field(_n("文件摘要"))
    nodes: tuple[dict[str, Any], ...] = field(_n("指标"), widget="hidden")


class EnterStep(ActionData):
    """An outer step: the day, the document, what was answered."""

    on: date = field(_n("日期"), widget="date")
    document: Digests = field(_n("文件"), widget="files", hint=_n("这一步的来文或去文"))
    answer: str = field(_n("答复"), widget="textarea", default="", max_length=500)


class NoteLiaison(ActionData):
    """联络记录: heard, not proved; it moves no stage."""

    level: Literal["city", "province"] = field(_n("层级"), widget="choice", choices=_LEVELS)
    on: date = field(_n("日期"), widget="date")
    office: str = field(_n("联系的部门"), max_length=100)
    topic: str = field(_n("事由"), max_length=200)
    said: str = field(_n("内容"), widget="textarea", max_length=1000)
    next_on: date | Literal[""] = field(_n("下次联络日期"), widget="date", default="")


class EnterSurvey(ActionData):
    """满意度测评: numbers, never rates."""

    on: date = field(_n("测评日期"), widget="date")
    asked: int = field(_n("调查人数"))
    know: int = field(_n("知晓人数"), default=0)
    valid: int = field(_n("有效答卷"))
    satisfied: int = field(_n("满意人数"), default=0)
    frame: str = field(_n("抽样范围"), max_length=300, hint=_n("在哪里、怎样抽取"))


class PlanVisit(ActionData):
    """点位: a place, the day, which leaves it shows, what is looked at."""

    place: str = field(_n("地点"), max_length=100)
    on: date = field(_n("日期"), widget="date")
    kind: Literal["mock", "real"] = field(_n("性质"), widget="choice", choices=_YES, default="mock")
    leaves: Codes = field(_n("所看指标"), widget="lines", hint=_CODES_HINT)
    points: tuple[str, ...] = field(_n("查看要点"), widget="lines", default=(), hint=_n("每行一条"))


class EnterVisit(ActionData):
    """查看结果."""

    visit: int = field(_n("点位序号"), hint=_n("见创建准备页的实地点位"))
    passed: Literal["yes", "no"] = field(
        _n("结果"), widget="choice", choices={"yes": _n("未发现问题"), "no": _n("发现问题")}
    )
    findings: str = field(_n("发现的问题"), widget="textarea", default="", max_length=1000)


class InviteEvaluator(ActionData):
    """委托第三方: by a letter, for some leaves, until a day. The token is made by the page, its hash kept."""

    evaluator: str = field(_n("评估机构"), max_length=100)
    letter: str = field(_n("合同或委托书文号"), max_length=100)
    until: date = field(_n("链接有效期至"), widget="date")
    method: str = field(_n("评估方法"), default="", max_length=200)
    leaves: Codes = field(_n("评估的指标"), widget="lines", hint=_CODES_HINT)
    token_sha256: Digest = field(_n("链接摘要"), widget="hidden")
