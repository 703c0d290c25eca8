"""Every action of the procedure `plans`: what it carries, what hinders or forbids it, what it writes beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yukuaiban.cases.catalogue import ActionSpec
from yukuaiban.cases.evidencing import ATTACH
from yukuaiban.plans import data, effects, guards, results
from yukuaiban.plans.tasks import opening

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPECS = (
    ActionSpec("open", _("下达任务"), data.Open, opening=opening, effect=effects.opened),
    ActionSpec("name_person", _("确定责任人"), data.NamePerson, guard=guards.person_of_the_agency),
    ActionSpec("start", _("开始推进"), data.Note),
    ActionSpec("amend", _("按修订调整"), data.Amend, effect=effects.amended),
    ActionSpec("report", _("填报进展"), data.Report, guard=guards.reported_day, effect=effects.reported),
    ATTACH,
    ActionSpec("submit", _("提交验收"), data.Note, hindrance=guards.complete_evidence),
    ActionSpec(
        "accept_checkpoint",
        _("验收本节点"),
        data.Opinion,
        hindrance=guards.accept_checkpoint,
        effect=effects.passed,
    ),
    ActionSpec("accept", _("验收"), data.Opinion, hindrance=guards.whole, effect=effects.passed),
    ActionSpec("return", _("退回"), data.Reason, hindrance=guards.not_the_reporting_agency),
    ActionSpec("propose_close_out", _("提请销号"), data.Opinion, hindrance=guards.propose_close_out),
    ActionSpec("close_out", _("销号"), data.Opinion, hindrance=guards.proof),
    ActionSpec("decline_close_out", _("不予销号"), data.Reason),
    ActionSpec(
        "look_back",
        _("回头看（成效保持）"),
        data.LookBack,
        guard=guards.reported_day,
        effect=effects.looked_back,
    ),
    ActionSpec("reopen", _("回头看（重新整改）"), data.Reopen, guard=guards.reopen, effect=effects.reopened),
    ActionSpec(
        "request_extension",
        _("申请延期"),
        data.RequestExtension,
        hindrance=guards.request_extension,
        guard=guards.later_day,
    ),
    ActionSpec("extend", _("批准延期"), data.Opinion),
    ActionSpec("decline_extension", _("不批准延期"), data.Reason),
    ActionSpec("cancel", _("取消任务"), data.Reason),
    *results.SPECS,
)

ACTIONS: Mapping[str, ActionSpec] = {spec.code: spec for spec in _SPECS}
