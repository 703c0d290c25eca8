"""Every action of the procedure `supervision`: what it carries, what forbids it, what it adds and writes beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yukuaiban.cases.catalogue import ActionSpec
from yukuaiban.supervision import data, effects, guards
from yukuaiban.supervision.opening import opening

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPECS = (
    ActionSpec("propose_order", _("拟办督办"), data.ProposeOrder, opening=opening, effect=effects.proposed),
    ActionSpec(
        "approve_order",
        _("批准督办"),
        data.Note,
        hindrance=guards.approve,
        adding=effects.numbered,
        effect=effects.approved,
    ),
    ActionSpec(
        "send_order",
        _("发出督办"),
        data.Note,
        hindrance=guards.send,
        adding=effects.to_the_agency,
        effect=effects.sent,
    ),
    ActionSpec("drop_order", _("撤销拟办"), data.Reason, effect=effects.ended),
    ActionSpec("add_cause", _("补记事由"), data.AddCause, guard=guards.cause, effect=effects.cause_added),
    ActionSpec("acknowledge", _("签收督办"), data.Note),
    ActionSpec("answer", _("答复督办"), data.Answer, effect=effects.answered),
    ActionSpec(
        "confirm_answer",
        _("核实通过"),
        data.Opinion,
        hindrance=guards.not_suspended,
        effect=effects.confirmed,
    ),
    ActionSpec(
        "reject_answer",
        _("核实不通过"),
        data.RejectAnswer,
        hindrance=guards.not_suspended,
        guard=guards.later,
        effect=effects.rejected,
    ),
    ActionSpec("close_order", _("督办办结"), data.Note, hindrance=guards.not_suspended, effect=effects.ended),
    ActionSpec(
        "propose_level",
        _("提请升级"),
        data.Reason,
        hindrance=guards.ask_rise,
        effect=effects.level_asked,
    ),
    ActionSpec(
        "approve_level",
        _("批准升级"),
        data.Note,
        hindrance=guards.approve_rise,
        adding=effects.risen,
        effect=effects.level_raised,
    ),
    ActionSpec("decline_level", _("不予升级"), data.Reason),
    ActionSpec(
        "raise_objection",
        _("提出异议"),
        data.Grounds,
        hindrance=guards.object_in_time,
        effect=effects.objected,
    ),
    ActionSpec(
        "uphold_objection",
        _("异议成立，撤销督办"),
        data.Reason,
        hindrance=guards.reviewer,
        effect=effects.upheld,
    ),
    ActionSpec(
        "dismiss_objection",
        _("异议不成立，维持督办"),
        data.Reason,
        hindrance=guards.reviewer,
        effect=effects.dismissed,
    ),
    ActionSpec("petition", _("逾期申诉"), data.Grounds, hindrance=guards.petition, effect=effects.petitioned),
    ActionSpec("lapse_objection", _("异议期满")),
)

ACTIONS: Mapping[str, ActionSpec] = {spec.code: spec for spec in _SPECS}
