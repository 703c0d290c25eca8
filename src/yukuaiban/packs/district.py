"""A loaded district pack: data without behaviour, and the few questions that are asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from yukuaiban.core.effective import in_force
from yukuaiban.core.errors import NotYetInForce
from yukuaiban.core.procedures import Procedure
from yukuaiban.core.warnrules import WarnRow
from yukuaiban.core.workcalendar import CalendarSpec
from yukuaiban.packs.rows import (
    AgencyRow,
    AliasRow,
    DeskRow,
    EvidenceKindRow,
    HallRow,
    MatterRow,
    PlanBindingRow,
    plain_name,
)
from yukuaiban.packs.statutory import default_statutory
from yukuaiban.packs.texts import MandatoryText
from yukuaiban.packs.triggers import Trigger
from yukuaiban.packs.values import RuleValue, Value

if TYPE_CHECKING:
    from yukuaiban.packs.exampletables import Example


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Something in the pack that nobody has confirmed yet: shown to the administrator and on the pages that use it."""

    kind: str
    code: str
    title: str
    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class District:
    """Everything that one district says about itself. `calendar` is the code of its ordinary office calendar."""

    code: str
    name: str
    name_en: str
    city: str
    province: str
    area_code: str
    brand: str
    zone: str
    phone_area: str
    calendar: str
    fictional: bool
    calendars: Mapping[str, CalendarSpec]
    calendar_texts: Mapping[str, str]
    procedures: Mapping[str, Procedure]
    procedure_texts: Mapping[str, str]
    agencies: tuple[AgencyRow, ...]
    aliases: tuple[AliasRow, ...]
    halls: tuple[HallRow, ...]
    desks: tuple[DeskRow, ...]
    matters: tuple[MatterRow, ...]
    values: Mapping[str, tuple[RuleValue, ...]]
    warns: tuple[WarnRow, ...]
    triggers: tuple[Trigger, ...]
    texts: Mapping[str, tuple[MandatoryText, ...]]
    examples: tuple[Example, ...]
    evidence_kinds: tuple[EvidenceKindRow, ...]
    plan_bindings: tuple[PlanBindingRow, ...]
    unconfirmed: tuple[Unconfirmed, ...]
    root: Path

    def row(self, code: str, on: date) -> RuleValue:
        """The version of a value in force on a day; NotYetInForce if there is none."""
        if code not in self.values:
            raise NotYetInForce(f"{self.name}的数据包没有数值“{code}”；请在 rules.toml 中补上。")
        return in_force(self.values[code], on)

    def value(self, code: str, on: date) -> Value:
        """The value in force on a day, typed by its unit: Limit, Fraction (percent), int, time or str."""
        return self.row(code, on).value

    def default_statutory(self, kind: str, on: date) -> RuleValue | None:
        """The law's own limit for a matter of that kind whose sheet states none, or None."""
        return default_statutory(self.values, kind, on)

    def text(self, code: str, on: date) -> MandatoryText:
        """The mandatory text in force on a day; NotYetInForce if there is none."""
        if code not in self.texts:
            raise NotYetInForce(f"{self.name}的数据包没有文书“{code}”；请在 texts/ 中补上。")
        return in_force(self.texts[code], on)

    def agency(self, code: str) -> AgencyRow | None:
        """The agency of that code, or None."""
        return next((each for each in self.agencies if each.code == code), None)

    @property
    def groups(self) -> tuple[str, ...]:
        """The group names that plans and papers may use, each once."""
        return tuple(dict.fromkeys(each.code for each in self.aliases))

    def group(self, name: str, on: date) -> tuple[AgencyRow, ...]:
        """The agencies that a group name means on a day; brackets may be full-width. NotYetInForce if none does."""
        wanted = plain_name(name)
        rows = [each for each in self.aliases if each.code == wanted]
        if not rows:
            raise NotYetInForce(f"{self.name}的数据包没有单位组“{name}”；请在 aliases.csv 中补上。")
        members = in_force(rows, on).members
        return tuple(each for each in self.agencies if each.code in members)

    def matter(self, code: str, on: date) -> MatterRow:
        """The version of a matter in force on a day; NotYetInForce if there is none."""
        return in_force([each for each in self.matters if each.code == code], on)
