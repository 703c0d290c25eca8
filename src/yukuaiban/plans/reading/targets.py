"""Targets: numbers that a plan promises, with unit and comparison, never guessed beyond their clause.

| written | value, unit, comparison |
| --- | --- |
| 20%以上, 达70%, 不少于30%, 百分之七十以上, 七成以上 | `>=` percent |
| 压减100%, 降低10% (a change without “at least”) | `=` percent |
| 力争…达70% | the same with `soft` |
| 30个左右, 约30个 | `about` |
| 不超过20%, 2小时内, 10个工作日内 | `<=`; limits in the units of the clock: h, m, wd, d, mo, y |
| 新增10家以上, 培育100家, 突破1000万户 | counts with their Chinese measure word, 万 and 亿 multiplied |
| 确保无…案件 | `=` 0 |
| 每季度开展一次, 每两月一期 | `=` 1 in 次/季度, 期/两月 |
| 三佳二差部门 | `=` 3 and `=` 2 in 个 |

从30%提高至50%: the 30 is where it comes from and no target. A range (3—5家) is two targets, `>=` and `<=`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yukuaiban.plans.reading.folding import Span
from yukuaiban.plans.reading.numerals import CHINESE, SCALE, any_number, chinese_number, scaled

AT_LEAST, AT_MOST, EQUAL, ABOUT = ">=", "<=", "=", "about"
"""Comparisons of a target."""

_COUNTED = (
    "家|个百分点|个|项|件|次|期|场|人次|人|名|户|台套|台|元|亩|平方公里|平方米|平米|公里|千米|吨|片|只|支|颗|套|座|所|处|张|门|种|条"
    "|例|宗|架|辆|枚|所次|批次|标准机柜|千瓦|方/日|倍"
)
_UNIT = rf"(?:%|{_COUNTED}|[A-Za-z]{{2,8}}(?![A-Za-z]))"
_NUMBER = r"(?<![\d.A-Za-z])\d+(?:\.\d+)?"
_BEHIND = r"(?:及以上|以上|以内|之内|以下|左右|上下)"
_QUANTITY = re.compile(
    rf"(?:(?P<low>{_NUMBER})(?P<low_unit>%)?(?:-|至|到)(?=\d))?(?P<number>(?<![\dA-Za-z])\d+(?:\.\d+)?)"
    rf"(?P<scale>{SCALE})?(?P<more>余|多)?(?P<size>{SCALE})?(?P<unit>{_UNIT})(?P<behind>{_BEHIND})?"
)
_PERCENT_WORDS = re.compile(
    rf"百分之(?P<hundredths>{CHINESE})(?P<behind1>{_BEHIND})?"
    rf"|(?P<tenths>[一二三四五六七八九]|(?<![\d.])[1-9])成(?P<half>五)?"
    rf"(?P<behind2>{_BEHIND})?(?![为立员果效本就])"
)
_CLOCK = {
    "小时": "h",
    "分钟": "m",
    "工作日": "wd",
    "自然日": "d",
    "日": "d",
    "天": "d",
    "月": "mo",
    "年": "y",
}
_LIMIT = re.compile(
    rf"(?P<cap>不超过|不多于|不得超过|最长不超过|压减[至到]|压缩[至到]|缩短[至到])?(?:约|了)?"
    rf"(?P<number>(?<![\d.月])\d+(?:\.\d+)?|(?<![第月]){CHINESE})个?(?P<unit>小时|分钟|工作日|自然日|日|天|月|年)(?P<within>以内|之内|内)?"
)
_NOTHING = re.compile(
    r"(?:(?:确保|保证)(?:无|零|没有)|实现零)(?!的突破|突破|缝|误|忧|障碍|死角|盲区|偿|感|偏差|距离|跑|证明)[^,。;:!?()]{1,40}"
)
_EVERY = re.compile(
    r"每(?:个)?(?P<period>季度|季|两个?月|双月|半年|月|年|周)(?:度)?"
    r"[^,。;:()]{0,8}?(?:至少|不少于)?[^,。;:()\d]{0,6}?"
    r"(?P<number>\d+|[一二两三四五六七八九十]+)(?P<unit>次|期|场|轮)"
)
_BEST_WORST = re.compile(rf"({CHINESE})佳({CHINESE})差(部门|科室|单位|窗口|个人|股室|站所)")
_AT_LEAST = (
    r"(?:不少于|不低于|不小于|不得低于|至少|超过|突破|高于|超|(?<!下)达到?|稳定在|保持在|维持在|提升[至到]|提高[至到]|增[至到]"
    r"|增加[至到]|扩大[至到])"
)
_AT_MOST = r"(?:不超过|不高于|不多于|不得超过|低于|控制在|(?:降低|压减|下降|压降|压缩|减少|降)[至到])"
_CHANGE = r"(?:压减|压降|下降|降低|减少|压缩|缩短|缩减|增长|提高|提升|上升|增加|再降|免除)"
_DONE = (
    r"(?:新增|新建|新创建|新培育|建成|建设|培育|打造|引进|完成|实现|选拔|遴选|创建|发布|改造|支持|培养|认定|评选|推出|升级|举办"
    r"|开展|组织|达标|培训|上线|设立|建立)"
)
_BEFORE = re.compile(
    rf"(?:(?P<least>(?:至少|不少于)[^,。;\d]{{0,6}}|{_AT_LEAST})|(?P<most>{_AT_MOST})|(?P<about>约|大约|近)"
    rf"|(?P<change>{_CHANGE})|(?P<done>{_DONE})|(?P<rate>(?<![费税利汇])率|占比|比例|比重|满意度|覆盖面))"
    r"(?:了|约|全国|全省|全区|全市|国家级|省级|各)?$"
)
_CHANGED_THING = re.compile(rf"{_CHANGE}[^、\d从由至到]{{1,8}}$")  # 压减环节30%
_FROM = re.compile(r"(?:从|由)[^,。;]{0,12}$")
_ONWARD = re.compile(r"[^,。;]{0,8}?(?:提高|提升|降低|增加|扩大|调整|下调|上调|阶段性)[^,。;]{0,8}[至到]")
_CLAUSE = re.compile(r"[,。;:!?()]")
_CONDITION = re.compile(r"(?:的|时)(?:[,。;]|$)")  # 对超过50%的, 达到6%时: whom or when a rule concerns
_YEARS = 100  # more is a year of the calendar
_GRANT = re.compile(
    r"给予|补助|奖励|补贴|资助|安排资金"
)  # money that is given is a rule of the plan, not its target


@dataclass(frozen=True, slots=True)
class Goal:
    """A target at `[start, end)` of folded text."""

    start: int
    end: int
    value: int | Decimal
    unit: str
    comparison: str
    soft: bool = False


def targets(text: str, start: int, end: int, outside: Sequence[Span] = ()) -> list[Goal]:
    """The targets between two places, in order; `outside` are stretches that hold none (owners, numbers)."""
    found: list[Goal] = []
    for goal in sorted(_every(text, start, end), key=lambda each: (each.start, -each.end)):
        apart = not found or goal.start >= found[-1].end
        if apart and not any(first < goal.end and goal.start < last for first, last in outside):
            found.append(goal)
    return [_told(text, found, index, start, end) for index in range(len(found))]


def _told(text: str, goals: Sequence[Goal], index: int, start: int, end: int) -> Goal:
    """The target with the words that it is about: its clause, shared among the targets in it."""
    goal = goals[index]
    floor = max(start, goals[index - 1].end) if index else start
    first = floor
    for match in _CLAUSE.finditer(text, floor, goal.start):
        first = match.end()
    while first < goal.start and text[first] in "、和及,":
        first += 1
    closing = _CLAUSE.search(text, goal.end, end)
    last = closing.start() if closing else end
    if index + 1 < len(goals) and goals[index + 1].start < last:
        last = max(goal.end, text.rfind("、", goal.end, goals[index + 1].start))
    return replace(goal, start=first, end=last, soft="力争" in text[first : goal.start + 1])


def _every(text: str, start: int, end: int) -> Iterator[Goal]:
    yield from _limits(text, start, end)
    yield from _quantities(text, start, end)
    yield from _worded(text, start, end)
    for match in _NOTHING.finditer(text, start, end):
        yield Goal(*match.span(), 0, "件" if "案件" in match.group() else "", EQUAL)
    for match in _EVERY.finditer(text, start, end):
        unit = f"{match.group('unit')}/{match.group('period').replace('个', '')}"
        comparison = AT_LEAST if re.search("至少|不少于", match.group()) else EQUAL
        yield Goal(*match.span(), any_number(match.group("number")), unit, comparison)
    for match in _BEST_WORST.finditer(text, start, end):
        yield Goal(match.start(), match.start(2), chinese_number(match.group(1)), "个", EQUAL)
        yield Goal(match.start(2), match.end(), chinese_number(match.group(2)), "个", EQUAL)


def _limits(text: str, start: int, end: int) -> Iterator[Goal]:
    for match in _LIMIT.finditer(text, start, end):
        unit, number = match.group("unit"), match.group("number")
        if not (match.group("cap") or match.group("within")):
            continue
        value = scaled(number, None) if number[0].isdecimal() else chinese_number(number)
        date = (unit == "年" and (value > _YEARS or not match.group("cap"))) or (
            unit == "月" and "个" not in match.group()
        )
        if value and not date:  # 2022年内, 5年内, 6月内 tell when
            yield Goal(*match.span(), value, _CLOCK[unit], AT_MOST)


def _quantities(text: str, start: int, end: int) -> Iterator[Goal]:
    for match in _QUANTITY.finditer(text, start, end):
        begin = match.start("low") if match.group("low") else match.start("number")
        comparison = _comparison(text, match, begin, start)
        if comparison is None:
            continue
        scale = (match.group("scale") or "") + (match.group("size") or "") or None
        value, unit = scaled(match.group("number"), scale), match.group("unit")
        if match.group("low"):
            yield Goal(begin, match.end("low"), scaled(match.group("low"), scale), unit, AT_LEAST)
            yield Goal(match.end("low"), match.end(), value, unit, AT_MOST)
        else:
            yield Goal(begin, match.end(), value, unit, comparison)


def _comparison(text: str, match: re.Match[str], begin: int, start: int) -> str | None:
    """What stands before and behind the number; None where nothing makes it a promise."""
    clause = re.split(r"[,。;:!?()]", text[max(start, begin - 40) : begin])[-1]
    before = _BEFORE.search(clause)
    if _FROM.search(clause) and _ONWARD.match(text, match.end()):
        return None
    granted = match.group("unit") == "元" and _GRANT.search(clause)
    if granted or _CONDITION.match(text, match.end()):
        return None
    behind = match.group("behind")
    if behind:
        return _behind(behind)
    if before:
        if match.group("more"):
            return AT_LEAST
        return _before(before, match.group("unit"))
    if match.group("unit") == "%" and _CHANGED_THING.search(clause):
        return EQUAL
    promised = not clause.endswith("等") and re.search(
        _DONE if match.group("unit") != "%" else "实现|完成|确保", clause
    )
    return (AT_LEAST if match.group("more") else EQUAL) if promised else None


def _behind(word: str) -> str:
    return AT_LEAST if word.endswith("以上") else ABOUT if word in ("左右", "上下") else AT_MOST


def _before(before: re.Match[str], unit: str) -> str | None:
    kind = before.lastgroup
    if kind in ("change", "rate"):
        return EQUAL if unit in ("%", "个百分点") else None
    return {"least": AT_LEAST, "most": AT_MOST, "about": ABOUT, "done": EQUAL}[kind or "done"]


def _worded(text: str, start: int, end: int) -> Iterator[Goal]:
    """Percentages in characters."""
    for match in _PERCENT_WORDS.finditer(text, start, end):
        hundredths = match.group("hundredths")
        value = chinese_number(hundredths) if hundredths else any_number(match.group("tenths")) * 10
        value += 5 if match.group("half") else 0
        clause = re.split(r"[,。;:!?()]", text[max(start, match.start() - 40) : match.start()])[-1]
        behind, before = match.group("behind1") or match.group("behind2"), _BEFORE.search(clause)
        comparison = _behind(behind) if behind else _before(before, "%") if before else None
        if comparison:
            yield Goal(*match.span(), value, "%", comparison)
