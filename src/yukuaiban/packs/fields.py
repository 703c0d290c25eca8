"""Types of the values in a pack, for pydantic models: each refuses with a Chinese sentence and the way out.

TOML gives typed values, CSV gives text only; a type here reads either.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, StringConstraints
from pydantic_core import PydanticCustomError

from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.lights import WarnRule, parse_warn
from yukuaiban.core.limits import Limit
from yukuaiban.core.warnrules import LimitTest


class Table(BaseModel):
    """A table of a TOML file or a row of a CSV file. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def told(why: str, remedy: str) -> PydanticCustomError:
    """A complaint in our own words."""
    return PydanticCustomError("told", "{why}", {"why": why, "remedy": remedy})


def _day(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str):
            return date.fromisoformat(value.strip())
    except ValueError:
        pass  # told below, together with values of another type
    raise told(f"“{value}”不是日期", "请写如 2026-01-01")


def _maybe_day(value: Any) -> Any:
    return None if value in (None, "") else _day(value)


def _moment(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    raise told(f"“{value}”不是当地时间", "请写如 2026-03-02T09:00:00（不带时差，按日历的时区）")


def _limit(value: Any) -> Any:
    if isinstance(value, Limit):
        return value
    if not isinstance(value, str):
        raise told(f"“{value}”不是时限", '请写在引号里，如 "10wd"')
    try:
        return Limit.parse(value)
    except InputInvalid as error:
        raise told(error.problems[0].why, error.problems[0].remedy) from error


def _maybe_limit(value: Any) -> Any:
    return None if value in (None, "") else _limit(value)


def _warn(value: Any) -> Any:
    if not isinstance(value, str):
        raise told(f"“{value}”不是预警规则", '请写在引号里，如 "50%" 或 "1wd"')
    try:
        return parse_warn(value)
    except InputInvalid as error:
        raise told(error.problems[0].why, error.problems[0].remedy) from error


def _limit_test(value: Any) -> Any:
    if not isinstance(value, str):
        raise told(f"“{value}”不是一类时限", '请写在引号里，如 "<=2wd"')
    try:
        return LimitTest.parse(value)
    except InputInvalid as error:
        raise told(error.problems[0].why, error.problems[0].remedy) from error


def _flag(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _count(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split("|") if part.strip())
    return tuple(value) if isinstance(value, list) else value


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


def _scalar(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | time):
        raise told(f"“{value}”不能作为数值", '请写整数，或写在引号里，如 "3.5"、"08:00"')
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


Code = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=64)]
Words = Annotated[str, StringConstraints(strict=True, min_length=1)]
MaybeWords = Annotated[str, Field(strict=True)]
Day = Annotated[date, BeforeValidator(_day)]
MaybeDay = Annotated[date | None, BeforeValidator(_maybe_day)]
LocalMoment = Annotated[datetime, BeforeValidator(_moment)]
LimitText = Annotated[InstanceOf[Limit], BeforeValidator(_limit)]
MaybeLimit = Annotated[InstanceOf[Limit] | None, BeforeValidator(_maybe_limit)]
Warn = Annotated[InstanceOf[WarnRule], BeforeValidator(_warn)]
LimitKind = Annotated[InstanceOf[LimitTest], BeforeValidator(_limit_test)]
Flag = Annotated[bool, Field(strict=True), BeforeValidator(_flag)]
Count = Annotated[int, Field(strict=True, ge=0), BeforeValidator(_count)]
Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]
OneOrMany = Annotated[tuple[Words, ...], BeforeValidator(_one_or_many)]
Scalar = Annotated[str, BeforeValidator(_scalar)]
