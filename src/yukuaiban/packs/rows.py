"""Rows of the CSV files of a pack: text in, typed values out; each names its source and whether it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from yukuaiban.core.limits import Authority
from yukuaiban.packs.fields import (
    Code,
    Count,
    Day,
    Flag,
    Listed,
    MaybeDay,
    MaybeLimit,
    MaybeWords,
    Table,
    Words,
)
from yukuaiban.packs.values import RuleValue
from yukuaiban.packs.vocabulary import (
    AgencyKind,
    CaseKind,
    DeskKind,
    Level,
    MatterKind,
    Movement,
    OrganKind,
    SubjectType,
    WarningMode,
)

EVERY_MATTER = "*"


class AgencyRow(Table):
    """An agency. `number4` are its four digits in case numbers; `area_code` is empty where none is published."""

    code: Code
    name: Words
    short_name: Words
    kind: AgencyKind
    organ_kind: OrganKind
    parent: MaybeWords = ""
    number4: Words
    area_code: MaybeWords = ""
    since: Day
    until: MaybeDay = None
    source: Words
    confirmed: Flag = True


def plain_name(name: str) -> str:
    """A group name as it is compared: full-width signs and spaces make no other name."""
    return "".join(normalize("NFKC", name).split())


class AliasRow(Table):
    """A group name of plans and papers (各镇(园区)) with the codes of its members on these days."""

    name: Words
    members: Listed
    since: Day
    until: MaybeDay = None
    source: Words
    confirmed: Flag = True

    @property
    def code(self) -> str:
        """What names the row: plans know no other code than the words themselves."""
        return plain_name(self.name)


class EvidenceKindRow(Table):
    """A kind of evidence that people may choose on these days."""

    code: Code
    name: Words
    since: Day
    until: MaybeDay = None
    source: Words
    confirmed: Flag = True


class PlanBindingRow(Table):
    """Which indicator feeds a target of the plan whose words hold all these and whose unit is this.

    With a `movement` (up, down) it is for an order without a number; then there is no unit.
    """

    code: Code
    words: Listed
    unit: MaybeWords = ""
    indicator: Words
    movement: Movement
    since: Day
    until: MaybeDay = None
    source: Words
    confirmed: Flag = True

    @property
    def name(self) -> str:
        """What lists of unconfirmed rows call it."""
        return "、".join(self.words)

    def fits(self, text: str) -> bool:
        """Whether all its words stand in the text."""
        plain = plain_name(text)
        return all(plain_name(word) in plain for word in self.words)


class HallRow(Table):
    """A hall. Going `live` needs the document that says so (`mode_source`)."""

    code: Code
    name: Words
    agency: Words
    address: MaybeWords = ""
    phone: MaybeWords = ""
    calendar: Words = "office"
    warning_mode: WarningMode
    mode_since: Day
    mode_source: MaybeWords = ""
    since: Day
    until: MaybeDay = None
    source: Words
    confirmed: Flag = True


class DeskRow(Table):
    """A desk. `skills` are matter codes, names of desk groups, or `*` for every matter."""

    code: Code
    hall: Words
    number: Words
    name: Words
    kind: DeskKind
    agency: Words
    skills: Listed
    calendar: Words = "office"
    since: Day
    until: MaybeDay = None
    merged_into: MaybeWords = ""
    reason: MaybeWords = ""
    source: Words
    confirmed: Flag = True

    def takes(self, matter: str, group: str = "") -> bool:
        """Whether the desk takes a matter of that code and desk group."""
        return any(skill in (EVERY_MATTER, matter, group) for skill in self.skills)


class MatterRow(Table):
    """A matter with the core of its published sheet. The same code may come again with a later `since`.

    `kind` is how it is handled (办件类型), `matter_kind` what it is in law (事项类型).
    """

    code: Code
    name: Words
    agency: Words
    kind: CaseKind
    level: Level
    statutory_limit: MaybeLimit = None
    committed_limit: MaybeLimit = None
    limit_note: MaybeWords = ""
    matter_kind: MatterKind
    legal_basis: Words
    subject_type: SubjectType
    visit_count: Count
    visit_reason: MaybeWords = ""
    online_only: Flag
    fee: Flag
    result_name: Words
    materials: Listed
    pausable: Listed = ()
    site_check: Flag
    desk_group: MaybeWords = ""
    since: Day
    until: MaybeDay = None
    source: Words
    authority: Authority
    confirmed: Flag = True

    def case_limits(self, law: RuleValue | None = None) -> Mapping[str, Mapping[str, Any]]:
        """The limits that a case of this matter carries (`limits` of the event that opens it).

        `law` is the limit of the law that holds where the sheet states no statutory one.
        """
        stated = self._stated()
        return stated if law is None else {"statutory": law.case_limit(), **stated}

    def _stated(self) -> Mapping[str, Mapping[str, Any]]:
        given = {"statutory": self.statutory_limit, "committed": self.committed_limit}
        return {name: self._limit(str(limit)) for name, limit in given.items() if limit is not None}

    def _limit(self, limit: str) -> Mapping[str, Any]:
        return {
            "limit": limit,
            "since": self.since.isoformat(),
            "source": f"{self.legal_basis}；{self.source}",
            "authority": self.authority.value,
            "confirmed": self.confirmed,
        }
