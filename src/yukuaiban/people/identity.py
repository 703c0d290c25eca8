"""Identity numbers, phones and names as people type them: brought to one form, checked, explained.

Sources: unified social credit code STANDARD GB 32100; inner code STANDARD GB 11714; citizen number STANDARD
GB 11643 with ISO 7064 MOD 11-2; division codes STANDARD GB/T 2260; phones OURS (rules/common.md section 2).

An error refuses the value (InputInvalid, one problem, with the position and what would be right); a warning is
kept with the value and refuses nothing. Nothing here knows today's date or the district: both are arguments.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from yukuaiban.core.errors import InputInvalid, Problem

USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_ID_CHECKS = "10X98765432"
# GB/T 2260: the first two digits of every province; 81, 82, 83 begin residence permits.
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71")
_PERMITS = {"81": "香港居民居住证", "82": "澳门居民居住证", "83": "台湾居民居住证"}
_HOTLINE = re.compile(r"12345|400\d{7}|1\d{4}|9\d{4}")
_MOBILE = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class Checked:
    """A value that passed: its one form, the text as typed, what it is, and what is odd about it."""

    value: str
    raw: str
    kind: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Division:
    """A division code and the days on which it was valid: [since, until)."""

    code: str
    name: str
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the division existed on that day."""
        return self.since <= day and (self.until is None or day < self.until)


def visible(text: str) -> str:
    """The text without characters that nobody sees: format characters (zero width, direction) and controls.

    Private and newly assigned code points stay: rare characters of names live there.
    """
    return "".join(char for char in re.sub(r"[\t\r\n]", " ", text) if not _unseen(char))


def _unseen(char: str) -> bool:
    return unicodedata.category(char) in {"Cf", "Cc", "Cs"}


def normalise(text: str) -> str:
    """The one form of an identifier: half width, no spaces, hyphens or invisible characters, upper case."""
    folded = unicodedata.normalize("NFKC", visible(text))
    kept = [char for char in folded if not char.isspace() and not _hyphen(char) and not _unseen(char)]
    return unicodedata.normalize("NFKC", "".join(kept).upper())


def _hyphen(char: str) -> bool:
    return unicodedata.category(char) == "Pd" or char == "\u2212"


def clean_name(text: str) -> str:
    """A name as it is kept: NFC, nothing invisible, single spaces; letters and width stay as they were typed."""
    return " ".join(unicodedata.normalize("NFC", visible(text)).split())


def login_form(text: str) -> str:
    """The one form of a login name: half width, nothing invisible, lower case."""
    return unicodedata.normalize("NFKC", visible(text)).strip().lower()


def _refuse(field: str, why: str, remedy: str) -> NoReturn:
    raise InputInvalid(Problem(why, remedy, field=field))


# ------------------------------------------------------------------------- unified social credit code


