"""Read a district pack: all its files, all complaints in one go.

```
district.toml  agencies.csv  aliases.csv  halls.csv  desks.csv  matters.csv  evidence_kinds.csv
plan_bindings.csv  rules.toml
calendars/*.toml  procedures/*.toml  texts/*.toml  examples/*.toml
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import StringConstraints

from yukuaiban.core.procedures import Procedure
from yukuaiban.packs.calendars import OFFICE, read_calendars
from yukuaiban.packs.complaints import Complaints
from yukuaiban.packs.crosschecks import Parts, problems
from yukuaiban.packs.district import District, Unconfirmed
from yukuaiban.packs.exampletables import read_examples
from yukuaiban.packs.fields import Code, Flag, MaybeWords, Table, Words
from yukuaiban.packs.procedures import read_procedure
from yukuaiban.packs.rows import (
    AgencyRow,
    AliasRow,
    DeskRow,
    EvidenceKindRow,
    HallRow,
    MatterRow,
    PlanBindingRow,
)
from yukuaiban.packs.sources import TomlSource, parse_toml, read_text, read_toml
from yukuaiban.packs.tables import Placed, read_rows
from yukuaiban.packs.texts import MandatoryText, read_texts
from yukuaiban.packs.triggers import read_triggers
from yukuaiban.packs.values import RuleValue, read_values
from yukuaiban.packs.warnrows import Warns, read_warns, with_warns

AreaCode = Annotated[str, StringConstraints(strict=True, pattern=r"^\d{6}$")]


class DistrictTable(Table):
    """district.toml."""

    code: Code
    name: Words
    name_en: MaybeWords = ""
    city: MaybeWords = ""
    province: MaybeWords = ""
    area_code: AreaCode
    brand: Words
    zone: Words
    phone_area: Words
    calendar: Code = OFFICE
    fictional: Flag = False


def load(path: Path) -> District:
    """The district pack in a folder. PackInvalid carries every complaint: file, line, what is wrong, the way out."""
    complaints = Complaints()
    if not path.is_dir():
        complaints.add(
            "没有这个数据包文件夹", "请核对 YKB_DISTRICT：districts/ 下的名称或一个路径", file=str(path)
        )
        complaints.raise_any()
    head = _head(path, complaints)
    specs, calendar_texts = read_calendars(path / "calendars", complaints)
    calendars = frozenset(each.stem for each in (path / "calendars").glob("*.toml"))
    rules = read_toml(path / "rules.toml", file="rules.toml", complaints=complaints)
    values = read_values(rules, complaints) if rules is not None else {}
    warns = read_warns(rules, complaints) if rules is not None else Warns()
    procedures, procedure_texts = _procedures(path / "procedures", warns, calendars, complaints)
    texts = read_texts(_sources(path / "texts", complaints), complaints)
    parts = Parts(
        calendars=calendars,
        procedures=procedures,
        procedure_files=frozenset(each.stem for each in (path / "procedures").glob("*.toml")),
        agencies=_rows(path, "agencies.csv", AgencyRow, complaints),
        aliases=_rows(path, "aliases.csv", AliasRow, complaints),
        halls=_rows(path, "halls.csv", HallRow, complaints),
        desks=_rows(path, "desks.csv", DeskRow, complaints),
        matters=_rows(path, "matters.csv", MatterRow, complaints),
        examples=read_examples(_sources(path / "examples", complaints), complaints),
        evidence_kinds=_rows(path, "evidence_kinds.csv", EvidenceKindRow, complaints),
        plan_bindings=_rows(path, "plan_bindings.csv", PlanBindingRow, complaints),
        values=values,
        warns=warns.tables,
        triggers=read_triggers(rules, complaints) if rules is not None else (),
    )
    complaints.take(problems(parts))
    if head is not None and head.calendar not in calendars:
        complaints.add(
            f"没有日历“{head.calendar}”", f"请加 calendars/{head.calendar}.toml", file="district.toml"
        )
    complaints.raise_any()
    assert head is not None  # noqa: S101 - nothing was wrong
    return District(
        **dict(head),
        calendars=specs,
        calendar_texts=calendar_texts,
        procedures=procedures,
        procedure_texts=procedure_texts,
        agencies=tuple(placed.row for placed in parts.agencies),
        aliases=tuple(placed.row for placed in parts.aliases),
        halls=tuple(placed.row for placed in parts.halls),
        desks=tuple(placed.row for placed in parts.desks),
        matters=tuple(placed.row for placed in parts.matters),
        values=values,
        warns=tuple(placed.row.made() for placed in parts.warns),
        triggers=tuple(placed.row.made() for placed in parts.triggers),
        texts=texts,
        examples=tuple(parts.examples),
        evidence_kinds=tuple(placed.row for placed in parts.evidence_kinds),
        plan_bindings=tuple(placed.row for placed in parts.plan_bindings),
        unconfirmed=tuple(_unconfirmed(parts, values, texts)),
        root=path,
    )


def _head(path: Path, complaints: Complaints) -> DistrictTable | None:
    source = read_toml(path / "district.toml", file="district.toml", complaints=complaints)
    if source is None:
        return None
    head = complaints.checked(DistrictTable, source.data, file=source.file, line_of=source.line)
    if head is not None and not _zone_known(head.zone):
        line = source.line(("zone",))
        complaints.add(
            f"不认识时区“{head.zone}”", '请写如 zone = "Asia/Shanghai"', file=source.file, line=line
        )
    return head


def _zone_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _rows(path: Path, file: str, model: type[Any], complaints: Complaints) -> Sequence[Placed[Any]]:
    return read_rows(path / file, model, file=file, complaints=complaints)


def _sources(folder: Path, complaints: Complaints) -> Iterator[TomlSource]:
    for path in sorted(folder.glob("*.toml")):
        source = read_toml(path, file=f"{folder.name}/{path.name}", complaints=complaints)
        if source is not None:
            yield source


def _procedures(
    folder: Path, warns: Warns, calendars: frozenset[str], complaints: Complaints
) -> tuple[dict[str, Procedure], dict[str, str]]:
    """The procedures and their texts by code, which is the name of their file; each carries the rules for warnings."""
    found: dict[str, Procedure] = {}
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        file = f"{folder.name}/{path.name}"
        text = read_text(path, file=file, complaints=complaints)
        source = None if text is None else parse_toml(text, file=file, complaints=complaints)
        if source is None:
            continue
        source = with_warns(source, warns, complaints)
        procedure = read_procedure(source, complaints)
        if procedure is None:
            continue
        found[procedure.code], texts[procedure.code] = procedure, source.text
        _calendars_known(procedure, source, calendars, complaints)
        if procedure.code != path.stem:
            remedy = f"把文件改名为 {procedure.code}.toml，或改 code"
            why = f"流程代码“{procedure.code}”与文件名不同"
            complaints.add(why, remedy, file=file, line=source.line(("code",)))
    return found, texts


def _calendars_known(
    procedure: Procedure, source: TomlSource, calendars: frozenset[str], complaints: Complaints
) -> None:
    """A limit counts on a calendar of the pack; stored texts of a procedure are not asked again."""
    for at, clock in enumerate(procedure.clocks):
        for number, row in enumerate(clock.limits):
            if row.calendar not in calendars:
                why = f"时限“{clock.title}”的日历“{row.calendar}”不存在"
                line = source.line(("clock", at, "limit", number, "calendar"))
                complaints.add(why, f"可用：{'、'.join(sorted(calendars))}", file=source.file, line=line)


def _unconfirmed(
    parts: Parts,
    values: Mapping[str, tuple[RuleValue, ...]],
    texts: Mapping[str, tuple[MandatoryText, ...]],
) -> Iterator[Unconfirmed]:
    """Everything that stands in the pack with `confirmed = false`."""
    tables: Iterable[tuple[str, Sequence[Placed[Any]]]] = (
        ("agency", parts.agencies),
        ("alias", parts.aliases),
        ("hall", parts.halls),
        ("desk", parts.desks),
        ("matter", parts.matters),
        ("evidence_kind", parts.evidence_kinds),
        ("plan_binding", parts.plan_bindings),
        ("trigger", parts.triggers),
    )
    for kind, rows in tables:
        for placed in rows:
            if not placed.row.confirmed:
                yield Unconfirmed(kind, placed.row.code, placed.row.name, placed.file, placed.line)
    for value in (row for rows in values.values() for row in rows if not row.confirmed):
        yield Unconfirmed("value", value.code, value.title, "rules.toml", None)
    for warn in (placed for placed in parts.warns if not placed.row.confirmed):
        yield Unconfirmed("warn", warn.row.key, warn.row.source, warn.file, warn.line)
    for text in (row for rows in texts.values() for row in rows if not row.confirmed):
        yield Unconfirmed("text", text.code, text.title, f"texts/{text.code}.toml", None)
    for procedure in parts.procedures.values():
        for clock in procedure.clocks:
            if not all(row.confirmed for row in clock.limits):
                yield Unconfirmed("clock", clock.code, clock.title, f"procedures/{procedure.code}.toml", None)
