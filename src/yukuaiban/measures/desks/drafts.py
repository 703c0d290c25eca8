"""A matter and its sheet as somebody brings them: from the pack, from a list, from a form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yukuaiban.core.errors import Problem
from yukuaiban.core.limits import Limit
from yukuaiban.measures.desks import rules


@dataclass(frozen=True, slots=True)
class PromisedLimit:
    """A limit with where it comes from."""

    limit: Limit | None = None
    source: str = ""
    authority: str = "ours"
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class SheetDraft:
    """A version of the implementation list. `note` is a person's word on limits of different units."""

    case_kind: str
    since: date
    statutory: PromisedLimit = PromisedLimit()
    committed: PromisedLimit = PromisedLimit()
    materials: tuple[str, ...] = ()
    pausable: tuple[str, ...] = ()
    legal_basis: str = ""
    site_check: bool = False
    conditions: str = ""
    note: str = ""
    visit_count: int | None = None
    visit_reason: str = ""
    online: bool = False
    online_only: bool = False
    courier: bool = False

    def body(self) -> dict[str, Any]:
        """As the journal keeps it."""
        found: dict[str, Any] = {
            "case_kind": self.case_kind,
            "since": self.since.isoformat(),
            "materials": list(self.materials),
            "pausable": list(self.pausable),
            "legal_basis": self.legal_basis,
            "site_check": self.site_check,
            "conditions": self.conditions,
            "note": self.note,
            "visit_count": self.visit_count,
            "visit_reason": self.visit_reason,
            "online": self.online,
            "online_only": self.online_only,
            "courier": self.courier,
        }
        for name, promised in (("statutory", self.statutory), ("committed", self.committed)):
            found |= {
                f"{name}_limit": str(promised.limit) if promised.limit is not None else "",
                f"{name}_source": promised.source,
                f"{name}_authority": promised.authority,
                f"{name}_confirmed": promised.confirmed,
            }
        return found


@dataclass(frozen=True, slots=True)
class MatterDraft:
    """A matter with its sheet. `warnings` were noticed while reading and refuse nothing."""

    code: str
    name: str
    agency: str
    since: date
    sheet: SheetDraft
    kind: str = "other"
    level: str = ""
    until: date | None = None
    fee: bool = False
    result_name: str = ""
    desk_group: str = ""
    warnings: tuple[str, ...] = field(default=())

    def findings(self, law: Limit | None) -> list[Problem]:
        """Why it may not be published; `law` is the limit that holds where the sheet states no statutory one."""
        return rules.sheet_findings(
            rules.Sheet(
                case_kind=self.sheet.case_kind,
                statutory_limit=self.sheet.statutory.limit or law,
                committed_limit=self.sheet.committed.limit,
                visit_count=self.sheet.visit_count,
                visit_reason=self.sheet.visit_reason,
                online=self.sheet.online,
                online_only=self.sheet.online_only,
                courier=self.sheet.courier,
                documents=tuple(rules.Document(name) for name in self.sheet.materials),
                word_given=bool(self.sheet.note),
            )
        )

    def body(self) -> dict[str, Any]:
        """The matter without its sheet, as the journal keeps it."""
        return {
            "code": self.code,
            "name": self.name,
            "agency": self.agency,
            "kind": self.kind,
            "level": self.level,
            "fee": self.fee,
            "result_name": self.result_name,
            "desk_group": self.desk_group,
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
        }
