"""What the title of a section says about its contents, and where the text of a plan ends before its signature."""

from __future__ import annotations

import enum
import re

from yukuaiban.plans.reading.folding import Folded


class Matter(enum.Enum):
    """What a section holds."""

    TASK = "task"
    GOAL = "goal"
    SAFEGUARD = "safeguard"
    PREAMBLE = "preamble"


# Titles that run on into their text when the line end is lost: 一、总体要求坚持以…
KNOWN_TITLE = re.compile(
    r"(?:总体要求|总体思路|总体目标|指导思想|基本原则|工作原则|发展思路|发展目标|行动目标|工作目标|主要目标|目标任务"
    r"|工作任务|重点任务|主要任务|重点工作|主要措施|具体措施|工作措施|政策措施|实施步骤|保障措施|组织保障|工作要求|有关要求|组织实施)"
)
_GOAL = re.compile(r"目标")
_PREAMBLE = re.compile(
    r"总体要求|总体思路|总体考虑|指导思想|基本原则|工作原则|发展思路|重大意义|重要意义|充分认识|适用范围|编制依据"
)
_SAFEGUARD = re.compile(
    r"保障措施|组织保障|保障机制|实施保障|工作保障|工作要求|有关要求|组织实施|组织领导|组织保障|加强领导|强化保障|推进机制"
)
_TAIL = re.compile(
    r"\(此件|\(本文有删减|附件[:\d]|附:|附表[:\d]|联系人:|联系电话:|公开程序:|更多信息请|抄送:"
    r"|本(?:政策措施|方案|意见|办法|通知|措施|计划|行动方案)(?:自[^。;]{0,24}(?:起|之日)|有效期)"
    r"|[\u4e00-\u9fff]{2,40}\.(?:docx?|xlsx?|pdf)"
    r"|(?:[\u4e00-\u9fff/]{4,80})?(?:20\d\d|二[〇○O0一二三四五六七八九零]{3})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
    r"(?=[^前,至到之起、]|$)(?=\(|[^。;,]{0,60}$|[^。;,]{4,80}(?:方案|措施|意见|计划)|附|更多)"
)


def matter_of(title: str, *, top: bool) -> Matter | None:
    """What the title says, or None; only a title of the topmost level opens the safeguards."""
    if _GOAL.search(title):
        return Matter.GOAL
    if _PREAMBLE.search(title):
        return Matter.PREAMBLE
    if top and _SAFEGUARD.search(title):
        return Matter.SAFEGUARD
    return None


def tail_start(folded: Folded, start: int, end: int) -> int:
    """Where a signature, a date of issue, attachments or contact lines begin; `end` if there are none."""
    for match in _TAIL.finditer(folded.text, start + 1, end):
        at = match.start()
        if at in folded.breaks or folded.text[at - 1] in "。;)”》.":
            return at
    return end
