"""Faults in the triggers of supervision (`[[trigger]]` of rules.toml)."""

from __future__ import annotations

from tests.packs.faults import Fault

RULES, FIRST, LAST = "rules.toml", "[[trigger]]", "[[trigger]]#3"
OFFICE = 'code = "supervision_office"\ntitle = "督办单位"\nvalue = "sp-0005"'


def fault(name: str, old: str, new: str, marker: str, why: str, remedy: str) -> Fault:
    return Fault(name, RULES, old, new, marker, why, remedy)


TRIGGERS = [
    fault("light", 'on = "breach"', 'on = "yellow"', 'on = "yellow"', "不认识“yellow”", "red"),
    fault("after", 'after = "2wd"', 'after = "2 days"', 'after = "2 days"', "“days”不认识", "可用的单位"),
    fault(
        "procedure",
        'procedures = ["plans"]',
        'procedures = ["plan"]',
        LAST,
        "没有流程“plan”",
        "plans",
    ),
    fault("role", '"oversight", "coordinator"', '"chief"', LAST, "不认识角色“chief”", "oversight"),
    fault("twice", 'code = "plan_red"', 'code = "breach"', LAST, "“breach”与第", "更晚的 since"),
    fault("office", OFFICE, OFFICE.replace("sp-0005", "sp-0405"), FIRST, "督办单位“sp-0405”", "核对代码"),
    fault("no office", "supervision_office", "supervising", FIRST, "没有写明由哪个单位督办", "unit"),
]
