"""Faults in the rules for warnings (`[[warn]]` of rules.toml)."""

from __future__ import annotations

from tests.packs.faults import DESKS, Fault

RULES = "rules.toml"
FIRST = 'scope = "global"\nlimits = ">2wd"\nmetric = "used_percent"\nvalue = 70\nunit = "percent"'
AGENCY = 'scope = "agency"\nkey = "sp-0004"'
HEAD, FIFTH = "[[warn]]", "[[warn]]#5"


def fault(name: str, old: str, new: str, marker: str, why: str, remedy: str) -> Fault:
    return Fault(name, RULES, old, new, marker, why, remedy)


WARNS = [
    fault("agency", '"sp-0004"', '"sp-0404"', FIFTH, "预警规则的单位“sp-0404”不存在", "可用：sp-0001"),
    fault("matter", AGENCY, 'scope = "matter"\nkey = "S-4"', FIFTH, "的事项“S-4”不存在", "可用：S-0001"),
    fault("step", AGENCY, 'scope = "step"\nkey = "comitted"', FIFTH, "的时限“comitted”不存在", "committed"),
    fault("scope", AGENCY, 'scope = "desk"', 'scope = "desk"', "不认识“desk”", "global"),
    fault("no key", AGENCY, 'scope = "agency"', FIFTH, "范围 agency 没有写 key", "key = 代码"),
    fault("key too many", AGENCY, 'scope = "global"\nkey = "x"', FIFTH, "范围 global 不写 key", "不写 key"),
    fault("limit", f'{AGENCY}\nlimits = ">2wd"', 'scope = "limit"', FIFTH, "没有写是哪一类时限", "<=2wd"),
    fault("kind of limit", '"hours"', '"days"', '"days"', "“days”不是一类时限", ">2wd"),
    fault("kind of limit, number", '"hours"', "2", "limits = 2", "“2”不是一类时限", "引号"),
    fault("metric", FIRST, FIRST.replace("used_percent", "used"), '"used"', "不认识“used”", "remaining"),
    fault(
        "unit", FIRST, FIRST.replace('"percent"', '"promille"'), '"promille"', "不认识“promille”", "percent"
    ),
    fault(
        "unit of another metric",
        FIRST,
        FIRST.replace('"percent"', '"wd"'),
        "value = 70",
        "used_percent 不能用单位 wd",
        "remaining 用",
    ),
    fault("too much", "value = 70", "value = 170", "value = 170", "不在 0 至 100 之间", "50%"),
    fault("negative", "value = 70", "value = -1", "value = -1", "不在 0 至 100 之间", "50%"),
    fault(
        "nothing left", 'value = 4\nunit = "sh"', 'value = 0\nunit = "sh"', "value = 0", "就是到期", "大于 0"
    ),
    fault(
        "no amount",
        'value = 4\nunit = "sh"',
        'value = "四"\nunit = "sh"',
        'value = "四"',
        "不是不小于 0 的数",
        "10wd",
    ),
    fault("light", 'light = "yellow"', 'light = "red"', '"red"', "不认识“red”", "yellow"),
    fault(
        "told",
        'light = "yellow"\nsince = 2026-01-01',
        'light = "yellow"\nnotify = ["mayor"]\nsince = 2026-01-01',
        FIFTH,
        "不认识预警要告知的“mayor”",
        "handling_agency",
    ),
    fault(
        "ends before it begins",
        'since = 2026-01-01\nsource = "东渔镇',
        'since = 2026-01-01\nuntil = 2026-01-01\nsource = "东渔镇',
        FIFTH,
        "until 2026-01-01 不晚于 since",
        "第一个不再施行",
    ),
    fault("no source", 'source = "本系统约定，与上一条取早"\n', "", "[[warn]]#2", "没有写“source”", "请补上"),
    fault(
        "twice",
        'metric = "remaining"\nvalue = 1\nunit = "wd"',
        'metric = "used_percent"\nvalue = 60\nunit = "percent"',
        "[[warn]]#2",
        "同一范围、同一日期的预警规则与第",
        "更晚的 since",
    ),
    fault("a kind of limit without a rule", '"hours"', '"<=1wd"', "", "时限 1h 没有全区的预警规则", "limits"),
    fault("no table", "[[warn]]", "[[wran]]", "[[wran]]", "不认识“wran”", "[[value]]"),
    Fault(
        "in a procedure",
        DESKS,
        "[[ladder]]",
        '[[warn]]\nscope = "global"\n\n[[ladder]]',
        HEAD,
        "预警规则不写在流程表里",
        "移到 rules.toml",
    ),
]
