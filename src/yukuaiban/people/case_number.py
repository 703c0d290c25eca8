"""Case numbers 办件编号 (rules/common.md section 3, OURS): 24 digits that can be read aloud and checked.

Division 6 + agency 4 + date 8 + sequence 5 + check digit (ISO 7064 MOD 11,10). The sequence counts an agency's
cases of one day; gaps are allowed, a number is never given twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.people.identity import normalise

_LENGTH = 24
_MOST = 99_999
_GROUPS = ((0, 6), (6, 10), (10, 18), (18, 23), (23, 24))


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number taken apart."""

    area: str
    agency: str
    day: date
    sequence: int

    def __str__(self) -> str:
        return make_number(self.area, self.agency, self.day, self.sequence)


def grouped(number: str) -> list[str]:
    """The number in the groups in which it is written and read aloud; one of another length stays whole."""
    if len(number) != _LENGTH:
        return [number]
    return [number[first:end] for first, end in _GROUPS]


def check_digit(digits: str) -> str:
    """The check digit of ISO 7064 MOD 11,10: it finds every single wrong digit and most swaps of neighbours."""
    product = 10
    for digit in digits:
        product = 2 * ((product + int(digit)) % 10 or 10) % 11
    return str((11 - product) % 10)


def make_number(area: str, agency: str, day: date, sequence: int) -> str:
    """The number of an agency's case; InputInvalid if a part does not fit its place."""
    if not (len(area) == 6 and area.isascii() and area.isdigit()):
        raise InputInvalid(Problem(f"区划代码“{area}”应为 6 位数字", "请在区划包中改正"))
    if not (len(agency) == 4 and agency.isascii() and agency.isdigit()):
        raise InputInvalid(
            Problem(f"单位的编号段“{agency}”应为 4 位数字", "请在单位表中为该单位补上 4 位编号")
        )
    if not 1 <= sequence <= _MOST:
        raise InputInvalid(Problem(f"当日序号 {sequence} 超出 1 至 {_MOST}", "该单位当日的编号已用完"))
    body = f"{area}{agency}{day:%Y%m%d}{sequence:05d}"
    return body + check_digit(body)


def parse_number(text: str) -> CaseNumber:
    """The parts of a number as typed, spaces and full width allowed; InputInvalid says what is wrong."""
    value = normalise(text)
    if len(value) != _LENGTH or not value.isascii() or not value.isdigit():
        raise _wrong(f"办件编号应为 {_LENGTH} 位数字，现为 {len(value)} 位")
    expected = check_digit(value[:-1])
    if value[-1] != expected:
        raise _wrong("办件编号的校验位不对，可能有一位写错")
    try:
        day = date.fromisoformat(f"{value[10:14]}-{value[14:16]}-{value[16:18]}")
    except ValueError:
        raise _wrong(f"办件编号中的日期 {value[10:18]} 不存在") from None
    return CaseNumber(value[:6], value[6:10], day, int(value[18:23]))


def _wrong(why: str) -> InputInvalid:
    return InputInvalid(Problem(why, "请按回执上的编号重新填写", field="number"))