def uscc_check(body: str) -> str:
    """The check character of the first 17 characters."""
    total = sum(USCC_LETTERS.index(char) * weight for char, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return USCC_LETTERS[(31 - total % 31) % 31]


def inner_check(body: str) -> str:
    """The check character of an inner code's first eight characters (A = 10 … Z = 35)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _INNER_WEIGHTS, strict=True))
    return {10: "X", 11: "0"}.get(rest := 11 - total % 11, str(rest))


def check_uscc(raw: str, *, field: str = "uscc") -> Checked:
    """A unified social credit code, or InputInvalid that names the position or the right check character."""
    value = normalise(raw)
    if len(value) != 18:
        _refuse(field, f"统一社会信用代码应为 18 位，现为 {len(value)} 位", "请核对营业执照后重新填写")
    for place, char in enumerate(value, 1):
        if char not in USCC_LETTERS:
            _refuse(field, f"第 {place} 位“{char}”不是允许的字符", "只用数字和大写字母，不用 I、O、S、V、Z")
    for place in range(3, 9):
        if not value[place - 1].isdigit():
            _refuse(field, f"第 {place} 位“{value[place - 1]}”应为数字", "第 3 至 8 位是登记机关的行政区划码")
    expected = uscc_check(value[:17])
    if value[17] != expected:
        _refuse(field, f"第 18 位校验位应为 {expected}，现为 {value[17]}", "请逐位核对前 17 位和校验位")
    return Checked(value, raw, "uscc", _inner_warnings(value[8:17]))


def _inner_warnings(inner: str) -> tuple[str, ...]:
    expected = inner_check(inner[:8])
    if inner[8] == expected:
        return ()
    return (f"第 9 至 17 位主体标识码的校验位应为 {expected}，现为 {inner[8]}，请核对",)


# ------------------------------------------------------------------------------------ citizen number


def resident_check(body: str) -> str:
    """The check character of the first 17 digits, ISO 7064 MOD 11-2."""
    total = sum(int(char) * weight for char, weight in zip(body, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def check_resident_id(
    raw: str, *, today: date, divisions: Sequence[Division] = (), field: str = "resident_id"
) -> Checked:
    """A citizen number or residence permit of 18 characters, or InputInvalid.

    `divisions` is the loaded table of codes with their days. A code that did not exist at birth, or that the
    table misses among the neighbours it knows, is a warning only; permits (81, 82, 83) are not looked up.
    """
    value = normalise(raw)
    if len(value) != 18:
        old = "；15 位旧号码已停用" if len(value) == 15 else ""
        _refuse(field, f"身份证号码应为 18 位，现为 {len(value)} 位{old}", "请按证件重新填写")
    for place, char in enumerate(value, 1):
        if char not in "0123456789" and not (char == "X" and place == 18):
            _refuse(field, f"第 {place} 位“{char}”不是允许的字符", "前 17 位为数字，第 18 位为数字或 X")
    born = _birth(value, today, field)
    expected = resident_check(value[:17])
    if value[17] != expected:
        _refuse(field, f"第 18 位校验位应为 {expected}，现为 {value[17]}", "请逐位核对证件号码")
    if value[:2] in _PERMITS:
        return Checked(value, raw, "residence_permit")
    return Checked(value, raw, "resident_id", _division_warnings(value[:6], born, divisions))


def _birth(value: str, today: date, field: str) -> date:
    text = f"{value[6:10]}-{value[10:12]}-{value[12:14]}"
    try:
        born = date.fromisoformat(text)
    except ValueError:
        _refuse(field, f"第 7 至 14 位的出生日期 {text} 不存在", "请按证件核对出生年月日")
    if born > today:
        _refuse(field, f"出生日期 {text} 在将来", "请按证件核对出生年月日")
    return born


def _division_warnings(code: str, born: date, divisions: Sequence[Division]) -> tuple[str, ...]:
    rows = [row for row in divisions if row.code == code]
    if any(row.covers(born) for row in rows):
        return ()
    if rows:
        row = rows[0]
        life = f"{row.since.year} 年起" + (f"，{row.until.year} 年止" if row.until else "")
        return (f"区划代码 {code}（{row.name}，{life}）在出生日期 {born} 不存在，请核对证件",)
    neighbours = any(row.code[:4] == code[:4] for row in divisions)
    if neighbours or not _PROVINCE.match(code):
        return (f"区划代码 {code} 不在区划表中，请核对证件",)
    return ()


# --------------------------------------------------------------------------------------------- phones


def check_phone(raw: str, *, area: str = "0518", hotline: bool = False, field: str = "phone") -> Checked:
    """A mobile or a landline of the district's area; service numbers only where the field is for hotlines."""
    digits = re.sub(r"^(\+|00)86(?=1[3-9]|0)", "", re.sub(r"[().]", "", normalise(raw)))
    if not digits.isascii() or not digits.isdigit():
        _refuse(field, "电话号码只能有数字", f"请填写 11 位手机号码，或 {area} 加 8 位固定电话")
    if _MOBILE.fullmatch(digits):
        return Checked(digits, raw, "mobile")
    if digits.startswith(area) and len(digits) == len(area) + 8:
        return Checked(f"{area}-{digits[len(area) :]}", raw, "landline")
    if _HOTLINE.fullmatch(digits):
        if hotline:
            return Checked(digits, raw, "hotline")
        _refuse(field, f"{digits} 是服务热线，不能作为联系电话", f"请填写手机号码，或 {area} 加 8 位固定电话")
    _refuse(field, _phone_fault(digits, area), f"请填写 11 位手机号码，或 {area} 加 8 位固定电话")


def _phone_fault(digits: str, area: str) -> str:
    if len(digits) == 8:
        return f"固定电话前缺少区号 {area}"
    if digits.startswith("1"):
        return f"手机号码应为 11 位、第 2 位为 3 至 9，现为 {len(digits)} 位“{digits[:2]}…”"
    return f"{len(digits)} 位的号码不是手机号码，也不是 {area} 的固定电话"
