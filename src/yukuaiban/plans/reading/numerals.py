"""Numbers as plans write them: 20, 98.5, 十二, 百分之七十, 七成. Exact: integers and decimals, never floats."""

from __future__ import annotations

from decimal import Decimal

CHINESE = "[零〇一二两三四五六七八九十百]+"
"""A pattern for a numeral in characters, up to 999."""

_SIGNS = "零一二三四五六七八九"
_DIGITS = {char: value for value, char in enumerate(_SIGNS)} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100}
_SCALES = {
    "": 1,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
SCALE = "万亿|千万|百万|万|亿|千|百"
"""A pattern for the words of size that follow a number."""


def chinese_number(text: str) -> int:
    """The value of a numeral in characters: 十二 is 12, 二十 is 20, 一百零五 is 105."""
    total, digit = 0, 0
    for char in text:
        if char in _PLACES:
            total += (digit or 1) * _PLACES[char]
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[char] if digit else _DIGITS[char]
    return total + digit


def chinese_text(number: int) -> str:
    """The numeral of 1 to 99 in characters: 12 is 十二; larger numbers in digits."""
    if not 1 <= number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _SIGNS[tens]) + "十" if tens else ""
    return head + (_SIGNS[ones] if ones else "")


def any_number(text: str) -> int:
    """The value of a whole number in digits or in characters."""
    return int(text) if text.isdecimal() else chinese_number(text)


def scaled(digits: str, scale: str | None) -> int | Decimal:
    """`digits` times its word of size, an integer where it is whole: 1.5 and 亿 are 150000000."""
    value = Decimal(digits) * _SCALES[scale or ""]
    return int(value) if value == value.to_integral_value() else value.normalize()
