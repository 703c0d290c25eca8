"""What this measure tells the platform about itself; the settings name this module."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from yukuaiban.measures.desks import queries
from yukuaiban.measures.desks.actions import ACTIONS
from yukuaiban.registry import Indicator, Measure, NavEntry

INDICATORS = (
    Indicator(
        "on_time_rate",
        _("按时办结率"),
        _("当期办结的办件"),
        queries.on_time,
        source=_("按收件时公布的承诺时限计，不计延期；撤回的不计"),
        cases=queries.stopped_cases,
    ),
    Indicator(
        "one_go_rate",
        _("一次办好率"),
        _("当期送达的办件"),
        queries.one_go,
        source=_("没有重复告知补正，且到现场不超过一次"),
        cases=queries.completed_cases,
    ),
    Indicator(
        "full_online_rate",
        _("全程网办率"),
        _("当期送达的办件"),
        queries.full_online,
        source=_("网上提交且不需要到现场"),
        cases=queries.completed_cases,
    ),
    Indicator(
        "deemed_admission_rate",
        _("视为受理率"),
        _("当期收件"),
        queries.deemed,
        source=_("收件后五个工作日内没有告知补正，依法视为受理"),
        cases=queries.received_cases,
    ),
)

MEASURE = Measure(
    code="desks",
    title=_("窗口办件"),
    procedures=("desks",),
    actions=ACTIONS,
    indicators=INDICATORS,
    urls="yukuaiban.measures.desks.urls",
    permissions=Path(__file__).with_name("permissions.toml"),
    docs="desks.md",
    at_desks=True,
    case_links=(NavEntry("receipt", _("打印回执"), "desks:receipt"),),
    nav=(
        NavEntry("desk", _("窗口工作台"), "desks:workbench", roles=("desk_clerk", "desk_head"), icon="desk"),
        NavEntry(
            "register",
            _("事项与实施清单"),
            "desks:register",
            roles=("register_editor", "approver"),
            icon="book",
        ),
        NavEntry(
            "halls",
            _("预警运行"),
            "desks:halls",
            roles=("coordinator", "desk_head"),
            icon="flag",
        ),
        NavEntry("lights", _("灯的核对"), "desks:lights", roles=("coordinator",), icon="check"),
        NavEntry("trainings", _("培训"), "trainings", icon="users"),
        NavEntry(
            "query",
            _("查进度"),
            "desks:query",
            icon="search",
            public=True,
            hint=_("凭编号、查询码和手机号后四位"),
        ),
        NavEntry(
            "matters",
            _("事项与时限"),
            "desks:matters",
            icon="book",
            public=True,
            hint=_("每件事多少天办好，要带什么"),
        ),
        NavEntry(
            "overdue",
            _("超时与说明"),
            "desks:overdue",
            icon="flag",
            public=True,
            hint=_("超过承诺时限的，原因公开"),
        ),
    ),
)
