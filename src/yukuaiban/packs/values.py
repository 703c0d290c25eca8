"""Dated values of a district (rules.toml): since when each holds, on which paper, and whether it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from typing import Any, Literal

from yukuaiban.core.errors import InputInvalid
from yukuaiban.core.limits import Authority, Limit, Unit
from yukuaiban.packs.complaints import Complaints
from yukuaiban.packs.fields import Code, Day, Flag, MaybeDay, Scalar, Table, Words
from yukuaiban.packs.sources import TomlSource

Value = Limit | Fraction | int | time | str
ValueUnit = Literal["wd", "d", "mo", "y", "h", "m", "sh", "sm", "time", "percent", "count", "fen", "text"]
_LIMIT_UNITS = frozenset(unit.value for unit in Unit)
STATUTORY_DEFAULT, WITNESS_QUORUM = "statutory_default", "witness_quorum"
NEEDED = ("notice_from", "notice_until", STATUTORY_DEFAULT, WITNESS_QUORUM)
_MUST_BE_LIMITS = frozenset({STATUTORY_DEFAULT})


@dataclass(frozen=True, slots=True)
class RuleValue:
    """One value in one version. `value` is typed by its unit: a limit, a share, a whole number, a time or a text."""

    code: str
    title: str
    written: str
    unit: str
    value: Value
    since: date
    until: date | None
    source: str
    authority: Authority
    confirmed: bool

    @property
    def limit(self) -> Limit:
        """The value of a row that is a limit."""
        assert isinstance(self.value, Limit)  # noqa: S101 - asked only of values that the loader holds to it
        return self.value

    def case_limit(self) -> Mapping[str, Any]:
        """A row that is a limit, as a case carries it among its `limits`."""
        return {
            "limit": str(self.limit),
            "since": self.since.isoformat(),
            "source": self.source,
            "authority": self.authority.value,
            "confirmed": self.confirmed,
        }

    @property
    def version(self) -> str:
        """A short name of this row, stored with every result that used it."""
        return f"{self.code}={self.written}@{self.since.isoformat()}"


class _ValueTable(Table):
    code: Code
    title: Words
    value: Scalar
    unit: ValueUnit
    since: Day
    until: MaybeDay = None
    source: Words
    authority: Authority
    confirmed: Flag = True


def read_values(source: TomlSource, complaints: Complaints) -> Mapping[str, tuple[RuleValue, ...]]:
    """The values of rules.toml by code, oldest first; what is wrong is noted."""
    found: dict[str, list[RuleValue]] = {}
    for at, data in enumerate(source.only("value", complaints, beside=("warn", "trigger"))):
        table = complaints.checked(
            _ValueTable,
            data,
            file=source.file,
            line_of=lambda place, at=at: source.line(("value", at, *place)),  # type: ignore[misc]
        )
        if table is None:
            continue
        line = source.line(("value", at, "value"))
        rows = found.setdefault(table.code, [])
        if _dates_right(rows, table, source, at, complaints) and (
            value := _typed(table, source, line, complaints)
        ):
            rows.append(value)
    for code in NEEDED:
        if code not in found:
            complaints.add(f"没有数值“{code}”", f'请加 [[value]] code = "{code}"', file=source.file)
    return {code: tuple(rows) for code, rows in found.items()}


def _dates_right(
    earlier: list[RuleValue], table: _ValueTable, source: TomlSource, at: int, complaints: Complaints
) -> bool:
    line = source.line(("value", at, "since"))
    if table.until is not None and table.until <= table.since:
        why = f"“{table.code}”的 until {table.until} 不晚于 since {table.since}"
        complaints.add(why, "until 是第一个不再施行的日子", file=source.file, line=line)
        return False
    if earlier and table.since <= earlier[-1].since:
        why = f"“{table.code}”自 {table.since} 起，不晚于上一版的 {earlier[-1].since}"
        complaints.add(why, "同一数值的各版按日期先后写", file=source.file, line=line)
        return False
    return True


def _typed(
    table: _ValueTable, source: TomlSource, line: int | None, complaints: Complaints
) -> RuleValue | None:
    try:
        if table.code in _MUST_BE_LIMITS and table.unit not in _LIMIT_UNITS:
            raise ValueError("须是时限")  # noqa: TRY301 - told like a wrong value
        value = typed(table.value, table.unit)
    except ValueError as error:
        complaints.add(f"“{table.code}”：{error}", _EXAMPLES[table.unit], file=source.file, line=line)
        return None
    return RuleValue(
        code=table.code,
        title=table.title,
        written=table.value if table.unit == "text" else f"{table.value}{_suffix(table.unit)}",
        unit=table.unit,
        value=value,
        since=table.since,
        until=table.until,
        source=table.source,
        authority=table.authority,
        confirmed=table.confirmed,
    )


def typed(text: str, unit: str) -> Value:
    """The value written as `text` in `unit`; ValueError with a Chinese sentence if it is none."""
    if unit in _LIMIT_UNITS:
        try:
            return Limit.parse(f"{text}{unit}")
        except InputInvalid as error:
            raise ValueError(error.problems[0].why) from error
    if unit == "time":
        return _time(text)
    if unit == "text":
        return text
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"“{text}”不是整数")
    return Fraction(int(text), 100) if unit == "percent" else int(text)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"“{text}”不是时刻") from error


def _suffix(unit: str) -> str:
    return {"percent": "%", "time": "", "count": "", "text": ""}.get(unit, unit)


_EXAMPLES: Mapping[str, str] = {
    **{unit: f'请写如 value = 10、unit = "{unit}"' for unit in (*_LIMIT_UNITS, "count", "fen")},
    "time": '请写如 value = "08:30"',
    "percent": "请写如 value = 70",
    "text": '请写如 value = "…"',
}
