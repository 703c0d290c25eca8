"""Dates by which something is due: 6月底前, 9月30日前, 2025年底前, 7月下旬至8月中旬, 每月10日前, 三、四季度.

Periods are written in a form that programs read:

| written | period |
| --- | --- |
| 一季度; 三、四季度; 2025年二季度 | `Q1`; `Q3,Q4`; `2025-Q2` |
| 上半年, 下半年 | `Q1,Q2`, `Q3,Q4` |
| 6月底前; 2022年10月底前 | `--06`; `2022-10` (months as in XML Schema: without a year `--MM`) |
| 9月1日前; 7月中旬前 | `--09-01`; `--07-20` |
| 7月下旬至8月中旬; (2月至11月) | `--07-21/--08-20`; `--02/--11` |
| 年底前, 年内; 2025年底前, 到2025年 | `year`; `2025` |
| 每周, 每月, 每两月, 每季度, 每半年 | `weekly`, `monthly`, `bimonthly`, `quarterly`, `half-yearly` |
| 持续推进, 常态化; 定期 (as a date of its own: in a bracket, in a cell) | `continuing`; `regular` |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yukuaiban.plans.reading.numerals import any_number

_YEAR = r"(?P<year>20\d\d)年度?"
_BEFORE = r"(?:之前|以前|前)"
_MONTH = r"(?<!\d)(?P<month>1[0-2]|0?[1-9])月(?!份?度)"
_ANY_MONTH = (
    r"(?<![\d一二三四五六七八九十])(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?!份?度)"
)
_DATE = re.compile(
    rf"(?:{_YEAR}|今年|本年|当年|次年)?{_ANY_MONTH}份?"
    rf"(?:(?P<end>底|末){_BEFORE}?|(?P<day>\d{{1,2}}|[一二三十]{{1,3}}[一二三四五六七八九]?)[日号]?{_BEFORE}"
    rf"|(?P<ten>上旬|中旬|下旬)(?:{_BEFORE}|(?=基本|全部|完成|发行|建成))|{_BEFORE})"
)
# With 到, 至, 截至 the day or the year itself is the end, no 前 is needed.
_UNTIL = re.compile(
    rf"(?:截至|截止到?|期限为|到|至)(?:{_YEAR}|(?=\d{{1,2}}月\d{{1,2}}[日号]))"
    rf"(?:{_MONTH}(?:(?P<day>\d{{1,2}})[日号]|(?P<end>底|末)?)|(?:底|末|内)?{_BEFORE}?)"
)
# A year at the head of a clause is its date if the clause is about doing or reaching something.
_DOING = (
    r"[^,。;:!?]{0,24}?(?:新增|新建|开工|创建|培育|征集|完成|实现|达到|建成|打造|先行先试|形成|推出|再降|组织|不少于"
    r"|不低于|全覆盖)"
)
_YEAR_END = re.compile(
    rf"{_YEAR}(?:年?(?:底|末){_BEFORE}?|内|{_BEFORE})|{_YEAR.replace('year', 'clause')}(?=,|{_DOING})"
)
_NO_YEAR = re.compile(
    rf"(?:今年|本年|当年)?(?<!\d)年(?:底|末){_BEFORE}|(?:今年|本年)(?:底|末|内)"
    r"|(?<![\d年度半一二两三四五六七八九十几])年内|(?:到|至)年(?:底|末)|(?<![\d年])年(?:底|末)(?=实现|完成|达到|建成|全面|基本|,)"
)
_BARE = r"(?:1[0-2]|0?[1-9])"
_TENDAYS = re.compile(
    rf"(?:{_YEAR})?(?P<m1>{_BARE})月(?P<t1>上旬|中旬|下旬|底|初)?(?:至|到|-)(?P<m2>{_BARE})月(?P<t2>上旬|中旬|下旬|底)"
)
# A stage is told by its months, in a bracket or at the head of a clause: 组织实施(2月至11月), 总结(12月), 4-10月,排查。
_STAGE = re.compile(
    rf"(?<=[(。;:,])(?:{_YEAR.replace('year', 'y1')})?(?P<m1>{_BARE})(?:月(?:份)?(?:(?:-|至|到)"
    rf"(?:{_YEAR.replace('year', 'y2')})?(?P<m2>{_BARE})月)?|(?:-|至|到)(?P<m3>{_BARE})月)(?:份|底)?(?=[),:])"
)
_HALF = re.compile(rf"(?:{_YEAR}|今年|当年)?(?P<half>上|下)半年(?=[,:完前内基全]|底)")
_QUARTER = re.compile(
    rf"(?:{_YEAR}|今年)?第?(?P<quarters>[一二三四1-4](?:[、和至到-]第?[一二三四1-4])*)个?季度(?:(?:末|底|内)?{_BEFORE}|末|底)"
)
_EVERY = re.compile(
    rf"每(?:个)?(?P<unit>季度|季|两个?月|双月|半年|月|周|星期)(?:的?第?[一二三]个?月)?"
    rf"(?P<dated>月?(?:底|末){_BEFORE}?|\d{{1,2}}[日号]{_BEFORE}?|{_BEFORE})?"
)
_WORDS = re.compile(
    r"(?:\(|[时期][限间]:)(?P<word>持续推进|长期坚持|常态化推进|常态化|持续|长期|定期)(?=[),;。]|$)"
)
_UNITS = {
    "季度": "quarterly",
    "季": "quarterly",
    "两月": "bimonthly",
    "两个月": "bimonthly",
    "双月": "bimonthly",
    "半年": "half-yearly",
    "月": "monthly",
    "周": "weekly",
    "星期": "weekly",
}
_TEN = {"上旬": 10, "中旬": 20, "下旬": 0, "底": 0, "初": 10}
_TEN_BEGINS = {"上旬": 1, "中旬": 11, "下旬": 21, "底": 21, "初": 1}
_STARTS = re.compile(r"(?:自|从|由)$")


@dataclass(frozen=True, slots=True)
class Period:
    """A date of folded text at `[start, end)`; `dated` is false for what returns or goes on."""

    start: int
    end: int
    code: str
    dated: bool = True


def periods(text: str, start: int, end: int, *, recurring: bool) -> list[Period]:
    """The dates between two places, in order and apart; those that return only if `recurring`."""
    found: list[Period] = []
    for period in sorted(_every(text, start, end), key=lambda each: (each.start, -each.end)):
        begins = _STARTS.search(text[max(start, period.start - 1) : period.start])
        if not begins and (not found or period.start >= found[-1].end) and (recurring or period.dated):
            found.append(period)
    return found


def _every(text: str, start: int, end: int) -> Iterator[Period]:
    for pattern, code in _CODED:
        for match in pattern.finditer(text, start, end):
            yield Period(*match.span(), code(match))
    for match in _YEAR_END.finditer(text, start, end):
        if match.group("year") or _opens(text, match.start(), start):
            yield Period(*match.span(), match.group("year") or match.group("clause"))
    for match in _EVERY.finditer(text, start, end):
        yield Period(*match.span(), _UNITS[match.group("unit")], dated=match.group("dated") is not None)
    for match in _WORDS.finditer(text, start, end):
        word = "regular" if match.group("word") == "定期" else "continuing"
        yield Period(match.start("word"), match.end("word"), word, dated=False)


def _opens(text: str, at: int, start: int) -> bool:
    """Whether a sentence or clause begins here: a bare 2022年, elsewhere tells when, not by when."""
    return at == start or text[at - 1] in "。;:!?,)”》" or text.endswith(("力争", "确保", "争取"), start, at)


def _date_code(match: re.Match[str]) -> str:
    year, month = match.group("year"), match.group("month")
    if not month:
        return year
    head = f"{year or '-'}-{any_number(month):02}"
    named = match.groupdict()
    day = any_number(named["day"]) if named.get("day") else _TEN.get(named.get("ten") or "", 0)
    return f"{head}-{day:02}" if day else head


def _range_code(match: re.Match[str]) -> str:
    """From the first day of a third of a month, or a month, to the last day of another."""
    year = match.group("year") or "-"
    begins, ends = _TEN_BEGINS.get(match.group("t1") or "", 0), _TEN[match.group("t2")]
    first, last = f"{year}-{int(match.group('m1')):02}", f"{year}-{int(match.group('m2')):02}"
    return f"{first}{_day(begins)}/{last}{_day(ends)}"


def _day(number: int) -> str:
    return f"-{number:02}" if number else ""


def _stage_code(match: re.Match[str]) -> str:
    """One month, or the first and the last of several."""
    first = f"{match.group('y1') or '-'}-{int(match.group('m1')):02}"
    last = match.group("m2") or match.group("m3")
    if not last:
        return first
    return f"{first}/{match.group('y2') or match.group('y1') or '-'}-{int(last):02}"


def quarter_code(written: str) -> str:
    """`Q3,Q4` for 三、四 and `Q1,Q2,Q3` for 一至三."""
    numbers = [any_number(each) for each in re.findall(r"[一二三四1-4]", written)]
    if re.search(r"[至到-]", written):
        numbers = list(range(min(numbers), max(numbers) + 1))
    return ",".join(f"Q{each}" for each in numbers)


def _with_year(match: re.Match[str], code: str) -> str:
    year = match.group("year")
    return ",".join(f"{year}-{each}" for each in code.split(",")) if year else code


def _half_code(match: re.Match[str]) -> str:
    return _with_year(match, "Q1,Q2" if match.group("half") == "上" else "Q3,Q4")


def _quarters_code(match: re.Match[str]) -> str:
    return _with_year(match, quarter_code(match.group("quarters")))


_CODED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_DATE, _date_code),
    (_UNTIL, _date_code),
    (_NO_YEAR, lambda _: "year"),
    (_TENDAYS, _range_code),
    (_STAGE, _stage_code),
    (_HALF, _half_code),
    (_QUARTER, _quarters_code),
)

_START = re.compile(
    rf"\(?(?:{_YEAR}|今年)?第?(?P<quarters>[一二三四1-4](?:[、和至到-]第?[一二三四1-4])*)季度(?:末|底|内)?{_BEFORE}?"
    rf"(?:\([^()]{{1,14}}\))?(?P<sign>[,:.)])?|\(?(?P<half>[上下])半年(?P<sign2>[,:.)])?"
)


def quarter_starts(text: str, start: int, end: int, breaks: frozenset[int]) -> list[Period]:
    """Where the steps of a schedule begin: 一季度, at the head of a sentence or clause, in rising order.

    完成一季度评议工作 inside a sentence and 根据一季度情况 behind a comma are no steps.
    """
    found: list[Period] = []
    latest = ("", 0)
    for match in _START.finditer(text, start, end):
        quarters = match.group("quarters")
        code = quarter_code(quarters) if quarters else "Q1,Q2" if match.group("half") == "上" else "Q3,Q4"
        now = (match.group("year") or latest[0], int(code[1]))
        if now > latest and _begins(text, match, start, breaks):
            found.append(Period(*match.span(), _with_year(match, code)))
            latest = (now[0], int(code[-1]))
    return found


def _begins(text: str, match: re.Match[str], start: int, breaks: frozenset[int]) -> bool:
    at, signed = match.start(), match.group("sign") or match.group("sign2")
    if at == start or text[at - 1] in ";:" or (at in breaks and text[at - 1] in "。;:!?)”》"):
        return True
    return bool(signed) and (text[at - 1] in "。,!?)”》" or at in breaks)


_CELL_WORDS = {
    "持续": "continuing",
    "常态化": "continuing",
    "长期": "continuing",
    "定期": "regular",
    "全年": "year",
}
_CELL_MONTH = re.compile(
    rf"(?:{_YEAR})?(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>\d{{1,2}})[日号])?(?:底|末)?{_BEFORE}?"
)
_CELL_DOTTED = re.compile(r"(?P<year>20\d\d)[.\-/](?P<month>1[0-2]|0?[1-9])(?:[.\-/](?P<day>\d{1,2}))?")
_CELL_YEAR = re.compile(rf"{_YEAR}(?:底|末|内)?{_BEFORE}?")


def cell_period(cell: str) -> str | None:
    """The period of a cell that holds nothing but a date (2026年12月, 6月, 二季度, 持续推进); None for 无."""
    for pattern in (_CELL_MONTH, _CELL_DOTTED):
        match = pattern.fullmatch(cell)
        if match:
            return _date_code(match)
    match = _CELL_YEAR.fullmatch(cell)
    if match:
        return match.group("year")
    match = _START.fullmatch(cell)
    if match and match.group("quarters"):
        return _with_year(match, quarter_code(match.group("quarters")))
    found = periods(cell, 0, len(cell), recurring=True)
    if found:
        return found[0].code
    return next((code for word, code in _CELL_WORDS.items() if word in cell), None)
