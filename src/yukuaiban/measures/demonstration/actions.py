"""Every action of the procedures of the measure: what it carries, what hinders or forbids it, what it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yukuaiban.cases.catalogue import ActionSpec
from yukuaiban.cases.evidencing import ATTACH, DETACH
from yukuaiban.measures.demonstration import data, effects, guards, opening

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEAVES = (
    ActionSpec("open_leaf", _("立项"), data.OpenLeaf, opening=opening.leaf, effect=effects.leaf_opened),
    ActionSpec(
        "assign_leaf",
        _("分派责任单位"),
        data.AssignLeaf,
        guard=guards.assign_leaf,
        effect=effects.leaf_assigned,
    ),
    ActionSpec("take_on", _("签收任务"), data.TakeOn),
    ATTACH,
    DETACH,
    ActionSpec(
        "self_assess",
        _("自评"),
        data.SelfAssess,
        hindrance=guards.no_self_score,
        guard=guards.self_assess,
        effect=effects.self_assessed,
    ),
    ActionSpec(
        "take_survey",
        _("采用测评结果"),
        data.TakeSurvey,
        guard=guards.take_survey,
        effect=effects.survey_taken,
    ),
    ActionSpec("send_back", _("退回补充"), data.Reason),
    ActionSpec(
        "review_leaf",
        _("复核评分"),
        data.ReviewLeaf,
        hindrance=guards.of_another_agency,
        effect=effects.reviewed,
    ),
    ActionSpec("find_sound", _("确认达标"), data.Note),
    ActionSpec("find_gap", _("列为缺口"), data.FindGap, effect=effects.gap_found),
    ActionSpec("add_finding", _("补记问题"), data.FindGap, effect=effects.gap_found),
    ActionSpec("set_measure", _("制定整改措施"), data.SetMeasure, effect=effects.measure_set),
    ActionSpec(
        "close_gap",
        _("销号"),
        data.CloseGap,
        hindrance=guards.of_another_agency,
        effect=effects.gap_closed,
    ),
    ActionSpec("reopen_gap", _("回头看重开"), data.FindGap, effect=effects.gap_reopened),
    ActionSpec(
        "enter_outside_score",
        _("录入第三方评分"),
        data.EnterOutsideScore,
        guard=guards.enter_outside_score,
        effect=effects.outside_scored,
    ),
    ActionSpec("supersede", _("停用旧版指标"), data.Reason),
)


def _step(code: str, title: object) -> ActionSpec:
    return ActionSpec(code, title, data.EnterStep, guard=guards.enter_step, effect=effects.step_entered)  # type: ignore[arg-type]


_APPLICATION = (
    ActionSpec(
        "import_edition",
        _("导入指标体系"),
        data.ImportEdition,
        opening=opening.application,
        effect=effects.edition_imported,
    ),
    ActionSpec(
        "submit_application",
        _("申报"),
        data.EnterStep,
        guard=guards.submit_application,
        effect=effects.step_entered,
    ),
    _step("enter_city", _("录入市级推荐")),
    _step("enter_province", _("录入省级推荐")),
    _step("enter_evaluation", _("录入第三方评估")),
    _step("enter_site_check", _("录入实地核查")),
    _step("enter_naming", _("录入命名")),
    _step("enter_no_naming", _("录入未命名")),
    ActionSpec(
        "note_liaison",
        _("记联络记录"),
        data.NoteLiaison,
        guard=guards.note_liaison,
        effect=effects.liaison_noted,
    ),
    ActionSpec(
        "enter_survey",
        _("录入满意度测评"),
        data.EnterSurvey,
        guard=guards.enter_survey,
        effect=effects.survey_entered,
    ),
    ActionSpec(
        "plan_visit",
        _("安排实地点位"),
        data.PlanVisit,
        guard=guards.known_leaves,
        effect=effects.visit_planned,
    ),
    ActionSpec(
        "enter_visit",
        _("录入查看结果"),
        data.EnterVisit,
        guard=guards.enter_visit,
        effect=effects.visit_entered,
    ),
    ActionSpec(
        "invite_evaluator",
        _("委托第三方评估"),
        data.InviteEvaluator,
        guard=guards.invite_evaluator,
        effect=effects.evaluator_invited,
    ),
)

ACTIONS: Mapping[str, ActionSpec] = {spec.code: spec for spec in (*_LEAVES, *_APPLICATION)}
