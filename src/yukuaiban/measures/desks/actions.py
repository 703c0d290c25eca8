"""Every action of the procedure `desks`: what it carries, what hinders or forbids it, what it writes beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yukuaiban.cases.catalogue import ActionSpec, NoData
from yukuaiban.measures.desks import data, effects, guards
from yukuaiban.measures.desks.intake import opening
from yukuaiban.measures.desks.models import Paper

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPECS = (
    ActionSpec(
        "receive",
        _("收件"),
        data.Receive,
        opening=opening,
        effect=effects.received,
        personal=data.PERSONAL_OF_RECEIVE,
    ),
    ActionSpec(
        "ask_supplement",
        _("一次性告知补正"),
        data.AskSupplement,
        hindrance=guards.ask_supplement,
        effect=effects.supplement_asked,
    ),
    ActionSpec(
        "release_supplement", _("放行再次补正"), data.ReleaseSupplement, hindrance=guards.release_supplement
    ),
    ActionSpec("supplement", _("补正材料"), data.Supplement, effect=effects.supplemented),
    ActionSpec("admit", _("受理"), data.Admit, effect=effects.paper_of(Paper.Kind.ADMISSION)),
    ActionSpec("deem_admit", _("视为受理"), NoData),
    ActionSpec(
        "refuse",
        _("不予受理"),
        data.Refuse,
        effect=effects.paper_of(Paper.Kind.REFUSAL, "reason", "right_organ", "review_organ", "court"),
    ),
    ActionSpec(
        "no_permit_needed",
        _("告知无须许可"),
        data.NoPermitNeeded,
        effect=effects.paper_of(Paper.Kind.NO_PERMIT, "reason"),
    ),
    ActionSpec(
        "redirect",
        _("告知向有关机关申请"),
        data.Redirect,
        effect=effects.paper_of(Paper.Kind.REDIRECT, "reason", "right_organ"),
    ),
    ActionSpec("hand_over", _("流转到承办单位"), data.HandOver),
    ActionSpec("assign", _("分派经办人"), data.Assign, guard=guards.assign),
    ActionSpec(
        "complete_on_the_spot",
        _("当场办结"),
        data.CompleteOnTheSpot,
        hindrance=guards.not_on_the_spot,
        guard=guards.on_the_spot,
        effect=effects.decided,
    ),
    ActionSpec(
        "request_pause",
        _("申请暂停计时"),
        data.RequestPause,
        hindrance=guards.pause_asked_for,
        guard=guards.request_pause,
    ),
    ActionSpec("endorse_pause", _("同意暂停"), data.Opinion, hindrance=guards.endorse_pause),
    ActionSpec("pause", _("批准暂停计时"), data.Opinion, hindrance=guards.pause, effect=effects.paused),
    ActionSpec("decline_pause", _("不批准暂停"), data.Decline, hindrance=guards.decline),
    ActionSpec("resume", _("恢复计时"), data.Resume, guard=guards.resume),
    ActionSpec("request_extension", _("申请延期"), data.RequestExtension, guard=guards.request_extension),
    ActionSpec("extend", _("批准延期"), data.Opinion, hindrance=guards.extend, effect=effects.extended),
    ActionSpec("decline_extension", _("不批准延期"), data.Decline, hindrance=guards.decline),
    ActionSpec("decide", _("作出决定"), data.Decide, guard=guards.decide, effect=effects.decided),
    ActionSpec("complete", _("办结"), data.Complete, hindrance=guards.complete),
    ActionSpec(
        "explain_overrun",
        _("写超时说明"),
        data.ExplainOverrun,
        guard=guards.explain_overrun,
        effect=effects.explained,
    ),
    ActionSpec("deliver", _("送达"), data.Deliver, personal=frozenset({"receiver"})),
    ActionSpec("withdraw", _("撤回申请"), data.Withdraw),
    ActionSpec("add_evidence", _("补充材料与证据"), data.AddEvidence, guard=guards.stored_evidence),
)

ACTIONS: Mapping[str, ActionSpec] = {spec.code: spec for spec in _SPECS}
