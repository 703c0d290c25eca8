"""The title of a plan: a line that says so, or a first line that reads like one."""

from __future__ import annotations

import re

_TOLD = re.compile(r"^[#\s]*标题[:：]\s*(.+?)\s*$", re.MULTILINE)
_PAPER = re.compile(
    r"(?:方案|计划|意见|通知|措施|要点|办法|规划|安排|清单|分解表|工作)(?:的通知)?[》”]?(?:[(（][^()（）]{1,20}[)）])?$"
)
_LONGEST = 80
_LINES = 12


def plan_title(raw: str) -> str:
    """The title as one line, or an empty text if the plan does not show one: a person gives it then."""
    told = _TOLD.search(raw[:2000])
    if told:
        return told.group(1)
    lines = [line.strip() for line in raw[:2000].splitlines() if line.strip()][:_LINES]
    for index, line in enumerate(lines):
        joined = _flat("".join(lines[max(0, index - 1) : index + 1]) if index == 1 else line)
        for candidate in (_flat(line), joined):
            if (
                len(candidate) <= _LONGEST
                and _PAPER.search(candidate)
                and not re.search(r"[。；;，,：:]", candidate)
            ):
                return (
                    joined
                    if len(joined) <= _LONGEST and not re.search(r"[。；;，,：:]", joined)
                    else candidate
                )
        if re.search(r"[。；]", line):
            break
    return ""


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", text)
